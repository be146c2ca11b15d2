"""Estimators of mutual information from scores of pairs, in nats: Donsker-Varadhan, Jensen-Shannon, InfoNCE.

Scores are [n, n] or [n, n, places]: scores[i, j] = T(code of image i, image j), or its map at a place. Pairs that
belong together are on the diagonal; all others are samples of the product of the marginals. The estimators are those of
Hjelm et al., "Learning Deep Representations by Mutual Information Estimation and Maximization" (ICLR 2019).
"""

from keras import ops


def donsker_varadhan(scores):
    """E_P[T] - log E_{PxP~}[exp T], the mean over places: Donsker and Varadhan's lower bound on the mutual
    information, if the expectations are exact. From samples it can exceed it, for the log of the mean of few
    exponentials is too low.
    """
    together, apart, n = _pairs(scores)
    total = ops.logsumexp(ops.where(apart, scores, -1e9), axis=(0, 1))  # of each place
    return ops.mean(together) - ops.mean(total - ops.log(n * (n - 1)))


def jensen_shannon(scores):
    """E_P[-softplus(-T)] - E_{PxP~}[softplus(T)]: minus the cross-entropy of telling pairs that belong together
    from others. At most 0, and the larger the more mutual information there is, but no estimate of it. The best T is
    log p(x, y) / (p(x) p(y)).
    """
    together, apart, n = _pairs(scores)
    others = ops.sum(ops.where(apart, ops.softplus(scores), 0.0), axis=(0, 1)) / (n * (n - 1))  # of each place
    return -ops.mean(ops.softplus(-together)) - ops.mean(others)


def infonce(scores):
    """log N + E_P[T - log sum exp T]: how well a code finds one place of its own image among all places of the other
    images, so N = 1 + (n - 1) * places. A lower bound on the mutual information that cannot exceed log N.
    """
    together, apart, n = _pairs(scores)
    others = ops.logsumexp(ops.where(apart, scores, -1e9), axis=tuple(range(1, len(scores.shape))))  # of each vector
    candidates = 1 + (n - 1) * together.shape[1]
    return ops.log(candidates) + ops.mean(together - ops.logaddexp(together, others[:, None]))


ESTIMATORS = {"infonce": infonce, "jsd": jensen_shannon, "dv": donsker_varadhan}


def _pairs(scores):
    """Scores of the pairs that belong together, [n, places]; where the others are, [n, n] or [n, n, 1]; n, a float."""
    if len(scores.shape) not in (2, 3) or scores.shape[0] != scores.shape[1]:
        raise ValueError(f"Expected scores [n, n] or [n, n, places], got {list(scores.shape)}.")
    if scores.shape[0] == 1:
        raise ValueError("Expected at least 2 images, which are each other's negatives, got 1: use a larger batch.")
    count = ops.shape(scores)[0]
    apart = ops.logical_not(ops.eye(count, dtype="bool"))
    together = ops.diagonal(scores)  # [places, n]
    if len(scores.shape) == 2:
        return together[:, None], apart, ops.cast(count, scores.dtype)
    return ops.transpose(together), apart[:, :, None], ops.cast(count, scores.dtype)
