"""What compilers keep on disk: found again, private, bounded, and no reason for a training to fail. Fresh interpreters:
a backend reads its settings once."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coursekit import paths
from coursekit.training import compile_cache

HERE = Path(__file__).parent
TRAIN = """
import tiny
keras = tiny.keras
hits = []
if keras.backend.backend() == "jax":
    import jax
    jax.monitoring.register_event_listener(lambda name, **_: hits.append("cache_hits" in name))
model = tiny.Regression()
model.compile(optimizer="adam", jit_compile=True)
x, y = tiny.regression_data()
before = model.get_weights()[0]
model.fit(x, y, verbose=0)
print("trained" if (model.get_weights()[0] != before).all() else "stayed as it was", sum(hits))
"""


@pytest.fixture
def train(tmp_path):
    """Trains in a fresh interpreter whose programs lie in a folder with a space in its name: (what it printed, the
    programs)."""
    folder = tmp_path / "my cache"

    def train():
        settled = ("TF_XLA_FLAGS", "JAX_COMPILATION_CACHE_DIR")  # by this very process, for itself
        environment = {name: value for name, value in os.environ.items() if name not in settled}
        environment |= {"PYTHONPATH": str(HERE), "COURSEKIT_COMPILED": str(folder)}
        done = subprocess.run([sys.executable, "-c", TRAIN], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stderr == "" or os.environ.get("KERAS_BACKEND") == "jax"  # Keras loads TensorFlow beside it, aloud
        return done.stdout, sorted(path for path in folder.rglob("*") if path.suffix == ".pb" or "-cache" in path.name)

    return train


def test_a_second_process_loads_what_the_first_has_compiled(train):
    said, programs = train()
    assert said.startswith("trained")
    assert programs
    assert all(path.stat().st_mode & 0o077 == 0 for path in {path.parent for path in programs})
    written = {path: path.stat().st_mtime_ns for path in programs}
    said, again = train()
    assert said.startswith("trained")
    assert {path: path.stat().st_mtime_ns for path in written} == written, "none is compiled a second time"
    if os.environ.get("KERAS_BACKEND") == "jax":  # which leaves out what is compiled in less than 0.1 s, or just so
        assert int(said.split()[1]) > 0, "and some were loaded"
    else:
        assert again == programs


@pytest.mark.one_backend
@pytest.mark.parametrize("damage", [lambda content: b"garbage\n", lambda content: content[: len(content) // 2]])
def test_a_damaged_program_is_compiled_again_and_no_training_stands_still(train, damage):
    """TensorFlow itself would stop, or, for a file that ends too early, let Keras think that the data had ended."""
    (program,) = train()[1]
    damaged = damage(program.read_bytes())
    program.write_bytes(damaged)
    said, programs = train()
    assert said.startswith("trained")
    assert damaged not in [path.read_bytes() for path in programs]


def fields(*contents):
    """A protocol buffer of these fields."""
    return b"".join(bytes([10, len(content)]) + content for content in contents)


def test_it_is_bounded_and_what_is_broken_goes_first(tmp_path):
    now = time.time()
    for number in range(10):
        path = tmp_path / f"{number}.pb"
        path.write_bytes(fields(b"x" * 98))
        os.utime(path, (now - 1000 + number, now - 1000 + number))
    broken = tmp_path / "broken.pb"
    broken.write_bytes(fields(b"x" * 98)[:-1])
    os.utime(broken, (now - 100, now - 100))
    half_written = tmp_path / "half.tmp"
    half_written.write_bytes(b"\x0a\x70")
    names = lambda: sorted(path.name for path in tmp_path.iterdir())
    compile_cache.tidy(tmp_path, 2000)
    assert names() == [*(f"{number}.pb" for number in range(10)), "half.tmp"], "a new file is somebody's at work"
    assert (tmp_path / "3.pb").stat().st_atime == pytest.approx(now - 997, abs=1e-3), "looked at is not used"
    half_written.unlink()
    compile_cache.tidy(tmp_path, 999)
    assert names() == [f"{number}.pb" for number in range(6, 10)], "the oldest go, until half of the bound is free"
    compile_cache.tidy(tmp_path / "nowhere", 0)


def test_it_lies_in_the_users_own_folder_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("COURSEKIT_COMPILED", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert paths.compiled() == tmp_path / "coursekit" / "compiled"
    monkeypatch.setenv("COURSEKIT_COMPILED", "0")
    assert paths.compiled() is None
    assert compile_cache.use("tensorflow") is None
    there, said = compile_cache.describe()
    assert not there
    assert "COURSEKIT_COMPILED=0" in said


def test_what_others_may_write_is_not_run(monkeypatch, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    monkeypatch.setenv("COURSEKIT_COMPILED", str(folder))
    monkeypatch.setenv("TF_XLA_FLAGS", "--tf_xla_auto_jit=0")
    assert compile_cache.use("tensorflow") is None
    assert os.environ["TF_XLA_FLAGS"] == "--tf_xla_auto_jit=0"
    there, said = compile_cache.describe()
    assert not there
    assert "chmod go-w" in said
    folder.chmod(0o700)
    used = compile_cache.use("tensorflow")
    assert used.parent == folder
    assert os.environ["TF_XLA_FLAGS"] == f"--tf_xla_auto_jit=0 --tf_xla_persistent_cache_directory='{used}'"
    assert compile_cache.use("tensorflow") is None, "a second call changes nothing"
    assert compile_cache.describe() == (True, f"0 MB of compiled programs in {folder} (safe to delete)")


def test_a_home_that_is_not_there_is_no_cache(monkeypatch, tmp_path):
    # https://github.com/jupyterhub/dockerspawner/issues/110
    monkeypatch.setenv("COURSEKIT_COMPILED", str(tmp_path / "nowhere" / "kept"))
    monkeypatch.setattr(os, "access", lambda folder, mode: folder != tmp_path)
    assert compile_cache.describe() == (False, f"none, as {tmp_path} may not be written to: every run compiles again")


def test_without_room_on_the_disk_nothing_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_COMPILED", str(tmp_path / "full"))
    monkeypatch.delenv("TF_XLA_FLAGS", raising=False)
    monkeypatch.setattr(compile_cache, "ROOM", 2**62)
    assert compile_cache.use("tensorflow") is None
    assert "TF_XLA_FLAGS" not in os.environ


def test_a_full_disk_is_emptied_of_what_was_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_COMPILED", str(tmp_path / "filling"))
    monkeypatch.delenv("TF_XLA_FLAGS", raising=False)
    folder = compile_cache.use("tensorflow")
    (folder / "1.pb").write_bytes(fields(b"x" * 98))
    monkeypatch.setattr(compile_cache, "ROOM", 2**62)  # it has filled up since
    compile_cache.empty()
    assert list(folder.iterdir()) == []
