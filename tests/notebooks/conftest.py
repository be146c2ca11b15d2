"""The lectures' sources, as notebooks."""

import pytest

from coursekit import paths

SOURCES = sorted((paths.notebooks() / "source").glob("[0-9][0-9]_*.py"))


def pytest_generate_tests(metafunc):
    """A test of `source` runs for every lecture; one of `lecture` from lecture 01 on."""
    if "source" in metafunc.fixturenames:
        metafunc.parametrize("source", SOURCES, ids=[path.stem for path in SOURCES])
    if "lecture" in metafunc.fixturenames:
        lectures = [path for path in SOURCES if not path.stem.startswith("00")]
        metafunc.parametrize("lecture", lectures, ids=[path.stem for path in lectures])


@pytest.fixture(scope="session")
def cells_of():
    """path of a source -> its cells."""
    from functools import cache

    import jupytext

    return cache(lambda path: jupytext.read(path).cells)
