"""Keras is loaded in silence, or with one clear line about what is missing. Fresh interpreters: it is loaded once."""

import os
import subprocess
import sys

import pytest


def run(code, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL")}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env={**kept, **environment}
    )


@pytest.mark.one_backend
def test_keras_loads_and_computes_without_a_word():
    done = run(
        "import sys\n"
        "from coursekit.training import backend\n"
        "keras = backend.load()\n"
        "assert keras.backend.backend() == 'tensorflow'\n"
        "assert keras is backend.load(), 'a second load is the same module'\n"
        "print('still heard', file=sys.stderr)"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "still heard\n"
    assert done.stdout == ""


@pytest.mark.one_backend
def test_a_missing_backend_is_named_with_its_cure():
    absent = "import sys; sys.modules['jax'] = None\n"  # as on a machine without it
    done = run(absent + "from coursekit.training import backend; backend.load()", KERAS_BACKEND="jax")
    assert done.returncode != 0
    assert "ImportError: KERAS_BACKEND is 'jax'" in done.stderr
    assert "pip install jax" in done.stderr
    assert "During handling" not in done.stderr


def test_silenced_stderr_comes_back_after_an_error(capfd):
    from coursekit.training.backend import silenced_stderr

    try:
        with silenced_stderr():
            os.write(2, b"log line")
            raise KeyError
    except KeyError:
        os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"
