"""The divergence of two histograms, and shares of cells none of which is empty."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, hint_if, number


def check(answer):
    """`(kl, smoothed)`: kl(p, q) of shares of cells -> nats, and smoothed(counts, a) -> shares."""
    kl, smoothed = answer
    check_kl(kl)
    with after("`kl` is right where no cell is empty."):
        check_empty_cells(kl)
    with after("`kl` is right."):
        check_smoothed(smoothed)


def check_kl(function):
    """Hints unless function(p, q) is sum p log(p / q), where no cell is empty."""
    p, q = np.array([[0.5, 0.2], [0.2, 0.1]]), np.array([[0.25, 0.25], [0.4, 0.1]])
    found = number(function, "kl", p, q, finite=False, advice="Sum over all cells.")
    hint_if(found == 0, "`kl` is 0 for two histograms that differ.")
    compare(
        found,
        np.sum(p * np.log(p / q)),
        kl_mistakes(p, q),
        f"for p = {p.ravel().tolist()} and q = {q.ravel().tolist()} `kl` says {found:.4f}; three of the four terms "
        f"p log(p/q) are {(p * np.log(p / q)).ravel()[:3].round(4).tolist()}.",
    )


def kl_mistakes(p, q):
    """Typical mistakes: {hint: nats}."""
    right, middle = np.sum(p * np.log(p / q)), (p + q) / 2
    return {
        "these are bits. The natural logarithm gives nats.": right / np.log(2),
        "that is KL(q || p). Whose points are drawn, and who is surprised?": np.sum(q * np.log(q / p)),
        "the sign is wrong: a divergence is never negative.": -right,
        "a mean over the cells. Each cell is weighted by p already.": right / p.size,
        "that is the cross-entropy. p's own entropy is to be taken off.": -np.sum(p * np.log(q)),
        "the ratio of p and q, without its weight p.": np.sum(np.log(p / q)),
        "that is the Jensen-Shannon divergence.": np.sum(p * np.log(p / middle) + q * np.log(q / middle)) / 2,
    }


def check_empty_cells(function):
    """Hints unless function(p, q) adds nothing where p is 0, and is infinite where only q is."""
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])
    found = number(function, "kl", p, q, finite=False)
    hint_if(
        np.isnan(found),
        "Where p is 0 it gives NaN: 0 times minus infinity. No point falls there: nobody is surprised.",
    )
    hint_if(
        not np.isclose(found, np.log(2), rtol=1e-6),
        f"Where p is 0 a cell should add exactly nothing; p = {p.tolist()} and q = {q.tolist()} are log 2 = "
        f"0.6931 nats apart, and you say {found:.6g}. Did you add something small to the shares?",
    )
    for p, q in (([0.5, 0.3, 0.2], [0.6, 0.4, 0.0]), ([0.1, 0.0, 0.9], [1.0, 0.0, 0.0])):
        p, q = np.array(p), np.array(q)
        found = number(function, "kl", p, q, finite=False)
        seen = (p > 0) & (q > 0)
        left_out = np.sum(p[seen] * np.log(p[seen] / q[seen]))
        hint_if(
            np.isclose(found, left_out, rtol=1e-4),
            f"You leave out the cells where q is 0. The model says *never* of something that happens with p = "
            f"{p[2]}, and you forgive it: for p = {p.tolist()} and q = {q.tolist()} that gives {found:.3f}"
            + (", a negative divergence." if found < 0 else "."),
        )
        hint_if(np.isnan(found), f"For p = {p.tolist()} and q = {q.tolist()} it gives NaN. Which cell is it?")
        hint_if(
            np.isfinite(found),
            f"Where q is 0 and p is not, the surprise has no bound, and you say {found:.3g}. How large it is "
            "depends on a small number that you chose. Let it be infinite, and mend the model instead.",
        )
        hint_if(found < 0, "Where q is 0 and p is not it is minus infinity: which logarithm is taken off?")


def check_smoothed(function):
    """Hints unless function(counts, a) is (counts + a) / sum(counts + a), and counts is as it was."""
    counts, a = np.array([[6.0, 0.0, 3.0], [0.0, 1.0, 0.0]]), 0.5
    given, right = counts.copy(), (counts + a) / (counts + a).sum()
    found = called(function, "smoothed", given, a, finite=False)
    hint_if(
        not np.array_equal(given, counts),
        "`smoothed` has changed the counts that it was given. Who reads them next counts your points.",
    )
    hint_if(
        found.shape != counts.shape,
        f"for counts of shape {counts.shape} `smoothed` gave shape {found.shape}; as many shares as cells.",
    )
    compare(
        found,
        right,
        smoothed_mistakes(counts, a),
        f"counts {counts.astype(int).tolist()} with half a point more in each cell: the first share is 6.5 of "
        f"13 points, and you say {found[0, 0]:.4f}.",
    )
    whole = called(function, "smoothed", counts.astype(int), a, finite=False)
    hint_if(
        not np.allclose(whole, right),
        "right for counts that are floats, wrong for whole numbers: half a point was rounded away.",
    )
    unchanged = called(function, "smoothed", counts, 0, finite=False)
    hint_if(not np.allclose(unchanged, counts / counts.sum()), "with a = 0 the shares should be those of the counts.")


def smoothed_mistakes(counts, a):
    """Typical mistakes: {hint: shares}."""
    n, k = counts.sum(), counts.size
    filled = np.where(counts == 0, a, counts)
    return {
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
