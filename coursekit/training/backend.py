"""`load`: Keras and its backend, imported without the log lines that would end up in every executed notebook."""

import contextlib
import importlib.util
import logging
import os
import sys
from pathlib import Path

from coursekit.training import compile_cache

GPUS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # of NVIDIA, of AMD, and either under Windows (WSL 2)


@contextlib.contextmanager
def silenced_stderr():
    """A context in which nothing reaches stderr, not even from C++.

    TensorFlow's C++ code logs to file descriptor 2 before any log level applies (2.21: `TF_CPP_MIN_LOG_LEVEL` alone
    leaves six lines), so the descriptor itself is redirected. Python's errors are raised, not printed: none is lost.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _compile_lightly():
    """Let XLA optimize less on a CPU, unless `XLA_FLAGS` says how much. Its programs are as fast, as their time goes
    into products of matrices, which are compiled already, and they are there up to a second earlier
    (tests/bench/compile_levels.py).
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_backend_optimization_level" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_backend_optimization_level=1".strip()


def load():
    """Import Keras with the backend that `KERAS_BACKEND` names (TensorFlow unless it is set) and wake its devices.

    Returns:
        The `keras` module.
    Raises:
        ImportError: the backend is not installed; the message names the command that installs it.
    """
    backend = os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if importlib.util.find_spec(backend) is None:
        raise ImportError(
            f"KERAS_BACKEND is {backend!r}, and the package {backend!r} is not installed here. "
            f"Install it (`pip install {backend}`) or unset KERAS_BACKEND for TensorFlow."
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    compile_cache.use(backend)
    if backend == "tensorflow" and not any(Path(device).exists() for device in GPUS):
        _compile_lightly()
    # A second notebook must find room on the GPU beside the first.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    # "triggered tf.function retracing": true and harmless wherever one notebook builds several models.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    with silenced_stderr():
        import keras

        keras.ops.convert_to_numpy(keras.ops.ones(1))
    return keras
