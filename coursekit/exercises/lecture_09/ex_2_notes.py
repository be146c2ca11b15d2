"""From symbols back to notes."""

import itertools

import numpy as np

from coursekit.exercises.hints import hint_if, returned

MELODY = [41, 0, 0, 0, 43, 0, 1, 0, 45, 0, 45, 0, 0, 0, 0, 0]
OTHERS = ([0, 0, 50, 0, 0, 1, 0, 0], [1, 0, 2, 89, 0, 0, 0, 0], [0] * 8, [30, 31, 32, 33, 1, 1, 0, 34])


def check(notes):
    """Hints unless notes(melody) is the list of (key, start, length) of its notes."""
    found = _called(notes, MELODY)
    right = notes_of(MELODY)
    hint_if(len(found) < len(right) and len(found) == 3, "two notes of the same key in a row are two notes, not one.")
    hint_if(
        len(found) != len(right),
        f"this melody has {len(right)} notes, yours has {len(found)}: which symbols begin a note?",
    )
    keys, starts, lengths = zip(*found, strict=True)
    true_keys, true_starts, true_lengths = zip(*right, strict=True)
    hint_if(starts != true_starts, f"the notes begin at the steps {list(true_starts)}, yours at {list(starts)}.")
    hint_if(
        tuple(key - 19 for key in true_keys) != tuple(key - 19 for key in keys)
        and keys == tuple(MELODY[s] for s in starts),
        "those are the symbols. Symbol 2 is key 21.",
    )
    hint_if(keys != true_keys, f"the keys are {list(true_keys)}, yours are {list(keys)}. Symbol 2 is key 21.")
    hint_if(
        lengths[1] != true_lengths[1] and lengths[1] == 4,
        "the second note is followed by symbol 1, which ends it. It does not last until the next note.",
    )
    hint_if(
        lengths[-1] != true_lengths[-1],
        f"the last note lasts until the melody ends, {true_lengths[-1]} steps; yours lasts {lengths[-1]}.",
    )
    hint_if(lengths != true_lengths, f"the lengths are {list(true_lengths)}, yours are {list(lengths)}.")
    for melody in OTHERS:
        found, right = _called(notes, melody), notes_of(melody)
        hint_if(found != right, f"right for the first melody. For {melody} the notes are {right}, yours {found}.")


def notes_of(melody):
    """The notes [(key, start, length)] of symbols."""
    starts = [step for step, symbol in enumerate(melody) if symbol > 0] + [len(melody)]
    return [(melody[start] + 19, start, end - start) for start, end in itertools.pairwise(starts) if melody[start] > 1]


def _called(notes, melody):
    found = returned(notes, "notes", np.array(melody))
    try:
        return [tuple(int(number) for number in note) for note in found]
    except (TypeError, ValueError):
        hint_if(True, f"`notes` should return a list of triples (key, start, length), got {found!r:.80}.")
