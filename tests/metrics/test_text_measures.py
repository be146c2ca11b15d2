"""Measures of texts: compressing programs, words, copies."""

import gzip

import numpy as np
import pytest

from coursekit import letters, metrics
from coursekit.metrics import text

FIRST, SECOND = letters.encode("to be or not to be\n" * 40), letters.encode("that is the question\n")


def test_bits_are_those_of_the_file():
    size = len(gzip.compress(("that is the question\n" * 1).encode(), 9))
    assert text.compressed_bits(SECOND)["gzip"] == pytest.approx(8 * size / len(SECOND))


def test_what_was_seen_before_costs_less():
    alone, after = text.compressed_bits(FIRST), text.compressed_bits(FIRST, given=FIRST)
    assert all(after[name] < alone[name] for name in alone)


def test_words_are_known_or_not():
    assert text.words("'Tis the knight's, I say--KING:") == ["tis", "the", "knight's", "i", "say", "king"]
    assert text.share_known("the kng is here", "Here is the king.") == 0.75
    assert np.isnan(text.share_known("...", "a"))


def test_the_longest_copy_of_a_text():
    train = letters.encode("to be or not to be, that is the question")
    made = np.stack([letters.encode("xx not to be yy"), letters.encode("zzzzzzzzzzzzzzz")])
    np.testing.assert_array_equal(metrics.longest_copies(made, train), [len(" not to be"), 0])


def test_no_copy_runs_over_the_border_of_two_sequences():
    train = np.array([[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(metrics.longest_copies(np.array([1, 2, 3, 4]), train), [2])


@pytest.mark.parametrize("wrong", [[0.5], [], [-1], [[[1]]]])
def test_what_cannot_be_a_copy_is_said(wrong):
    with pytest.raises(ValueError, match="whole numbers"):
        metrics.longest_copies(np.array(wrong), np.array([1, 2]))
