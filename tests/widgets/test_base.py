import io
import re
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from coursekit.widgets import DecoderExplorer, FramePlayer, GanGame2D
from coursekit.widgets.base import Widget, check_size
from coursekit.widgets.pictures import png


class Square(Widget):
    """The least that a widget is."""

    _esm = "export default { render() {} };"

    def __repr__(self):
        return "Square()"

    def stand_in(self):
        return png(self.draw(7)), f"{self.alt}, at 7"

    def draw(self, at):
        return np.full((2, 2), at, np.uint8)

    def call(self, at):
        return f"draw({at})"


def answer(message):
    """What the kernel answers to a message of the page: (content, buffers)."""
    widget, answers = Square(), []
    widget.send = lambda content, buffers=None: answers.append((content, buffers))
    widget._answer(widget, message, [])
    return answers[0]


def test_the_output_is_text_picture_and_page():
    data, metadata = Square(alt="A square")._repr_mimebundle_()
    assert list(data)[:2] == ["text/plain", "image/png"]
    assert data["text/plain"] == "Square()"
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"] == {"alt": "A square, at 7"}


def test_the_page_gets_what_it_asks_for():
    assert answer({"kind": "hello"})[0] == {"kind": "ready"}
    content, buffers = answer({"kind": "draw", "id": "a", "at": 9})
    assert content == {"kind": "frame", "id": "a"}
    assert (np.asarray(Image.open(io.BytesIO(buffers[0]))) == 9).all()


def test_errors_reach_the_page():
    content, _ = answer({"kind": "draw", "id": "a", "at": "nine"})
    assert (content["kind"], content["id"]) == ("error", "a")
    assert content["text"].startswith("draw(nine) failed: ValueError: invalid literal")
    assert "Traceback" in content["traceback"]


def test_what_is_too_large_is_told_with_numbers():
    check_size(750_000, 1000, "dots", "show fewer")
    with pytest.raises(
        ValueError, match=r"at most 400 kB in the notebook, got 1000 kB \(dots\); show one in 3, or raise max_kb"
    ):
        check_size(750_000, 400, "dots", "show one in {times}")


@pytest.mark.parametrize("widget", [DecoderExplorer, FramePlayer, GanGame2D])
def test_a_widget_is_one_module(widget):
    text = str(widget._esm)
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert text.count("export default { render };") == 1
    names = re.findall(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", text, re.MULTILINE)
    assert [name for name, times in Counter(names).items() if times > 1] == []
