"""Heights of a slide's parts, estimated without a browser; `slides.css` has the same sizes."""

import itertools
import math
import re

# The frame of a slide of 1280 x 720, less its padding; the space between two parts.
WIDTH, HEIGHT, GAP = 1168, 650, 14
HEAD, TITLE_MARGIN, TAKEAWAY_PADDING = 34, 10, 12
COLUMN_GAP = 36
# Font sizes in pixels: of a slide of few words, of a usual one, of a dense one.
LARGE, USUAL, DENSE = 0, 1, 2
FONTS = {
    "head": (20, 20, 20),
    "title": (48, 40, 36),
    "message": (38, 30, 26),
    "text": (32, 26, 22),
    "formula": (32, 26, 22),
    "box": (32, 26, 22),
    "list": (30, 26, 22),
    "table": (26, 23, 20),
    "takeaway": (25, 25, 22),
    "print": (20, 19, 18),
    "output": (20, 19, 18),
}
CODE_LARGEST, CODE_SMALLEST, CODE_LINE, CODE_PADDING = 24, 18, 1.3, 24
LETTER, CODE_LETTER = (
    0.56,
    0.603,
)  # mean width of DejaVu Sans, the widest of the usual fonts, and of its monospace, in em
MATHS = 1.27  # MathJax makes an x as high as the text's
PLAYER = 174  # of a sound in a table, its picture and the browser's controls
WIDGET = (1000, 500)  # what a widget is taken to measure; on the slide it fills what is there


def plain(markdown: str) -> str:
    """Markdown as it reads, with one letter for each sign of its formulas."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"\$+(.+?)\$+", lambda match: _signs(match[1]), text, flags=re.DOTALL)
    return re.sub(r"\*\*|`|<[^>]*>|^[>#]+ ?", "", text, flags=re.MULTILINE)


def _signs(formula):
    formula = re.sub(r"\\(?:underbrace|overbrace)\{(.*?)\}_\{.*?\}", r"\1", formula)
    formula = re.sub(r"\\(?:text|mathrm|operatorname)\{(.*?)\}", r"\1", formula)
    formula = re.sub(r"\\(log|exp|min|max|sin|cos|mathrm)\b", r"\1", formula)
    formula = re.sub(r"\\(left|right|[bB]igg?[lr]?|math\w+|boldsymbol|tfrac|frac|quad|,|;|!)", "", formula)
    return re.sub(r"[{}^_&\s]", "", re.sub(r"\\([a-zA-Z]+|.)", "x", formula))


def lines(text: str, font: float, width: float) -> int:
    """Lines that the words of `text` (Markdown) take at a font size and width, in pixels."""
    return sum(max(1, math.ceil(len(line) * LETTER * font / width)) for line in plain(text).split("\n"))


def height(part, size: int, width: float = WIDTH, font_of_code: float = CODE_SMALLEST) -> float:
    """The height of a part that is no picture, in pixels; `size` is LARGE, USUAL or DENSE."""
    if part.kind == "code":
        letters = max(20, (width - 40) // (CODE_LETTER * font_of_code))
        return (
            sum(max(1, math.ceil(len(row) / letters)) for row in part.text.split("\n")) * CODE_LINE * font_of_code
            + CODE_PADDING
        )
    font = FONTS[part.kind][size]
    if part.kind == "formula":
        return _formula_height(part.text, font * MATHS, width)
    if part.kind == "table":
        return sum(table_rows(part.text, font, width))
    if part.kind == "list":
        return sum(lines(item, font, width - 40) * font * 1.35 + font * 0.3 for item in items(part.text))
    if part.kind == "box":
        paragraphs = re.split(r"\n>\s*\n", part.text)
        return 28 + sum(lines(" ".join(text.split()), font, width - 60) * font * 1.4 + 8 for text in paragraphs)
    if part.kind in ("print", "output"):
        return (
            sum(max(1, math.ceil(len(line) * CODE_LETTER * font / width)) for line in part.text.split("\n"))
            * font
            * 1.4
        )
    leading = 1.2 if part.kind == "title" else 1.3
    return lines(" ".join(part.text.split()), font, width) * font * leading


def _formula_height(text, font, width):
    rows = re.split(r"\\\\", text)
    em = sum(2.7 if re.search(r"\\(d?frac|sum|prod|int)\b", row) else 1.5 for row in rows)
    em += 1.1 * bool(re.search(r"\\(under|over)brace", text))
    return em * font * min(1, formula_scale(text, font, width)) + 20


def formula_scale(text: str, font: float, width: float) -> float:
    """By how much a formula must shrink to be as wide as `width`; over 1 if it need not."""
    return width / (0.55 * font * max(1, *(len(_signs(row)) for row in re.split(r"\\\\", text.strip("$")))))


def code_font(text: str, width: float, room: float) -> int:
    """The largest font at which the code is as narrow as `width` and as low as `room`, from 18 to 24 pixels."""
    rows = text.split("\n")
    by_width = (width - 40) / (CODE_LETTER * max(map(len, rows)))
    by_height = (room - CODE_PADDING) / (CODE_LINE * len(rows))
    return int(max(CODE_SMALLEST, min(CODE_LARGEST, by_width, by_height)))


def code_width(text: str, font: float) -> float:
    return max(map(len, text.split("\n"))) * CODE_LETTER * font + 44


def items(text: str) -> list[str]:
    """The items of a Markdown list, each with its mark."""
    return [item for item in re.split(r"\n(?=(?:[-*+]|\d+\.) )", text.strip()) if item.strip()]


def cells(table: str) -> list[list[str]]:
    """The cells of a table (Markdown or HTML), header first."""
    if table.lstrip().startswith("<"):
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        return [
            [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows
        ]
    rows = [line.strip().strip("|") for line in table.strip().split("\n")]
    return [[plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", row)] for row in [rows[0], *rows[2:]]]


def table_rows(table: str, font: float, width: float) -> list[float]:
    """The height of each row of a table, header first."""
    rows = cells(table)
    letter = LETTER * font * 1.03
    share = width / letter - 1.2 * font / letter * max(map(len, rows))
    columns = list(itertools.zip_longest(*rows, fillvalue=""))
    least = [max(len(word) for cell in column for word in (cell.split() or [""])) for column in columns]
    most = [max(map(len, column)) for column in columns]
    spare = max(0, share - sum(least)) / max(1, sum(most) - sum(least))
    fair = [low + min(1, spare) * (high - low) for low, high in zip(least, most, strict=True)]
    tall = [max(_wrapped(cell, size) for cell, size in zip(row, fair, strict=False)) for row in rows]
    heights = [rows * font * 1.35 + font * 0.42 for rows in tall]
    if "<audio" not in table:
        return heights
    players = ["<audio" in row for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
    heights[0] += font * 1.8 * ("<caption" in table)
    return [height + PLAYER * plays for height, plays in zip(heights, players, strict=True)]


def _wrapped(text, letters):
    """Lines of a text set in lines of so many letters."""
    count, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > letters + 0.5:
            count, used = count + 1, len(word)
        else:
            used += len(word) + (used > 0)
    return count
