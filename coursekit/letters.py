"""Text as symbols: one whole number for each letter, from 0 to 64.

The alphabet is that of the text "tiny Shakespeare", so that a network that has learned one text can read another one.
"""

import unicodedata

import numpy as np

ALPHABET = "\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CLASSES = len(ALPHABET)
STOP = 0  # the end of a line

_CODES = np.full(128, CLASSES, np.uint8)
_CODES[[ord(letter) for letter in ALPHABET]] = np.arange(CLASSES)
_BYTES = np.frombuffer(ALPHABET.encode("ascii"), np.uint8)
_ALIKE = str.maketrans(
    {"‘": "'", "’": "'", "“": "", "”": "", '"': "", "–": "-", "—": "--", "…": "...", "(": ",", ")": ",", "\t": " "}
)


def encode(text: str) -> np.ndarray:
    """The letters of a text as symbols, uint8 `[n]`.

    Raises:
        TypeError: no text.
        ValueError: an empty text, or letters that are not in `ALPHABET`.
    """
    if not isinstance(text, str):
        raise TypeError(f"Expected a text, got a {type(text).__name__}; read a file by open(PATH).read().")
    if not text:
        raise ValueError("Expected a text of at least one letter, got an empty one.")
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    symbols = _CODES[np.minimum(points, 127)]
    if symbols.max() == CLASSES:
        unseen = sorted(set(text) - set(ALPHABET))
        raise ValueError(
            f"Expected letters of the {CLASSES} in letters.ALPHABET, got {len(unseen)} others, such as "
            f"{''.join(unseen[:10])!r}; letters.plain(text) writes what it can with these {CLASSES}."
        )
    return symbols


def decode(symbols) -> str | list[str]:
    """The text of symbols `[n]`; of `[m, n]`, a list of m texts.

    Raises:
        ValueError: no whole numbers from 0 to 64.
    """
    symbols = check(symbols, "symbols", dimensions=(1, 2))
    if symbols.ndim == 2:
        return [decode(row) for row in symbols]
    return _BYTES[symbols].tobytes().decode("ascii")


def plain(text: str) -> str:
    """A text in the letters of `ALPHABET`: accents are taken off, curly quotes and long dashes become plain ones, and
    what is still unknown is left out."""
    parts = unicodedata.normalize("NFKD", text.replace("\r\n", "\n").translate(_ALIKE))
    return "".join(letter for letter in parts if letter in ALPHABET)


def windows(symbols, steps: int, stride: int | None = None) -> np.ndarray:
    """Windows of a long sequence, `[n, steps]`, in its own type. What is left at the end fills no window.

    Args:
        symbols: `[letters]`. stride: steps from the beginning of a window to that of the next one; `steps` if None.
    Raises:
        ValueError: a sequence shorter than a window, or no positive whole numbers.
    """
    symbols = np.asarray(symbols)
    stride = steps if stride is None else stride
    _check_counts(steps=steps, stride=stride)
    if symbols.ndim != 1 or len(symbols) < steps:
        raise ValueError(f"Expected one sequence of at least {steps} symbols, got {list(symbols.shape)}; cut less.")
    return np.lib.stride_tricks.sliding_window_view(symbols, steps)[::stride].copy()


def lines(symbols, shortest: int = 16, longest: int = 40) -> np.ndarray:
    """The lines of a text, each different one once, in the order of the text: uint8 `[n, longest + 1]`. After a line
    stands STOP up to the fixed length, so at least once. Names of speakers are left out: lines that follow an empty
    one, or nothing, and end in a colon.

    Args:
        symbols: `[letters]`. shortest, longest: letters that a line has, its end not counted.
    Raises:
        ValueError: no symbols, no positive whole numbers, or no line of such a length.
    """
    _check_counts(shortest=shortest, longest=longest)
    rows = decode(check(symbols)).split("\n")
    spoken = [row for before, row in zip(["", *rows], rows, strict=False) if before or not row.endswith(":")]
    chosen = list(dict.fromkeys(row for row in spoken if shortest <= len(row) <= longest))
    if not chosen:
        raise ValueError(f"Expected a text with lines of {shortest} to {longest} letters, got one without; take more.")
    return pad(chosen, longest + 1)


def pad(texts, steps: int) -> np.ndarray:
    """Short texts as symbols of one length, uint8 `[n, steps]`: after each stands STOP, at least once.

    Raises:
        ValueError: no text, one that has other letters, an end of a line in it, or more than steps - 1 letters.
    """
    if isinstance(texts, str) or not len(texts):
        raise ValueError(f"Expected a list of texts, at least one, got {texts!r}.")
    padded = np.full((len(texts), steps), STOP, np.uint8)
    for row, text in zip(padded, texts, strict=True):
        if len(text) >= steps or "\n" in text:
            raise ValueError(
                f"Expected lines of at most {steps - 1} letters, got {text!r}; cut it, or build with more."
            )
        row[: len(text)] = encode(text)
    return padded


def unpad(symbols) -> list[str]:
    """The letters of each row of symbols `[n, steps]` before its first STOP."""
    return [text.split("\n", 1)[0] for text in decode(check(symbols, dimensions=(2,)))]


def check(symbols, name: str = "symbols", classes: int = CLASSES, dimensions=(1,)) -> np.ndarray:
    """Symbols as a NumPy array of whole numbers from 0 to classes - 1, of so many dimensions.

    Raises:
        ValueError: anything else, or nothing.
    """
    found = np.asarray(symbols)
    if found.dtype.kind not in "iu" or found.ndim not in dimensions or found.size == 0:
        raise ValueError(
            f"Expected {name}: whole numbers in {' or '.join(map(str, dimensions))} dimensions, at least one, got "
            f"{found.dtype} {list(found.shape)}; of a text, take letters.encode(text)."
        )
    low, high = int(found.min()), int(found.max())
    if low < 0 or high >= classes:
        raise ValueError(f"Expected {name} from 0 to {classes - 1}, got some from {low} to {high}.")
    return found


def _check_counts(**counts):
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"Expected {name} to be a positive whole number, got {value!r}.")
