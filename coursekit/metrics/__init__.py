"""Measures: arrays and callables in, numbers out. They know no model class."""

from coursekit.metrics import baselines, fidelity, likelihood
from coursekit.metrics.detection import roc
from coursekit.metrics.images import binary_crossentropy, psnr, ssim, unexplained_variance
from coursekit.metrics.subspaces import principal_angles

__all__ = [
    "baselines",
    "binary_crossentropy",
    "fidelity",
    "likelihood",
    "principal_angles",
    "psnr",
    "roc",
    "ssim",
    "unexplained_variance",
]
