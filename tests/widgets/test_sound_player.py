"""Sounds in the page: they are whole, none clips, and each has its name."""

import base64
import re

import numpy as np
import pytest

from coursekit import sounds
from coursekit.widgets import SoundPlayer

TONES = np.float32(0.8 * np.sin(np.outer([0.2, 0.4, 0.5], np.arange(1600))))


def test_what_is_in_the_page_is_the_sound():
    page = SoundPlayer(TONES, ["a", "b <i>", "c"], title="three", rows=2)._repr_html_()
    files = re.findall(r'src="data:audio/wav;base64,([^"]+)"', page)
    assert len(files) == page.count("<audio controls") == 3
    for tone, file in zip(TONES, files, strict=True):
        found = sounds.read_wav(base64.b64decode(file))
        np.testing.assert_allclose(found, tone, atol=1e-3)
        assert np.abs(found).max() < 1, "it does not clip"
    assert page.count("<tr>") == 2
    assert "b &lt;i&gt;" in page
    assert "<i>" not in page
    assert len(re.findall(r'<img [^>]*alt="[^"]+"', page)) == 3
    assert "script" not in page


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: SoundPlayer(2 * TONES, list("abc")), "louder"),
        (lambda: SoundPlayer(TONES, ["a"]), "a name for each"),
        (lambda: SoundPlayer(TONES[0], ["a"]), "Expected samples"),
        (lambda: SoundPlayer(TONES, list("abc"), max_kb=5), "at most 5 kB"),
    ],
)
def test_bad_sounds_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
