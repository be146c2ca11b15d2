"""The wheel: what is in it, and that the course works from it without a clone."""

import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from coursekit import paths
from coursekit.course import alone

pytestmark = [pytest.mark.slow, pytest.mark.network]  # half a minute; the build asks the package index for hatchling

USE = """
import sys
from pathlib import Path
import coursekit
from coursekit import cli, data, paths, recipes
assert Path(coursekit.__file__).parent == Path(sys.argv[1]) / "coursekit", coursekit.__file__
assert data.load("fashion_small", "test").images.shape == (1000, 28, 28, 1)
assert data.load("tunes", "test")
assert len(recipes.shipped()) > 10
assert coursekit.results("vae-fashion")["metrics"]
assert coursekit.pretrained("vae-mnist-2d").count_params() > 0
assert cli.main(["data", "verify"]) == 0
assert cli.main(["refresh", "--check"]) == 2
assert cli.main(["train", "vae-fashion", "--profile", "full"]) == 2
assert cli.main(["new", sys.argv[2]]) == 0
assert cli.main(["new", sys.argv[2], "--update"]) == 0
"""
NOWHERE = """
import coursekit
from coursekit import cli, data
assert cli.main(["run", "00"]) == 2
assert cli.main(["train", "vae-fashion"]) == 2
try:
    data.load("mnist")
except data.DataUnavailable as error:
    print(error)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "uv", "build", "-q", "--wheel", "--python", sys.executable, "--out-dir", str(out)]
    built = subprocess.run([*command, str(paths.root())], capture_output=True, text=True)
    if "CI" not in os.environ and re.search(r"dns|connect|failed to fetch", built.stderr, re.IGNORECASE):
        pytest.skip("needs the package index")
    assert built.returncode == 0, built.stderr
    (file,) = out.glob("*.whl")
    return file


@pytest.fixture
def place(tmp_path):
    """A folder with a difficult name, which can be deleted although parts of it are read-only."""
    folder = tmp_path / "Übungen für alle"
    folder.mkdir()
    yield folder
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def obedient():
    """What starts a process that permissions hold for: root's do not care without it."""
    if os.name == "nt" or os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("needs setpriv, as root may write anywhere")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override"]


def in_git(*folders):
    listed = subprocess.run(["git", "ls-files", "-z", *folders], cwd=paths.root(), capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("needs git's list of files")
    return {name for name in listed.stdout.split("\0") if name}


def test_it_carries_the_course_and_nothing_else_and_is_at_most_60_mb(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name and ".data/" not in name}
    wanted = in_git("coursekit") | {
        f"coursekit/shipped/{name}"
        for name in in_git("notebooks", "data")
        if not name.startswith("data/pictures/") and not re.fullmatch(r"data/\w+\.py", name)
    }
    assert names == wanted
    assert "coursekit/shipped/data/README.md" in names, "the licenses of the data"
    assert wheel.stat().st_size <= 60e6


def test_the_course_works_from_a_read_only_place_for_a_user_without_a_home(wheel, place):
    site, home, work = place / "site", place / "home", place / "mine"
    zipfile.ZipFile(wheel).extractall(site)
    for folder in (home, work):
        folder.mkdir()
    subprocess.run(["chmod", "-R", "a-w", site, home], check=True)
    if obedient():
        os.chown(home, 65534, 65534)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COURSEKIT", "XDG", "PYTHON"))}
    closed = {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(home), "COURSEKIT_COMPILED": "0"}
    closed |= {"MPLCONFIGDIR": str(work / "matplotlib"), "CUDA_VISIBLE_DEVICES": ""}
    closed = kept | closed

    def run(code, *arguments):
        command = [*obedient(), sys.executable, "-W", "ignore", "-c", code, *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=work, env=closed)

    used = run(USE, str(site), str(work / "mein Kurs"))
    assert used.returncode == 0, used.stderr
    assert used.stderr.count("coursekit: Expected a clone of the course to ") == 2
    assert alone.ID in (work / "mein Kurs" / "06_autoencoders.ipynb").read_text(encoding="utf-8")

    stopped = run(NOWHERE)
    assert stopped.returncode == 0, stopped.stderr
    assert stopped.stderr.count(f"coursekit: Expected a folder that can be written to, got {home}") == 2
    assert "set COURSEKIT_CACHE to a folder that can be written" in stopped.stdout
    assert not any(home.iterdir())
