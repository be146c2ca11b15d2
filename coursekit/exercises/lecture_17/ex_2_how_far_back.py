"""How many blocks with doubling dilations does it take to see so many letters?"""

import numpy as np

from coursekit.exercises.hints import compare, hint_if, number


def check(blocks):
    """Hints unless blocks(seen) is the smallest k with 1 + (1 + 2 + ... + 2^(k - 1)) of at least `seen`."""
    for seen in (100, 256, 257, 1):
        found = number(blocks, "blocks", seen)
        hint_if(found != np.floor(found), f"a whole number of blocks; for {seen} letters yours is {found:.3g}.")
        right = _right(seen)
        compare(
            found,
            right,
            {hint: value for hint, value in blocks_mistakes(seen).items() if value != right},
            f"for {seen} letters you take {found:g} blocks, which see {2 ** min(found, 60):g} letters.",
        )


def blocks_mistakes(seen):
    """Typical mistakes: {hint: blocks}."""
    right = _right(seen)
    return {
        "one block too few: what it sees falls short.": right - 1,
        "one block too many: one fewer would see enough. What do k blocks see? Add up 1 + 1 + 2 + 4 + ...": right + 1,
        "each block that looks back one place adds one letter. Here the dilations double.": seen - 1,
        "that is the number of letters, not of blocks.": seen,
    }


def _right(seen):
    return int(np.ceil(np.log2(seen)))
