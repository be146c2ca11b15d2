"""The checks on RotNet and probes: other right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
import pytest
from answers import defined, each, exercise

from coursekit.exercises import answer_keys
from coursekit.exercises.material import albums

ROTATIONS, ALBUMS, CHOOSING = (exercise(__file__, number) for number in (1, 2, 3))

# Rotations ----------------------------------------------------------------------------------------------------------

batch, turn_back = ROTATIONS.solution.values()
labels_of = lambda x: np.tile(np.arange(4), len(x))


def by_rot90(x, sign=1, order=(1, 0)):
    turns = np.stack([np.rot90(x, sign * turn, axes=(1, 2)) for turn in range(4)])
    return np.moveaxis(turns, 0, order[0]).reshape(-1, *x.shape[1:])


def back_by_rot90(images, labels):
    return np.stack([np.rot90(image, -turn) for image, turn in zip(images, labels, strict=True)])


def flipped(x):
    return np.stack([x, x[:, ::-1], x[:, ::-1, ::-1], x[:, :, ::-1]], axis=1).reshape(-1, *x.shape[1:])


def transposed(x):
    return np.stack([x, np.swapaxes(x, 1, 2), x[:, ::-1, ::-1], x], axis=1).reshape(-1, *x.shape[1:])


def in_place(x):
    x[0] = 0
    return batch(x)


def test_other_batches_are_right():
    ROTATIONS.check((lambda x: (by_rot90(x), labels_of(x)), back_by_rot90))
    ROTATIONS.check((lambda x: (by_rot90(x), list(labels_of(x))), back_by_rot90))


@each(
    batch=[
        (by_rot90, "two things"),
        (in_place, "has changed the images"),
        (lambda x: (x, np.zeros(len(x))), "four times"),
        (lambda x: (by_rot90(x).reshape(len(x), 4, *x.shape[1:]), labels_of(x)), "flatten"),
        (lambda x: (by_rot90(x)[:9], labels_of(x)), "12 of them"),
        (lambda x: (by_rot90(x), np.arange(4)), "12 labels"),
        (lambda x: (np.repeat(x, 4, axis=0), labels_of(x)), "never turned"),
        (lambda x: (by_rot90(x, order=(0, 1)), labels_of(x)), "the order is not"),
        (lambda x: (by_rot90(x, sign=-1), labels_of(x)), "clockwise"),
        (lambda x: (flipped(x), labels_of(x)), "mirror images"),
        (lambda x: (transposed(x), labels_of(x)), "mirror images"),
        (lambda x: (by_rot90(x) + 0.1, labels_of(x)), "pixels have changed"),
        (lambda x: (np.sort(by_rot90(x), axis=1), labels_of(x)), "wrong places"),
        (lambda x: (by_rot90(x), labels_of(x) + 1), "0, 1, 2 or 3"),
        (lambda x: (by_rot90(x), np.repeat(np.arange(4), len(x))), "by fours"),
        (lambda x: (by_rot90(x), np.repeat(np.arange(len(x)), 4)), "which image"),
        (lambda x: (by_rot90(x), (4 - labels_of(x)) % 4), "number 1"),
    ],
    turn_back=[
        (lambda x, turns: x[:4], "9 of 4x4x1"),
        (lambda x, turns: x, "nothing was turned"),
        (lambda x, turns: back_by_rot90(x, -turns), "turned on"),
        (lambda x, turns: back_by_rot90(x, np.where(turns == 2, 0, turns)), "the label 2"),
        (lambda x, turns: back_by_rot90(x, np.arange(9) % 4), "no particular order"),
    ],
)
def test_wrong_rotations_get_their_hint(part, wrong, says):
    assert says in ROTATIONS.hint(**{part: wrong})


# Albums -------------------------------------------------------------------------------------------------------------

clue, diagnosis, mend = ALBUMS.solution.values()


def turned_by_chance(x):
    return np.stack([np.rot90(image, turn) for image, turn in zip(x, np.arange(len(x)) % 4, strict=True)])


def test_another_cure_is_right():
    inner = lambda x: x[:, 2:-2, 2:-2]
    ALBUMS.check((lambda x: x.sum(axis=0) / len(x), diagnosis, lambda x: inner(x) - inner(x).mean(axis=0)))


def test_the_albums_have_what_the_key_says():
    """A linear classifier recognizes the turns of two of them, and of none after the cure."""
    from coursekit.metrics import probes

    (turns_recognized,) = defined(__file__, "turns_recognized", np=np, probes=probes)
    for name, images in albums.albums().items():
        rate = turns_recognized(images)
        assert (rate < 0.4) if answer_keys.ALBUMS[name] == "nothing" else (rate > 0.75), name
        assert 0.1 < turns_recognized(images, mend) < 0.4, name


def test_the_albums_are_the_same_each_time_and_share_no_picture():
    one, other = albums.albums(), albums.albums()
    inner = [images[:, 4:-4, 4:-4].reshape(len(images), -1) for images in one.values()]
    for a, b in zip(one.values(), other.values(), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.shape == (albums.EACH, 32, 32, 1)
        assert a.min() >= 0
        assert a.max() <= 1
    near = np.corrcoef(np.concatenate(inner)) - np.eye(3 * albums.EACH)
    assert near.max() < 0.999


@each(
    clue=[
        (lambda x: x.mean(axis=(1, 2, 3)), "a number for each image"),
        (lambda x: x.mean(), "one number for the whole album"),
        (lambda x: x.mean(axis=(0, 1)), "a picture of 6x6"),
        (lambda x: np.full(x.shape[1:], x.mean()), "same number at every place"),
        (lambda x: x[3], "one of the images"),
        (lambda x: x.max(axis=0), "on average"),
    ],
    diagnosis=[
        (diagnosis | {"A": "lamp"}, "one of edge, nothing, shading"),
        (diagnosis | {"B": "edge"}, "nothing but noise"),
        (diagnosis | {"A": "nothing"}, "grass has no up"),
        (diagnosis | {"A": "shading"}, "almost all places"),
        (diagnosis | {"C": "edge"}, "upper half"),
    ],
    mend=[
        (lambda x: x[:100], "as many images"),
        (lambda x: x[:, :-1], "square ones"),
        (lambda x: x * np.nan, "no finite"),
        (lambda x: x[:, 8:-8, 8:-8], "cut away less"),
        (lambda x: 0 * x, "little is left"),
        (turned_by_chance, "stay upright"),
        (lambda x: x, "differs from itself"),
        (lambda x: x[:, 1:-1, 1:-1], "one like C"),
        (lambda x: x - x.mean(axis=0), "its deviation"),
    ],
)
def test_wrong_clues_diagnoses_and_cures_get_their_hint(part, wrong, says):
    assert says in ALBUMS.hint(**{part: wrong})


# Choosing -----------------------------------------------------------------------------------------------------------

honest, flattery = CHOOSING.solution.values()


def test_another_choice_is_right():
    by_hand = lambda validation, test: [row[np.argmax(chosen)] for chosen, row in zip(validation, test, strict=True)]
    CHOOSING.check((by_hand, lambda validation, test: np.mean(test.max(1) - by_hand(validation, test))))


def test_where_nothing_differs_the_honest_number_is_the_truth_and_the_best_is_not():
    rng = np.random.default_rng(0)
    validation, test = (rng.binomial(1000, 0.7, (2000, 20)) / 1000 for _ in range(2))
    assert honest(validation, test).mean() == pytest.approx(0.7, abs=0.002)
    assert 0.02 < flattery(validation, test) < 0.035, "about two deviations of 1.4 points"


@each(
    honest=[
        (lambda validation, test: test.max(), "6 accuracies"),
        (lambda validation, test: test[:, 2] + 0.1, "by hand"),
    ],
    flattery=[
        (lambda validation, test: test.max(axis=1), "one number"),
        (lambda validation, test: 0.5, "says 0.5"),
    ],
)
def test_wrong_choices_get_their_hint(part, wrong, says):
    assert says in CHOOSING.hint(**{part: wrong})
