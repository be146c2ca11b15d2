"""`Widget`: the base of the widgets that run in a page."""

import math
import re
import traceback
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from coursekit.widgets.pictures import png

HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n+', re.MULTILINE)


class Widget(anywidget.AnyWidget):
    """An anywidget with a picture for where no JavaScript runs, and with answers to what its page asks the kernel.

    A subclass sets `_esm = script("its.js")` and `_css = HERE / "its.css"`, hands its traits to `super().__init__` and
    defines

    * `stand_in()`: the PNG file that GitHub and PDF show in its place, and the text alternative of that picture;
    * `__repr__()`: one line for where there are no pictures, the same in every run;
    * only if the kernel draws for the page, `draw(at)` and `call(at)`.

    The page (`askKernel` in common.js) sends {"kind": "hello"} and, once it has heard {"kind": "ready"}, may send
    {"kind": "draw", "id": ..., "at": ...}. It gets {"kind": "frame", "id": ...} with the PNG file of `draw(at)`, or
    {"kind": "error", "id": ..., "text": ..., "traceback": ...}.

    Attributes:
        title: what stands above the widget; nothing if empty.
        alt: the text alternative of what it shows.
    """

    title = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.on_msg(self._answer)

    def stand_in(self) -> tuple[bytes, str]:
        """The PNG file for where no JavaScript runs, and its text alternative."""
        raise NotImplementedError

    def draw(self, at) -> np.ndarray:
        """The uint8 picture [height, width(, 3)] for what the page asks, `at`."""
        raise NotImplementedError

    def call(self, at) -> str:
        """The subject of the sentence "... failed", where `draw(at)` raised an error."""
        return "draw"

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        picture, alt = self.stand_in()
        # First, so that the picture stands before the widget in the file.
        ours = {"text/plain": repr(self), "image/png": picture}
        return ours | {kind: data[kind] for kind in data if kind not in ours}, metadata | {"image/png": {"alt": alt}}

    def _answer(self, _, message, buffers):
        if message["kind"] == "hello":
            self.send({"kind": "ready"})
            return
        at, name = message["at"], {"id": message["id"]}
        try:
            file = png(self.draw(at))
        except Exception as error:  # whatever the user's function raised belongs on the page
            text = f"{self.call(at)} failed: {type(error).__name__}: {error}"
            self.send({"kind": "error", **name, "text": text, "traceback": traceback.format_exc()})
        else:
            self.send({"kind": "frame", **name}, [file])


def script(name) -> str:
    """The module `name` of this folder and all that it imports from beside it, in one text.

    anywidget takes one text, and a page opened from a disk may not import files. So each file comes once, after those
    that it imports, without its import statements: no two files of a widget may define the same name.
    """
    texts = {}

    def add(name):
        text = (HERE / name).read_text("utf-8")
        for other in _IMPORT.findall(text):
            if other not in texts:
                add(other)
        texts[name] = _IMPORT.sub("", text)

    add(name)
    return "\n".join(texts.values())


def check_size(size, max_kb, what, remedy):
    """Raise ValueError if `size` bytes are more than `max_kb` kB of base64 in the notebook.

    Args:
        what: the bytes in words.
        remedy: what to do; "{times}" in it is replaced by how many times too large it is.
    """
    kb = math.ceil(size * 4 / 3 / 1000)
    if kb > max_kb:
        raise ValueError(
            f"Expected at most {max_kb} kB in the notebook, got {kb} kB ({what}); "
            f"{remedy.format(times=math.ceil(kb / max_kb))}, or raise max_kb."
        )
