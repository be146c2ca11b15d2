"""InfoNCE from scores, and the most that it can say."""

import numpy as np
from scipy.special import logsumexp

from coursekit.exercises.hints import hint_if


def examine_infonce(infonce):
    """Hints unless infonce(scores) is log n + the mean over rows of (own score - log sum exp of the row)."""
    hint_if(not callable(infonce), "hand in the function itself, `infonce`, not what it returned.")
    n = 5
    scores = np.random.default_rng(0).normal(size=(n, n)) + 1.5 * np.eye(n)
    found = _number(infonce, "infonce", scores)
    own, apart = np.diagonal(scores), ~np.eye(n, dtype=bool)
    rows = logsumexp(scores, axis=1)
    others = logsumexp(np.where(apart, scores, -np.inf), axis=1)
    right = np.log(n) + np.mean(own - rows)
    mistakes = {
        "0 is what it says when the scores know nothing. These know something.": 0.0,
        "log N is missing: a code that knows nothing should get 0, not -log N.": right - np.log(n),
        "the sum runs down the columns: then each *picture* chooses among codes. A code, a row, chooses a picture.": (
            np.log(n) + np.mean(own - logsumexp(scores, axis=0))
        ),
        "its own picture is not among those that a code chooses from. Sum over the whole row.": (
            np.log(n) + np.mean(own - others)
        ),
        "its own picture is not among those that a code chooses from, and log N is missing.": np.mean(own - others),
        "how many does a code choose from? Its own is one of them.": np.log(n - 1) + np.mean(own - rows),
        "a sum over codes, where there should be a mean.": np.log(n) + np.sum(own - rows),
        "log N twice: once in front, and once by a mean of the exponentials instead of a sum.": right + np.log(n),
        "that is the loss, to be minimized. The estimate has the other sign.": -right,
        "a mean over all pairs. Only those on the diagonal belong together.": np.log(n)
        + np.mean(scores - rows[:, None]),
        "the logarithm is missing: that is how often a code picks its own, a probability.": np.mean(np.exp(own - rows)),
        "that is Donsker and Varadhan's: one mean of exponentials over *all* other pairs.": (
            own.mean() - logsumexp(scores[apart]) + np.log(n * (n - 1))
        ),
        "the softmax runs over all n x n pairs. Each code, each row, has a softmax of its own.": (
            np.log(n) + np.mean(own) - logsumexp(scores)
        ),
    }
    if not np.isclose(found, right, rtol=1e-5):
        for text, mistake in mistakes.items():
            hint_if(np.isclose(found, mistake, rtol=1e-4, atol=1e-9), text)
        hint_if(
            True,
            f"for five codes that choose among five pictures, and find their own in {np.mean(np.exp(own - rows)):.0%} "
            f"of cases, `infonce` says {found:.3f}.",
        )
    huge = _number(infonce, "infonce", 1000 * np.eye(n), allow=True)
    hint_if(
        not np.isfinite(huge),
        "right, until the scores are large: exp(1000) is no number. Subtract each row's largest score before you take "
        "exponentials, and add it again after the logarithm.",
    )
    hint_if(not np.isclose(huge, np.log(n)), f"right for small scores; for scores of 1000 and 0 it says {huge:.3f}.")


def examine_most(most):
    """Hints unless most(n, places) is log(1 + (n - 1) * places)."""
    so_far = "`infonce` is right. "
    hint_if(not callable(most), f"{so_far}hand in the function itself, `most`, not what it returned.")
    n, places = 8, 5
    found = _number(most, "most", n, places, so_far=so_far)
    mistakes = {
        "how many a code chooses from. Its log-probability of choosing right, plus log N, is at most ...?": (
            1 + (n - 1) * places
        ),
        "log n: that is the global version. Here each of the other pictures has several places.": np.log(n),
        "n times places: the other places of its *own* picture are not among the wrong ones.": np.log(n * places),
        "the right one is missing: its own place is one of those it chooses from.": np.log((n - 1) * places),
        "there are n - 1 other pictures.": np.log(1 + n * places),
    }
    right = np.log(1 + (n - 1) * places)
    if not np.isclose(found, right, rtol=1e-6):
        for text, mistake in mistakes.items():
            hint_if(np.isclose(found, mistake, rtol=1e-6), so_far + text)
        hint_if(True, f"{so_far}for 8 pictures of 5 places `most` says {found:.3f}. How many does a code choose from?")


def _number(function, name, *arguments, so_far="", allow=False):
    with np.errstate(all="ignore"):
        found = function(*arguments)
    hint_if(found is None, f"{so_far}`{name}` returned None. Is there a `return` in it?")
    found = np.asarray(found, "float64")
    hint_if(found.shape != (), f"{so_far}`{name}` should return one number, got an array of shape {found.shape}.")
    hint_if(not allow and not np.isfinite(found), f"{so_far}`{name}` gave no finite number.")
    return float(found)
