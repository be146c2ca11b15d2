"""The checks on MusicVAE: right answers pass, and wrong ones get the hint meant for them."""

import itertools

import numpy as np
from answers import each, exercise

from coursekit import melodies

FREE_BITS, NOTES, CLEANED, COPIES = (exercise(__file__, number) for number in (1, 2, 3, 4))

# Free bits ----------------------------------------------------------------------------------------------------------

(cost,) = FREE_BITS.solution.values()


def test_another_way_to_write_free_bits_is_right():
    def other(mean, log_variance, free_bits):
        bits = np.sum(np.square(mean) + np.exp(log_variance) - 1 - log_variance, axis=-1) / 2 / np.log(2)
        return np.where(bits > free_bits, bits - free_bits, 0) * np.log(2)

    FREE_BITS.check(other)


@each(
    cost=[
        (lambda m, v, free: 0.0, "shape"),
        (lambda m, v, free: cost(m, v, free).sum(), "shape"),
        (lambda m, v, free: cost(m, v, free) + 1, "without free bits it should be"),
        (lambda m, v, free: np.where(free, 2.5, 1) * cost(m, v, free), "not with 6"),
    ]
)
def test_wrong_costs_get_their_hint(part, wrong, says):
    assert says in FREE_BITS.hint(**{part: wrong})


# Notes --------------------------------------------------------------------------------------------------------------

(notes,) = NOTES.solution.values()


def test_the_packages_notes_are_right():
    NOTES.check(lambda melody: [(key, start, end - start) for start, end, key in melodies.notes_of(melody)])


def wrong_notes(change):
    """An answer that changes each of the right notes (key, start, length), or leaves it out where it is None."""
    return lambda melody: [new for note in notes(melody) if (new := change(melody, *note)) is not None]


def two_alike_are_one(melody):
    kept = []
    for key, start, length in notes(melody):
        if kept and kept[-1][0] == key and sum(kept[-1][1:]) == start:
            kept[-1] = (key, kept[-1][1], kept[-1][2] + length)
        else:
            kept.append((key, start, length))
    return kept


def silence_is_forgotten(melody):
    starts = [start for start, symbol in enumerate(melody) if symbol > 1]
    return [(int(melody[a]) + 19, a, b - a) for a, b in itertools.pairwise([*starts, len(melody)])]


@each(
    notes=[
        (lambda melody: [], "has 4 notes"),
        (lambda melody: [1, 2, 3, 4], "list of triples"),
        (two_alike_are_one, "two notes, not one"),
        (wrong_notes(lambda melody, key, start, length: (melody[start], start, length)), "those are the symbols"),
        (wrong_notes(lambda melody, key, start, length: (key + 1, start, length)), "the keys are"),
        (wrong_notes(lambda melody, key, start, length: (key, start + 1, length)), "begin at the steps"),
        (silence_is_forgotten, "symbol 1, which ends it"),
        (
            wrong_notes(lambda melody, key, start, length: (key, start, min(length, len(melody) - start - 1))),
            "until the melody ends",
        ),
        (wrong_notes(lambda melody, key, start, length: (key, start, 2)), "the last note lasts"),
        (wrong_notes(lambda melody, key, *rest: None if key == 21 else (key, *rest)), "right for the first melody"),
    ]
)
def test_wrong_notes_get_their_hint(part, wrong, says):
    assert says in NOTES.hint(**{part: wrong})


# A cleaner vector ---------------------------------------------------------------------------------------------------

(cleaned,) = CLEANED.solution.values()


def test_another_way_to_clean_is_right():
    CLEANED.check(lambda v, others: v - others.T @ np.linalg.solve(others @ others.T, others @ v))


@each(
    cleaned=[
        (lambda v, others: 0.0, "shape"),
        (lambda v, others: np.zeros_like(v) + 1, "their product is"),
        (lambda v, others: v - others.T @ (others @ v / (others**2).sum(axis=1)), "what they share"),
        (lambda v, others: cleaned(v, others[:1]), "only the first"),
        (lambda v, others: cleaned(cleaned(v, others[:1]), others[1:]), "not at right angles"),
        (lambda v, others: cleaned(v, others) + (len(others) - 1), "not for two"),
    ]
)
def test_wrong_vectors_get_their_hint(part, wrong, says):
    assert says in CLEANED.hint(**{part: wrong})


# A copy? ------------------------------------------------------------------------------------------------------------

(longest_run,) = COPIES.solution.values()


def test_another_way_to_count_a_run_is_right():
    COPIES.check(lambda a, b: max(len(run) for run in "".join("x" if s else " " for s in a == b).split(" ")))


def first_run(a, b):
    return len(list(itertools.takewhile(bool, a == b))) if (a == b)[0] else longest_run(a, b)


@each(
    longest_run=[
        (lambda a, b: 0, "all 16 steps with itself"),
        (lambda a, b: (a == b).sum(), "one unbroken stretch"),
        (first_run, "the first stretch"),
        (lambda a, b: len(list(itertools.takewhile(bool, (a == b)[::-1]))), "the last stretch"),
        (lambda a, b: longest_run(a, b) + (not (a == b).all()), "one too many"),
        (lambda a, b: longest_run(a, b) if a[-1] != b[-1] or a[0] == b[0] else 0, "until the end"),
        (lambda a, b: max(1, longest_run(a, b)), "no step at all"),
    ]
)
def test_wrong_runs_get_their_hint(part, wrong, says):
    assert says in COPIES.hint(**{part: wrong})
