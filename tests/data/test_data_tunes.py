"""The set "tunes", windows of it, MIDI files, and a user's own melodies."""

import struct
import warnings

import numpy as np
import pytest

from coursekit import data, melodies
from coursekit.data import midi, scores
from coursekit.data.registry import CATALOG
from coursekit.data.tunes import read_tunes


@pytest.fixture(scope="module")
def whole():
    archive = CATALOG["tunes"].files["train"][0].location
    return {split: read_tunes(split, archive) for split in ("train", "test")}


@pytest.mark.parametrize("bars", [2, 16])
def test_windows_begin_at_a_bar_of_the_tune_they_name(whole, bars):
    loaded = data.load("tunes", "test", bars=bars)
    tunes, titles = whole["test"]
    assert loaded.titles == titles
    assert loaded.tokens.shape == (len(loaded), 16 * bars)
    assert loaded.tokens.dtype == np.int64
    assert loaded.tokens.max() < melodies.CLASSES
    for tokens, tune, bar in zip(loaded.tokens, loaded.tune, loaded.bar, strict=True):
        there = melodies.sounding(tunes[tune])[16 * bar :][: 16 * bars]
        np.testing.assert_array_equal(melodies.sounding(tokens), there)


def test_no_test_tune_or_title_is_among_the_training_tunes(whole):
    counts = {split: len(tunes) for split, (tunes, _) in whole.items()}
    assert counts == CATALOG["tunes"].counts
    assert not set(whole["train"][1]) & set(whole["test"][1])

    def steps_up(tunes):
        return {np.diff(melodies.sounding(tokens)).tobytes() for tokens in tunes}

    assert not steps_up(whole["train"][0]) & steps_up(whole["test"][0]), "a transposed copy"


def test_the_tunes_can_be_transposed_by_five_semitones_as_the_paper_does():
    tokens = data.load("tunes", limit=300, seed=0).tokens
    shifts = np.random.default_rng(0).integers(-5, 6, len(tokens))
    moved = melodies.transpose(tokens, shifts)
    notes = tokens >= melodies.FIRST
    np.testing.assert_array_equal((moved - tokens)[notes], np.broadcast_to(shifts[:, None], tokens.shape)[notes])
    np.testing.assert_array_equal(moved[~notes], tokens[~notes])
    with pytest.raises(ValueError, match="Expected notes within MIDI 21 to 108 after transposing, got"):
        melodies.transpose(tokens, 60)


def test_tokens_come_back_from_midi(whole):
    tunes = whole["train"][0][:100]
    for tokens in tunes:
        np.testing.assert_array_equal(data.tokens_of_midi(data.midi_bytes(tokens)), tokens)


@pytest.mark.parametrize("bars", [0, 65, 2.5, "two"])
def test_windows_of_no_length(bars):
    with pytest.raises(ValueError, match="Expected bars to be an integer from 1 to 64"):
        data.load("tunes", bars=bars)


def test_bars_are_of_tunes_alone():
    with pytest.raises(ValueError, match="Expected bars only with tunes, got them with 'digits'"):
        data.load("digits", bars=2)
    with pytest.raises(ValueError, match="Expected bars only with tunes, got 2 with a folder"):
        data.load("folder:.", bars=2)
    with pytest.raises(ValueError, match="Expected size only"):
        data.load("tunes", size=32)


def song(*events, metre=(4, 4), ticks=480):
    """A MIDI file of (delta, bytes) events, in running status where the bytes have none."""
    track = b"\x00\xff\x58\x04" + bytes([metre[0], metre[1].bit_length() - 1, 24, 8])
    track += b"".join(midi._variable(delta) + event for delta, event in events) + b"\x00\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, ticks) + b"MTrk" + struct.pack(">I", len(track)) + track


ON, OFF = b"\x90\x3c\x5a", b"\x80\x3c\x00"


def test_midi_as_other_programs_write_it():
    running = song((240, ON), (480, b"\x3c\x00"), (0, b"\x3e\x5a"), (120, b"\x3e\x00"))
    expected = melodies.from_notes([(2, 6, 60), (6, 7, 62)], 16)
    np.testing.assert_array_equal(data.tokens_of_midi(running), expected)
    late = song((245, ON), (480, b"\x3c\x00"), (0, b"\x3e\x5a"), (110, b"\x3e\x00"))
    np.testing.assert_array_equal(data.tokens_of_midi(late), expected)
    two_four = song((0, ON), (240, OFF), metre=(2, 4))
    np.testing.assert_array_equal(data.tokens_of_midi(two_four), melodies.from_notes([(0, 4, 60)], 16))
    drums = song((0, b"\x99\x24\x5a"), (0, ON), (480, OFF), (0, b"\x89\x24\x00"))
    np.testing.assert_array_equal(data.tokens_of_midi(drums), melodies.from_notes([(0, 4, 60)], 16))


BAD = {
    "chord": (song((0, ON), (0, b"\x90\x40\x5a"), (480, OFF), (0, b"\x80\x40\x00")), "Expected one note at a time"),
    "overlap": (
        song((0, ON), (480, b"\x90\x40\x5a"), (480, OFF), (0, b"\x80\x40\x00")),
        "one note at a time, .* bar 1",
    ),
    "empty": (song(), "Expected a melody, got no note"),
    "no MIDI": (b"RIFF" + bytes(40), "Expected a MIDI file, which begins with MThd"),
    "no bytes": (b"", "Expected a MIDI file, which begins with MThd"),
    "cut": (song((0, ON), (480, OFF))[:-6], "Expected a whole MIDI file, got one that ends too early"),
    "cut header": (b"MThd\0\0", "Expected a whole MIDI file"),
    "waltz": (song((0, ON), (480, OFF), metre=(3, 4)), "Expected one metre, 4/4, 2/2 or 2/4, got 3/4"),
    "film": (song((0, ON), (480, OFF), ticks=0xE728), "got frames of a film"),
    "low": (song((0, b"\x90\x0a\x5a"), (480, b"\x80\x0a\x00")), "Expected notes of a piano, MIDI 21 to 108, got 10"),
    "endless": (song((480 * 4 * 3000, ON), (480, OFF)), "Expected at most 2,048 bars, got 3,001"),
    "damaged": (song((0, b"\x05\x05")), "Expected an event of MIDI, got byte 5"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_midi_that_is_no_melody(content, message):
    with pytest.raises(ValueError, match=message):
        data.tokens_of_midi(content)


@pytest.mark.parametrize(
    ("tokens", "bpm", "message"),
    [
        (np.zeros((2, 16), int), 112, "Expected one melody"),
        (np.array([90]), 112, "Expected tokens from 0 to 89"),
        (np.array([0.5]), 112, "Expected tokens as whole numbers"),
        (np.array([40]), 0, "Expected bpm from 4 to 1000"),
    ],
)
def test_what_midi_cannot_be_written_of(tokens, bpm, message):
    with pytest.raises(ValueError, match=message):
        data.midi_bytes(tokens, bpm)


def test_own_tunes_load_and_one_warning_names_what_is_left_out(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(scores, "MOST_BYTES", 20_000)
    tune = whole["test"][0][0]
    (tmp_path / "b.mid").write_bytes(data.midi_bytes(tune))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "waltz.MID").write_bytes(BAD["waltz"][0])
    (tmp_path / "huge.mid").write_bytes(bytes(20_001))
    (tmp_path / "readme.txt").write_text("no tune")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mine = data.load(f"tunes:{tmp_path}", bars=2)
    (warning,) = caught
    assert "2 of the files" in str(warning.message)
    assert "got 3/4" in str(warning.message)
    assert "huge.mid: Expected at most 20,000 bytes" in str(warning.message)
    assert "readme" not in str(warning.message)
    assert mine.titles == ("b",)
    assert mine.name == f"tunes:{tmp_path.name}"
    np.testing.assert_array_equal(mine.tokens[0], melodies.windows(tune, 2)[0])


@pytest.mark.parametrize(
    ("files", "options", "error", "message"),
    [
        ({}, {}, FileNotFoundError, "Expected melodies in .*Known suffixes: .abc"),
        ({"a.mid": BAD["empty"][0]}, {}, ValueError, "got 1 that cannot be used:\n  - a.mid: Expected a melody"),
        (
            {"a.mid": song((0, ON), (480, OFF))},
            {"bars": 2},
            ValueError,
            "Expected tunes of at least 2 bars, got at most 1",
        ),
        ({"a.mid": song((0, ON), (480, OFF))}, {"split": "test"}, ValueError, "Expected split 'train'"),
        ({"a.mid": song((0, ON), (480, OFF))}, {"size": 64}, ValueError, "got size; leave it out"),
    ],
)
def test_own_tunes_that_do_not_load(tmp_path, files, options, error, message):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=message):
        data.load(f"tunes:{tmp_path}", **options)
    with pytest.raises(FileNotFoundError, match="no such one exists"):
        data.load(f"tunes:{tmp_path}/nowhere")


ABC = """X:1
T:A Tune
M:2/4
L:1/16
K:D
A2|:f2f2 f>g f2|d4 z4:|:f2f2 f>g f2|d4 z4:|
"""


def test_abc_and_musicxml_are_read_with_repeats_played_out(tmp_path):
    converter = pytest.importorskip("music21").converter
    (tmp_path / "a.abc").write_text(ABC)
    mine = data.load(f"tunes:{tmp_path / 'a.abc'}", bars=9)
    assert mine.titles == ("A Tune",)
    bar = [(0, 4, 78), (4, 8, 78), (8, 11, 78), (11, 12, 79), (12, 16, 78), (16, 24, 74)]
    later = [(start + 16 + 32 * time, end + 16 + 32 * time, pitch) for time in range(4) for start, end, pitch in bar]
    np.testing.assert_array_equal(mine.tokens[0], melodies.from_notes([(12, 16, 69), *later], 144))
    converter.parse(ABC, format="abc").write("musicxml", tmp_path / "a.musicxml")
    np.testing.assert_array_equal(data.load(f"tunes:{tmp_path / 'a.musicxml'}", bars=9).tokens, mine.tokens)
    (tmp_path / "a.abc").write_text(ABC.replace("d4 z4", "[df]4 z4", 1))
    with pytest.raises(ValueError, match="Expected one note at a time, got more in bar 2"):
        data.load(f"tunes:{tmp_path / 'a.abc'}")


@pytest.mark.parametrize(
    ("written", "played"),
    [
        ("C|D|E|F|G", "CDEFG"),
        ("C|D:|E|F:|", "CDCDEFEF"),
        ("C|D:|:E|F:|", "CDCDEFEF"),
        ("|:C|D::E|F:|", "CDCDEFEF"),
        ("C|D:||:E|F|]", "CDCDEF"),
        ("|:C|D|1 E:|2 F||G|A:|", "CDECDFGAGA"),
        ("|:C|D|1 E:|2 F:|:G|A:|", "CDECDFGAGA"),
    ],
)
def test_repeats_are_played_out_as_a_fiddler_reads_them(tmp_path, written, played):
    pytest.importorskip("music21")
    (tmp_path / "a.abc").write_text(f"X:1\nT:A\nM:4/4\nL:1/1\nK:C\n{written}\n")
    ((_, tokens),) = scores._read(tmp_path / "a.abc")
    assert "".join("C D EF G A"[pitch - 60] for _, _, pitch in melodies.notes_of(tokens)) == played


def test_abc_without_music21_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "music21", None)
    (tmp_path / "a.abc").write_text(ABC)
    with pytest.raises(ValueError, match=r"run `pip install 'coursekit\[music\]'`"):
        data.load(f"tunes:{tmp_path / 'a.abc'}")
