"""What an import costs and loads, seen from fresh interpreters."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = {"IPython", "jax", "keras", "matplotlib", "mlxtend", "numpy", "scipy", "skimage", "sklearn", "tensorflow"}

TIMED_IMPORT = """
import json, sys, time
start = time.perf_counter()
import coursekit
seconds = time.perf_counter() - start
print(json.dumps([seconds, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )


def test_importing_the_package_is_cheap():
    runs = [json.loads(run(TIMED_IMPORT).stdout) for _ in range(3)]
    assert min(seconds for seconds, _ in runs) < 0.3
    assert HEAVY.isdisjoint(runs[0][1])


@pytest.mark.parametrize("module", ["data", "metrics", "plots", "lesson", "cli"])
def test_what_needs_no_network_loads_no_keras(module):
    done = run(f"import coursekit.{module}, sys; print({{'keras', 'tensorflow'}} & set(sys.modules))")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "set()"


def test_every_exported_name_is_there():
    import coursekit

    assert set(coursekit.__all__) <= set(dir(coursekit))
    for name in ("begin", "check", "expect", "results", "show", "data", "metrics", "plots"):
        assert getattr(coursekit, name)
    with pytest.raises(AttributeError, match="no attribute 'modles'"):
        _ = coursekit.modles
