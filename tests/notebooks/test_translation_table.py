"""Lecture 06 translates the blog's lines of 2016: Keras 3 does with both columns what the table says."""

import re

import keras
import numpy as np
import pytest

from coursekit import paths
from coursekit.training import backend

LECTURE = paths.notebooks() / "source" / "06_autoencoders.py"
image = (28, 28, 1)

backend.load()


def dense():
    x = keras.Input((3,))
    return x, keras.layers.Dense(2)(x)


def functional_model_takes_input_and_output():
    x, y = dense()
    with pytest.raises((TypeError, ValueError), match="input"):
        keras.Model(input=x, output=y)
    assert keras.Model(x, y).output_shape == (None, 2)
    assert keras.Model(inputs=x, outputs=y).output_shape == (None, 2)


def fit_takes_nb_epoch():
    model = keras.Model(*dense())
    model.compile("sgd", "mse")
    x, y = np.zeros((4, 3)), np.zeros((4, 2))
    with pytest.raises(TypeError, match="nb_epoch"):
        model.fit(x, y, nb_epoch=50)
    assert len(model.fit(x, y, epochs=3, verbose=0).epoch) == 3


def adadelta_learns_at_its_old_rate_only():
    assert float(keras.optimizers.get("adadelta").learning_rate) == pytest.approx(0.001)
    x = np.random.default_rng(0).random((512, 3))
    kept = {}
    for name, optimizer in {"old line": "adadelta", "as in 2016": keras.optimizers.Adadelta(1.0)}.items():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
        model.compile(optimizer, "mse", jit_compile=False)
        losses = model.fit(x, x, epochs=5, batch_size=8, verbose=0).history["loss"]
        kept[name] = losses[-1] / losses[0]
    assert kept["old line"] > 0.95
    assert kept["as in 2016"] < 0.5


def the_third_argument_of_a_convolution_is_the_stride():
    with pytest.raises((TypeError, ValueError), match="border_mode"):
        keras.layers.Conv2D(16, 3, 3, border_mode="same")
    old = keras.layers.Conv2D(16, 3, 3)
    assert old.strides == (3, 3)
    assert old.compute_output_shape((None, *image)) == (None, 9, 9, 16), "a third of the resolution"
    new = keras.layers.Conv2D(16, 3, padding="same")
    assert new.compute_output_shape((None, *image)) == (None, 28, 28, 16)


def l1_of_10e_minus_5_is_1e_minus_4():
    assert float(keras.regularizers.l1(10e-5).l1) == pytest.approx(float(keras.regularizers.L1(1e-4).l1), rel=1e-6)


CLAIMS = {
    "`Model(input=x, output=y)`": functional_model_takes_input_and_output,
    "`fit(..., nb_epoch=50)`": fit_takes_nb_epoch,
    "`optimizer='adadelta'`": adadelta_learns_at_its_old_rate_only,
    "`Conv2D(16, 3, 3, border_mode='same')`": the_third_argument_of_a_convolution_is_the_stride,
    "`regularizers.l1(10e-5)`": l1_of_10e_minus_5_is_1e_minus_4,
}


def test_every_row_of_the_table_has_its_test(cells_of):
    (cell,) = [cell.source for cell in cells_of(LECTURE) if "| the blog's line (2016)" in cell.source]
    rows = re.findall(r"^\| (`.*?`) \|", cell, re.MULTILINE)
    assert rows == list(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_keras_does_what_the_row_says(claim):
    claim()
