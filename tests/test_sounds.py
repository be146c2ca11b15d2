"""Sounds as pictures and back: files of all kinds, no clipping, and the equations of lecture 20."""

import io
import wave

import numpy as np
import pytest

from coursekit import sounds

TIME = np.arange(sounds.LENGTH) / sounds.RATE
TONE = np.float32(0.5 * np.sin(2 * np.pi * 440 * TIME))


def wav(samples, rate=sounds.RATE, channels=1, width=2):
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        kind = {1: lambda x: (x * 127 + 128).round().astype("u1"), 2: lambda x: (x * 32767).round().astype("<i2")}
        sound.writeframes(kind.get(width, lambda x: x.astype("<i4"))(np.asarray(samples)).tobytes())
    return file.getvalue()


def test_a_file_comes_back():
    np.testing.assert_allclose(sounds.read_wav(sounds.wav_bytes(TONE)), TONE, atol=1e-4)
    np.testing.assert_allclose(sounds.read_wav(wav(TONE, width=1)), TONE, atol=0.01)


def test_stereo_is_averaged():
    stereo = np.stack([TONE, -0.5 * TONE], axis=1).ravel()
    np.testing.assert_allclose(sounds.read_wav(wav(stereo, channels=2)), 0.25 * TONE, atol=1e-4)


@pytest.mark.parametrize("rate", [4000, 11_025, 44_100])
def test_other_rates_keep_the_pitch(rate):
    found = sounds.read_wav(wav(0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate), rate))
    assert len(found) == pytest.approx(sounds.RATE, abs=2)
    spectrum = np.abs(np.fft.rfft(found[: sounds.RATE]))
    assert spectrum.argmax() == pytest.approx(440, abs=1)


def test_what_is_too_high_for_the_rate_is_not_folded_down():
    high = np.sin(2 * np.pi * 7000 * np.arange(44_100) / 44_100)
    assert np.abs(sounds.read_wav(wav(0.9 * high, 44_100)))[100:-100].max() < 0.05


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not"),
        (b"RIFF????WAVE", "not"),
        (sounds.wav_bytes(TONE)[:30], "not"),
        (wav(np.zeros(0)), "with sound in it"),
        (wav(np.zeros(8), width=4), "32 bits"),
    ],
)
def test_broken_files_are_refused(content, says):
    with pytest.raises(ValueError, match=f"Expected .*{says}"):
        sounds.read_wav(content)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sounds.pictures(TONE), "Expected samples"),
        (lambda: sounds.pictures(3 * TONE[None]), "louder"),
        (lambda: sounds.pictures(TONE[None, :1000]), "multiple of 160"),
        (lambda: sounds.fit(np.zeros(100)), "not all 0"),
        (lambda: sounds.fit(np.zeros((2, 100))), "Expected mono"),
        (lambda: sounds.from_pictures(np.zeros((64, 32))), "Expected pictures"),
        (lambda: sounds.from_pictures(np.full((1, 64, 32, 1), 2.0)), "in \\[0, 1\\]"),
    ],
)
def test_bad_arrays_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_symbols_of_the_mu_law_come_back_and_are_finest_near_silence():
    symbols = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(sounds.mu_law(sounds.from_mu_law(symbols)), symbols)
    loud, soft = np.linspace(0.5, 1, 500), np.linspace(0, 0.01, 500)
    error = lambda x: np.abs(sounds.from_mu_law(sounds.mu_law(x)) - x).max()
    assert error(loud) < np.log(256) / 255 * (1 / 255 + 1), "half a part, where a part is largest"
    assert error(soft) < error(loud) / 30
    np.testing.assert_array_equal(sounds.mu_law(np.array([[-1.0], [1.0]])), [[0], [255]])
    with pytest.raises(ValueError, match=r"within .*got 1\.5; divide"):
        sounds.mu_law(np.array([0.1, -1.5]))


def test_fit_cuts_and_fills():
    assert len(sounds.fit(np.ones(9000))) == len(sounds.fit(np.ones(10))) == sounds.LENGTH
    assert np.abs(sounds.fit(1e-3 * TONE)).max() == pytest.approx(sounds.PEAK)


# -- equations --------------------------------------------------------------------------------------------------------


def test_the_filters_are_those_of_librosa():
    """librosa 0.11: filters.mel(sr=8000, n_fft=512, n_mels=64, htk=True, norm=None)."""
    filters = sounds.mel_filters()
    assert filters.shape == (64, 257)
    assert filters.sum() == pytest.approx(250.8962, abs=1e-3)
    for band, first, values in (
        (10, 16, [0.4204442, 0.9805969, 0.4748624]),
        (40, 100, [0.043989, 0.27659142, 0.50919384, 0.7417962, 0.9743986, 0.7989753, 0.57308835, 0.3472014, 0.121314]),
    ):
        expected = np.zeros(257)
        expected[first : first + len(values)] = values
        np.testing.assert_allclose(filters[band], expected, atol=1e-5)


def test_a_tone_is_loudest_in_its_band():
    picture = sounds.pictures(TONE[None])[0, ::-1, 16, 0]
    middle = int(np.rint(sounds.mel(440) / sounds.mel(4000) * 65)) - 1
    assert picture.argmax() == middle
    expected = 1 + 20 * np.log10(0.5) / sounds.DECIBELS  # half of what fills [-1, 1] is 6 decibels less
    assert picture.max() == pytest.approx(expected, abs=0.02)


def test_the_transform_is_undone():
    some = np.random.default_rng(0).uniform(-1, 1, (2, sounds.LENGTH))
    np.testing.assert_allclose(sounds.istft(sounds.stft(some)), some, atol=1e-4)


def test_the_transform_is_scipys():
    from scipy.signal import ShortTimeFFT
    from scipy.signal.windows import hann

    some = np.random.default_rng(0).uniform(-1, 1, 1600)
    around = (sounds.WINDOW - sounds.HOP) // 2
    padded = np.pad(some, (around, sounds.WINDOW))
    theirs = ShortTimeFFT(hann(512, sym=False), sounds.HOP, sounds.RATE, phase_shift=None)
    # A frame of theirs has its middle at a multiple of HOP, counted from the first sample.
    first = np.abs(theirs.stft(padded[96:], p0=1, p1=5)).T
    ours = np.abs(sounds.stft(some[None])[0])
    np.testing.assert_allclose(first, ours[:4], rtol=1e-3, atol=1e-3)


def test_griffin_and_lims_error_never_rises_without_momentum():
    wanted = np.abs(sounds.stft(np.random.default_rng(1).uniform(-1, 1, (1, sounds.LENGTH))))
    errors = sounds.griffin_lim(wanted, momentum=0)[1]
    assert (np.diff(errors) < 1e-6).all()
    assert errors[-1] < 0.6 * errors[0]
    assert sounds.griffin_lim(wanted)[1][-1] < errors[-1], "the momentum gets farther"


def test_a_sound_survives_its_picture_and_does_not_clip():
    pictures = sounds.pictures(np.stack([TONE, TONE[::-1] * TIME[: len(TONE)]]))
    again = sounds.from_pictures(pictures)
    assert np.abs(again).max() <= sounds.PEAK + 1e-6
    spectrum = np.abs(np.fft.rfft(again[0]))
    assert spectrum.argmax() * sounds.RATE / sounds.LENGTH == pytest.approx(440, abs=16)
    silent = sounds.from_pictures(np.zeros((1, 64, 32, 1)))
    assert np.isfinite(silent).all()
