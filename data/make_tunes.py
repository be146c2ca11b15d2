"""Build data/tunes.npz: Irish and American tunes, printed in 1883 and 1903, in duple time, as melody tokens.

    pip install music21==10.5.1
    python data/make_tunes.py

music21 brings O'Neill's *Music of Ireland: 1850 Melodies* of 1903 (`oneills1850`) and *Ryan's Mammoth Collection* of
1883 (`ryansMammoth`) as ABC. A tune is taken if it is in 2/4, 4/4, C or C| from its first to its last bar, has one
voice, no tuplets, no chords, and lies on the grid of 16 steps a bar. Repeats are played out, ornaments (grace notes)
left out. A bar of 2/4 is written in double note values, so a bar has 16 steps in each metre.

Every tenth tune, by the SHA-256 of its title, is for testing. A training tune that resembles a test tune is left out,
see `likeness`. Nothing is drawn at random, and the same bytes come out each time (with the same zlib).
"""

import argparse
import collections
import hashlib
import io
import multiprocessing
import re
import sys
from pathlib import Path

import numpy as np

from coursekit import melodies
from coursekit.data.scores import plain_abc, tokens_of_part

OUTPUT = Path(__file__).with_name("tunes.npz")
MUSIC21 = "10.5.1"
BOOKS = "oneills1850", "ryansMammoth"
METRES = {"2/4", "4/4", "C", "C|"}
RESTRICTED = re.compile(r"copyright|©|all rights|non-?commercial|not for profit|personal use|permission", re.IGNORECASE)
PARTS = 8  # bars that are compared at a time
ALIKE = 0.6  # the share of equal steps from which on a training tune is left out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=OUTPUT, help="the archive to write (default: beside this script)")
    output = parser.parse_args().to
    import music21

    if music21.__version__ != MUSIC21:
        sys.exit(f"Expected music21 {MUSIC21}, got {music21.__version__}; run `pip install music21=={MUSIC21}`.")
    corpus = Path(music21.__file__).parent / "corpus"
    texts = [
        text
        for book in BOOKS
        for file in sorted((corpus / book).glob("*.abc"))
        for text in re.split(r"(?m)^(?=X:)", file.read_text(encoding="utf-8", errors="replace"))
        if text.startswith("X:")
    ]
    with multiprocessing.Pool(2) as pool:
        read = pool.map(tune, texts, chunksize=20)
    reasons = collections.Counter(reason for _, _, reason in read if reason)
    tunes, seen = [], set()
    for title, tokens, reason in read:
        if reason:
            continue
        key = relative(tokens).tobytes()
        if key in seen:
            reasons["the same as an earlier one"] += 1
            continue
        seen.add(key)
        tunes.append((title, tokens))
    print(f"{len(texts):,} tunes in {' and '.join(BOOKS)}; left out:")
    for reason, count in reasons.most_common():
        print(f"  {count:5,}  {reason}")
    test = np.array([int(hashlib.sha256(title.encode()).hexdigest(), 16) % 10 == 0 for title, _ in tunes])
    alike = resembling([tokens for _, tokens in tunes], test)
    print(f"  {np.sum(alike >= ALIKE):5,}  resembling a test tune (likeness of {ALIKE} or more)")
    kept = [i for i in range(len(tunes)) if test[i] or alike[i] < ALIKE]
    content = archive([tunes[i] for i in kept], test[kept])
    output.write_bytes(content)
    print(f"kept: {np.sum(~test[kept]):,} for training, {np.sum(test[kept]):,} for testing")
    print(f"{output.name}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


def tune(text: str) -> tuple[str, np.ndarray | None, str]:
    """Title, tokens (uint8, whole bars) and why the tune is left out, or ""."""
    fields = dict(reversed(re.findall(r"(?m)^([A-Z]):[ \t]*(.*?)[ \t]*$", text)))
    title = fields.get("T", "").strip('" ')
    metres = {metre.split("%")[0].strip() for metre in re.findall(r"(?m)(?:^|\[)M:([^\]\n]*)", text)}
    if RESTRICTED.search("\n".join(re.findall(r"(?m)^[A-Z]:.*$|%.*$", text))):
        return title, None, "a restriction in the header"
    if not metres or not metres <= METRES:
        return title, None, "another metre, or none"
    if len(metres) > 1:
        return title, None, "a change of metre"
    body = re.sub(r'"[^"\n]*"|!\w+!|%.*$', "", text[text.index("K:") :] if "K:" in text else "", flags=re.MULTILINE)
    if re.search(r"\(\d", body):
        return title, None, "tuplets"
    if re.search(r"\[[A-Ga-g^_=]", body) or re.search(r"(?m)^V:|&", body):
        return title, None, "chords or several voices"
    head = text[: text.index("K:")] if "K:" in text else text
    try:
        tokens = notes_of(head + re.sub(r"\{[^}]*\}", "", body))
    except ValueError as error:
        return title, None, re.split(r",? got| with", str(error).removeprefix("Expected "))[0] + ": not so"
    except Exception:  # music21 raises all kinds of errors on text that it cannot read
        return title, None, "music21 cannot read it"
    return title, tokens, ""


def notes_of(text: str) -> np.ndarray:
    """The tokens of an ABC text, uint8, whole bars."""
    from music21 import converter

    tokens = tokens_of_part(converter.parse(plain_abc(text), format="abc", forceSource=True).parts[0])
    if len(tokens) < PARTS * melodies.STEPS_PER_BAR:
        raise ValueError(f"Expected at least {PARTS} bars, got fewer")
    return tokens


def relative(tokens: np.ndarray) -> np.ndarray:
    """The tokens, transposed so that the first note is MIDI 60: equal for a tune and its transpositions."""
    notes = tokens >= melodies.FIRST
    moved = tokens.astype(np.int16)
    moved[notes] += 60 - moved[notes][0]
    return moved


def resembling(tunes: list[np.ndarray], test: np.ndarray) -> np.ndarray:
    """Of each tune, how alike it is to the most similar test tune, in [0, 1]; 0 of the test tunes.

    Two stretches of 8 bars are compared step by step: after the best transposition, which share of the steps sounds the
    same pitch? A tune's likeness is the largest over all stretches of 8 bars in it and in the test tunes, each from
    any bar on.
    """
    size, bar = PARTS * melodies.STEPS_PER_BAR, melodies.STEPS_PER_BAR
    stretches, owner = [], []
    for number, tokens in enumerate(tunes):
        sounding = melodies.sounding(tokens)
        cut = np.lib.stride_tricks.sliding_window_view(sounding, size)[::bar]
        cut = np.unique(cut, axis=0)
        stretches.append(cut)
        owner.append(np.full(len(cut), number))
    rows, owner = np.concatenate(stretches).astype(np.int16), np.concatenate(owner)
    mine = ~test[owner]
    train, owner = rows[mine], owner[mine]
    offset = np.arange(len(train), dtype=np.int32)[:, None] * 256 + 128
    alike = np.zeros(len(tunes))
    for number in np.flatnonzero(test):
        for row in stretches[number].astype(np.int16):
            difference = np.where((train < 0) != (row < 0), 100, train - row)  # a rest is like no pitch
            share = np.bincount((difference + offset).ravel(), minlength=len(train) * 256).reshape(-1, 256)
            best = share[:, 128 - 60 : 128 + 60].max(axis=1) / size
            np.maximum.at(alike, owner, best)
    return alike


def archive(tunes: list[tuple[str, np.ndarray]], test: np.ndarray) -> bytes:
    """The archive's bytes: `tokens` uint8, `bars` (of each tune) uint16, `test` bool, `titles` as UTF-8 lines."""
    content = io.BytesIO()
    np.savez_compressed(
        content,
        tokens=np.concatenate([tokens for _, tokens in tunes]).astype(np.uint8),
        bars=np.array([len(tokens) // melodies.STEPS_PER_BAR for _, tokens in tunes], np.uint16),
        test=test,
        titles=np.frombuffer("\n".join(title for title, _ in tunes).encode(), np.uint8),
    )
    return content.getvalue()


if __name__ == "__main__":
    main()
