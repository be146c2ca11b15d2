"""Named data sets as arrays.

from coursekit import data
digits = data.load("digits")                        # comes with the course: 4,000 images
mnist = data.load("mnist", "test", limit=1000)      # fetched once, verified, kept in the cache
mine = data.load("folder:~/holidays", size=64)      # your own images
faces = data.load("portraits", limit=500)           # drawn faces; faces.factors says what each one shows
paintings = data.load("brushes", limit=12)          # drawn paintings in six styles; .factors too
me = data.picture("me.jpg", size=128)               # one picture of your own, [128, 128, 3]
plucks = data.load("strings")                       # sounds of strings as spectrograms; .factors too
sound = data.recordings("strings")[0]               # the first of these sounds itself
films = data.load("moving_digits")                  # films: films.images [n, 20, 32, 32, 1]
tunes = data.load("tunes", bars=2)                  # melodies as tokens: tunes.tokens, tunes.titles
plays = data.load("plays")                          # a text, letter by letter: plays.text, plays.letters
own = data.load("tunes:~/music", bars=2)            # your own melodies: MIDI, ABC, MusicXML
print(digits.terms)                                 # license and citation
ring = data.toy("ring")                             # points in the plane: ring.sample(1000), ring.density(x)
"""

from coursekit import melodies
from coursekit.data import brushes, moving_digits, photo_patches, portraits, strings
from coursekit.data.binarization import binarize
from coursekit.data.dataset import Dataset
from coursekit.data.files import DataError, DataUnavailable
from coursekit.data.loading import Row, catalog, fetch, load, recordings, verify
from coursekit.data.midi import midi_bytes, tokens_of_midi
from coursekit.data.one_picture import picture
from coursekit.data.registry import CATALOG
from coursekit.data.texts import Text
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
    "Text",
    "binarize",
    "brushes",
    "catalog",
    "fetch",
    "load",
    "melodies",
    "midi_bytes",
    "moving_digits",
    "photo_patches",
    "picture",
    "portraits",
    "recordings",
    "strings",
    "tokens_of_midi",
    "toy",
    "verify",
]
