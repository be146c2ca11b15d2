"""What is read from a Keras model, before anything is drawn."""

import keras
import numpy as np
import pytest
from drawn_models import MODELS, Written, residual
from keras import layers

from coursekit.models import autoencoder, dcgan
from coursekit.plots import palette
from coursekit.plots.networks import folding as network_folding
from coursekit.plots.networks import parts as network_parts


@pytest.fixture(scope="module")
def parts_of():
    known = {}

    def read(name):
        if name not in known:
            model = MODELS[name]()
            known[name] = model, network_parts.read(model)
        return known[name]

    return read


def written(part):
    """Each block as one line."""
    return [
        f"{block.kind} {'x'.join(map(str, block.shape))}{' ' if block.marks else ''}{' '.join(block.marks)}"
        for block in part.blocks
    ]


every_model = pytest.mark.parametrize("name", MODELS)


@every_model
def test_every_weight_is_in_one_block(name, parts_of):
    model, parts = parts_of(name)
    held = {id(weight): weight.shape for network in model.layers for weight in network.weights}
    total = sum(int(np.prod(shape)) for shape in held.values())
    assert network_parts.weights(parts) == total
    for part in parts:
        for detail in network_folding.DETAILS:
            counted = sum(block.weights for block in network_folding.folded(part.blocks, detail))
            assert counted == (part.weights if not part.twins else part.weights // 2), detail


@every_model
def test_blocks_come_after_those_that_they_take(name, parts_of):
    for part in parts_of(name)[1]:
        for detail in network_folding.DETAILS:
            blocks = network_folding.folded(part.blocks, detail)
            assert all(source < place for place, block in enumerate(blocks) for source in block.sources)
            assert all(block.sources or block.kind == "input" for block in blocks)
            assert any(block.is_output for block in blocks)


NETWORKS = {
    "autoencoder": ["encoder", "decoder"],
    "vae": ["encoder", "decoder"],
    "dcgan": ["generator", "discriminator"],
    "infomax": ["encoder", "scorer", "adversary"],
    "lenet": ["body", "head"],
    "siamese": ["", "tower"],
    "transfer": ["", "mobilenet_0.25_96", ""],
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_model_is_read_as_its_networks(name, parts_of):
    assert [part.name for part in parts_of(name)[1]] == NETWORKS[name]


def test_the_average_of_a_generator_is_not_drawn_again(parts_of):
    generator, discriminator = parts_of("dcgan")[1]
    assert generator.twins == ["averaged"]
    assert discriminator.twins == []


def test_lenet_block_by_block(parts_of):
    body, head = parts_of("lenet")[1]
    assert written(body) == ["input 28x28x1", "convolution 14x14x24 ReLU", "convolution 7x7x24 ReLU", "dense 96 ReLU"]
    assert written(head) == ["input 96 dropout 30 %", "dense 10"]
    assert body.blocks[1].short == ("conv 5 × 5", "stride 2")
    assert body.blocks[1].weights == 5 * 5 * 24 + 24
    assert body.blocks[3].notes == ["flatten: 1,176"]
    assert [block.sources for block in body.blocks] == [[], [0], [1], [2]]


def test_a_decoder_block_by_block(parts_of):
    decoder = parts_of("convolutional vae")[1][1]
    sizes = ["input 16", "dense 128 ReLU", "dense 3136 ReLU", "reshape 7x7x64", "transposed 14x14x32 ReLU"]
    assert written(decoder) == [*sizes, "transposed 28x28x1"]


def test_the_scorer_begins_where_the_encoder_is(parts_of):
    encoder, scorer, _ = parts_of("infomax")[1]
    taken = [block for block in scorer.blocks if block.kind == "input"]
    assert {(block.name, block.shape) for block in taken} == {("conv2", (8, 8, 128)), ("y", (64,))}
    assert {block.name for block in encoder.blocks} >= {"conv1", "conv2", "conv3", "fc", "y"}


def test_shortcuts_are_kept(parts_of):
    (part,) = parts_of("residual")[1]
    sums = [block.sources for block in part.blocks if block.kind == "merge"]
    assert sums == [[1, 3], [5, 7], [9, 11]]
    assert [part.blocks[source].short for source in sums[1]] == [("conv 1 × 1", "stride 2"), ("conv 3 × 3",)]


def test_a_u_net_joins_what_it_kept(parts_of):
    (part,) = parts_of("u-net")[1]
    joins = {block.shape: block.sources for block in part.blocks if block.kind == "merge"}
    assert {shape: [part.blocks[at].kind for at in sources] for shape, sources in joins.items()} == {
        (32, 32, 64): ["transposed", "convolution"],
        (64, 64, 32): ["transposed", "convolution"],
    }


def test_several_inputs_and_outputs(parts_of):
    (part,) = parts_of("two inputs")[1]
    assert [block.name for block in part.blocks if block.kind == "input"] == ["picture", "measurements"]
    assert [block.name for block in part.blocks if block.is_output] == ["kind", "age"]
    (join,) = [block for block in part.blocks if block.kind == "merge"]
    assert [part.blocks[source].shape for source in join.sources] == [(32,), (16,)]


def test_sequences_and_recurrent_layers(parts_of):
    (part,) = parts_of("sentiment")[1]
    lines = ["input None", "embedding Nonex64", "recurrent Nonex128", "recurrent 32", "dense 1 sigmoid"]
    assert written(part) == lines
    assert part.blocks[2].short == ("two-way", "LSTM")


def test_a_network_that_is_called_twice_has_its_weights_once(parts_of):
    outer, tower = parts_of("siamese")[1]
    first, second = (block for block in outer.blocks if block.kind == "network")
    assert (first.weights, second.weights) == (tower.weights, 0)
    assert second.marks == ["same weights"]
    assert tower.inside


def test_frozen_networks_are_known(parts_of):
    assert [part.frozen for part in parts_of("transfer")[1]] == [False, True, False]


def test_what_follows_a_fork_is_written_at_the_next_block():
    x = keras.Input((8, 8, 4))
    y = layers.Conv2D(4, 3, padding="same", name="after")(layers.ReLU()(layers.BatchNormalization()(x)))
    (part,) = network_parts.read(keras.Model(x, layers.Add()([x, y])))
    assert part.blocks[0].marks == [], "the shortcut goes without"
    assert part.blocks[1].notes == ["BN", "ReLU"]
    assert part.blocks[1].weights == 3 * 3 * 4 * 4 + 4 + 4 * 4


def test_a_layer_of_the_students_own():
    class GradientReversal(layers.Layer):
        def call(self, x):
            return -x

    class Sampling(layers.Layer):
        def call(self, inputs):
            return inputs[0] + inputs[1]

    x = keras.Input((6,))
    halves = [layers.Dense(2, name="mean")(x), layers.Dense(2, name="spread")(x)]
    out = layers.Lambda(lambda z: z[:, :1], output_shape=(1,))(GradientReversal()(Sampling()(halves)))
    (part,) = network_parts.read(keras.Model(x, out))
    assert written(part) == ["input 6", "dense 2", "dense 2", "other 2 gradient reversal", "other 1"]
    assert [block.short for block in part.blocks[3:]] == [("sampling",), ("lambda",)]


COLORS = {"generator": palette.GENERATOR, "my_decoder": palette.DECODER, "critic": palette.DISCRIMINATOR}


@pytest.mark.parametrize("name", [*COLORS, "classifier"])
def test_the_color_says_what_the_weights_do(name):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)], name=name)
    assert network_parts.read(model)[0].color == COLORS.get(name, palette.ENCODER)


# -- folding -----------------------------------------------------------------------------------------------------------


def test_a_deep_network_is_folded_into_modules(parts_of):
    (part,) = parts_of("deep residual")[1]
    assert len(part.blocks) > 110
    blocks = network_folding.folded(part.blocks)
    modules = [block for block in blocks if block.kind == "module"]
    assert [(block.repeats, block.shape) for block in modules] == [
        (18, (32, 32, 16)),
        (18, (16, 16, 32)),
        (18, (8, 8, 64)),
    ]
    assert modules[0].short == ("residual block", "3×3 3×3")
    assert [block.sources for block in blocks] == [[], *([place] for place in range(len(blocks) - 1))]


def test_a_small_network_is_not_folded(parts_of):
    (part,) = parts_of("residual")[1]
    assert [block.name for block in network_folding.folded(part.blocks)] == [block.name for block in part.blocks]
    assert len(network_folding.folded(part.blocks, "modules")) == 7


def test_separable_convolutions_are_one_block(parts_of):
    mobilenet = parts_of("transfer")[1][1]
    blocks = network_folding.folded(mobilenet.blocks)
    assert [(block.repeats, block.shape[0]) for block in blocks if block.kind == "module"] == [
        (1, 48), (2, 24), (2, 12), (6, 6), (2, 3)
    ]  # fmt: skip


def test_branches_are_one_module_only_when_asked(parts_of):
    (part,) = parts_of("inception")[1]
    assert len([block for block in part.blocks if block.sources == [0]]) == 4
    module = network_folding.folded(part.blocks, "modules")[1]
    assert (module.kind, module.short[0], module.layers) == ("module", "4 branches", 7)


def test_an_output_in_the_middle_is_never_folded_away():
    x = keras.Input((8, 8, 4))
    y = layers.Conv2D(4, 3, padding="same", name="middle")(x)
    model = keras.Model(x, [y, layers.Add()([x, layers.Conv2D(4, 3, padding="same")(y)])])
    (part,) = network_parts.read(model)
    for detail in network_folding.DETAILS:
        blocks = network_folding.folded(part.blocks, detail)
        assert len([block for block in blocks if block.is_output]) == 2


# -- what cannot be drawn ----------------------------------------------------------------------------------------------


def test_a_class_with_a_call_is_followed():
    model = Written()
    example = np.zeros((1, 28, 28, 1), "float32")
    lines = ["input 28x28x1", "convolution 26x26x8 relu", "dense 10"]
    assert [line.lower() for line in written(network_parts.read(model, [example])[0])] == lines
    built = Written()
    before = built(example)
    assert [line.lower() for line in written(network_parts.read(built)[0])] == lines
    np.testing.assert_array_equal(before, built(example), "the model still works, and is the same")


class Opaque(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(np.asarray(x) * 2)


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match=r"sizes are known, got 'bare', .* pass example="):
        network_parts.read(keras.Sequential([layers.Dense(2)], name="bare"))
    with pytest.raises(ValueError, match=r"sizes are known, got 'written'"):
        network_parts.read(Written(name="written"))
    with pytest.raises(ValueError, match=r"got 'opaque', whose call\(\) cannot be followed .* one by one"):
        network_parts.read(Opaque(name="opaque"), [np.zeros((1, 3), "float32")])
    with pytest.raises(ValueError, match=r"a keras\.Model, got Dense"):
        network_parts.read(layers.Dense(2))
    with pytest.raises(ValueError, match="a model with layers"):
        network_parts.read(keras.Sequential([keras.Input((3,))]))
    with pytest.raises(ValueError, match="a model with layers"):
        network_parts.read(keras.Model(inputs := keras.Input((3,)), inputs))


def test_an_example_builds_a_model():
    model = keras.Sequential([layers.Dense(2)])
    assert written(network_parts.read(model, [np.zeros((1, 3), "float32")])[0]) == ["input 3", "dense 2"]


def test_a_gan_without_its_discriminator_is_its_generator():
    (part,) = network_parts.read(dcgan.fast(generator_only=True, averaging=0.0))
    assert part.name == "generator"


def test_an_encoder_by_itself_and_a_model_of_two_networks():
    model = autoencoder.deep()
    (encoder,) = network_parts.read(model.encoder)
    both = network_parts.read(keras.Sequential([keras.Input((784,)), model.encoder, model.decoder]))
    assert written(encoder) == written(both[0])
    assert [part.name for part in both] == ["encoder", "decoder"]


def test_reading_is_quick():
    import time

    model = residual(blocks=18)
    start = time.perf_counter()
    network_folding.folded(network_parts.read(model)[0].blocks)
    assert time.perf_counter() - start < 2
