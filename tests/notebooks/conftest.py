"""The lectures' sources, as notebooks."""

import pytest

from coursekit import paths

SOURCES = sorted((paths.notebooks() / "source").glob("[0-9][0-9]_*.py"))


def pytest_generate_tests(metafunc):
    """A test of `source` runs for every lecture; one of `lecture` from 01 on, appendices (90 and up) left out."""
    if "source" in metafunc.fixturenames:
        metafunc.parametrize("source", SOURCES, ids=[path.stem for path in SOURCES])
    if "lecture" in metafunc.fixturenames:
        lectures = [path for path in SOURCES if "01" <= path.stem < "90"]
        metafunc.parametrize("lecture", lectures, ids=[path.stem for path in lectures])


@pytest.fixture(scope="session")
def cells_of():
    """path of a source -> its cells."""
    from functools import cache

    import jupytext

    return cache(lambda path: jupytext.read(path).cells)


@pytest.fixture(scope="module")
def student(request, cells_of):
    """The names after the parameters, imports and central cells of the module's LECTURE, beginning with its GIVEN."""
    lecture, names = request.module.LECTURE, dict(getattr(request.module, "GIVEN", {}))
    for cell in cells_of(lecture):
        tags = cell.metadata.get("tags", [])
        if {"parameters", "central"} & set(tags) or (cell.cell_type == "code" and "coursekit.begin(" in cell.source):
            exec(compile(cell.source, lecture.name, "exec"), names)
    return names
