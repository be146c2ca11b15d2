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
