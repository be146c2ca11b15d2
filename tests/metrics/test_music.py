"""Measures of melodies against values counted by hand."""

import numpy as np
import pytest

from coursekit import melodies
from coursekit.metrics import NGrams, music

C4 = 60 - melodies.LOWEST + melodies.FIRST
TRUE = np.array([[C4, 0, 0, C4 + 2], [0, 1, C4, 0]])


def bar(*onsets, end=16):
    tokens = np.zeros(16, int)
    tokens[list(onsets)] = C4
    tokens[end:] = np.where(np.arange(end, 16) == end, melodies.OFF, 0)
    return tokens


def test_accuracy_of_steps_and_of_notes():
    made = np.array([[C4, 0, 0, C4], [0, 0, C4, 0]])
    assert music.accuracy(TRUE, made) == {"step": 6 / 8, "note": 2 / 3}
    assert np.isnan(music.accuracy(np.zeros((1, 4), int), made[:1])["note"])


def test_the_baselines():
    np.testing.assert_array_equal(music.most_frequent(TRUE, TRUE[:1]), [[0, 0, 0, 0]])
    np.testing.assert_array_equal(music.most_frequent([[3, 3, 0]], TRUE), np.full((2, 4), 3))
    np.testing.assert_array_equal(music.held(TRUE), [[0, C4, 0, 0], [0, 0, 1, C4]])


def test_the_longest_copy_is_that_of_a_search_step_by_step():
    rng = np.random.default_rng(0)
    made, train = rng.integers(0, 3, (20, 21)), rng.integers(0, 3, (6, 13))
    made[0, 3:16] = train[2]
    made[1] = 7

    def brute(row):
        found = [
            k
            for k in range(1, 14)
            for i in range(22 - k)
            for other in train
            for j in range(14 - k)
            if (row[i : i + k] == other[j : j + k]).all()
        ]
        return max(found, default=0)

    found = music.longest_copies(made, train)
    assert found[:2].tolist() == [13, 0]
    assert found.tolist() == [brute(row) for row in made]


def test_share_of_notes_in_the_best_key():
    scale = C4 + np.array([0, 2, 4, 5, 7, 9, 11, 12])
    chromatic = C4 + np.arange(8)  # C to G: of C, C#, D, D#, E, F, F#, G at most five are in one key
    np.testing.assert_allclose(music.in_one_key([scale + 3, chromatic, np.zeros(8, int)]), [1, 5 / 8, np.nan])


def test_attributes_of_melodies():
    found = music.attributes([bar(0, 4, 8, 12), bar(2, 6, 10, 14), np.zeros(16, int)])
    np.testing.assert_allclose(found["density"], [4 / 16, 4 / 16, 0])
    np.testing.assert_allclose(found["range"], 0)
    # Notes on the beats: none. On eighths off the beat: -3 held over -2, -1 and -2 gives 1 + 2 + 1; the last ends.
    np.testing.assert_allclose(found["syncopation"], [0, 4, 0])
    wide = bar(0, 8)
    wide[8] = C4 + 19
    assert music.attributes([wide])["range"] == [19]
    assert music.syncopation(np.concatenate([bar(0, 14), bar(8)])[None]) == [1.5], "-3 over a downbeat, in two bars"


def test_cross_fading_goes_from_one_end_to_the_other():
    first, last = np.full(4000, C4), np.full(4000, C4 + 7)
    path = music.blend(first, last, 5)
    assert (path[0] == first).all()
    assert (path[-1] == last).all()
    np.testing.assert_allclose(music.path_distances(path), [0, 0.25, 0.5, 0.75, 1], atol=0.03)
    np.testing.assert_array_equal(path, music.blend(first, last, 5))


def test_witten_bell_by_hand():
    train = np.array([[0, 0, 5]])
    one = NGrams(1).fit(train)
    # c(0) = 2, c(5) = 1, two kinds, three tokens; the base is 1 / 90.
    expected = np.array([2 + 2 / 90, 1 + 2 / 90, 2 / 90]) / 5
    np.testing.assert_allclose(2 ** one.log2_probability([[0, 5, 7]])[0], expected)
    two = NGrams(2).fit(train)
    # After the beginning: 0 once. After 0: 0 once, 5 once. After 5: nothing, so the history is forgotten.
    begin = (1 + expected[0]) / 2
    np.testing.assert_allclose(
        2 ** two.log2_probability([[0, 5, 0]])[0], [begin, (1 + 2 * expected[1]) / 4, expected[0]]
    )
    np.testing.assert_allclose(two.bits([[0, 5]]), -np.log2([begin, (1 + 2 * expected[1]) / 4]).mean())


@pytest.mark.parametrize("order", [1, 3, 5])
def test_probabilities_of_all_tokens_sum_to_one(order):
    rng = np.random.default_rng(1)
    model = NGrams(order).fit(rng.integers(0, 4, (30, 20)))
    history = np.tile(rng.integers(0, 5, 6), (melodies.CLASSES, 1))
    tokens = np.column_stack([history, np.arange(melodies.CLASSES)])
    np.testing.assert_allclose((2 ** model.log2_probability(tokens)[:, -1]).sum(), 1)


def test_a_longer_history_knows_a_pattern():
    train = np.tile([C4, 0, C4 + 2, 0], (20, 8))
    bits = [NGrams(order).fit(train).bits(train).mean() for order in (1, 2, 3)]
    assert bits[0] > 1.4 > bits[1] > 0.4 > bits[2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: music.accuracy(TRUE, TRUE[:1]), "one shape"),
        (lambda: music.accuracy(TRUE / 1, TRUE), "whole numbers"),
        (lambda: music.in_one_key(np.empty((0, 16), int)), "whole numbers"),
        (lambda: music.in_one_key([[90]]), "from 0 to 89, got some from 90"),
        (lambda: music.syncopation(TRUE), "whole bars of 16 steps, got 4"),
        (lambda: music.blend(TRUE[0], TRUE[1], 1), "at least 2 steps"),
        (lambda: music.blend(TRUE, TRUE, 3), "Expected two melodies"),
        (lambda: NGrams(7), "order to be a whole number from 1 to 6, got 7"),
        (lambda: NGrams(2).bits(TRUE), "call fit"),
    ],
)
def test_what_cannot_be_measured(call, message):
    with pytest.raises(ValueError, match=message):
        call()
