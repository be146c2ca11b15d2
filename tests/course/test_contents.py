import asyncio
import json
import platform
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

pytest.importorskip("jupyter_server")

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from coursekit.course.contents import WithoutVersions
from coursekit.course.refresh import LANGUAGE


class Contents(WithoutVersions, AsyncLargeFileManager):
    pass


@pytest.fixture(scope="module")
def finished():
    """Runs a coroutine and returns what it returns. All in one thread that is not this one: the browser's tests leave a
    running loop here, and the server's store of signatures answers only the thread that opened it."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda coroutine: thread.submit(asyncio.run, coroutine).result()


@pytest.fixture
def opened_and_saved(tmp_path, finished):
    """Writes a notebook with this language; opens and saves it as JupyterLab does. Returns the language as opened, and
    the file before and after."""

    def opened_and_saved(language):
        path = tmp_path / "lecture.ipynb"
        nbformat.write(nbformat.v4.new_notebook(metadata={"language_info": language}), path)
        before, contents = path.read_text(), Contents(root_dir=str(tmp_path))
        model = finished(contents.get("lecture.ipynb"))
        opened = dict(model["content"]["metadata"]["language_info"])
        finished(contents.save({"type": "notebook", "content": model["content"]}, "lecture.ipynb"))
        return opened, before, path.read_text()

    return opened_and_saved


def test_a_notebook_without_a_version_has_one_only_while_it_is_open(opened_and_saved):
    opened, before, after = opened_and_saved(dict(LANGUAGE))
    assert opened == LANGUAGE | {"version": platform.python_version()}
    assert before == after


@pytest.mark.parametrize("language", [LANGUAGE | {"version": "3.9.1"}, {"name": "julia"}])
def test_other_notebooks_are_left_alone(opened_and_saved, language):
    opened, before, after = opened_and_saved(language)
    assert opened == language
    assert json.loads(before) == json.loads(after)


def test_a_new_notebook_is_saved_with_its_version(tmp_path, finished):
    language = LANGUAGE | {"version": "3.12.1"}
    content = nbformat.v4.new_notebook(metadata={"language_info": language})
    finished(Contents(root_dir=str(tmp_path)).save({"type": "notebook", "content": content}, "new.ipynb"))
    assert nbformat.read(tmp_path / "new.ipynb", as_version=4).metadata.language_info == language
