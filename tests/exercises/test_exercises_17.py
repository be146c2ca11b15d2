"""The checks on predicting the next letter: right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise

from coursekit.metrics import NGrams

WITTEN_BELL, BLOCKS = (exercise(__file__, number) for number in (1, 2))
(mixed,), (blocks,) = (one.solution.values() for one in (WITTEN_BELL, BLOCKS))


def test_the_rule_is_that_of_the_package():
    """Pairs, mixed with single letters, mixed with 1 / classes: an n-gram model of order 2."""
    text = np.array([0, 1, 0, 2, 0, 1, 1, 3, 0, 1])
    model = NGrams(2, 4).fit(text)
    single = mixed(np.bincount(text, minlength=4).astype(float), np.full(4, 0.25))
    after_0 = mixed(np.array([0.0, 3, 1, 0]), single)
    new = np.array([3, 0, 1, 0, 2, 0, 3])
    np.testing.assert_allclose(2 ** model.log2_probability(new)[0][[2, 4, 6]], after_0[[1, 2, 3]])


@each(
    mixed=[
        (lambda counts, shorter: 0.5, "the shape"),
        (lambda counts, shorter: 0 * shorter, "add up to 0"),
        (lambda counts, shorter: (counts + (counts > 0).sum() * shorter) / (counts.sum() + (counts > 0).sum()), "by 0"),
    ]
)
def test_wrong_rules_get_their_hint(part, wrong, says):
    assert says in WITTEN_BELL.hint(**{part: wrong})


def test_another_way_to_count_blocks_is_right():
    BLOCKS.check(lambda seen: int(seen - 1).bit_length())


@each(
    blocks=[
        (lambda seen: np.log2(seen), "a whole number"),
        (lambda seen: 3, "which see 8 letters"),
        (lambda seen: np.floor(np.log2(seen)) if seen != 100 else 7, "one block too few"),
        (lambda seen: int(seen).bit_length(), "one block too many"),
    ]
)
def test_wrong_numbers_of_blocks_get_their_hint(part, wrong, says):
    assert says in BLOCKS.hint(**{part: wrong})
