import sys
from types import SimpleNamespace

import pytest

from coursekit import doctor, paths
from coursekit.cli import main

REQUIREMENTS = ["numpy>=2", "tensorflow>=2.21,<2.22", 'jax>=0.10; extra == "jax"', 'colorama; sys_platform == "none"']


def states(findings):
    return {finding.what: finding.state for finding in findings}


def test_the_installed_packages_are_in_range():
    (packages,) = doctor.versions(doctor.requirements(), "tensorflow")
    assert packages.state == "ok"
    assert {"keras", "numpy", "tensorflow"} <= {pair.split()[0] for pair in packages.found.split(", ")}


def test_what_is_missing_or_out_of_range_comes_with_its_command():
    findings = doctor.versions(["numpy>=99", "no-such-package<2"], "tensorflow")
    assert states(findings) == {"packages": "ok", "numpy": "missing", "no-such-package": "missing"}
    numpy, absent = findings[1:]
    assert numpy.found.endswith("; expected >=99")
    assert (absent.found, absent.mend) == ("not installed", f'{sys.executable} -m pip install "no-such-package<2"')
    assert states(doctor.versions([], "tensorflow")) == {"coursekit": "missing"}


def test_another_backend_needs_its_own_package_and_no_tensorflow(monkeypatch):
    def version(name):
        if name == "tensorflow":
            raise doctor.importlib.metadata.PackageNotFoundError(name)
        return {"numpy": "2.4.0", "jax": "0.10.2"}[name]

    monkeypatch.setattr(doctor.importlib.metadata, "version", version)
    assert states(doctor.versions(REQUIREMENTS, "tensorflow")) == {"packages": "ok", "tensorflow": "missing"}
    (packages,) = doctor.versions(REQUIREMENTS, "jax")
    assert packages.found == "numpy 2.4.0, jax 0.10.2"


def test_backend_as_keras_chooses_it(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert doctor.backend_name() == "tensorflow"
    (tmp_path / "keras.json").write_text('{"backend": "jax"}')
    assert doctor.backend_name() == "jax"
    (tmp_path / "keras.json").write_text("{")
    assert doctor.backend_name() == "tensorflow"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert doctor.backend_name() == "torch"
    assert doctor.backend().found == "'torch'; expected one of tensorflow, jax"


@pytest.mark.parametrize(
    ("probe", "message"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("import os; os.abort()", "it ended with"),
    ],
)
def test_a_backend_that_does_not_load(monkeypatch, probe, message):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(doctor, "PROBE", probe)
    finding = doctor.backend()
    assert finding.state == "missing"
    assert message in finding.found
    assert finding.mend


def test_data_sets_are_grouped_by_what_to_do(monkeypatch):
    from coursekit import data

    rows = [("a", "cached"), ("b", "not fetched"), ("c", "damaged"), ("d", "not fetched")]
    monkeypatch.setattr(data, "catalog", lambda: [SimpleNamespace(name=name, status=status) for name, status in rows])
    cached, absent, damaged = doctor.data_sets()
    assert (cached.state, absent.state, damaged.state) == ("ok", "note", "missing")
    assert absent.mend == "coursekit data fetch b d"


def test_a_half_broken_install_is_reported_not_raised(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "coursekit.data", None)
    monkeypatch.setitem(sys.modules, "psutil", None)
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    monkeypatch.setattr(doctor, "PROBE", "import no_such_module")
    monkeypatch.setattr(doctor, "requirements", lambda: ["no-such-package"])
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([]) == 1
    said = capsys.readouterr().out
    for line in ("! no-such-package", "! backend", "! data", "! lectures", "- memory", "- kernel", "- chromium"):
        assert f"\n{line}" in said
    assert "To mend first, marked !: 4." in said


def test_a_whole_install_can_run_the_course(monkeypatch, capsys, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_first.ipynb").write_text("{}")
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    monkeypatch.setattr(doctor, "PROBE", """print('{"backend": "tensorflow", "devices": ["cpu:0"]}')""")
    monkeypatch.setattr(doctor, "data_sets", lambda: [])
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "tensorflow on cpu:0" in said
    assert "The course can run here" in said


def test_an_installed_course_tells_how_to_get_a_working_copy(monkeypatch, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "03_small.ipynb").touch()
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    monkeypatch.setattr(paths, "SHIPPED", tmp_path)
    monkeypatch.chdir(tmp_path)
    (finding,) = doctor.notebooks()
    assert (finding.state, finding.mend) == ("note", "coursekit new DIR writes a working copy of them")
    (tmp_path / paths.COPY).touch()
    (tmp_path / "04_mine.ipynb").touch()
    (finding,) = doctor.notebooks()
    assert (finding.state, finding.found) == ("ok", f"1 in {tmp_path}")
