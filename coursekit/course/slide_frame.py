"""A slide, and its arrangement: the size of its type and its columns."""

import dataclasses

from coursekit.course import slide_sizes as sizes
from coursekit.course.slide_parts import Part

SEEN = ("picture", "widget")  # they grow to fill the rest of a slide
EVIDENCE = (*SEEN, "table", "code", "output")
LARGEST = 1.6  # a picture's scale: beyond it, pixels show
LOWEST = 160  # pixels that all pictures of a slide need
TOLERANCE = 6  # pixels


@dataclasses.dataclass
class Slide:
    """One slide.

    Attributes:
        stack: a new section of the lecture begins here.
        head: the section's heading (Markdown), where this slide has no title of its own.
        title, message: the heading that stands here; the sentence that the slide is about.
        body: its other parts. takeaway: what the picture shows, in a sentence below it. prints: below, too.
        notes: Markdown for the speaker.
        size: of its type, LARGE, USUAL or DENSE. code_font: of its code, in pixels.
        split: width in pixels of the text's column, beside what fills the other one; 0: all in one column.
        too_high: by how many pixels the slide is (by estimate) higher than the screen.
    """

    stack: bool = False
    head: str = ""
    title: Part | None = None
    message: Part | None = None
    body: list[Part] = dataclasses.field(default_factory=list)
    takeaway: Part | None = None
    prints: list[Part] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    size: int = sizes.USUAL
    code_font: int = 0
    split: int = 0
    too_high: int = 0

    @property
    def seen(self) -> list[Part]:
        return [part for part in self.body if part.kind in SEEN]

    @property
    def read(self) -> list[Part]:
        return [part for part in self.body if part.kind not in SEEN]

    def has(self, *kinds) -> bool:
        return any(part.kind in kinds for part in self.body)

    @property
    def empty(self) -> bool:
        return not (self.title or self.message or self.body or self.prints)


def arrange(slide: Slide) -> None:
    """Chooses the slide's size of type and its columns; sets `size`, `split` and `too_high`."""
    tries = []
    for size in _sizes(slide):
        for split in [0, *_splits(slide, size)]:
            over, seen_at = _measure(slide, size, split)
            tries.append((max(0, over), -seen_at * (1, 0.95, 0.85)[size], size, split))
    best = min(tries, key=lambda each: (each[0] > 0, each[0] if each[0] > 0 else each[1]))
    slide.too_high, slide.size, slide.split = round(best[0]), best[2], best[3]
    slide.code_font = _code_font(slide, slide.size, slide.split or sizes.WIDTH)


def scale(slide: Slide) -> float:
    """At which scale the slide shows its pictures at best; `LARGEST` if it has none."""
    return max(_measure(slide, size, split)[1] for size in _sizes(slide) for split in [0, *_splits(slide, size)])


def _sizes(slide):
    return (sizes.USUAL, sizes.DENSE) if slide.has(*SEEN, "code") else (sizes.LARGE, sizes.USUAL, sizes.DENSE)


def _splits(slide, size):
    """Widths that the column of text may have beside the pictures."""
    if not slide.seen or not slide.read:
        return []
    if codes := [part for part in slide.read if part.kind == "code"]:
        widest = max(sizes.code_width(part.text, sizes.CODE_SMALLEST) for part in codes)
        return [round(widest)] if widest < sizes.WIDTH - 400 else []
    return [420, 520, 620]


def _measure(slide, size, split):
    """(pixels too many, the scale of the pictures)"""
    room = sizes.HEIGHT - around(slide, size)
    wide = sizes.WIDTH
    font = _code_font(slide, size, split or wide)
    read = sum(sizes.height(part, size, split or wide, font) + sizes.GAP for part in slide.read)
    if not slide.seen:
        return read - room - TOLERANCE, LARGEST
    over = read - room if split else 0
    wide, room = (wide - split - sizes.COLUMN_GAP, room) if split else (wide, room - read)
    frames = [part.size if part.kind == "picture" else sizes.WIDGET for part in slide.seen]
    tall = sum(height for _, height in frames)
    free = room - sizes.GAP * (len(frames) - 1)
    seen_at = min(LARGEST, *(wide / width for width, _ in frames), max(free, 1) / tall)
    over = max(over, LOWEST - free)
    return over - TOLERANCE, seen_at


def _code_font(slide, size, width):
    """Code takes what the other parts that are read leave; above a picture it is small."""
    codes = [part for part in slide.read if part.kind == "code"]
    if not codes:
        return 0
    room = sizes.HEIGHT - around(slide, size)
    if slide.seen and width == sizes.WIDTH:
        return sizes.CODE_SMALLEST
    others = [part for part in slide.read if part.kind != "code"]
    room -= sum(sizes.height(part, size, width) + sizes.GAP for part in others) + sizes.GAP * len(codes)
    return min(sizes.code_font(part.text, width, room / len(codes)) for part in codes)


def around(slide, size):
    """What title, message, takeaway and prints take."""
    used = sizes.HEAD if slide.head else 0
    for part in filter(None, (slide.title, slide.message, slide.takeaway)):
        kind = "takeaway" if part is slide.takeaway else part.kind
        used += sizes.height(dataclasses.replace(part, kind=kind), size) + sizes.GAP
    used += sizes.TAKEAWAY_PADDING * bool(slide.takeaway)
    return used + sum(sizes.height(part, size) for part in slide.prints) + sizes.GAP * bool(slide.prints)
