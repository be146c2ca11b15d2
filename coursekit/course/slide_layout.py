"""Parts -> slides no higher than the screen: one message each; what is too long goes on on the next slide."""

import dataclasses

from coursekit.course import slide_sizes as sizes
from coursekit.course.slide_parts import Part

SEEN = ("picture", "widget")  # they grow to fill the rest of a slide
EVIDENCE = (*SEEN, "table", "code", "output")
SHARE = 0.8  # a picture shares a slide if it stays this large, compared with one that has the slide to itself
WIDGETS_SHARE = 0.92  # the type of a widget cannot shrink with it
LEAST_SHARE = 0.6  # the same, where a sentence would otherwise stand alone on a slide
LARGEST = 1.6  # a picture's scale: beyond it, pixels show
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


def slides(parts: list[Part]) -> list[Slide]:
    """The slides of a lecture's parts (`slide_parts.parts`), arranged."""
    made, head = [Slide(stack=True)], ""
    waiting = list(parts)
    while waiting:
        part = waiting.pop(0)
        slide = made[-1]
        if part.kind == "note" and not part.begins:
            slide.notes.append(part.text)
            continue
        if part.begins == "subslide" and part.kind == "message" and not _has_evidence(waiting):
            part.begins = ""  # nothing would stand there but a sentence
        if not slide.empty and (part.begins or part.kind == "title" or not _take(slide, part, waiting)):
            slide = Slide(stack=part.begins == "slide", head=head)
            made.append(slide)
        elif not slide.empty:
            continue
        if not _take(slide, part, waiting):
            fits, rest = _cut(slide, part)
            slide.body.append(fits)
            waiting[:0] = rest
        if part.kind == "title":
            head, slide.head = part.text, ""
    for slide in made:
        arrange(slide)
    return made


def _take(slide, part, coming):
    """Adds the part to the slide if there is room; says whether it did."""
    if part.kind == "note":
        slide.notes.append(part.text)
    elif part.kind == "title":
        slide.title = part
    elif part.kind == "message":
        return _take_message(slide, part, coming)
    elif part.kind == "print":
        return _take_print(slide, part)
    elif part.kind in SEEN:
        return _take_seen(slide, part, coming)
    else:
        if slide.seen and part.kind == "table" and not slide.takeaway:
            trial = dataclasses.replace(slide, body=[*slide.body, part])
            return scale(trial) >= SHARE * scale(slide) and _add(slide, part)
        if slide.seen or slide.takeaway or (part.kind != "box" and slide.has("box")):
            return False
        if part.kind in ("box", "text", "formula", "list") and slide.has("code", "table", "output"):
            return False
        return _add(slide, part)
    return True


def _take_message(slide, part, coming):
    """A message stands above what is there, or below the picture or table that it draws its conclusion from."""
    if slide.has("code", "box"):
        return False
    trial = dataclasses.replace(slide, message=part)
    share = SHARE if _has_evidence(coming) else LEAST_SHARE
    if slide.message and slide.has(*EVIDENCE) and not slide.takeaway:
        trial = dataclasses.replace(slide, takeaway=part)
    elif slide.message or any(each.kind not in ("table", "output") for each in slide.read):
        return False
    if scale(trial) < share * _alone(slide.seen, part) or not _fits(trial):
        return False
    slide.message, slide.takeaway = trial.message, trial.takeaway
    return True


def _has_evidence(coming):
    """Whether a slide that begins now would show anything but the message."""
    part = next((part for part in coming if part.kind != "note"), None)
    return part is not None and not part.begins and part.kind not in ("title", "message")


def _take_seen(slide, part, coming):
    if slide.empty:
        slide.body.append(part)
        return True
    if slide.has("box", "table", "output") or slide.prints or slide.takeaway:
        return False
    conclusion = next((p for p in coming if p.kind not in ("print", "note", *SEEN)), None)
    if conclusion is None or conclusion.kind != "message" or conclusion.begins:
        conclusion = None
    trial = dataclasses.replace(slide, body=[*slide.body, part], takeaway=conclusion if slide.message else None)
    share = WIDGETS_SHARE if part.kind == "widget" else SHARE
    if not _fits(trial) or scale(trial) < share * _alone([*slide.seen, part], conclusion or slide.message):
        return False
    slide.body.append(part)
    return True


def _alone(seen, message):
    """The scale of the smallest of these pictures, each on a slide of its own below the message."""
    return min((scale(Slide(head="x", message=message, body=[each])) for each in seen), default=LARGEST)


def _take_print(slide, part):
    if slide.has("box"):
        return False
    trial = dataclasses.replace(slide, prints=[*slide.prints, part])
    if not _fits(trial):
        return False
    slide.prints.append(part)
    return True


def _add(slide, part):
    trial = dataclasses.replace(slide, body=[*slide.body, part])
    if not _fits(trial):
        return False
    slide.body.append(part)
    return True


def _fits(slide):
    trial = dataclasses.replace(slide)
    arrange(trial)
    return trial.too_high == 0


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
    room = sizes.HEIGHT - _around(slide, size)
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
    over = max(over, 160 - free if free < 160 else 0)
    return over - TOLERANCE, seen_at


def _code_font(slide, size, width):
    """Code takes what the other parts that are read leave; above a picture it is small."""
    codes = [part for part in slide.read if part.kind == "code"]
    if not codes:
        return 0
    room = sizes.HEIGHT - _around(slide, size)
    if slide.seen and width == sizes.WIDTH:
        return sizes.CODE_SMALLEST
    others = [part for part in slide.read if part.kind != "code"]
    room -= sum(sizes.height(part, size, width) + sizes.GAP for part in others) + sizes.GAP * len(codes)
    return min(sizes.code_font(part.text, width, room / len(codes)) for part in codes)


def _around(slide, size):
    """What title, message, takeaway and prints take."""
    used = sizes.HEAD if slide.head else 0
    for part in filter(None, (slide.title, slide.message, slide.takeaway)):
        kind = "takeaway" if part is slide.takeaway else part.kind
        used += sizes.height(dataclasses.replace(part, kind=kind), size) + sizes.GAP
    used += sizes.TAKEAWAY_PADDING * bool(slide.takeaway)
    return used + sum(sizes.height(part, size) for part in slide.prints) + sizes.GAP * bool(slide.prints)


def _cut(slide, part):
    """The piece of a part that fits an otherwise empty slide, and the pieces that come after it."""
    room = sizes.HEIGHT - _around(slide, sizes.DENSE) - sizes.GAP
    if part.kind == "list":
        pieces, glue = sizes.items(part.text), "\n"
        heights = [sizes.height(dataclasses.replace(part, text=piece), sizes.DENSE) for piece in pieces]
    elif part.kind == "table":
        header, pieces, glue = _rows(part.text)
        first, *heights = sizes.table_rows(part.text, sizes.FONTS["table"][sizes.DENSE], sizes.WIDTH)
        room -= first
    elif part.kind == "code":
        pieces, glue = part.text.split("\n"), "\n"
        heights = [sizes.height(Part("code", piece), sizes.DENSE) - sizes.CODE_PADDING for piece in pieces]
        room -= sizes.CODE_PADDING
    else:
        return part, []
    count = 0
    while count < len(pieces) and sum(heights[: count + 1]) <= room:
        count += 1
    if part.kind == "code":  # cut where a line stands apart, or at least one that is not indented
        ends = [n for n in range(count // 2, count) if not pieces[n].strip()]
        count = ends[-1] if ends else count
    else:  # two even halves rather than a full slide and a row
        count = min(count, -(-len(pieces) // -(-len(pieces) // max(1, count))))
    if not 0 < count < len(pieces):
        return part, []
    cut = [glue.join(pieces[:count]), glue.join(pieces[count:]).strip("\n")]
    if part.kind == "table":
        cut = [header.replace("\0", piece) for piece in cut]
    first, second = (dataclasses.replace(part, text=text, begins="") for text in cut)
    return first, [second]


def _rows(table):
    """(the table with \\0 in place of its rows, its rows, what stands between them)"""
    if not table.lstrip().startswith("<"):
        head, line, *rows = table.strip().split("\n")
        return f"{head}\n{line}\n\0", rows, "\n"
    start, end = table.index("<tbody>") + len("<tbody>"), table.rindex("</tbody>")
    rows = [row + "</tr>" for row in table[start:end].split("</tr>") if row.strip()]
    return table[:start] + "\0" + table[end:], rows, ""


def problems(slides: list[Slide]) -> list[str]:
    """A line for each slide that is, by estimate, higher than the screen, with what is on it."""
    found = []
    for number, slide in enumerate(slides, 1):
        if slide.too_high:
            name = slide.title.text if slide.title else slide.head
            most = max([slide.message, *slide.body], key=lambda part: sizes.height(part, sizes.DENSE) if part else 0)
            what = (
                f"{most.kind} that begins `{most.text.strip().splitlines()[0]:.50}`"
                if most and most.text
                else "picture"
            )
            found.append(f"slide {number} ({name}): about {slide.too_high} pixels too high, mostly a {what}")
    return found
