"""Training: the one place that knows the backend."""

import importlib

from coursekit.training.progress import progress

_NAMES = {
    "Model": "model",
    "TrainingDiverged": "health",
    "gradient": "gradients",
    "jit_compile_for": "compiled",
}

__all__ = [*sorted(_NAMES), "progress"]


def __getattr__(name):
    if name in _NAMES:
        from coursekit.training import backend

        backend.load()
        return getattr(importlib.import_module(f"coursekit.training.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'coursekit.training' has no attribute {name!r}")
