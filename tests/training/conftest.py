"""What the tests of training share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import tiny  # noqa: E402
from tiny import keras  # noqa: E402


# Without XLA, which takes a second for each model: the models of `test_minimize` are compiled with it.
@pytest.fixture
def regression():
    keras.utils.set_random_seed(0)
    model = tiny.Regression()
    model.compile(optimizer=keras.optimizers.Adam(0.01), jit_compile=False)
    return model


@pytest.fixture
def gan():
    keras.utils.set_random_seed(0)
    model = tiny.GAN()
    model.compile(generator=keras.optimizers.Adam(1e-2), discriminator=keras.optimizers.Adam(1e-2), jit_compile=False)
    return model


@pytest.fixture
def run_python():
    """A function that runs code, which may `import tiny`, in a fresh interpreter and returns what it printed."""

    def run(code, python=sys.executable, **environment):
        environment = {**os.environ, "PYTHONPATH": str(HERE), **environment}
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=180, env=environment)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return run
