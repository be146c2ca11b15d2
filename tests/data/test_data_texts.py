"""Texts as letters: the sets "plays" and "tiny_shakespeare", and what is no text."""

import numpy as np
import pytest

from coursekit import data, letters
from coursekit.data.registry import CATALOG
from coursekit.data.texts import read_tiny_shakespeare


def test_the_plays_are_what_the_catalog_says():
    parts = {split: data.load("plays", split) for split in ("train", "test")}
    assert {split: len(text) for split, text in parts.items()} == CATALOG["plays"].counts
    assert parts["test"].titles == ("the-merchant-of-venice",)
    assert len(parts["train"].titles) == 7
    assert parts["train"].text.startswith("BERNARDO:\nWho's there?\n\nFRANCISCO:\n")
    assert "The quality of mercy is not strain'd" in parts["test"].text
    assert "_" not in parts["train"].text
    assert "license" in parts["train"].terms
    shared = set(parts["train"].lines) & {line for line in parts["test"].lines if len(line) > 40}
    assert shared == set()


def test_a_text_is_decoded_once():
    """A lecture asks for letters of the book one by one: `text.text[i]`."""
    book = data.load("plays", "test")
    assert book.text is book.text
    assert book.text == letters.decode(book.letters)


def test_a_limit_is_a_number_of_letters_from_the_beginning():
    assert data.load("plays", limit=9).text == "BERNARDO:"


def test_tiny_shakespeare_is_split_as_nanogpt_does(tmp_path):
    text = "".join(letters.ALPHABET[i % 65] for i in range(1009))
    (tmp_path / "input.txt").write_bytes(text.encode())
    train, test = (read_tiny_shakespeare(split, tmp_path / "input.txt")[0] for split in ("train", "test"))
    assert letters.decode(train) == text[: int(0.9 * 1009)]
    assert letters.decode(np.concatenate([train, test])) == text


def test_letters_go_there_and_back():
    assert letters.CLASSES == len(set(letters.ALPHABET)) == 65
    symbols = letters.encode(letters.ALPHABET)
    np.testing.assert_array_equal(symbols, np.arange(65))
    assert letters.decode(symbols) == letters.ALPHABET
    assert letters.decode(symbols.reshape(5, 13))[1] == letters.ALPHABET[13:26]


def test_other_letters_are_named_and_can_be_made_plain():
    text = "“Café” — naïve 42 €\r\n"
    with pytest.raises(ValueError, match=r"others, such as .*letters\.plain"):
        letters.encode(text)
    assert letters.plain(text) == "Cafe -- naive  \n"
    assert letters.decode(letters.encode(letters.plain(text))) == letters.plain(text)


def test_a_huge_text_is_encoded_at_once():
    text = "to be or not to be " * 300_000
    assert len(letters.encode(text)) == len(text)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: letters.encode(""), ValueError, "empty"),
        (lambda: letters.encode(b"to be"), TypeError, "a text"),
        (lambda: letters.encode("to\udce4"), ValueError, "letters.plain"),
        (lambda: letters.decode(np.array([65])), ValueError, "from 0 to 64"),
        (lambda: letters.decode(np.array([0.5])), ValueError, "whole numbers"),
        (lambda: letters.windows(np.arange(3), 4), ValueError, "at least 4"),
        (lambda: letters.windows(np.arange(3), 0), ValueError, "positive"),
        (lambda: data.load("plays", seed=0), ValueError, "no seed"),
        (lambda: data.load("plays", "valid"), ValueError, "split"),
        (lambda: data.load("plays", bars=2), ValueError, "bars"),
    ],
)
def test_what_is_no_text_is_said(call, error, says):
    with pytest.raises(error, match=says):
        call()


# -- lines -------------------------------------------------------------------------------------------------------------

SCENE = """ANTONIO OF VENICE:
In sooth, I know not why:
In sooth, I know not why:
Too short

ALL THE LORDS OF IT:
Farewell."""


def test_lines_are_padded_and_come_once_without_speakers():
    x = letters.lines(letters.encode(SCENE), 5, 24)
    assert letters.unpad(x) == ["In sooth, I know not why:", "Too short", "Farewell."][1:], "25 letters are too long"
    x = letters.lines(letters.encode(SCENE), 5, 25)
    assert x.dtype == np.uint8
    assert x.shape == (3, 26)
    assert letters.unpad(x) == ["In sooth, I know not why:", "Too short", "Farewell."]
    assert (x[:, -1] == letters.STOP).all()
    assert letters.decode(x[1]) == "Too short" + 17 * "\n"
    np.testing.assert_array_equal(letters.pad(letters.unpad(x), 26), x)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: letters.lines(letters.encode(SCENE), 60, 70), "60 to 70"),
        (lambda: letters.lines(letters.encode(SCENE), 0), "shortest"),
        (lambda: letters.lines(SCENE), "letters.encode"),
        (lambda: letters.pad(["to be"], 5), "at most 4 letters"),
        (lambda: letters.pad(["to\nbe"], 9), "at most 8 letters"),
        (lambda: letters.pad("to be", 9), "a list of texts"),
        (lambda: letters.pad([], 9), "at least one"),
        (lambda: letters.pad([""], 9), "at least one letter"),
        (lambda: letters.unpad(np.arange(3)), "2 dimensions"),
    ],
)
def test_what_are_no_lines_is_said(call, says):
    with pytest.raises(ValueError, match=says):
        call()
