"""The ROC curve: how well a score tells two groups apart."""

import numpy as np


def roc(normal, strange):
    """The receiver operating characteristic of a score that should be higher for `strange`.

    Args:
        normal, strange: scores [n] and [m].
    Returns:
        the area under the curve (1 perfect, 0.5 a coin), and the curve itself: (false alarm rates, detection rates).
    """
    from sklearn.metrics import roc_auc_score, roc_curve

    scores = np.concatenate([np.ravel(normal), np.ravel(strange)])
    if not len(normal) or not len(strange) or not np.isfinite(scores).all():
        raise ValueError("Expected finite scores of at least one normal and one strange example.")
    truth = np.repeat([0, 1], [len(normal), len(strange)])
    false_alarms, detections, _ = roc_curve(truth, scores)
    return float(roc_auc_score(truth, scores)), (false_alarms, detections)
