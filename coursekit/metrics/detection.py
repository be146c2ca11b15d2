"""The ROC curve: how well a score tells two groups apart."""

import numpy as np

from coursekit.arrays import check_finite, check_numbers


def roc(normal, strange):
    """The receiver operating characteristic of a score that should be higher for `strange`.

    Args:
        normal, strange: scores [n] and [m], one for each example.
    Returns:
        the area under the curve (1 perfect, 0.5 a coin), and the curve itself: (false alarm rates, detection rates).
    """
    from sklearn.metrics import roc_auc_score, roc_curve

    normal, strange = _scores(normal, "normal"), _scores(strange, "strange")
    scores = np.concatenate([normal, strange])
    truth = np.repeat([0, 1], [len(normal), len(strange)])
    false_alarms, detections, _ = roc_curve(truth, scores)
    return float(roc_auc_score(truth, scores)), (false_alarms, detections)


def _scores(scores, name):
    array = check_numbers(scores, f"scores of {name} examples")
    check_finite(array, f"the scores of {name} examples")
    if array.size != len(np.atleast_1d(array)):
        raise ValueError(
            f"Expected one score for each of the {name} examples, got shape {array.shape}. "
            "Probabilities of two classes? Take the second column."
        )
    return array.ravel()
