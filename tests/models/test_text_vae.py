"""A VAE of lines without a code is a language model: what it may know, learns, and keeps in files."""

import keras
import numpy as np
import pytest

from coursekit import letters
from coursekit.models import Codeless, SequenceVAE, text_vae

LINES = letters.pad(["to be", "or not", "to be or"], 10)
SIZES = {"steps": 10, "latent_dim": 3, "reader": (4,), "writer": (12,)}


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def test_both_kinds_have_the_same_decoder():
    coded, alone = text_vae.lstm(**SIZES), text_vae.lstm(**SIZES, coded=False)
    assert type(coded) is SequenceVAE
    assert isinstance(alone, Codeless)
    shapes = [[weight.shape for weight in model.decoder.weights] for model in (coded, alone)]
    assert shapes[0] == shapes[1]


def test_its_bound_is_the_likelihood_of_code_0():
    model = text_vae.lstm(**SIZES, coded=False)
    bound = model.elbo(LINES, samples=2)
    assert np.array(bound.kl).max() == 0
    nothing = np.zeros((1, 3, 3), "float32")
    np.testing.assert_allclose(np.array(bound.elbo), np.array(model.log_likelihood(LINES, nothing))[0], rtol=1e-5)
    assert not model.codes(LINES).any()
    assert len(np.unique(model.reconstruct(LINES), axis=0)) == 1


def test_it_learns_and_comes_back_from_a_file(tmp_path):
    model = text_vae.lstm(**SIZES, coded=False)
    model.compile(keras.optimizers.Adam(3e-2))
    losses = model.fit(np.repeat(LINES, 32, axis=0), batch_size=32, epochs=60, verbose=0).history["reconstruction"]
    assert losses[-1] < 2, "to know which of three lines it is costs log 3 = 1.1 nats"
    assert losses[-1] > 1
    model.save(tmp_path / "model.keras")
    back = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(back.sample(4, seed=1), model.sample(4, seed=1))


def test_other_lines_are_refused():
    model = text_vae.lstm(**SIZES, coded=False)
    with pytest.raises(ValueError, match="Expected sequences of 10 symbols"):
        model.elbo(LINES[:, :9])
    with pytest.raises(ValueError, match="from 0 to 64"):
        model.codes(np.full((2, 10), 65))
