"""A language model that counts: how surprising is a melody, or a text, in bits a symbol?"""

from typing import Self

import numpy as np

from coursekit import melodies

MOST = 6


class NGrams:
    """A token's probability given the `order` - 1 tokens before it, by interpolated Witten-Bell smoothing.

    With c(h, t) the count of token t after the history h, c(h) its sum over t, and d(h) how many different tokens
    followed h, P(t | h) = (c(h, t) + d(h) P(t | h')) / (c(h) + d(h)), h' being h without its oldest token (I. H. Witten
    and T. C. Bell, IEEE Transactions on Information Theory 37, 1991). Below the shortest history stands 1 / classes, so
    nothing is impossible. The first tokens have a history of a mark that means "before the beginning".

    Args:
        order: 1 (no history) to 6 (the five tokens before).
        classes: how many tokens there are, 2 to 256; those of melodies if omitted.

    Raises:
        ValueError: another order, or other classes.
    """

    def __init__(self, order: int, classes: int = melodies.CLASSES):
        if not isinstance(order, (int, np.integer)) or isinstance(order, bool) or not 1 <= order <= MOST:
            raise ValueError(f"Expected order to be a whole number from 1 to {MOST}, got {order!r}; take {MOST}.")
        if not isinstance(classes, (int, np.integer)) or isinstance(classes, bool) or not 2 <= classes <= 256:
            raise ValueError(f"Expected classes to be a whole number from 2 to 256, got {classes!r}.")
        self.order, self.classes = int(order), int(classes)
        self._base = self.classes + 1  # the tokens, and what stands before the first one
        self._tables = None

    def fit(self, train) -> Self:
        """Count the tokens `[n, steps]`, or of one long sequence `[steps]`."""
        keys = self._keys(melodies.check(train, "train", self.classes))
        self._tables = []
        for pairs in keys:
            grams, counts = np.unique(pairs, return_counts=True)
            histories, begin = np.unique(grams // self._base, return_index=True)
            different = np.diff(np.append(begin, len(grams)))
            self._tables.append((grams, counts, histories, np.add.reduceat(counts, begin), different))
        return self

    def log2_probability(self, tokens) -> np.ndarray:
        """log2 P of each token given those before it, float64 `[n, steps]`."""
        if self._tables is None:
            raise ValueError("Expected a fitted model, got one that has counted nothing; call fit(train) first.")
        tokens = melodies.check(tokens, classes=self.classes)
        probability = np.full(tokens.shape, 1 / self.classes)
        for keys, (grams, counts, histories, totals, different) in zip(self._keys(tokens), self._tables, strict=True):
            seen = _find(keys, grams, counts)
            total, kinds = (_find(keys // self._base, histories, values) for values in (totals, different))
            known = total > 0
            mixed = (seen[known] + kinds[known] * probability[known]) / (total[known] + kinds[known])
            probability[known] = mixed
        return np.log2(probability)

    def bits(self, tokens) -> np.ndarray:
        """Surprise of each sequence, in bits a token, float64 `[n]`; its mean over sequences is the cross-entropy."""
        return -self.log2_probability(tokens).mean(axis=1)

    def _keys(self, tokens):
        """For each length of history, shortest first: history and token as one number, `[n, steps]`."""
        steps = tokens.shape[1]
        padded = np.pad(tokens, ((0, 0), (self.order - 1, 0)), constant_values=self.classes)
        keys, place = np.zeros(tokens.shape, np.int64), 1
        for back in range(self.order):
            start = self.order - 1 - back
            keys = keys + padded[:, start : start + steps] * place
            place *= self._base
            yield keys


def _find(keys, known, values):
    """`values` of each key in the sorted `known`, 0 where it is not known."""
    place = np.searchsorted(known, keys).clip(max=len(known) - 1)
    return np.where(known[place] == keys, values[place], 0)
