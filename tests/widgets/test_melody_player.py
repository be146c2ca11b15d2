import io

import numpy as np
import pytest
from PIL import Image

from coursekit.widgets import MelodyPlayer
from coursekit.widgets.melody_player import keys_of, roll_picture

TWO = np.zeros((2, 32), int)
TWO[0, [0, 8, 16]] = [50, 1, 53]  # A4, a rest, C5 to the end
TWO[1, 4] = 41  # C4


def test_the_page_gets_the_symbols_the_names_and_the_keys():
    player = MelodyPlayer(TWO, ["a", "b"], start=1)
    assert player._melodies == TWO.tolist()
    assert (player._names, player._steps, player.start) == (["a", "b"], 32, 1)
    assert player._keys == [59, 73], "C4 to C5, with a key of room at each side"
    assert MelodyPlayer(TWO[0].astype("uint8"))._names == ["1"]
    assert repr(player) == "MelodyPlayer(2 melodies of 32 sixteenths)"


def test_a_narrow_or_silent_melody_shows_an_octave():
    assert keys_of(TWO[:1]) == (64, 78)
    assert keys_of(np.zeros((1, 32), int)) == (59, 73)


def test_the_picture_has_notes_where_they_sound():
    dark = (roll_picture(TWO[0], 60, 72, step=8, key=6) == 40).reshape(13, 6, 32, 8)[:, 3, :, 4]
    a4, c5 = dark[72 - 69], dark[72 - 72]
    assert a4.tolist() == [True] * 8 + [False] * 24
    assert c5.tolist() == [False] * 16 + [True] * 16
    assert dark.sum() == 24
    assert np.flatnonzero(roll_picture(TWO[1], 60, 72)[0] == 190).tolist() == [0, 128], "bar lines"


def test_where_no_script_runs_up_to_six_rolls_stand_in():
    picture, alt = MelodyPlayer(np.tile(TWO, (10, 1)), alt="Twenty").stand_in()
    few, _ = MelodyPlayer(TWO[:1]).stand_in()
    heights = [Image.open(io.BytesIO(file)).height for file in (picture, few)]
    assert 2.5 < heights[0] / heights[1] < 3.5, "three rows of two, against one"
    assert alt == "Twenty, as piano rolls"


@pytest.mark.parametrize(
    ("melodies", "options", "said"),
    [
        (np.zeros((0, 32), int), {}, r"as whole numbers \[n, steps\] or \[steps\], got int64 \[0, 32\]"),
        (np.zeros((2, 32)), {}, "got float64"),
        (np.zeros((2, 2, 2), int), {}, r"got int64 \[2, 2, 2\]"),
        (np.full((1, 32), 90), {}, "from 0 to 89, got some from 90 to 90"),
        (TWO - 1, {}, "from -1 to"),
        (TWO, {"names": ["one"]}, "a name for each of 2 melodies, got 1"),
        (TWO, {"bpm": 0}, "bpm above 0, got 0"),
        (TWO, {"start": 2}, "from 0 to 1, got 2"),
    ],
)
def test_bad_melodies_and_settings_are_told(melodies, options, said):
    with pytest.raises(ValueError, match=said):
        MelodyPlayer(melodies, **options)
