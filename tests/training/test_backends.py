"""Files cross from one backend to the other, and JAX needs no TensorFlow. Fresh interpreters: Keras is loaded once."""

import importlib.util
import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest
import tiny
from tiny import keras

both = pytest.mark.skipif(
    not (importlib.util.find_spec("jax") and importlib.util.find_spec("tensorflow")), reason="both backends are needed"
)
HERE = keras.backend.backend()
OTHER = "jax" if HERE == "tensorflow" else "tensorflow"


def test_a_keras_file_holds_model_and_optimizers(tmp_path, gan, regression):
    x, y = tiny.regression_data()
    regression.fit(x, y, verbose=0)
    gan.fit(x[:, :2], verbose=0)
    for model in (regression, gan):
        model.save(tmp_path / "model.keras")
        loaded = keras.saving.load_model(tmp_path / "model.keras")
        for ours, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        assert list(loaded.optimizers) == list(model.optimizers)
        for name, optimizer in model.optimizers.items():
            for ours, theirs in zip(optimizer.variables, loaded.optimizers[name].variables, strict=True):
                np.testing.assert_array_equal(np.array(ours.value), np.array(theirs.value))
    loaded.fit(x[:, :2], verbose=0)
    assert int(np.array(loaded.optimizers["generator"].iterations.value)) == 12


def test_a_model_without_layers_is_saved_with_its_optimizer(tmp_path):
    model = tiny.Mean()
    model.compile(keras.optimizers.Adam(0.1))
    model.fit(np.ones((64, 1), "float32"), epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    ours, theirs = ([np.array(v.value) for v in [each.mean, *each.optimizer.variables]] for each in (model, loaded))
    assert ours[0] > 0
    assert len(theirs) == len(ours) > 3, "the mean, and what Adam knows of it"
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


@both
def test_files_cross_to_the_other_backend(tmp_path, regression, run_python):
    x, y = tiny.regression_data()
    regression.fit(x, y, epochs=2, verbose=0)
    regression.save(tmp_path / "model.keras")
    regression.save_weights(tmp_path / "model.weights.h5")
    expected = regression.predict(x, verbose=0)
    said = run_python(
        f"""
import json, tiny
from tiny import keras
assert keras.backend.backend() == {OTHER!r}
x, y = tiny.regression_data()
whole = keras.saving.load_model({str(tmp_path / "model.keras")!r})
model = tiny.Regression()
model.compile(optimizer="adam")
model.load_weights({str(tmp_path / "model.weights.h5")!r})
answers = [m.predict(x, verbose=0).tolist() for m in (whole, model)]
whole.fit(x, y, verbose=0)  # and it trains on
print(json.dumps(answers))
""",
        KERAS_BACKEND=OTHER,
    )
    for answer in json.loads(said.splitlines()[-1]):
        np.testing.assert_allclose(answer, expected, atol=1e-5)


@both
def test_jax_trains_where_tensorflow_is_not_installed(tmp_path):
    # An environment of its own: links to all that is installed here, but for TensorFlow and its parts.
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(environment)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    for item in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not item.name.lower().startswith(("tensorflow", "tensorboard", "_virtualenv", "__pycache__", "distutils")):
            (packages / item.name).symlink_to(item)
    code = f"""
import importlib.util, sys
assert importlib.util.find_spec("tensorflow") is None
sys.path.insert(0, {str(Path(tiny.__file__).parent)!r})
import tiny
from tiny import keras
assert keras.backend.backend() == "jax"
model = tiny.GAN()
model.compile(generator="adam", discriminator="adam")
x, y = tiny.regression_data()
model.fit(x[:, :2], verbose=0, checkpoint={str(tmp_path / "run")!r})
model.save({str(tmp_path / "model.keras")!r})
keras.utils.set_random_seed(0)
model = tiny.Regression()
model.compile(optimizer=keras.optimizers.Adam(0.01))
history = model.fit(x, y, epochs=3, validation_data=(x, y), verbose=0)
assert history.history["val_loss"][-1] < history.history["val_loss"][0]
assert "tensorflow" not in sys.modules
print("trained")
"""
    done = subprocess.run(
        [str(environment / "bin" / "python"), "-c", code],
        capture_output=True, text=True, timeout=120, env={"KERAS_BACKEND": "jax", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == "trained\n"
