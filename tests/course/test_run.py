import json
import os
import re
import signal
import subprocess
import sys
import time
import types
from io import StringIO
from pathlib import Path

import nbformat
import psutil
import pytest

from coursekit.cli import main
from coursekit.course import CourseError
from coursekit.course.report import Progress, table, time_left
from coursekit.course.run import find, jobs_for, parse_value, profile_parameters, run

# Runs `coursekit run` on the course in argv[1], as a process of its own that can be interrupted.
SCRIPT = """
import sys
from pathlib import Path
from coursekit import cli, paths
root = Path(sys.argv.pop(1))
paths.root = lambda: root
if __name__ == "__main__":
    sys.exit(cli.main())
"""


@pytest.fixture
def cli(course):
    script = course / "course_cli.py"
    script.write_text(SCRIPT)
    return [sys.executable, str(script), str(course)]


def test_a_lecture_runs_and_reports(course, write_lecture):
    write_lecture(
        "03_small", "block = bytearray(200_000_000)\nprint(profile, n)", "import time; time.sleep(0.6)", expect=True
    )
    report = run(["03"])
    (entry,) = report["notebooks"]
    assert entry["status"] == "ok"
    assert entry["cells"] == {"done": 4, "total": 4}
    assert 0.6 <= entry["seconds"] < 20
    assert len(entry["cell_seconds"]) == 4
    assert 0.6 <= entry["cell_seconds"][2] < 2
    assert entry["peak_memory_mb"] > 200
    assert entry["expect"] == [{"claim": "the loss falls", "holds": True, "numbers": {"loss": 0.25}}]
    assert json.loads((course / "build" / "run" / "report.json").read_text()) == report
    executed = nbformat.read(course / "build" / "run" / "03_small.ipynb", as_version=4)
    assert executed.cells[1].outputs[0].text == "quick 3\n"


def test_the_kernel_is_this_interpreter_in_the_notebooks_folder(course, write_lecture, monkeypatch):
    kernels = course / "jupyter" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(
        json.dumps({"argv": ["/bin/false"], "display_name": "x", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(course / "jupyter"))
    path = write_lecture("03_small", "import os, sys\nprint(sys.executable)\nprint(os.getcwd())")
    run(["03"])
    (output,) = nbformat.read(course / "build" / "run" / "03_small.ipynb", as_version=4).cells[1].outputs
    assert output.text.splitlines() == [sys.executable, str(path.parent)]


def test_failures_of_each_kind_side_by_side(course, write_lecture):
    write_lecture("01_error", "print('before')", "# the first line\n1 / 0", "print('after')")
    write_lecture("02_claim", expect=True)
    write_lecture("03_death", "import os\nos._exit(1)")
    report = run([], parameters={"n": 4}, jobs=2)
    error, claim, death = report["notebooks"]
    assert error["status"] == "failed"
    assert error["error"] == {"first_line": "# the first line", "message": "ZeroDivisionError: division by zero"}
    assert error["cells"] == {"done": 3, "total": 5}
    kept = nbformat.read(error["copy"], as_version=4)
    assert any("before" in str(cell.get("outputs")) for cell in kept.cells)
    assert claim["status"] == "expectation failed"
    assert death["status"] == "failed"
    assert "Kernel died" in death["error"]["message"]
    text = table(report)
    assert "# the first line" in text
    assert error["copy"] in text
    assert "expected: the loss falls" in text
    assert "loss = 0.25" in text


def test_as_many_at_a_time_as_cores_and_memory_allow(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(4), raising=False)
    memory = lambda gib: monkeypatch.setattr(
        psutil, "virtual_memory", lambda: types.SimpleNamespace(available=gib * 2**30)
    )
    memory(64)
    assert jobs_for("quick", {}) == (4, "4 cores, 64 GiB of memory free, 3.0 GiB for each")
    memory(7)
    assert jobs_for("quick", {})[0] == 2
    memory(1)
    assert jobs_for("quick", {})[0] == 1
    memory(7)
    earlier = {"notebooks": [{"peak_memory_mb": 1000}, {"status": "not run"}, {"peak_memory_mb": 1400}]}
    assert jobs_for("quick", earlier)[0] == 4, "what they took last time, and a quarter more"
    assert jobs_for("full", earlier)[0] == 1


def test_profile_and_parameters_reach_the_notebook(course, write_lecture):
    write_lecture("03_small", "print(profile, n)")
    run(["03"], profile="full", parameters={"n": [1, 2]}, out=course / "out")
    executed = nbformat.read(course / "out" / "03_small.ipynb", as_version=4)
    assert executed.cells[-1].outputs[0].text == "full [1, 2]\n"


def test_what_is_unknown_lists_what_is_known(course, write_lecture):
    path = write_lecture("03_small")
    with pytest.raises(CourseError, match=r"got '04'; known: 03_small\."):
        run(["04"])
    with pytest.raises(CourseError, match=r"one of quick, full, got 'slow'"):
        run(["03"], profile="slow")
    with pytest.raises(CourseError, match=r"parameter of 03_small, one of profile, n, got 'epochs'"):
        run(["03"], parameters={"epochs": 3})
    with pytest.raises(CourseError, match="--jobs of 1 or more, got 0"):
        run(["03"], jobs=0)
    with pytest.raises(CourseError, match="apart from the notebooks"):
        run(["03"], out=path.parent)
    path.write_text("{")
    with pytest.raises(CourseError, match="Expected a Jupyter notebook"):
        run(["03"])
    assert not (course / "build").exists()


def test_names_find_notebooks(course, write_lecture):
    path = write_lecture("03_small")
    other = course / "03_small.ipynb"
    other.write_bytes(path.read_bytes())
    assert (
        find([])
        == find(["3"])
        == find(["03"])
        == find(["03_small"])
        == find(["03_small.ipynb"])
        == find(["03", str(path)])
        == [path]
    )
    with pytest.raises(CourseError, match="different names"):
        find(["03", str(other)])
    path.unlink()
    with pytest.raises(CourseError, match="coursekit refresh"):
        find([])


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("1e-3", 1e-3), ("0.5", 0.5), ("true", True), ("[1, 2]", [1, 2]), ("relu", "relu"), ("null", None),
     ("2026-01-01", "2026-01-01"), ("'3'", "3")],
)  # fmt: skip
def test_values_of_parameters(text, value):
    assert parse_value(text) == value
    assert type(parse_value(text)) is type(value)


def test_a_value_that_is_not_yaml():
    with pytest.raises(CourseError, match="in YAML"):
        parse_value("[1, 2")


def test_the_courses_own_profiles():
    assert profile_parameters("quick") == {}
    assert profile_parameters("full") == {"profile": "full"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")
def test_an_interruption_ends_the_kernels_and_keeps_what_was_finished(cli, course, write_lecture):
    write_lecture("01_done", "print('done')")
    write_lecture("02_long", "import os\nprint(os.getpid(), file=open('pid', 'w'))", "import time\ntime.sleep(600)")
    write_lecture("03_never")
    process = subprocess.Popen(
        [*cli, "run", "--jobs", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    pid_file = course / "notebooks" / "pid"
    deadline = time.monotonic() + 60
    while not (pid_file.exists() and pid_file.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.1)
    family = psutil.Process(process.pid).children(recursive=True)
    assert int(pid_file.read_text()) in [member.pid for member in family]
    os.killpg(process.pid, signal.SIGINT)  # what a terminal sends on Ctrl-C
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert psutil.wait_procs(family, timeout=5)[1] == []
    report = json.loads((course / "build" / "run" / "report.json").read_text())
    assert report["interrupted"]
    assert [entry["status"] for entry in report["notebooks"]] == ["ok", "interrupted", "not run"]
    assert Path(report["notebooks"][1]["copy"]).exists()


def test_exit_status_and_output_of_the_command(course, write_lecture, capsys):
    write_lecture("01_claim", expect=True)
    assert main(["run", "1", "-p", "n", "3"]) == 0
    said = capsys.readouterr()
    assert "01_claim: ok, 3/3 cells" in said.err
    assert "1/1" in said.out
    assert main(["run", "1", "-p", "n", "4"]) == 1
    assert "the loss falls" in capsys.readouterr().out
    write_lecture("02_other")
    assert main(["run"]) == 0
    assert re.search(r"^\d at a time \(\d+ cores, .*--jobs N chooses\)$", capsys.readouterr().err, re.MULTILINE)
    assert main(["run", "9"]) == 2
    assert capsys.readouterr().err.startswith("coursekit: Expected a lecture's number")


def test_time_left():
    assert time_left(None, 0, 4, 1.0) is None
    assert time_left(None, 1, 4, 2.0) == 6
    assert time_left([1, 2, 3, 4], 2, 4, 3.0) == 7
    assert time_left([1, 2, 3], 2, 4, 3.0) == 3  # another version of the notebook: its times do not count


class Terminal(StringIO):
    def isatty(self):
        return True


def test_progress_on_a_terminal_and_in_a_file():
    earlier = {"profile": "quick", "notebooks": [{"name": "a", "status": "ok", "cell_seconds": [1, 40]}]}
    terminal, file = Terminal(), StringIO()
    for stream in (terminal, file):
        progress = Progress(earlier, "quick", stream)
        progress.start("a")
        progress.step("a", 1, 2)
        progress.show()
        progress.show()
        progress.finish({"name": "a", "status": "ok", "seconds": 41})
    assert "a: 1/2 cells, 0 s, about 40 s left" in terminal.getvalue()
    assert "\x1b[1F" in terminal.getvalue()
    assert file.getvalue() == "a: ok, 1/2 cells, 41 s\n"
