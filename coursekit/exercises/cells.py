"""A divergence from counts, and what to do about empty cells."""

import numpy as np

from coursekit.exercises.hints import hint_if


def examine_kl(kl):
    """Hints unless kl(p, q) is sum p log(p / q): 0 where p is 0, infinite where only q is."""
    p, q = np.array([[0.5, 0.2], [0.2, 0.1]]), np.array([[0.25, 0.25], [0.4, 0.1]])
    found = _called(kl, "kl", p, q)
    hint_if(found.shape != (), f"`kl` should return one number, got shape {found.shape}. Sum over all cells.")
    hint_if(found == 0, "`kl` is 0 for two histograms that differ.")
    right = np.sum(p * np.log(p / q))
    mistakes = {
        "these are bits. The natural logarithm gives nats.": right / np.log(2),
        "that is KL(q || p). Whose points are drawn, and who is surprised?": np.sum(q * np.log(q / p)),
        "the sign is wrong: a divergence is never negative.": -right,
        "a mean over the cells. Each cell is weighted by p already.": right / p.size,
        "that is the cross-entropy. p's own entropy is to be taken off.": -np.sum(p * np.log(q)),
        "the ratio of p and q, without its weight p.": np.sum(np.log(p / q)),
        "that is the Jensen-Shannon divergence.": (
            np.sum(p * np.log(2 * p / (p + q))) + np.sum(q * np.log(2 * q / (p + q)))
        )
        / 2,
    }
    if not np.isclose(found, right, rtol=1e-4):
        for text, mistake in mistakes.items():
            hint_if(np.isclose(found, mistake, rtol=1e-3), text)
    hint_if(
        not np.isclose(found, right, rtol=1e-4),
        f"for p = {p.ravel().tolist()} and q = {q.ravel().tolist()} `kl` says {found:.4f}; three of the four terms "
        f"p log(p/q) are {(p * np.log(p / q)).ravel()[:3].round(4).tolist()}.",
    )
    so_far = "`kl` is right where no cell is empty. "
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])
    found = _called(kl, "kl", p, q)
    hint_if(
        np.isnan(found),
        f"{so_far}Where p is 0 it gives NaN: 0 times minus infinity. No point falls there: nobody is surprised.",
    )
    hint_if(
        not np.isclose(found, np.log(2), rtol=1e-6),
        f"{so_far}Where p is 0 a cell should add exactly nothing; p = {p.tolist()} and q = {q.tolist()} are log 2 = "
        f"0.6931 nats apart, and you say {found:.6g}. Did you add something small to the shares?",
    )
    for p, q in (([0.5, 0.3, 0.2], [0.6, 0.4, 0.0]), ([0.1, 0.0, 0.9], [1.0, 0.0, 0.0])):
        p, q = np.array(p), np.array(q)
        found = _called(kl, "kl", p, q)
        seen = (p > 0) & (q > 0)
        left_out = np.sum(p[seen] * np.log(p[seen] / q[seen]))
        hint_if(
            np.isclose(found, left_out, rtol=1e-4),
            f"{so_far}You leave out the cells where q is 0. The model says *never* of something that happens with p = "
            f"{p[2]}, and you forgive it: for p = {p.tolist()} and q = {q.tolist()} that gives {found:.3f}"
            + (", a negative divergence." if found < 0 else "."),
        )
        hint_if(np.isnan(found), f"{so_far}For p = {p.tolist()} and q = {q.tolist()} it gives NaN. Which cell is it?")
        hint_if(
            np.isfinite(found),
            f"{so_far}Where q is 0 and p is not, the surprise has no bound, and you say {found:.3g}. How large it is "
            "depends on a small number that you chose. Let it be infinite, and mend the model instead.",
        )
        hint_if(found < 0, f"{so_far}Where q is 0 and p is not it is minus infinity: which logarithm is taken off?")


def examine_smoothed(smoothed):
    """Hints unless smoothed(counts, a) is (counts + a) / sum(counts + a), and counts is as it was."""
    so_far = "`kl` is right. "
    counts = np.array([[6.0, 0.0, 3.0], [0.0, 1.0, 0.0]])
    given, a = counts.copy(), 0.5
    found = _called(smoothed, "smoothed", given, a, so_far=so_far)
    hint_if(
        not np.array_equal(given, counts),
        f"{so_far}`smoothed` has changed the counts that it was given. Who reads them next counts your points.",
    )
    hint_if(
        found.shape != counts.shape,
        f"{so_far}for counts of shape {counts.shape} `smoothed` gave shape {found.shape}; as many shares as cells.",
    )
    n, k = counts.sum(), counts.size
    filled = np.where(counts == 0, a, counts)
    mistakes = {
        "all cells alike: what has become of the counts?": np.full(counts.shape, 1 / k),
        "nothing was added.": counts / n,
        "the total is that of before: your shares sum to more than 1.": (counts + a) / n,
        "one `a` in the total. It was added to each of the cells.": (counts + a) / (n + a),
        "only the empty cells got something. Then a cell with a tenth of a point could be below an empty one.": (
            filled / filled.sum()
        ),
        "only the empty cells got something, and the shares do not sum to 1.": filled / n,
        "`a` was added to the shares, not to the counts: as if it were a share of all points.": (
            (counts / n + a) / (1 + a * k)
        ),
        "these are counts still, not shares.": counts + a,
    }
    right = (counts + a) / (n + a * k)
    if not np.allclose(found, right):
        for text, mistake in mistakes.items():
            hint_if(np.allclose(found, mistake), so_far + text)
    hint_if(
        not np.allclose(found, right),
        f"{so_far}counts {counts.astype(int).tolist()} with half a point more in each cell: the first share is 6.5 of "
        f"13 points, and you say {found[0, 0]:.4f}.",
    )
    whole = _called(smoothed, "smoothed", counts.astype(int), a, so_far=so_far)
    hint_if(
        not np.allclose(whole, right),
        f"{so_far}right for counts that are floats, wrong for whole numbers: half a point was rounded away.",
    )
    hint_if(
        not np.allclose(_called(smoothed, "smoothed", counts, 0, so_far=so_far), counts / n),
        f"{so_far}with a = 0 the shares should be those of the counts.",
    )


def _called(function, name, *arguments, so_far=""):
    hint_if(not callable(function), f"{so_far}hand in the function itself, `{name}`, not what it returned.")
    with np.errstate(all="ignore"):
        found = function(*arguments)
    hint_if(found is None, f"{so_far}`{name}` returned None. Is there a `return` in it?")
    return np.asarray(found, "float64")
