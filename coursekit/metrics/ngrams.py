"""A language model of tokens that counts: how surprising is a melody, in bits a step?"""

from typing import Self

import numpy as np

from coursekit import melodies

MOST = 5
_BASE = melodies.CLASSES + 1  # the tokens, and what stands before the first one


class NGrams:
    """A token's probability given the `order` - 1 tokens before it, by interpolated Witten-Bell smoothing.

    With c(h, t) the count of token t after the history h, c(h) its sum over t, and d(h) how many different tokens
    followed h, P(t | h) = (c(h, t) + d(h) P(t | h')) / (c(h) + d(h)), h' being h without its oldest token (I. H. Witten
    and T. C. Bell, IEEE Transactions on Information Theory 37, 1991). Below the shortest history stands 1 / 90, so
    nothing is impossible. A melody's first tokens have a history of a mark that means "before the beginning".

    Args:
        order: 1 (no history) to 5 (the four tokens before).

    Raises:
        ValueError: another order.
    """

    def __init__(self, order: int):
        if not isinstance(order, (int, np.integer)) or isinstance(order, bool) or not 1 <= order <= MOST:
            raise ValueError(f"Expected order to be a whole number from 1 to {MOST}, got {order!r}; take {MOST}.")
        self.order = int(order)
        self._tables = None

    def fit(self, train) -> Self:
        """Count the tokens `[n, steps]`."""
        keys = self._keys(melodies.check(train, "train"))
        self._tables = []
        for pairs in keys:
            grams, counts = np.unique(pairs, return_counts=True)
            histories, begin = np.unique(grams // _BASE, return_index=True)
            different = np.diff(np.append(begin, len(grams)))
            self._tables.append((grams, counts, histories, np.add.reduceat(counts, begin), different))
        return self

    def log2_probability(self, tokens) -> np.ndarray:
        """log2 P of each token given those before it, float64 `[n, steps]`."""
        if self._tables is None:
            raise ValueError("Expected a fitted model, got one that has counted nothing; call fit(train) first.")
        tokens = melodies.check(tokens)
        probability = np.full(tokens.shape, 1 / melodies.CLASSES)
        for keys, (grams, counts, histories, totals, different) in zip(self._keys(tokens), self._tables, strict=True):
            seen = _find(keys, grams, counts)
            total, kinds = (_find(keys // _BASE, histories, values) for values in (totals, different))
            known = total > 0
            mixed = (seen[known] + kinds[known] * probability[known]) / (total[known] + kinds[known])
            probability[known] = mixed
        return np.log2(probability)

    def bits(self, tokens) -> np.ndarray:
        """Surprise of each melody, in bits a step, float64 `[n]`; its mean over melodies is the cross-entropy."""
        return -self.log2_probability(tokens).mean(axis=1)

    def _keys(self, tokens):
        """For each length of history, shortest first: history and token as one number, `[n, steps]`."""
        steps = tokens.shape[1]
        padded = np.pad(tokens, ((0, 0), (self.order - 1, 0)), constant_values=melodies.CLASSES)
        keys, place = np.zeros(tokens.shape, np.int64), 1
        for back in range(self.order):
            start = self.order - 1 - back
            keys = keys + padded[:, start : start + steps] * place
            place *= _BASE
            yield keys


def _find(keys, known, values):
    """`values` of each key in the sorted `known`, 0 where it is not known."""
    place = np.searchsorted(known, keys).clip(max=len(known) - 1)
    return np.where(known[place] == keys, values[place], 0)
