"""`MelodyPlayer`: melodies to see and to hear, with and without a kernel."""

import numpy as np
import traitlets

from coursekit import melodies as tokens
from coursekit.widgets.base import HERE, Widget, script
from coursekit.widgets.pictures import captioned_grid, png

INK, BAR = 40, 190  # gray values of the stand-in's notes and bar lines


class MelodyPlayer(Widget):
    """Shows one of several melodies as a piano roll and plays it; a slider chooses which.

    The page itself makes the sound, from the melodies' symbols alone: it plays in pages and slides without a kernel
    and without the internet. While it plays, the slider changes the melody and the music goes on from the same place.
    A link saves the melody as a MIDI file. Where no JavaScript runs (GitHub, PDF), pictures of six rolls stand in.

    Args:
        melodies: tokens (`coursekit.melodies`), whole numbers [n, steps], or [steps] for one melody: of each sixteenth
            0, what sounds goes on; 1, the note ends; 2 to 89, a note begins, 2 being the lowest of a piano's 88 keys.
        names: of the melodies, what the slider says; their numbers from 1 if omitted.
        axis: what the slider chooses, in a word or two.
        bpm: quarter notes a minute.
        start: the melody that is shown first, from 0.
        title, alt: what stands above the roll, and what a screen reader says of it.

    Raises:
        ValueError: symbols that are none, no melody, or another number of names.
    """

    _esm = script("melody_player.js")
    _css = HERE / "melody_player.css"

    _melodies = traitlets.List().tag(sync=True)
    _names = traitlets.List().tag(sync=True)
    _keys = traitlets.List().tag(sync=True)
    _steps = traitlets.Int().tag(sync=True)
    axis = traitlets.Unicode().tag(sync=True)
    bpm = traitlets.Float().tag(sync=True)
    start = traitlets.Int().tag(sync=True)

    def __init__(self, melodies, names=None, *, axis="melody", bpm=112, start=0, title="", alt="A melody"):
        self.melodies = tokens.check(melodies)
        count, steps = self.melodies.shape
        names = [str(number + 1) for number in range(count)] if names is None else [str(name) for name in names]
        if len(names) != count:
            raise ValueError(f"Expected a name for each of {count} melodies, got {len(names)}.")
        if not bpm > 0:
            raise ValueError(f"Expected bpm above 0, got {bpm}; 112 is a good start.")
        if not 0 <= start < count:
            raise ValueError(f"Expected start to be the number of a melody, from 0 to {count - 1}, got {start!r}.")
        super().__init__(
            _melodies=self.melodies.tolist(),
            _names=names,
            _keys=list(keys_of(self.melodies)),
            _steps=steps,
            axis=axis,
            bpm=float(bpm),
            start=int(start),
            title=title,
            alt=alt,
        )

    def __repr__(self):
        count, steps = self.melodies.shape
        what = "1 melody" if count == 1 else f"{count} melodies"
        return f"MelodyPlayer({what} of {steps} sixteenths)"

    def stand_in(self):
        chosen = np.linspace(0, len(self.melodies) - 1, min(6, len(self.melodies))).round().astype(int)
        low, high = self._keys
        pairs = [chosen[i : i + 2] for i in range(0, len(chosen), 2)]
        pictures = [[roll_picture(self.melodies[number], low, high) for number in pair] for pair in pairs]
        captions = [[self._names[number] for number in pair] for pair in pairs]
        return png(captioned_grid(pictures, captions)), f"{self.alt}, as piano rolls"


def keys_of(melodies):
    """(lowest, highest) key that the picture shows, as MIDI numbers them: at least an octave, with room around."""
    pitches = melodies[melodies >= tokens.FIRST] - tokens.FIRST + tokens.LOWEST
    low, high = (pitches.min(), pitches.max()) if len(pitches) else (60, 72)
    missing = max(0, 12 - (high - low))
    return int(low - missing // 2 - 1), int(high + (missing + 1) // 2 + 1)


def roll_picture(melody, low, high, step=8, key=6):
    """A piano roll, uint8 [(high - low + 1) * key, steps * step]: notes dark on white, bar lines gray."""
    picture = np.full(((high - low + 1) * key, len(melody) * step), 255, np.uint8)
    picture[:, :: 16 * step] = BAR
    for start, end, pitch in tokens.notes_of(melody):
        top = (high - pitch) * key
        picture[top + 1 : top + key, start * step + 1 : end * step] = INK  # a gap where a note begins
    return picture
