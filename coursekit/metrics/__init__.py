"""Measures of models and their samples: functions of arrays and callables, which know no model class."""

from coursekit.metrics import (
    baselines,
    disentanglement,
    fidelity,
    films,
    likelihood,
    music,
    probes,
    stylization,
    text,
)
from coursekit.metrics.copies import longest_copies
from coursekit.metrics.detection import roc
from coursekit.metrics.grids import grid_divergence, grid_floor, grid_normalized_elbo
from coursekit.metrics.images import binary_crossentropy, psnr, ssim, unexplained_variance
from coursekit.metrics.ngrams import NGrams
from coursekit.metrics.ring_modes import modes
from coursekit.metrics.subspaces import principal_angles

__all__ = [
    "NGrams",
    "baselines",
    "binary_crossentropy",
    "disentanglement",
    "fidelity",
    "films",
    "grid_divergence",
    "grid_floor",
    "grid_normalized_elbo",
    "likelihood",
    "longest_copies",
    "modes",
    "music",
    "principal_angles",
    "probes",
    "psnr",
    "roc",
    "ssim",
    "stylization",
    "text",
    "unexplained_variance",
]
