"""Named data sets as arrays.

from coursekit import data
digits = data.load("digits")                        # comes with the course: 4,000 images
mnist = data.load("mnist", "test", limit=1000)      # fetched once, verified, kept in the cache
mine = data.load("folder:~/holidays", size=64)      # your own images
faces = data.load("portraits", limit=500)           # drawn faces; faces.factors says what each one shows
tunes = data.load("tunes", bars=2)                  # melodies as tokens: tunes.tokens, tunes.titles
own = data.load("tunes:~/music", bars=2)            # your own melodies: MIDI, ABC, MusicXML
print(digits.terms)                                 # license and citation
ring = data.toy("ring")                             # points in the plane: ring.sample(1000), ring.density(x)
"""

from coursekit import melodies
from coursekit.data import portraits
from coursekit.data.binarization import binarize
from coursekit.data.dataset import Dataset
from coursekit.data.files import DataError, DataUnavailable
from coursekit.data.loading import Row, catalog, fetch, load, verify
from coursekit.data.midi import midi_bytes, tokens_of_midi
from coursekit.data.registry import CATALOG
from coursekit.data.toys import TOYS, toy
from coursekit.data.tunes import Melodies

__all__ = [
    "CATALOG",
    "TOYS",
    "DataError",
    "DataUnavailable",
    "Dataset",
    "Melodies",
    "Row",
    "binarize",
    "catalog",
    "fetch",
    "load",
    "melodies",
    "midi_bytes",
    "portraits",
    "tokens_of_midi",
    "toy",
    "verify",
]
