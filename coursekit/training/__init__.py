"""Training: the one place that knows the backend."""

from coursekit.training.progress import progress

__all__ = ["progress"]
