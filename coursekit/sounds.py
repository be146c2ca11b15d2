"""Sounds as pictures and back: WAV files, mel spectrograms, and the sound of a spectrogram by Griffin and Lim.

A sound is float32 samples within [-1, 1], mono, `RATE` a second. Its picture has time to the right and pitch upward:
`[64, 32, 1]` in [0, 1] for 0.64 seconds, 1 being the loudest.

picture = sounds.pictures(samples[None])     # [1, 64, 32, 1]
again = sounds.from_pictures(picture)        # [1, 5120]: about the same sound
"""

import io
import wave

import numpy as np

RATE = 8000  # samples a second
WINDOW = 512  # samples whose frequencies are measured at once
HOP = 160  # samples from one window to the next
FRAMES = 32  # windows in a picture
MELS = 64  # bands of pitch in a picture
LENGTH = HOP * FRAMES  # samples of a picture's sound
DECIBELS = 70.0  # from black to white
PEAK = 0.9  # the loudest sample of a sound that is made from a picture

# -- files ------------------------------------------------------------------------------------------------------------


def wav_bytes(samples: np.ndarray, rate: int = RATE) -> bytes:
    """Mono samples within [-1, 1] as a WAV file of 16 bits.

    Raises:
        ValueError: no samples, or louder ones.
    """
    samples = np.asarray(samples)
    if samples.ndim != 1 or samples.size == 0 or not np.abs(samples).max() <= 1:
        raise ValueError(
            f"Expected mono samples [n] within [-1, 1], got shape {list(samples.shape)}, or louder ones or none; "
            "take one row, and divide by the largest absolute value."
        )
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes((samples * 32767).round().astype("<i2").tobytes())
    return file.getvalue()


def read_wav(content: bytes, rate: int = RATE) -> np.ndarray:
    """The samples of a WAV file of 8 or 16 bits: float32 `[n]` within [-1, 1], at `rate` samples a second.

    Several channels are averaged. Another rate is converted: what is too high for the new one is filtered out.

    Raises:
        ValueError: no WAV file of 8 or 16 bits, or nothing in it.
    """
    try:
        with wave.open(io.BytesIO(content)) as file:
            found, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(
            f"Expected the bytes of a WAV file, got {len(content):,} bytes that are not ({error or 'it ends early'}); "
            "save it again as WAV, PCM, 16 bits."
        ) from None
    if width not in (1, 2) or not frames or len(frames) % (width * channels):
        raise ValueError(
            f"Expected a WAV file of 8 or 16 bits with sound in it, got {8 * width} bits and {len(frames):,} bytes; "
            "save it again as WAV, PCM, 16 bits."
        )
    samples = np.frombuffer(frames, "<i2") / 32768 if width == 2 else (np.frombuffer(frames, np.uint8) - 128.0) / 128
    samples = samples.reshape(-1, channels).mean(axis=1)
    if found != rate:
        from math import gcd

        from scipy.signal import resample_poly

        common = gcd(found, rate)
        samples = np.clip(resample_poly(samples, rate // common, found // common), -1, 1)
    return samples.astype(np.float32)


# -- pictures ---------------------------------------------------------------------------------------------------------


def mel(hertz):
    """Where a frequency lies on the mel scale, on which equal steps sound alike: 2595 log10(1 + f / 700)."""
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def hertz(mels):
    """The way back."""
    return 700 * (10 ** (np.asarray(mels) / 2595) - 1)


def mel_filters(bands: int = MELS, window: int = WINDOW, rate: int = RATE) -> np.ndarray:
    """Triangles of height 1, evenly spaced in mel from 0 to half the rate: `[bands, window // 2 + 1]`.

    Each reaches from its lower neighbor's middle to its upper neighbor's.
    """
    middles = hertz(np.linspace(0, mel(rate / 2), bands + 2))
    bins = np.arange(window // 2 + 1) * rate / window
    low, middle, high = (middles[i : i + bands, None] for i in range(3))
    return np.maximum(0, np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)))


def stft(samples: np.ndarray) -> np.ndarray:
    """Short-time Fourier transform: `[n, samples]` -> complex `[n, frames, 257]`, a frame every `HOP` samples.

    Half a window of silence is put before and behind, so that a frame's middle lies within the sound.
    """
    from scipy import fft

    around = (WINDOW - HOP) // 2
    padded = np.pad(np.asarray(samples, np.float32), ((0, 0), (around, WINDOW - HOP - around)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=1)[:, ::HOP]
    return fft.rfft(frames * _window(), overwrite_x=True)


def istft(frames: np.ndarray) -> np.ndarray:
    """The samples `[n, HOP * frames]` whose `stft` is as near to `frames` as can be, in the sense of least squares."""
    from scipy import fft

    n, count = frames.shape[:2]
    pieces, squares = fft.irfft(frames, WINDOW) * _window(), _window() ** 2
    total = HOP * (count - 1) + WINDOW
    samples, weight = np.zeros((n, total), np.float32), np.zeros(total, np.float32)
    for t in range(count):
        samples[:, t * HOP : t * HOP + WINDOW] += pieces[:, t]
        weight[t * HOP : t * HOP + WINDOW] += squares
    around = (WINDOW - HOP) // 2
    return (samples / np.maximum(weight, np.float32(1e-3)))[:, around : around + HOP * count]


def pictures(samples: np.ndarray) -> np.ndarray:
    """Mel spectrograms: float32 `[n, 64, frames, 1]` in [0, 1], in decibels, high pitches at the top.

    1 is the loudness of a pure tone that fills [-1, 1], 0 is 70 decibels below it, or less.

    Args:
        samples: `[n, 160 * frames]` within [-1, 1], 8,000 a second; see `fit` for other lengths.
    Raises:
        ValueError: another shape, or louder samples.
    """
    samples = np.asarray(samples)
    if samples.ndim != 2 or not samples.size or samples.shape[1] % HOP or not np.abs(samples).max() <= 1:
        raise ValueError(
            f"Expected samples [n, a multiple of {HOP}] within [-1, 1], got shape {list(samples.shape)} or louder "
            "ones; see sounds.fit."
        )
    loud = np.abs(stft(samples)) / (_window().sum() / 2)
    bands = np.square(loud) @ mel_filters().T
    scaled = 1 + 10 * np.log10(np.maximum(bands, 1e-12)) / DECIBELS
    return np.clip(scaled, 0, 1).astype(np.float32).transpose(0, 2, 1)[:, ::-1, :, None]


def fit(samples: np.ndarray, length: int = LENGTH) -> np.ndarray:
    """One sound `[n]` made as loud as can be, and cut or filled with silence: float32 `[length]` within [-0.9, 0.9].

    Raises:
        ValueError: no mono samples, or nothing but silence.
    """
    samples = np.asarray(samples, np.float32)
    if samples.ndim != 1 or not samples.size or not np.abs(samples).max() > 0:
        raise ValueError(f"Expected mono samples [n] that are not all 0, got shape {list(samples.shape)}.")
    samples = samples[:length]
    return np.pad(PEAK * samples / np.abs(samples).max(), (0, length - len(samples)))


# -- as symbols -------------------------------------------------------------------------------------------------------


def mu_law(samples: np.ndarray) -> np.ndarray:
    """Each sample as one of 256 symbols, finer near silence, as the ear is: uint8 of the same shape.

    f(x) = sign(x) log(1 + 255 |x|) / log(256), which is within [-1, 1], cut into equal parts (van den Oord et al.,
    "WaveNet", 2016, section 2.2).

    Raises:
        ValueError: samples that are not within [-1, 1].
    """
    samples = np.asarray(samples)
    if samples.size and not np.abs(samples).max() <= 1:
        raise ValueError(
            f"Expected samples within [-1, 1], got {np.abs(samples).max():.3g}; divide by the largest absolute value."
        )
    squeezed = np.sign(samples) * np.log1p(255 * np.abs(samples)) / np.log(256)
    return np.rint((squeezed + 1) / 2 * 255).astype(np.uint8)


def from_mu_law(symbols: np.ndarray) -> np.ndarray:
    """The samples that symbols of `mu_law` stand for: float32 within [-1, 1], of the same shape."""
    squeezed = np.asarray(symbols, np.float32) / 255 * 2 - 1
    return (np.sign(squeezed) * np.expm1(np.abs(squeezed) * np.log(256)) / 255).astype(np.float32)


# -- and back ---------------------------------------------------------------------------------------------------------


def magnitudes(images: np.ndarray, rounds: int = 60) -> np.ndarray:
    """What `stft` magnitudes `[n, frames, 257]` a picture `[n, 64, frames, 1]` may have come from.

    A band is a sum over frequencies, so many fit. These are nonnegative powers whose bands come near to the picture's
    (multiplicative updates, Lee and Seung).

    Raises:
        ValueError: another shape, or values outside of [0, 1].
    """
    images = np.asarray(images, np.float32)
    if images.ndim != 4 or images.shape[1] != MELS or images.shape[3] != 1 or not images.size:
        raise ValueError(f"Expected pictures [n, {MELS}, frames, 1], got shape {list(images.shape)}.")
    if not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(f"Expected pictures in [0, 1], got {images.min():.3g} to {images.max():.3g}; clip them.")
    bands = 10 ** ((images[:, ::-1, :, 0].transpose(0, 2, 1) - 1) * DECIBELS / 10)
    bands = np.where(images[:, ::-1, :, 0].transpose(0, 2, 1) > 0, bands, 0)
    filters = mel_filters().astype(np.float32)
    power = bands @ (filters / filters.sum(axis=1, keepdims=True))
    wanted, square = bands @ filters, filters.T @ filters
    for _ in range(rounds):
        power *= wanted / np.maximum(power @ square, 1e-12)
    return np.sqrt(power) * (_window().sum() / 2)


def griffin_lim(wanted: np.ndarray, rounds: int = 32, momentum: float = 0.99, seed: int = 0):
    """Samples whose `stft` has the magnitudes that are wanted: `(samples [n, HOP * frames], errors [rounds])`.

    Griffin and Lim (1984): begin with random phases; make the sound, measure its phases, put the wanted magnitudes in,
    and again. The momentum is Perraudin's (2013); with 0 it is the first form, whose error never rises.

    Args:
        wanted: `[n, frames, 257]`, at least 0.
    Returns:
        errors: after each round, the distance of magnitudes from those wanted, as a share of these.
    """
    wanted = np.asarray(wanted, np.float32)
    phase = np.exp(2j * np.pi * np.random.default_rng(seed).random(wanted.shape, np.float32)).astype(np.complex64)
    before, errors = 0, []
    for _ in range(rounds):
        samples = istft(wanted * phase)
        found = stft(samples)
        errors.append(np.linalg.norm(np.abs(found) - wanted) / max(np.linalg.norm(wanted), 1e-12))
        ahead = found + momentum * (found - before)
        phase, before = ahead / np.maximum(np.abs(ahead), 1e-12), found
    return istft(wanted * phase), np.array(errors)


def from_pictures(images: np.ndarray, rounds: int = 32, seed: int = 0) -> np.ndarray:
    """Sounds of pictures `[n, 64, frames, 1]`: float32 `[n, 160 * frames]`, each as loud as [-0.9, 0.9] allows."""
    samples = griffin_lim(magnitudes(images), rounds, seed=seed)[0]
    loudest = np.abs(samples).max(axis=1, keepdims=True)
    return (PEAK * samples / np.maximum(loudest, 1e-9)).astype(np.float32)


def _window():
    return np.float32(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW))
