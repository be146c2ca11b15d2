"""From the pitch of a string to the bands of its spectrogram."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, hint_if

PITCHES = np.array([45.0, 57.0, 69.0, 60.0])
HERTZ = np.array([110.0, 440.0, 1000.0, 3900.0])


def check(answer):
    """`(hertz, band)`: hertz(pitch) -> frequencies [n] of MIDI pitches [n], and band(hertz) -> the number [n] of the
    mel band whose middle is nearest on the mel scale, 0 for the lowest of 64."""
    hertz, band = answer
    check_hertz(hertz)
    with after("`hertz` is right."):
        check_band(band)


def check_hertz(function):
    """Hints unless function(pitch) is 440 * 2 ** ((pitch - 69) / 12)."""
    found = called(function, "hertz", PITCHES)
    hint_if(found.shape != PITCHES.shape, f"for {len(PITCHES)} pitches `hertz` should return {len(PITCHES)} numbers.")
    compare(
        found,
        440 * 2 ** ((PITCHES - 69) / 12),
        hertz_mistakes(PITCHES),
        f"for the pitch {PITCHES[0]:g} you say {found[0]:.1f} Hz. Pitch 69 has 440 Hz, and twelve steps up double it.",
    )


def hertz_mistakes(pitch):
    """Typical mistakes: {hint: frequencies [n]}."""
    return {
        "an octave has twelve steps, so it takes 12 of them to double the frequency.": 440 * 2 ** ((pitch - 69) / 8),
        "one step does not double the frequency: twelve of them do.": 440 * 2.0 ** (pitch - 69),
        "it rises by a factor with each step, not by a fixed number of hertz.": 440 * (1 + (pitch - 69) / 12),
        "the sign of the exponent is turned around: higher pitches have higher frequencies.": (
            440 * 2 ** ((69 - pitch) / 12)
        ),
    }


def check_band(function):
    """Hints unless function(hertz) is the nearest of the 64 middles that are evenly spaced in mel."""
    found = called(function, "band", HERTZ)
    hint_if(found.shape != HERTZ.shape, f"for {len(HERTZ)} frequencies `band` should return {len(HERTZ)} numbers.")
    hint_if((found != np.floor(found)).any(), "a band's number is a whole number: round.")
    right = np.rint(_mel(HERTZ) / _mel(4000) * 65) - 1
    compare(
        found,
        right,
        band_mistakes(HERTZ),
        f"for {HERTZ[1]:g} Hz you say band {found[1]:g}. On the mel scale the 64 middles and the two ends cut the way "
        "from 0 to m(4000) into 65 equal steps.",
    )


def band_mistakes(hertz):
    """Typical mistakes: {hint: bands [n]}."""
    return {
        "you count from 1. The lowest band has the number 0.": np.rint(_mel(hertz) / _mel(4000) * 65),
        "the bands are evenly spaced in mel, not in hertz.": np.rint(hertz / 4000 * 65) - 1,
        "64 bands have 65 steps between the two ends of the scale, which are no middles.": (
            np.rint(_mel(hertz) / _mel(4000) * 64) - 1
        ),
        "the highest frequency is half of the 8,000 samples a second.": np.rint(_mel(hertz) / _mel(8000) * 65) - 1,
        "that is the row of the picture, which has the high bands at the top. The band is asked for.": (
            64 - np.rint(_mel(hertz) / _mel(4000) * 65)
        ),
    }


def _mel(hertz):
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)
