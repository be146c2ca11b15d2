"""`SoundPlayer`: sounds to hear and to see side by side; the browser's own player, without JavaScript or a kernel."""

import base64
from html import escape

import numpy as np

from coursekit import sounds
from coursekit.widgets.base import check_size
from coursekit.widgets.pictures import as_picture, png

HEIGHT = 128  # of a picture on the page, in CSS pixels


class SoundPlayer:
    """Shows sounds in columns: the name, the spectrogram, and the browser's controls to play it.

    Each sound travels in the page as a WAV file of 16 bits, so that it plays in notebooks, pages and slides without a
    kernel and without the internet. Where no sound can be played (GitHub, PDF), the spectrograms are still there.

    Args:
        samples: [n, samples] within [-1, 1], 8,000 a second, a multiple of 160 of them.
        names: of the sounds, n of them.
        title: what stands above; nothing if empty.
        alt: what a screen reader says of the pictures, before each name.
        rows: in how many rows the sounds stand.
        max_kb: the most that the sounds may weigh in the notebook, in kB of base64.

    Raises:
        ValueError: louder samples, another number of names, or sounds that weigh more than `max_kb`.
    """

    def __init__(self, samples, names, *, title="", alt="Spectrogram", rows=1, max_kb=300):
        self.samples, self.names = np.asarray(samples), [str(name) for name in names]
        pictures = sounds.pictures(self.samples)  # raises a ValueError of its own
        if len(self.names) != len(self.samples):
            raise ValueError(f"Expected a name for each of {len(self.samples)} sounds, got {len(self.names)}.")
        self.title, self.alt, self.rows = title, alt, rows
        self.files = [sounds.wav_bytes(each) for each in self.samples]
        check_size(sum(map(len, self.files)), max_kb, f"{len(self.files)} sounds", "show {times} times fewer of them")
        self.pictures = [png(as_picture(1 - picture)) for picture in pictures]  # dark is loud, as ink is

    def __repr__(self):
        seconds = self.samples.shape[1] / sounds.RATE
        return f"SoundPlayer({', '.join(self.names)}; {seconds:.2f} s each)"

    def _repr_html_(self):
        columns = -(-len(self.names) // self.rows)
        cells = [self._cell(*each) for each in zip(self.names, self.pictures, self.files, strict=True)]
        lines = [cells[i : i + columns] for i in range(0, len(cells), columns)]
        body = "".join(f"<tr>{''.join(line)}</tr>" for line in lines)
        title = f"<caption><strong>{escape(self.title)}</strong></caption>" if self.title else ""
        return f'<table class="sound-player">{title}<tbody>{body}</tbody></table>'

    def _cell(self, name, picture, file):
        alt = escape(f"{self.alt}: {name}")
        source = lambda kind, content: f'src="data:{kind};base64,{base64.b64encode(content).decode()}"'
        return (
            '<td style="text-align: center; vertical-align: bottom; padding: 4px">'
            f"<div>{escape(name)}</div>"
            f'<img {source("image/png", picture)} alt="{alt}" style="height: {HEIGHT}px; width: {HEIGHT}px; '
            'image-rendering: pixelated; border: 1px solid #aaa; display: inline-block">'
            f'<div><audio controls preload="auto" style="width: 150px; height: 32px" {source("audio/wav", file)}>'
            "</audio></div></td>"
        )
