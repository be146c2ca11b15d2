"""Models, measures and widgets of the lectures, and what drives the notebooks.

`import coursekit` is cheap: TensorFlow, matplotlib and the data are loaded when they are first used.
"""

import importlib

from coursekit import saving as _saving

__version__ = "0.1.0"

_MODULES = {"course", "data", "metrics", "models", "plots", "recipes", "training", "widgets"}
_NAMES = dict.fromkeys(("begin", "check", "expect", "results", "show"), "lesson") | {"pretrained": "recipes.weights"}

__all__ = sorted(_MODULES | set(_NAMES))


_saving.watch()


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"coursekit.{name}")
    if name in _NAMES:
        return getattr(importlib.import_module(f"coursekit.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'coursekit' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
