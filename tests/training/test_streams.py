"""Data that come as a stream, and the methods beside `fit`. A line with an address says where people met the case."""

import itertools

import numpy as np
import pytest
import tiny
from tiny import keras

from coursekit import models

DATA = tiny.regression_data(96)
IMAGES = np.random.default_rng(0).random((64, 16)).astype("float32")
TENSORFLOW = keras.backend.backend() == "tensorflow"
tensorflow = pytest.mark.skipif(not TENSORFLOW, reason="tf.data")


def vae():
    model = models.vae.dense(2, (8,), inputs=16)
    model.compile("adam", jit_compile=False)
    return model


def gan(**options):
    model = models.gan.dense(2, 16, (8,), (8,), **options)
    model.compile(generator="adam", discriminator="adam", jit_compile=False)
    return model


def steps(model):
    return int(np.array(model.optimizer.iterations))


class DataLoader:
    """As PyTorch's: lists of arrays, a last minibatch that is smaller, a length."""

    def __init__(self, *arrays, size=10):
        self.arrays, self.size = arrays, size

    def __len__(self):
        return -(-len(self.arrays[0]) // self.size)

    def __iter__(self):
        for start in range(0, len(self.arrays[0]), self.size):
            yield [array[start : start + self.size] for array in self.arrays]


# github.com/keras-team/keras/issues/18592
def test_a_data_loader(regression):
    loader = DataLoader(*DATA)
    history = regression.fit(loader, epochs=3, validation_data=loader, verbose=0).history
    assert steps(regression) == 30
    assert history["val_loss"][-1] < history["val_loss"][0]
    by_hand = regression.evaluate(loader, verbose=0, return_dict=True)["loss"]
    assert by_hand == pytest.approx(history["val_loss"][-1], rel=1e-5)
    assert by_hand == pytest.approx(regression.evaluate(*DATA, verbose=0, return_dict=True)["loss"], rel=1e-4)
    with pytest.raises(ValueError, match=r"Expected data: arrays, or a stream of minibatches .*, got a object"):
        regression.fit(object(), verbose=0)


# github.com/keras-team/keras/issues/12773
@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_a_generator_that_ends(regression):
    finite = (pair for pair in DataLoader(*DATA))
    finite = map_to_tuples(finite)
    for data in ({"x": finite, "epochs": 3}, {"x": DATA[0], "y": DATA[1], "epochs": 2, "validation_data": finite}):
        with pytest.raises(ValueError, match="Expected data for each epoch, got a generator, which ends for good"):
            regression.fit(**data, verbose=0)
    assert len(regression.fit(finite, verbose=0).history["loss"]) == 1
    assert steps(regression) == 10
    endless = map_to_tuples(itertools.chain.from_iterable(itertools.repeat(DataLoader(*DATA))))
    assert regression.fit(endless, epochs=2, steps_per_epoch=4, verbose=0).epoch == [0, 1]


def map_to_tuples(pairs):
    yield from map(tuple, pairs)


@tensorflow
def test_tf_data_without_an_end_or_without_minibatches(regression):
    import tensorflow as tf

    single = tf.data.Dataset.from_tensor_slices(DATA)
    with pytest.raises(ValueError, match=r"Expected steps_per_epoch .* for a stream that repeats forever, got none"):
        regression.fit(single.batch(8).repeat(), verbose=0)
    regression.fit(single.batch(8).repeat(), steps_per_epoch=3, epochs=2, verbose=0)
    assert steps(regression) == 6
    images = tf.data.Dataset.from_tensor_slices(IMAGES)
    # github.com/keras-team/keras-hub/pull/545
    with pytest.raises(ValueError, match=r"Expected images .*, got \[16\]\..*\.batch\(64\)"):
        vae().fit(images, verbose=0)
    history = vae().fit(images.batch(8), validation_data=images.batch(8), verbose=0).history
    assert np.isfinite(history["val_loss"]).all()


# github.com/keras-team/keras/issues/10137, github.com/mjkvaak/ImageDataAugmentor/issues/6;
# github.com/ageron/handson-ml2/issues/552
@pytest.mark.parametrize("make", [vae, lambda: gan(output="tanh", signed=True)])
def test_the_first_minibatch_is_looked_at(make):
    model, labels = make(), np.zeros(64, "int32")
    before = [array.copy() for array in model.get_weights()]
    for bad, said in (
        (DataLoader(255 * IMAGES), r"in \[0, 1\], got values from .*the stream's first minibatch"),
        (DataLoader(IMAGES, labels), r"learns from x alone.*stream\.map\(lambda x, y: x\)"),
        (DataLoader(IMAGES.reshape(-1, 4, 4)), r"\[n, 16\], got \[10, 4, 4\]"),
    ):
        with pytest.raises(ValueError, match=said):
            model.fit(bad, verbose=0)
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        model.train_on_batch(255 * IMAGES)
    for ours, theirs in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    model.fit(DataLoader(IMAGES), epochs=2, verbose=0)


def test_validation_data_are_looked_at(regression):
    model = vae()
    for bad in (255 * IMAGES, DataLoader(255 * IMAGES)):
        with pytest.raises(ValueError, match=r"in \[0, 1\], got values from"):
            model.fit(IMAGES, validation_data=bad, verbose=0)
        with pytest.raises(ValueError, match=r"in \[0, 1\], got values from"):
            model.evaluate(bad, verbose=0)
    history = model.fit(IMAGES, batch_size=8, validation_split=0.25, verbose=0).history
    assert {"loss", "val_loss"} <= set(history)
    with pytest.raises(ValueError, match="Expected validation_split between 0 and 1, of arrays"):
        regression.fit(DataLoader(*DATA), validation_split=0.1, verbose=0)


# github.com/keras-team/keras/issues/15361
def test_what_a_gan_does_not_answer():
    model = gan()
    with pytest.raises(ValueError, match=r"which has no call\(\)\. .*model\.generator\.predict"):
        model.predict(IMAGES)
    with pytest.raises(ValueError, match="GAN has no validate_on"):
        model.evaluate(IMAGES)
    with pytest.raises(ValueError, match=r"Expected optimizers .*, got steps_per_execution: fit\(.*steps_per_stretch"):
        model.compile(generator="adam", discriminator="adam", steps_per_execution=8)
    with pytest.raises(ValueError, match="Expected a compiled model"):
        models.gan.dense(2, 16, (8,), (8,)).train_on_batch(IMAGES)


def test_an_error_outside_of_training_leaves_the_model_whole():
    model = vae()
    before = model.predict(IMAGES, verbose=0)
    with pytest.raises(Exception, match="3"):
        model.predict(IMAGES[:, :3], verbose=0)
    with pytest.raises(ValueError, match=r"got \[64, 3\]"):
        model.evaluate(DataLoader(IMAGES[:, :3], size=64), verbose=0)
    np.testing.assert_array_equal(model.predict(IMAGES, verbose=0), before)


def test_compiled_again_in_the_middle(regression):
    regression.fit(*DATA, batch_size=8, verbose=0)
    kernel = regression.net.layers[0].kernel
    before = np.array(kernel.value)
    regression.compile(keras.optimizers.SGD(0.0), jit_compile=False)
    regression.fit(*DATA, batch_size=8, verbose=0)
    np.testing.assert_array_equal(np.array(kernel.value), before)
    assert steps(regression) == 12, "counted anew"
