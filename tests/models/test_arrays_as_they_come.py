"""Models train on what strangers bring as on float32, or say what to bring. Each case was found at the address."""

import numpy as np
import pytest

from coursekit import models
from coursekit.training import backend

keras = backend.load()

EAGERLY = keras.backend.backend() == "tensorflow"  # step by step JAX takes far longer than it compiles
FRAME = pytest.importorskip("pandas").DataFrame


@pytest.fixture(scope="module")
def some(digits):
    return digits.flat[:40], digits.images[:40], digits.labels[:40]


def lenet():
    return models.lenet.lenet(channels=(2, 2), features=8, dropout=0.0)


def autoencoder():
    return models.autoencoder.deep(2, (4,))


def vae():
    return models.vae.dense(widths=(4,))


def gan():
    return models.gan.dense(2, 784, (4,), (4,), output="sigmoid")


def trained(build, *data, **options):
    """The history of one epoch."""
    keras.utils.set_random_seed(0)
    model = build()
    networks = ("generator", "discriminator") if build is gan else ("optimizer",)
    model.compile(**dict.fromkeys(networks, "sgd"), run_eagerly=EAGERLY)
    return model.fit(*data, batch_size=20, verbose=0, **options).history


# github.com/keras-team/keras/pull/8199 and /issues/226
@pytest.mark.one_backend
@pytest.mark.parametrize("form", [FRAME, np.ndarray.tolist, list], ids=["frame", "lists", "list of rows"])
@pytest.mark.parametrize("build", [autoencoder, gan, vae])
def test_tables_and_lists(some, build, form):
    assert trained(build, form(some[0])) == trained(build, some[0])


@pytest.mark.parametrize("kind", ["bool", "uint8", "float64"])
@pytest.mark.parametrize("build", [autoencoder, gan, vae])
def test_kinds_of_numbers_and_for_validation(some, build, kind):  # github.com/sicara/tf-explain/issues/79
    x = (some[0] > 0.5).astype("float32")
    validated = lambda x: {} if build is gan else {"validation_data": x}
    assert trained(build, x.astype(kind), **validated(x.astype(kind))) == trained(build, x, **validated(x))


def judged(labels, images):
    """What training, evaluation and accuracy make of labels."""
    history = trained(lenet, images, labels, validation_data=(images, labels))
    keras.utils.set_random_seed(0)
    model = lenet()
    model.compile("sgd", run_eagerly=True)
    return history, model.evaluate(images, labels, verbose=0), model.accuracy(images, labels)


@pytest.fixture(scope="module")
def whole_numbers(some):
    return judged(some[2], some[1])


@pytest.mark.one_backend
@pytest.mark.parametrize(
    "form",
    [lambda y: y[:, None], lambda y: np.eye(10)[y], np.ndarray.tolist, lambda y: FRAME({"digit": y})],
    ids=["column", "one-hot", "list", "frame"],
)
def test_labels(some, whole_numbers, form):
    # github.com/tensorflow/tensorflow/pull/22392, github.com/keras-team/keras/issues/7339
    assert judged(form(some[2]), some[1]) == whole_numbers


@pytest.mark.one_backend
def test_numpys_numbers_are_settings(tmp_path):  # github.com/predictive-clinical-neuroscience/PCNtoolkit/issues/352
    model = models.vae.dense(np.int64(2), np.array([4]), samples=np.int64(3), warm_up=np.int64(5), seed=np.uint8(7))
    model.save(tmp_path / "vae.keras")
    again = keras.saving.load_model(tmp_path / "vae.keras")
    assert (again.samples, again.warm_up, again.seed) == (3, 5, 7)
    shape, channels = np.array([28, 28, 1]), np.array([2, 2])
    assert models.dcgan.fast(shape, np.int64(4), channels, channels, np.int64(4), depth=np.int64(0)).shape == (
        28,
        28,
        1,
    )
    assert models.vae.convolutional(np.int64(2), shape, channels, np.int64(4)).latent_dim == 2
    assert models.rotnet.small(shape, np.array([2, 2, 2]), np.int64(4), turns=np.array([0, 2])).turns == (0, 2)
    assert models.gan.maxout(np.int64(2), np.int64(9), np.array([4]), np.array([4]), np.int64(2)).shape == (9,)


@pytest.mark.one_backend
@pytest.mark.parametrize(
    ("build", "data", "said"),
    [
        # github.com/chsasank/Traffic-Sign-Classification.keras/issues/4
        (models.autoencoder.convolutional, lambda x, i, y: (np.moveaxis(i, -1, 1),), r"channels come last.*moveaxis"),
        (models.autoencoder.convolutional, lambda x, i, y: (i[..., 0],), r"\[n, 28, 28, 1\], got \[40, 28, 28\]"),
        (
            lambda: models.rotnet.small(channels=(2, 2, 2), width=4),
            lambda x, i, y: (i[:, ::2, ::2],),
            "network's shape",
        ),
        (autoencoder, lambda x, i, y: (x[0],), r"A single one\? Take x\[None\]"),
        # github.com/keras-team/keras/issues/2841
        (autoencoder, lambda x, i, y: (x, 255 * x), r"targets in \[0, 1\]"),
        (autoencoder, lambda x, i, y: (x, x[:, :1]), r"targets of the decoder's shape \[n, 784\], got \[40, 1\]"),
        # github.com/keras-team/keras/issues/14851
        (autoencoder, lambda x, i, y: (x.astype(object),), "dtype object"),
        (lenet, lambda x, i, y: (i, y.astype(str)), "dtype <U"),
        (lenet, lambda x, i, y: (i, y + 1), "from 0 to 9.*Subtract 1"),
        (lenet, lambda x, i, y: (i,), "got none"),
        (gan, lambda x, i, y: (i,), r"discriminator's shape \[n, 784\]"),
    ],
    ids=["channels first", "no channel", "size", "one", "bytes", "width", "objects", "names", "from 1", "none", "axes"],
)
def test_what_is_refused(some, build, data, said):
    with pytest.raises(ValueError, match=f"Expected .*{said}"):
        trained(build, *data(*some))


@pytest.mark.one_backend
def test_sparse_tables(some):  # github.com/keras-team/keras/issues/4984
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(ValueError, match=r"sparse csr_matrix: call its toarray\(\)"):
        trained(autoencoder, sparse.csr_matrix(some[0]))
