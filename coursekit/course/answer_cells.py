"""The answers to Try its as cells: which answer belongs to which Try it, and where its code stands in the lecture."""

import copy
import difflib
import re
from dataclasses import dataclass

from coursekit.course import CourseError
from coursekit.course.normalize import add_ids

ASKED = re.compile(r"^> \*\*Try it\.\*\*.*(?:\n>.*)*", re.MULTILINE)
CHANGE = re.compile(r"^# (?P<old>.+?) ->(?: (?P<new>.*))?$")
ALIKE = 0.4  # of 1: from here on two texts are taken for an older and a newer one of the same Try it
ENTER = "from coursekit.course import aside\n\naside.begin(globals())"
LEAVE = "aside.end(globals())"


@dataclass
class Answer:
    """A Try it as its answer quotes it, and the cells (nbformat) of the answer, from the quotation on."""

    quoted: str
    cells: list


def asked(notebook) -> list[tuple[int, str]]:
    """(index of the cell, words) of each Try it of a lecture (nbformat), in their order."""
    cells = [(index, cell.source) for index, cell in enumerate(notebook.cells) if cell.cell_type == "markdown"]
    return [(index, _words(block)) for index, source in cells for block in ASKED.findall(source)]


def read(notebook) -> list[Answer]:
    """The answers of a source, as a notebook (nbformat).

    Raises:
        CourseError: it begins with something else than the quotation of a Try it.
    """
    answers = []
    for cell in notebook.cells:
        quoted = ASKED.match(cell.source) if cell.cell_type == "markdown" else None
        if quoted:
            answers.append(Answer(_words(quoted[0]), []))
        if not answers:
            raise CourseError(f"Expected answers to begin with `> **Try it.** ...`, got:\n{cell.source:.200}")
        answers[-1].cells.append(cell)
    return answers


def match(tries: list[tuple[int, str]], answers: list[Answer]) -> dict[int, Answer]:
    """{position in `tries`: its answer}: by the same words, then by words as alike as those of two versions."""
    found = {}
    waiting = list(answers)
    for position, (_, words) in enumerate(tries):
        if same := next((answer for answer in waiting if answer.quoted == words), None):
            found[position] = same
            waiting.remove(same)
    pairs = [
        (difflib.SequenceMatcher(None, tries[position][1], answer.quoted, autojunk=False).ratio(), position, number)
        for position in range(len(tries))
        if position not in found
        for number, answer in enumerate(waiting)
    ]
    used = set()
    for likeness, position, number in sorted(pairs, reverse=True):
        if likeness >= ALIKE and position not in found and number not in used:
            found[position] = waiting[number]
            used.add(number)
    return found


def together(lecture, answers: list[Answer]):
    """A lecture (nbformat) with the code of its answers behind the cells that ask for it, not executed."""
    import nbformat

    notebook, tries = copy.deepcopy(lecture), asked(lecture)
    behind = {}  # cell of the lecture -> cells of answers
    for position, answer in sorted(match(tries, answers).items()):
        code = [new for cell in answer.cells for new in _expanded(cell, lecture) if new.cell_type == "code"]
        if code:
            edges = [nbformat.v4.new_code_cell(text, metadata={"aside": True}) for text in (ENTER, LEAVE)]
            code = [edges[0], *code, edges[1]]
        for cell in code:  # what fails in one answer shall not keep the others from running
            cell.metadata |= {"answer": position, "tags": ["raises-exception"]}
        behind.setdefault(tries[position][0], []).extend(code)
    notebook.cells = [new for index, cell in enumerate(notebook.cells) for new in (cell, *behind.get(index, []))]
    add_ids(notebook)
    return notebook


def alone(lecture, answers):
    """The answers' own notebook, in the order of the lecture, not executed."""
    notebook, found = copy.deepcopy(lecture), match(asked(lecture), answers)
    answered = [cell for _, answer in sorted(found.items()) for cell in answer.cells]
    notebook.cells = [new for cell in answered for new in _expanded(cell, lecture)]
    notebook.metadata.pop("jupytext", None)
    add_ids(notebook)
    return notebook


def _expanded(cell, lecture) -> list:
    """An answer's cell as it is executed. One that says `again` becomes up to three: a text that says what was changed,
    the lecture's cell with these changes, and the lines that follow it.

    Raises:
        CourseError: no cell of the lecture, or more than one, has its text; or a change finds nothing to change.
    """
    import nbformat

    cell = copy.deepcopy(cell)
    text = cell.metadata.pop("again", None)
    if text is None:
        return [cell]
    those = [each for each in code_of(lecture) if text in each.source]
    if len(those) != 1:
        raise CourseError(f"Expected one cell of the lecture with {text!r}, found {len(those)}.")
    code, more, changes = those[0].source, [], []
    for line in cell.source.splitlines():
        change = CHANGE.match(line) if not more else None
        if not change:
            more.append(line)
            continue
        old, new = change["old"], change["new"] or ""
        if old not in code:
            raise CourseError(f"Expected {old!r} in the lecture's cell with {text!r}, found none.")
        code = code.replace(old, new)
        changes.append(f"`{new}` in the place of `{old}`" if new else f"without `{old}`")
    told = nbformat.v4.new_markdown_cell(f"*The lecture's cell again, {' and '.join(changes) or 'unchanged'}:*")
    again = nbformat.v4.new_code_cell(code)
    if not changes or "figure" in those[0].metadata.get("tags", []):
        again.metadata["tags"] = ["figure"]  # folded
    cell.source = "\n".join(more).strip("\n")
    return [told, again, *([cell] if cell.source else [])]


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _words(block):
    return " ".join(re.sub(r"^> ?", "", block, flags=re.MULTILINE).split())
