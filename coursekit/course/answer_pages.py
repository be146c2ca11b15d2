"""The answers to the Try its as pages of the book: below the page for instructors, and linked from nowhere else."""

import re

import nbformat

from coursekit.course import answers, notebook_files

INTRODUCTION = """# Answers: {title}

For instructors, about [lecture {number}]({up}{stem}.ipynb): each *Try it* with an answer, and with the run that the
answer is about. The code runs in the lecture's kernel, at the place where the Try it stands."""


def pages(lectures) -> dict:
    """{name, such as "answers/autoencoders": notebook (nbformat)} of the lectures that have answers.

    Args:
        lectures: as `front_page.read` gives them.
    """
    found = {}
    for lecture in lectures:
        path = answers.made_of(lecture.stem)
        if not path.exists():
            continue
        notebook = notebook_files.read(path)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":  # links that a quotation brought along lead from another folder
                cell.source = re.sub(r"(?<!!)\[([^\]]*)\]\([^)]*\)", r"\1", cell.source)
        head = INTRODUCTION.format(title=lecture.title, number=lecture.number, up="../", stem=lecture.stem)
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(head))
        notebook.metadata |= {"orphan": True, "nosearch": True}  # in no table of contents, and not found by the search
        found[f"answers/{path.stem}"] = notebook
    return found


def listed(lectures) -> str:
    """The links to these pages in MyST, for the page for instructors; empty without answers."""
    answered = [lecture for lecture in lectures if answers.made_of(lecture.stem).exists()]
    if not answered:
        return ""
    names = [f"answers/{answers.name_of(lecture.stem)}.ipynb" for lecture in answered]
    links = [f"[{each.number} · {each.title}]({name})" for each, name in zip(answered, names, strict=True)]
    return f"{', '.join(links)}."
