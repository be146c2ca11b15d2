"""The authors' divergence of two histograms, and why perfect samples do not reach 0."""

import numpy as np

from coursekit.exercises.hints import after, compare, generator, hint_if, number


def check(answer):
    """`(grid_kl, rule)`: grid_kl(r, f) -> a number, of densities [rows, columns] of data and samples, and rule(kl,
    rows, area) -> the same divergence in nats."""
    grid_kl, in_nats = answer
    check_grid_kl(grid_kl)
    with after("`grid_kl` is right."):
        check_in_nats(in_nats)


def _histograms():
    rng = generator(0)
    r, f = rng.integers(0, 6, (2, 4, 5)) / 3.0
    r[0, 0], f[0, 0], r[1, 1], f[1, 1] = 0, 0, 1.0, 0.0
    return r, f


def check_grid_kl(function):
    """Hints unless function(r, f) is the sum of r (log r - log(f + 1e-14)), with 0 log 0 = 0, over the rows."""
    r, f = _histograms()
    found = number(function, "grid_kl", r, f, finite=False, advice="Sum over all bins.")
    hint_if(
        np.isnan(found), "NaN: in a bin without data r log r is 0 · log 0. It counts nothing; how do you leave it out?"
    )
    hint_if(
        np.isinf(found), "infinite: in a bin with data and without samples. The authors add 1e-14 to f, inside the log."
    )
    compare(
        found,
        _right(r, f),
        grid_kl_mistakes(r, f),
        f"for two small histograms you say {found:.3f}. Sum r (log r - log(f + 1e-14)) over the bins with r > 0, and "
        "divide by the number of rows.",
    )


def _sum(target, other, tiny=1e-14):
    some = target > 0
    return float((target[some] * (np.log(target[some]) - np.log(other[some] + tiny))).sum())


def _right(r, f):
    return _sum(r, f) / len(r)


def grid_kl_mistakes(r, f):
    """Typical mistakes: {hint: divergence}."""
    return {
        "that is the sum over all bins. The authors divide by the number of rows.": _sum(r, f),
        "that is a mean over all bins. The authors divide by the number of rows only.": _sum(r, f) / r.size,
        "divided by the number of columns; the authors divide by the rows.": _sum(r, f) / r.shape[1],
        "data and samples are exchanged: the divergence is weighted by the data's density.": _sum(f, r) / len(r),
        "the sign is turned around.": -_right(r, f),
        "the entropy of the data is missing: r log r.": (
            -(r[r > 0] * np.log(f[r > 0] + 1e-14)).sum() / len(r) if (r > 0).any() else 0.0
        ),
        "a logarithm to base 2. The authors', as all of the course's, are natural.": _right(r, f) / np.log(2),
    }


def check_in_nats(function):
    """Hints unless function(kl, rows, area) is kl * rows * area."""
    given = (40.0, 100, 0.0016)
    found = number(function, "in_nats", *given)
    compare(
        found,
        40.0 * 100 * 0.0016,
        in_nats_mistakes(*given),
        f"for a measure of 40 with 100 rows and bins of 0.0016 you say {found:.3g} nats. A probability is a density "
        "times an area; and the authors have divided by something that has to be taken back.",
    )


def in_nats_mistakes(kl, rows, area):
    """Typical mistakes: {hint: nats}."""
    return {
        "the division by the rows is still in it.": kl * area,
        "a density is not a probability: where is the area of a bin?": kl * rows,
        "divided by the rows once more; they have to be taken back.": kl * area / rows,
        "a density times an area is a probability, not a density divided by it.": kl * rows / area,
    }
