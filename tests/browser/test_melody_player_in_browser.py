import base64

import numpy as np
import pytest

from coursekit.course.slides import render_slides

RATE = 44_100
# The sound is computed instead of played: eight seconds of it, in `window.sound.startRendering()`.
OFFLINE = f"""() => {{ window.AudioContext = class extends OfflineAudioContext {{
    constructor() {{ super(1, 8 * {RATE}, {RATE}); window.sound = this; }}
    resume() {{}}
}}; }}"""
HEARD = """async () => {
    const samples = (await sound.startRendering()).getChannelData(0);
    return Array.from(samples);
}"""


@pytest.fixture
def page(site, open_page):
    page = open_page((site / "06_melodies.html").as_uri(), site.as_uri())
    page.locator(".melody-player .mp-play svg").wait_for()
    return page


def test_it_draws_the_notes_and_the_slider_chooses(page):
    notes = page.locator(".mp-notes rect")
    assert notes.count() == 8
    tops = [float(note.get_attribute("y")) for note in notes.all()]
    assert tops == sorted(tops, reverse=True), "a rising scale"
    slider = page.get_by_role("slider", name="which")
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "with a rest"
    assert [note.get_attribute("width") for note in notes.all()] == ["79", "159"], "eight and sixteen sixteenths"
    assert page.locator(".mp-roll").get_attribute("aria-label") == "Two melodies: with a rest"
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "with a rest", "the last one"
    assert page.trouble == []


def test_it_sounds_the_pitches_that_it_shows_without_clicks(page):
    page.evaluate(OFFLINE)
    page.get_by_role("slider", name="which").press("ArrowRight")
    page.get_by_role("button", name="Play").click()
    samples = np.array(page.evaluate(HEARD))
    assert 0.05 < np.abs(samples).max() < 0.5, "neither silence nor clipping"

    def pitch(begin, end):
        part = samples[int(begin * RATE) : int(end * RATE)] * np.hanning(int(end * RATE) - int(begin * RATE))
        return np.abs(np.fft.rfft(part)).argmax() / (end - begin)

    assert pitch(0.2, 0.7) == pytest.approx(440, abs=2)
    assert pitch(2.3, 3.3) == pytest.approx(523.25, abs=2)
    assert np.abs(samples[int(1.3 * RATE) : int(1.9 * RATE)]).max() < 0.01, "a rest"
    assert np.abs(np.diff(samples)).max() < 0.1, "no jump: it would be heard as a click"


def test_it_plays_goes_on_with_another_melody_and_stops(page):
    page.evaluate(OFFLINE)
    page.evaluate("""() => {
        const begin = performance.now();
        Object.defineProperty(AudioContext.prototype, "currentTime", { get: () => (performance.now() - begin) / 1000 });
    }""")
    page.get_by_role("button", name="Play").click()
    head = page.locator(".mp-head")
    at = "([node, step]) => Number(/[\\d.]+/.exec(node.getAttribute('transform'))[0]) > step"
    page.wait_for_function(at, arg=[head.element_handle(), 30])
    page.get_by_role("slider", name="which").press("ArrowRight")
    page.wait_for_function(at, arg=[head.element_handle(), 60])
    assert page.locator(".mp-notes .mp-sounds").count() == 1
    page.get_by_role("button", name="Pause").click()
    assert head.get_attribute("visibility") == "hidden"
    assert page.trouble == []


def test_the_midi_file_is_the_melody(page):
    read = """async (link) => {
        const bytes = new Uint8Array(await (await fetch(link.href)).arrayBuffer());
        return btoa(String.fromCharCode(...bytes));
    }"""
    page.get_by_role("slider", name="which").press("ArrowRight")
    link = page.locator(".mp-file")
    file = base64.b64decode(link.evaluate(read))
    assert file[:14] == b"MThd" + bytes([0, 0, 0, 6, 0, 0, 0, 1, 0, 4]), "one track, 4 ticks a quarter note"
    assert int.from_bytes(file[18:22]) == len(file) - 22
    track = file[22:]
    assert track[:7] == bytes([0, 0xFF, 0x51, 3]) + (500_000).to_bytes(3), "120 quarter notes a minute"
    notes = bytes([0, 0x90, 69, 80, 8, 0x80, 69, 0, 8, 0x90, 72, 80, 16, 0x80, 72, 0])
    assert track[7:] == notes + bytes([0, 0xFF, 0x2F, 0])
    assert link.get_attribute("download") == "melody.mid"


def test_a_slide_has_room_for_it(executed, tmp_path, open_page):
    path = render_slides(executed / "06_melodies.ipynb", tmp_path / "slides.html")
    page = open_page(path.as_uri(), path.as_uri(), viewport={"width": 1280, "height": 720})
    page.keyboard.press("ArrowRight")
    player = page.locator(".melody-player")
    player.wait_for()
    page.wait_for_timeout(300)
    box = player.bounding_box()
    assert box["width"] > 600
    assert box["y"] + box["height"] < 720
    assert page.trouble == []
