"""The data set `tunes:PATH`: a user's own melodies, as MIDI, ABC or MusicXML."""

import re
import warnings
from pathlib import Path

import numpy as np

from coursekit import melodies
from coursekit.data.midi import QUARTERS, tokens_of_midi, tokens_of_notes
from coursekit.data.tunes import Melodies, cut

MIDI = {".mid", ".midi"}
WRITTEN = {".abc", ".mxl", ".musicxml", ".xml"}
MOST_BYTES = 5_000_000
NAMED = 10  # files that a message names


def load_own_tunes(path: str, split: str, bars: int, limit: int | None, seed: int | None) -> Melodies:
    """The melodies of a file or a folder (with its subfolders), in the order of their names.

    What cannot be used is left out, and one warning names it. MIDI is read without any package, ABC and MusicXML by
    music21, which `pip install "coursekit[music]"` brings.

    Raises:
        FileNotFoundError: no such file or folder, or no file of these kinds in it.
        ValueError: a split other than `"train"`, no usable melody, or as `tunes.cut`.
    """
    root = Path(path).expanduser()
    name = f"tunes:{root.resolve().name}"
    if split != "train":
        raise ValueError(f"Expected split 'train', the only one of your own tunes, got {split!r}; leave it out.")
    tunes, titles, failures = [], [], []
    for file in find(root):
        try:
            found = _read(file)
        except (ValueError, OSError) as error:
            failures.append(f"  - {file.relative_to(root) if root.is_dir() else file.name}: {error}")
            continue
        for title, tokens in found:
            tunes.append(tokens)
            titles.append(title)
    if failures:
        more = [f"  - and {len(failures) - NAMED:,} more"] if len(failures) > NAMED else []
        listed = "\n".join(failures[:NAMED] + more)
        if not tunes:
            raise ValueError(f"Expected melodies in {root}, got {len(failures):,} that cannot be used:\n{listed}")
        warnings.warn(f"{len(failures):,} of the files in {root.name} were left out:\n{listed}", stacklevel=3)
    tokens, tune, bar = cut(tunes, bars, limit, seed, name)
    source = f"{len(titles):,} melodies of {root.resolve().name}"
    return Melodies(name, split, tokens, tune, bar, tuple(titles), "the melodies' own", "none", source)


def find(root: Path) -> list[Path]:
    """The files to read, in order."""
    if not root.exists():
        raise FileNotFoundError(f"Expected a file or folder after 'tunes:', got {root}; no such one exists.")
    known = MIDI | WRITTEN
    files = [root] if root.is_file() else sorted(file for file in root.rglob("*") if file.is_file())
    files = [file for file in files if file.suffix.lower() in known and not file.name.startswith(".")]
    if not files:
        raise FileNotFoundError(f"Expected melodies in {root}, got none. Known suffixes: {' '.join(sorted(known))}.")
    return files


def _read(file):
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"Expected at most {MOST_BYTES:,} bytes, got {size:,}; cut the melody.")
    if file.suffix.lower() in MIDI:
        return [(file.stem, tokens_of_midi(file.read_bytes()))]
    return _written(file)


def _written(file):
    """(title, tokens) of each melody of an ABC or MusicXML file."""
    try:
        from music21 import converter
    except ImportError:
        raise ValueError(
            f"Expected music21, which reads {file.suffix}, got none; run `pip install 'coursekit[music]'`, or export "
            "the melody as MIDI."
        ) from None
    try:
        score = (
            converter.parse(plain_abc(file.read_text(encoding="utf-8", errors="replace")), format="abc")
            if file.suffix.lower() == ".abc"
            else converter.parse(file, forceSource=True)
        )
        scores = list(score.scores) if hasattr(score, "scores") else [score]
    except Exception as error:  # music21 raises all kinds of errors on what it cannot read
        raise ValueError(
            f"Expected ABC or MusicXML, got what music21 cannot read ({error}); export it again."
        ) from None
    found = []
    for score in scores:
        if len(score.parts) != 1:
            raise ValueError(f"Expected one voice, got {len(score.parts)}; keep the melody alone.")
        title = score.metadata.title if score.metadata is not None else None
        found.append((title or file.stem, tokens_of_part(score.parts[0])))
    return found


def plain_abc(text: str) -> str:
    """ABC in which the end of one repeat and the beginning of the next are two signs; music21 misreads them as one."""
    return re.sub(r":\|*:|:\|+:|:\|+[ \t]*\|+:", ":| |:", text)


def tokens_of_part(part) -> np.ndarray:
    """Tokens of a `music21` part, uint8, whole bars; repeats are played out and grace notes left out.

    Raises:
        ValueError: another metre, a note off the grid of 16 steps a bar, several notes at a time, bars that do not add
            up, or as `tokens_of_notes`.
    """
    metres = {(metre.numerator, metre.denominator) for metre in part.recurse().getElementsByClass("TimeSignature")}
    if len(metres) != 1 or not metres <= set(QUARTERS):
        found = ", ".join(f"{above}/{below}" for above, below in sorted(metres)) or "none"
        raise ValueError(f"Expected one metre, 4/4, 2/2 or 2/4, got {found}; choose a tune in duple time.")
    quarter, bar = QUARTERS[metres.pop()], melodies.STEPS_PER_BAR
    notes, position, closed = [], 0, True
    measures, closing = _measures(part)
    upbeat = _steps(measures[0].highestTime, quarter)
    if upbeat < bar:
        position = bar - upbeat
    for measure in measures:
        length = _steps(measure.highestTime, quarter)
        if length == bar and position % bar and closed:
            position += -position % bar  # the part before has no full last bar, and this one no upbeat
        if position % bar + length > bar:
            raise ValueError(f"Expected bars that add up, got {length} steps of 16 in bar {measure.number}; mend it.")
        closed = measure.number in closing
        for note in measure.notesAndRests:
            if note.isChord or (note.isNote and measure.voices):
                raise ValueError(
                    f"Expected one note at a time, got more in bar {measure.number}; keep the melody alone."
                )
            if note.isNote and not note.duration.isGrace:
                start = position + _steps(note.offset, quarter)
                end = start + _steps(note.quarterLength, quarter)
                if note.tie is not None and note.tie.type in ("stop", "continue") and notes and notes[-1][1] == start:
                    notes[-1] = (notes[-1][0], end, notes[-1][2])
                else:
                    notes.append((start, end, note.pitch.midi))
        position += length
    return tokens_of_notes(notes, position)


def _measures(part):
    """The measures with notes or rests, repeats played out, and the numbers of those that end a section."""
    from music21 import stream

    def filled(part):
        return [measure for measure in part.getElementsByClass(stream.Measure) if len(measure.notesAndRests)]

    measures = filled(part) or filled(part.makeMeasures())  # music21 makes none of ABC with few bar lines
    if not measures:
        raise ValueError("Expected a melody, got no note; choose another file.")
    following = [*measures[1:], None]
    closing = {
        measure.number
        for measure, after in zip(measures, following, strict=True)
        if measure.rightBarline is not None or (after is not None and after.leftBarline is not None)
    }
    endings = {
        id(measure): bracket for bracket in part.spannerBundle.getByClass("RepeatBracket") for measure in bracket
    }
    played, first = [], 0
    for number, (measure, after) in enumerate(zip(measures, following, strict=True)):
        if _repeats(measure.leftBarline, "start"):
            first = number
        played.append(measure)
        if _repeats(measure.rightBarline, "end") or (after is not None and _repeats(after.leftBarline, "end")):
            again = [measure for measure in measures[first : number + 1] if id(measure) not in endings]
            played += again  # the first ending is played once, and a repeat of the second alone is none
            first = number + 1
    return played, closing


def _repeats(barline, direction):
    return getattr(barline, "direction", None) == direction


def _steps(quarters, quarter):
    exact = float(quarters) * quarter
    if exact != round(exact):
        raise ValueError(
            f"Expected notes on a grid of 16 steps a bar, got {exact:g} steps; write tuplets and shorter notes in "
            "another way."
        )
    return round(exact)
