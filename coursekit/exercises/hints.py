"""Toolkit of the checks: hints, calls of a student's function, tables of mistakes, diagnoses."""

from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

_others = ContextVar("others", default=0)


class Hint(Exception):
    """Raised by an exercise's check: what to look at next, never the answer."""


def hint_if(mistake, text):
    """Raise a `Hint` with this text if `mistake` is true."""
    if mistake:
        raise Hint(text)


@contextmanager
def after(praise):
    """Begin every hint that is raised inside with what is right already, such as "`kl` is right."."""
    try:
        yield
    except Hint as hint:
        raise Hint(f"{praise} {hint}") from None


@contextmanager
def other_numbers(which=1):
    """Inside, checks draw other numbers than those that students have seen; `which`, 1 or more, says which others."""
    before = _others.set(which)
    try:
        yield
    finally:
        _others.reset(before)


def generator(seed):
    """The generator (numpy) of a check's numbers; see `other_numbers`."""
    return np.random.default_rng([seed, _others.get()] if _others.get() else seed)


def returned(function, name, *arguments):
    """What a student's function returns for these arguments, as it is.

    Raises:
        Hint: when it is no function, or returns None.
    """
    hint_if(not callable(function), f"hand in the function itself, `{name}`, not what it returned.")
    with np.errstate(all="ignore"):
        found = function(*arguments)
    hint_if(found is None, f"`{name}` returned None. Is there a `return` in it?")
    return found


def called(function, name, *arguments, finite=True):
    """What a student's function returns, as a float64 array.

    Args:
        function, name, arguments: see `returned`. finite: whether infinite numbers and NaN get a hint.
    """
    found = np.asarray(returned(function, name, *arguments), "float64")
    hint_if(finite and not np.isfinite(found).all(), f"`{name}` gave no finite number.")
    return found


def number(function, name, *arguments, finite=True, advice=""):
    """What a student's function returns, a float, with a hint (and the `advice`) when it is an array."""
    found = called(function, name, *arguments, finite=False)
    hint_if(
        found.shape != (), f"`{name}` should return one number, got an array of shape {found.shape}. {advice}".strip()
    )
    hint_if(finite and not np.isfinite(found), f"`{name}` gave no finite number.")
    return float(found)


def one_for_each(function, name, images, *others, verb="sum"):
    """What `function(images, *others)` returns, float64 [n], with a hint unless it is one number for each image.

    Infinite numbers and NaN are let through.
    """
    found, n = called(function, name, images, *others, finite=False), len(images)
    hint_if(
        found.shape != (n,),
        f"for {n} images `{name}` should return {n} numbers, one for each, and gave an array of shape {found.shape}. "
        f"Over which axis do you {verb}?",
    )
    return found


def compare(found, right, mistakes, otherwise):
    """Raise the hint of the mistake that was made, unless `found` is `right`.

    Args:
        found, right: what the student's function gave, and what it should give: arrays of one shape, or numbers.
        mistakes: {hint: what a typical mistake gives}. Where that is no finite number, `found` may be anything.
        otherwise: the hint where no mistake is known.
    """
    if np.allclose(found, right, rtol=1e-4, atol=1e-6):
        return
    for text, mistake in mistakes.items():
        known = np.isfinite(mistake)
        hint_if(np.any(known) and np.allclose(found, np.where(known, mistake, found), rtol=1e-3, atol=1e-6), text)
    raise Hint(otherwise)


def check_diagnosis(diagnosis, key, advice, counted="", miscounted=""):
    """Hints unless `diagnosis` is the `key`.

    Args:
        diagnosis, key: {patient: word}, or {patient: (number, word)}: the student's, and the right one.
        advice: the hint for {(right word, word said) or right word: text}, with {name} and {number} of the patient.
        counted: what the numbers count, or "" where there are none.
        miscounted: the hint for a wrong number, with {name}, and {said} for the number.
    """
    hint_if(
        not isinstance(diagnosis, dict) or set(diagnosis) != set(key),
        '`diagnosis` should have an entry for each of "A", "B" and "C".',
    )
    numbered = lambda entry: entry if counted else (None, entry)
    words = sorted({numbered(entry)[1] for entry in key.values()})
    form = f"(number of {counted}, word), the word one of " if counted else "one of "
    for name, entry in diagnosis.items():
        formed = not counted or (isinstance(entry, tuple) and len(entry) == 2)
        hint_if(
            not formed or numbered(entry)[1] not in words,
            f"the entry of {name} should be {form}{', '.join(words)}; got {entry!r}.",
        )
    for name, entry in key.items():
        (number, word), (said, said_word) = numbered(entry), numbered(diagnosis[name])
        hint_if(said != number, miscounted.format(name=name, said=said))
        if said_word != word:
            raise Hint(advice.get((word, said_word), advice.get(word, "")).format(name=name, number=number))
