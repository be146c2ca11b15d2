"""Measures of texts: what programs that compress them need, and which of their words exist.

What counting needs is in `ngrams.py`, what was copied in `copies.py`.
"""

import bz2
import gzip
import lzma
import re

from coursekit import letters

_PROGRAMS = {
    "gzip": lambda text: gzip.compress(text, 9),
    "bz2": lambda text: bz2.compress(text, 9),
    "xz": lambda text: lzma.compress(text, preset=9 | lzma.PRESET_EXTREME),
}


def compressed_bits(symbols, given=None) -> dict[str, float]:
    """Bits a letter that gzip, bz2 and xz need for a text.

    Args:
        symbols: `[n]`, as of `letters.encode`.
        given: a text that the program has seen before, `[m]`: what counts is how many bits the second text adds to a
            file of the first one.
    Raises:
        ValueError: no symbols.
    """
    text = letters.decode(letters.check(symbols)).encode("ascii")
    before = b"" if given is None else letters.decode(letters.check(given, "given")).encode("ascii")
    return {
        name: 8 * (len(program(before + text)) - (len(program(before)) if before else 0)) / len(text)
        for name, program in _PROGRAMS.items()
    }


def words(text: str) -> list[str]:
    """The words of a text, in small letters: runs of letters and apostrophes that begin and end with a letter."""
    return re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower())


def share_known(text: str, known) -> float:
    """The share of a text's words that are in `known`, a text or a set of words; NaN where there is no word."""
    known = set(words(known)) if isinstance(known, str) else known
    found = words(text)
    return sum(word in known for word in found) / len(found) if found else float("nan")
