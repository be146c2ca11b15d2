"""`Factors`: what is known of drawn pictures, one record for each. `portraits` and `brushes` are drawn from them."""

import operator
from typing import NamedTuple

import numpy as np


class Factor(NamedTuple):
    """Lowest and highest value of a factor, and what they mean; a `whole` one has whole numbers only."""

    low: float
    high: float
    what: str
    whole: bool = False


class Factors:
    """The factors of one kind of picture.

    Args:
        thing: what a record describes, such as "face". home: the module that the pictures are drawn by.
        factors: {name: Factor}. named: {factor: names of its whole numbers from 0 on}, by which they may be given.
    """

    def __init__(self, thing, home, factors, named):
        self.thing, self.home, self.factors, self.named = thing, home, factors, named
        self.dtype = np.dtype([(name, "i1" if _small(factor) else "i4" if factor.whole else "f4")
                               for name, factor in factors.items()])  # fmt: skip

    def sample(self, n, seed):
        """Records of `n` pictures, each factor drawn uniformly and independently: structured array [n].

        Raises:
            ValueError: `n` is no integer >= 1, or `seed` no integer >= 0.
        """
        if not is_integer(n, 1):
            raise ValueError(f"Expected n to be an integer >= 1 (how many {self.thing}s), got {n!r}.")
        if not is_integer(seed, 0):
            raise ValueError(f"Expected seed to be an integer >= 0, got {seed!r}.")
        shares = np.random.default_rng(seed).random((n, len(self.factors)))
        records = np.empty(n, self.dtype)
        for share, (name, factor) in zip(shares.T, self.factors.items(), strict=True):
            span = factor.high - factor.low
            records[name] = factor.low + (np.floor(share * (span + 1)) if factor.whole else share * span)
        return records

    def change(self, records, values):
        """A copy in which the named factors have other values. records: [n], or one, which is repeated.

        Raises:
            ValueError: an unknown factor, a value out of its range, or more or fewer values than records.
        """
        records = self.checked(records)
        unknown = sorted(values.keys() - self.factors.keys())
        if unknown:
            raise ValueError(f"Expected factors among {', '.join(self.factors)}, got {', '.join(unknown)}.")
        values = {name: self._number(name, value) for name, value in values.items()}
        counts = {np.size(value) for value in values.values()} - {1}
        n = max([len(records), *counts])
        if not counts <= {n} or len(records) not in (1, n) or any(np.ndim(value) > 1 for value in values.values()):
            shapes = ", ".join(f"{name} {list(np.shape(value))}" for name, value in values.items())
            raise ValueError(
                f"Expected one value for all or for each of {len(records)} {self.thing}s, or one {self.thing}, "
                f"got {shapes}."
            )
        changed = np.resize(records, n)
        for name, value in values.items():
            self.check(name, value)
            changed[name] = value
        return changed

    def drawable(self, records, size, sizes):
        """The records, checked, to be drawn at `size` pixels a side, from sizes[0] to sizes[1].

        Raises:
            ValueError: a bad `size`, no records, other fields than the factors, or a value out of its range.
        """
        if not is_integer(size, *sizes):
            raise ValueError(f"Expected size to be an integer from {sizes[0]} to {sizes[1]} (pixels), got {size!r}.")
        records = self.checked(records)
        for name in self.factors:
            self.check(name, records[name])
        return records

    def checked(self, records):
        """Records as a structured array [n], n >= 1; anything else is a ValueError."""
        records = np.atleast_1d(records)
        fields = records.dtype.names
        if fields is None or set(fields) != set(self.factors) or records.ndim != 1 or not len(records):
            got = f"shape {list(records.shape)} with {', '.join(fields or [str(records.dtype)])}"
            raise ValueError(
                f"Expected {self.thing}s [n] as {self.home}.sample(n, seed) gives them, n >= 1, got {got}."
            )
        return records

    def _number(self, name, value):
        """The numbers of names; what is no name stays, for `check`."""
        names = self.named.get(name, ())
        of = lambda one: names.index(one) if isinstance(one, str) and one in names else one
        return [of(one) for one in value] if isinstance(value, list | tuple) else of(value)

    def check(self, name, value):
        """Raise ValueError unless all values of a factor are in its range."""
        low, high, what, whole = self.factors[name]
        bad = values = np.ravel(value)
        if values.dtype.kind in "iufb":
            bad = values[~((values >= low) & (values <= high)) | (whole & (values % 1 != 0))]
        if bad.size:
            numbers = "whole numbers" if whole else "numbers"
            raise ValueError(f"Expected {name} in {numbers} from {low} to {high} ({what}), got {bad[0].item()!r}.")


def is_integer(value, low, high=np.inf):
    """Whether it is a whole number of any type from `low` to `high`."""
    try:
        return low <= operator.index(value) <= high
    except TypeError:
        return False


def _small(factor):
    return factor.whole and factor.high < 128
