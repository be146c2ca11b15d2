"""Is it a copy? The longest stretch that two melodies share."""

import numpy as np

from coursekit.exercises.hints import hint_if, number

A = [41, 0, 43, 0, 45, 0, 46, 0, 48, 0, 0, 0, 1, 0, 48, 0]


def check(longest_run):
    """Hints unless longest_run(a, b) is the length of the longest stretch of steps in which a and b are equal."""
    same = number(longest_run, "longest_run", np.array(A), np.array(A))
    hint_if(same != len(A), f"a melody shares all {len(A)} steps with itself; you counted {same:g}.")
    for b, right, hints in _cases():
        found = number(longest_run, "longest_run", np.array(A), b)
        for wrong, text in hints.items():
            hint_if(found == wrong, text)
        hint_if(found != right, f"for {A} and {b.tolist()} it should be {right}, got {found:g}.")


def _cases():
    """(another melody, the length, {wrong length: hint})."""
    gaps = np.array(A)
    gaps[[3, 11]] += 1  # equal for 3 steps, for 7, and for 4
    end = np.array(A)
    end[:10] += 1
    other = np.array(A) + 1
    return [
        (
            gaps,
            7,
            {
                14: "you count all equal steps. They should stand in one unbroken stretch.",
                3: "that is the first stretch. A longer one comes later.",
                4: "that is the last stretch. A longer one comes before it.",
                8: "one too many: count the equal steps, not the steps between two differences.",
            },
        ),
        (end, 6, {0: "a stretch that lasts until the end counts, too."}),
        (other, 0, {1: "these two share no step at all."}),
    ]
