"""Where the seconds of the tests go: by group and by test.

    PYTHONPATH=tests/bench COURSEKIT_SECONDS=/tmp/seconds.jsonl make test OPTIONS="-p seconds"
    python tests/bench/seconds.py /tmp/seconds.jsonl

The first is pytest with this file as a plugin. It writes a line for each part of a test: seconds by group, which add up
to its time on the clock. The second prints two tables. A second belongs to the innermost of:

    import     importing TensorFlow, Keras, JAX, SciPy, ...
    compile    tracing, and the first run of what was traced (TensorFlow); tracing and compiling (JAX)
    training   Keras's fit, what is compiled apart
    kernel     notebooks executed in kernels of their own (papermill, coursekit run)
    process    other processes waited for
    lab        a JupyterLab waited for
    browser    what is left of a test in tests/browser
    pure       what is left of all others
"""

import builtins
import collections
import functools
import importlib
import json
import os
import subprocess
import sys
import time
from multiprocessing import connection

HEAVY = ("tensorflow", "keras", "jax", "scipy", "sklearn", "skimage", "matplotlib", "papermill", "nbformat", "IPython")


class Clock:
    """Exclusive time: a second counts for the innermost group that is open."""

    def __init__(self):
        self.seconds, self.open, self.since = collections.Counter(), [], time.perf_counter()

    def _turn(self):
        now = time.perf_counter()
        self.seconds[self.open[-1] if self.open else ""] += now - self.since
        self.since = now

    def enter(self, group):
        self._turn()
        self.open.append(group)

    def leave(self):
        self._turn()
        self.open.pop()

    def taken(self):
        self._turn()
        seconds, self.seconds = self.seconds, collections.Counter()
        return seconds


clock = Clock()


def counted(function, group):
    """`function`, whose seconds count for `group`: a name, or a function of the first argument that gives one."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        clock.enter(group(args[0]) if callable(group) else group)
        try:
            return function(*args, **kwargs)
        finally:
            clock.leave()

    return call


def _process(process):
    words = " ".join(map(str, process.args if isinstance(process.args, (list, tuple)) else [process.args]))
    if "jupyter lab" in words:
        return "lab"
    return "kernel" if any(word in words for word in ("jupyter execute", "--nbval", "run")) else "process"


def _import(function):
    def imported(name, *args, **kwargs):
        if name.split(".")[0] not in HEAVY or name in sys.modules:
            return function(name, *args, **kwargs)
        clock.enter("import")
        try:
            return function(name, *args, **kwargs)
        finally:
            clock.leave()

    return imported


def _trace(function):
    """A `tf.function`'s call, counted for "compile" where it traced. Which is known only afterwards."""

    @functools.wraps(function)
    def call(self, *args, **kwargs):
        before = self.experimental_get_tracing_count()
        clock.enter("?")
        try:
            return function(self, *args, **kwargs)
        finally:
            clock.leave()
            outer = clock.open[-1] if clock.open else ""
            traced = self.experimental_get_tracing_count() > before
            clock.seconds["compile" if traced else outer] += clock.seconds.pop("?", 0)

    return call


def _patch_what_is_loaded(done=set()):  # noqa: B006 - remembered on purpose
    def once(module, path, wrap):
        if module in sys.modules and (module, path) not in done:
            done.add((module, path))
            *outer, name = path.split(".")
            owner = functools.reduce(getattr, outer, sys.modules[module])
            setattr(owner, name, wrap(getattr(owner, name)))

    once("tensorflow.python.eager.polymorphic_function.polymorphic_function", "Function.__call__", _trace)
    once("jax._src.pjit", "_infer_params", lambda f: counted(f, "compile"))
    once("jax._src.interpreters.pxla", "MeshComputation.compile", lambda f: counted(f, "compile"))
    once("coursekit.training.model", "Model.fit", lambda f: counted(f, "training"))
    once("papermill", "execute_notebook", lambda f: counted(f, "kernel"))
    once("papermill.engines", "PapermillEngines.execute_notebook_with_engine", lambda f: counted(f, "kernel"))


def pytest_configure(config):
    for name in ("wait", "communicate"):
        setattr(subprocess.Popen, name, counted(getattr(subprocess.Popen, name), _process))
    connection.wait = counted(connection.wait, "kernel")
    builtins.__import__ = _import(builtins.__import__)
    importlib.import_module = _import(importlib.import_module)


def pytest_runtest_logreport(report):
    if hasattr(report, "node"):
        return  # one of xdist's workers has written it
    _patch_what_is_loaded()
    seconds = clock.taken()
    rest = "browser" if "/browser/" in report.nodeid else "nbval" if ".ipynb" in report.nodeid else "pure"
    seconds[rest] += seconds.pop("", 0)
    line = {"test": report.nodeid, "when": report.when, "seconds": {name: round(s, 4) for name, s in seconds.items()}}
    line["backend"] = os.environ.get("KERAS_BACKEND", "tensorflow")
    with open(os.environ["COURSEKIT_SECONDS"], "a") as file:
        file.write(json.dumps(line) + "\n")


def main(paths):
    tests, groups = collections.Counter(), collections.defaultdict(collections.Counter)
    for path in paths:
        with open(path) as file:
            for line in map(json.loads, file):
                kind = "nbval" if ".ipynb" in line["test"] else line["backend"]
                tests[kind, line["test"]] += sum(line["seconds"].values())
                groups[kind].update(line["seconds"])
    kinds = sorted(groups, key=lambda kind: -groups[kind].total())
    names = sorted(
        {name for group in groups.values() for name in group}, key=lambda n: -sum(g[n] for g in groups.values())
    )
    print(f"{'seconds':10}" + "".join(f"{kind:>12}" for kind in kinds))
    for name in names:
        print(f"{name:10}" + "".join(f"{groups[kind][name]:12.1f}" for kind in kinds))
    print(f"{'sum':10}" + "".join(f"{groups[kind].total():12.1f}" for kind in kinds))
    slowest = tests.most_common(60)
    print(f"\nThe sixty slowest: {sum(s for _, s in slowest):.0f} of {tests.total():.0f} s")
    for (kind, test), seconds in slowest:
        print(f"{seconds:7.1f}  {kind:10}  {test}")


if __name__ == "__main__":
    main(sys.argv[1:])
