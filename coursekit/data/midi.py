"""Melodies as standard MIDI files, and back.

A melody needs six kinds of events, so no package is asked for; `music21`, which reads much more, is for other formats.
"""

import struct

import numpy as np

from coursekit import melodies

TICKS = 480  # of a quarter note, in the files written here
QUARTERS = {(4, 4): 4, (2, 2): 4, (2, 4): 8}  # steps of a quarter note: a bar has 16 in each metre
MOST_BARS = 2048
DRUMS = 9


def midi_bytes(tokens: np.ndarray, bpm: float = 112) -> bytes:
    """One melody, tokens `[steps]`, as the bytes of a MIDI file in 4/4, four steps a quarter note.

    Args:
        bpm: quarter notes a minute, 4 to 1000.

    Raises:
        ValueError: no tokens, or a tempo out of range.
    """
    if np.ndim(tokens) != 1:
        raise ValueError(f"Expected one melody [steps], got {list(np.shape(tokens))}; write each to a file of its own.")
    tokens = melodies.check(tokens)[0]
    if not 4 <= bpm <= 1000:
        raise ValueError(f"Expected bpm from 4 to 1000 (quarter notes a minute), got {bpm!r}; 112 is a good start.")
    step = TICKS * 4 // melodies.STEPS_PER_BAR
    tempo = round(60e6 / bpm).to_bytes(3, "big")
    track = b"\x00\xff\x51\x03" + tempo + b"\x00\xff\x58\x04\x04\x02\x18\x08"
    events = []
    for start, end, pitch in melodies.notes_of(tokens):
        events += [(start * step, 1, bytes([0x90, pitch, 90])), (end * step, 0, bytes([0x80, pitch, 0]))]
    now = 0
    for time, _, event in sorted(events):
        track += _variable(time - now) + event
        now = time
    track += _variable(len(tokens) * step - now) + b"\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(track)) + track


def tokens_of_midi(content: bytes) -> np.ndarray:
    """The melody of a MIDI file as tokens, uint8, whole bars. Drums are left out; times are rounded to the grid.

    Raises:
        ValueError: no MIDI file, a damaged one, another metre than 4/4, 2/2 and 2/4, more than one note at a time, no
            note, notes off the piano, or more than 2,048 bars.
    """
    try:
        division, notes, metres, end = _parsed(content)
    except (IndexError, struct.error):
        raise ValueError("Expected a whole MIDI file, got one that ends too early; export it again.") from None
    if len(metres) > 1 or not metres <= set(QUARTERS):
        found = ", ".join(f"{above}/{below}" for above, below in sorted(metres))
        raise ValueError(f"Expected one metre, 4/4, 2/2 or 2/4, got {found}; choose a tune in duple time.")
    quarter = QUARTERS[metres.pop()] if metres else 4
    notes = [(round(on * quarter / division), round(off * quarter / division), pitch) for on, off, pitch in notes]
    return tokens_of_notes(notes, round(end * quarter / division))


def tokens_of_notes(notes: list[tuple[int, int, int]], length: int) -> np.ndarray:
    """Tokens of (start, end, pitch) in steps, in any order, filled up to whole bars; as `tokens_of_midi` else."""
    notes = sorted((start, max(end, start + 1), pitch) for start, end, pitch in notes)
    if not notes:
        raise ValueError("Expected a melody, got no note; choose another file, or a track that is not drums alone.")
    low, high = (choose(pitch for _, _, pitch in notes) for choose in (min, max))
    if low < melodies.LOWEST or high > melodies.HIGHEST:
        raise ValueError(
            f"Expected notes of a piano, MIDI {melodies.LOWEST} to {melodies.HIGHEST}, got {low} to {high}; transpose."
        )
    for (_, end, _), (start, _, _), number in zip(notes, notes[1:], range(2, len(notes) + 1), strict=False):
        if start < end - 1 or start == notes[number - 2][0]:  # legato may overlap by a step
            raise ValueError(
                f"Expected one note at a time, got a second one in bar {start // melodies.STEPS_PER_BAR + 1} before "
                "the one before it ended; keep the melody alone."
            )
    bars = -(-max(length, notes[-1][1]) // melodies.STEPS_PER_BAR)
    if bars > MOST_BARS:
        raise ValueError(f"Expected at most {MOST_BARS:,} bars, got {bars:,}; cut the melody.")
    return melodies.from_notes(notes, bars * melodies.STEPS_PER_BAR)


def _variable(number):
    """A number in MIDI's variable length: seven bits a byte, the first bit says that more follow."""
    found = [number & 0x7F]
    while number := number >> 7:
        found.append(number & 0x7F | 0x80)
    return bytes(reversed(found))


def _parsed(content):
    """(ticks of a quarter note, (on, off, pitch) in ticks, metres, last tick) of a MIDI file."""
    if content[:4] != b"MThd":
        raise ValueError(f"Expected a MIDI file, which begins with MThd, got {content[:4]!r}; export it again.")
    size, _, tracks, division = struct.unpack(">IHHH", content[4:14])
    if division == 0 or division & 0x8000:
        raise ValueError("Expected times in ticks of a quarter note, got frames of a film; export it as plain MIDI.")
    place, notes, metres, end = 8 + size, [], set(), 0
    while tracks:
        kind, (size,) = content[place : place + 4], struct.unpack(">I", content[place + 4 : place + 8])
        track = content[place + 8 : place + 8 + size]
        if len(track) < size:
            raise IndexError
        if kind == b"MTrk":
            tracks -= 1
            end = max(end, _track(track, notes, metres))
        place += 8 + size
    return division, notes, metres, end


def _track(track, notes, metres):
    """Add the notes and metres of a track; its last tick."""
    place = now = status = 0
    begun = {}

    def number():
        nonlocal place
        value = 0
        while True:
            byte = track[place]
            place += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    while place < len(track):
        now += number()
        if track[place] in (0xF0, 0xF7, 0xFF):
            kind = track[place + 1] if track[place] == 0xFF else None
            place += 1 if kind is None else 2
            size = number()
            if kind == 0x58:
                metres.add((track[place], 2 ** track[place + 1]))
            place += size
            if kind == 0x2F:
                break
            continue
        if track[place] >= 0x80:
            status, place = track[place], place + 1
        if not 0x80 <= status <= 0xEF:
            raise ValueError(f"Expected an event of MIDI, got byte {status or track[place]}; export the file again.")
        pitch, place = track[place], place + (1 if status >> 4 in (0xC, 0xD) else 2)
        if status >> 4 in (8, 9) and status & 15 != DRUMS:
            loud = status >> 4 == 9 and track[place - 1] > 0
            for start in begun.pop((status & 15, pitch), ()):
                notes.append((start, now, pitch))
            if loud:
                begun[status & 15, pitch] = (now,)
    notes += [(start, now, pitch) for (_, pitch), starts in begun.items() for start in starts]
    return now
