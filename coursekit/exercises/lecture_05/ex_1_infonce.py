"""InfoNCE from scores, and the most that it can say."""

import numpy as np
from scipy.special import logsumexp

from coursekit.exercises.hints import after, compare, generator, hint_if, number


def check(answer):
    """`(infonce, most)`: infonce(scores [n, n]) -> a number, and most(n, places) -> a number."""
    infonce, most = answer
    check_infonce(infonce)
    with after("`infonce` is right."):
        check_most(most)


def check_infonce(function):
    """Hints unless function(scores) is log n + the mean over rows of (own score - log sum exp of the row)."""
    n = 5
    scores = generator(0).normal(size=(n, n)) + 1.5 * np.eye(n)
    found = number(function, "infonce", scores)
    log_p = np.diagonal(scores) - logsumexp(scores, axis=1)
    compare(
        found,
        np.log(n) + np.mean(log_p),
        infonce_mistakes(scores),
        f"for five codes that choose among five pictures, and find their own in {np.mean(np.exp(log_p)):.0%} "
        f"of cases, `infonce` says {found:.3f}.",
    )
    huge = number(function, "infonce", 1000 * np.eye(n), finite=False)
    hint_if(
        not np.isfinite(huge),
        "right, until the scores are large: exp(1000) is no number. Subtract each row's largest score before you take "
        "exponentials, and add it again after the logarithm.",
    )
    hint_if(not np.isclose(huge, np.log(n)), f"right for small scores; for scores of 1000 and 0 it says {huge:.3f}.")


def infonce_mistakes(scores):
    """Typical mistakes: {hint: nats}."""
    n = len(scores)
    own, apart = np.diagonal(scores), ~np.eye(n, dtype=bool)
    rows = logsumexp(scores, axis=1)
    others = logsumexp(np.where(apart, scores, -np.inf), axis=1)
    right = np.log(n) + np.mean(own - rows)
    return {
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
        "a mean over all pairs. Only those on the diagonal belong together.": (
            np.log(n) + np.mean(scores - rows[:, None])
        ),
        "the logarithm is missing: that is how often a code picks its own, a probability.": np.mean(np.exp(own - rows)),
        "that is Donsker and Varadhan's: one mean of exponentials over *all* other pairs.": (
            own.mean() - logsumexp(scores[apart]) + np.log(n * (n - 1))
        ),
        "the softmax runs over all n x n pairs. Each code, each row, has a softmax of its own.": (
            np.log(n) + np.mean(own) - logsumexp(scores)
        ),
    }


def check_most(function):
    """Hints unless function(n, places) is log(1 + (n - 1) * places)."""
    n, places = 8, 5
    found = number(function, "most", n, places)
    compare(
        found,
        np.log(1 + (n - 1) * places),
        most_mistakes(n, places),
        f"for 8 pictures of 5 places `most` says {found:.3f}. How many does a code choose from?",
    )


def most_mistakes(n, places):
    """Typical mistakes: {hint: nats}."""
    return {
        "how many a code chooses from. Its log-probability of choosing right, plus log N, is at most ...?": (
            1 + (n - 1) * places
        ),
        "log n: that is the global version. Here each of the other pictures has several places.": np.log(n),
        "n times places: the other places of its *own* picture are not among the wrong ones.": np.log(n * places),
        "the right one is missing: its own place is one of those it chooses from.": np.log((n - 1) * places),
        "there are n - 1 other pictures.": np.log(1 + n * places),
    }
