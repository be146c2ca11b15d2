"""Where the course's files are in an installed package without a clone. (In a clone every other test shows it.)"""

import subprocess

import pytest

from coursekit import paths, recipes
from coursekit.course import refresh
from coursekit.errors import UserError
from coursekit.recipes.run import commit


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An installed package in a folder of its own, and a working directory elsewhere."""
    package = tmp_path / "site packages" / "coursekit"
    (package / "shipped" / "notebooks").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(paths, "PACKAGE", package)
    monkeypatch.setattr(paths, "SHIPPED", package / "shipped")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own data"))
    for variable in ("COURSEKIT_CACHE", "COURSEKIT_COMPILED"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path / "home")
    return package


def test_an_installed_course_is_read_there_and_writes_into_the_users_folders(site, tmp_path):
    assert paths.root() == site / "shipped"
    assert paths.notebooks() == site / "shipped" / "notebooks"
    assert paths.data() == site / "shipped" / "data"
    for folder in (paths.cache(), paths.compiled(), paths.build(), recipes.where("quick")):
        assert not folder.is_relative_to(site)
        assert folder.is_relative_to(tmp_path)
    assert len({paths.cache(), paths.compiled(), paths.build()}) == 3


def test_in_a_working_copy_its_notebooks_count_and_builds_stay_in_it(site, tmp_path, monkeypatch):
    copy = tmp_path / "mine"
    (copy / "exercises").mkdir(parents=True)
    (copy / paths.COPY).touch()
    monkeypatch.chdir(copy / "exercises")
    monkeypatch.setenv("COURSEKIT_CACHE", "kept")
    assert paths.notebooks() == copy
    assert paths.build() == copy / "build"
    assert paths.cache() == copy / "kept", "the same for a lecture and its exercises"
    assert paths.data() == site / "shipped" / "data"


def test_a_clone_that_one_stands_in_comes_before_the_installed_copy(site, tmp_path, monkeypatch):
    for folder in ("notebooks/source", "coursekit"):
        (tmp_path / "clone" / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "clone" / "notebooks")
    (tmp_path / "clone" / paths.COPY).touch()
    assert paths.root() == tmp_path / "clone"
    assert paths.notebooks() == tmp_path / "clone" / "notebooks"
    assert paths.cache() == tmp_path / "clone" / "data" / "cache"
    assert paths.build() == tmp_path / "clone" / "build"


def test_what_changes_the_course_asks_for_a_clone(site):
    for change in (lambda: refresh.check([]), lambda: recipes.where("full")):
        with pytest.raises(UserError, match=r"^Expected a clone of the course to .*, got the installed copy .*; clone"):
            change()
    assert recipes.where("full", "elsewhere").name == "elsewhere"


def test_results_name_no_commit_of_a_repository_that_the_package_happens_to_lie_in(site, tmp_path):
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "a venv's folder"]):
        subprocess.run([*git, *command], check=True)
    assert commit() is None


def test_a_package_without_notebooks_says_what_to_do(site):
    (site / "shipped" / "notebooks").rmdir()
    with pytest.raises(FileNotFoundError, match="Install the course again, or run from inside a clone"):
        paths.root()
