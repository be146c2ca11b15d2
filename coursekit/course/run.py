"""Executes lectures with papermill, one worker process and one kernel for each, and keeps a report."""

import contextlib
import json
import multiprocessing
import os
import sys
import tempfile
from collections import deque
from multiprocessing import connection
from pathlib import Path

from coursekit import paths
from coursekit.course import CourseError, notebook_files
from coursekit.course.report import Progress, read_report, write_report
from coursekit.course.worker import execute


def find(names: list[str]) -> list[Path]:
    """Notebooks by number ("03"), name ("06_autoencoders") or path; without names, all lectures.

    Raises:
        CourseError: no such notebook, or two of the same name.
    """
    lectures = {path.stem: path for path in sorted(paths.notebooks().glob("[0-9][0-9]_*.ipynb"))}
    if not names and not lectures:
        raise CourseError(f"Expected lectures in {paths.notebooks()}, found none; make them with `coursekit refresh`.")
    found = []
    for name in names or lectures:
        path, stem = Path(os.path.expanduser(name)), name.removesuffix(".ipynb")
        matches = [lectures[known] for known in lectures if known == stem or known.startswith(f"{stem.zfill(2)}_")]
        if path.suffix == ".ipynb" and path.is_file():
            found.append(path.resolve())
        elif len(matches) == 1:
            found.append(matches[0])
        else:
            raise CourseError(
                f"Expected a lecture's number, name or path, got {name!r}; known: {', '.join(lectures) or 'none yet'}."
            )
    found = list(dict.fromkeys(found))
    stems = [path.stem for path in found]
    for stem in stems:
        if stems.count(stem) > 1:
            raise CourseError(f"Expected notebooks of different names, got {stem} twice; run them one after the other.")
    return found


def profile_parameters(profile: str) -> dict:
    """The parameters of a profile: none for `quick` (the notebooks' own), else those of `notebooks/PROFILE.yaml`.

    Raises:
        CourseError: no such profile.
    """
    import yaml

    files = {path.stem: path for path in sorted(paths.notebooks().glob("*.yaml"))}
    if profile == "quick":
        return {}
    if profile not in files:
        raise CourseError(f"Expected a profile, one of {', '.join(['quick', *files])}, got {profile!r}.")
    return yaml.safe_load(files[profile].read_text(encoding="utf-8"))


def parse_value(text: str):
    """A parameter's value from the command line: YAML, and numbers such as 1e-3, which YAML 1.1 takes for text.

    Raises:
        CourseError: not YAML.
    """
    import yaml
    from papermill.iorw import NoDatesSafeLoader

    try:
        value = yaml.load(text, Loader=NoDatesSafeLoader)
    except yaml.YAMLError as error:
        raise CourseError(f"Expected a parameter's value in YAML, got {text!r}; put it in quotes.") from error
    if value == text:
        with contextlib.suppress(ValueError):
            return float(value)
    return value


def check_notebooks(notebooks: list[Path], parameters: dict) -> None:
    """Every file must be a notebook in Python, and every parameter assigned in its cell tagged `parameters`.

    A notebook that asks for another kernel than `python3` is run as all others are, in this Python; this is said.

    Raises:
        CourseError: it is not so.
    """
    for path in notebooks:
        notebook = notebook_files.read(path)
        if notebook_files.language(notebook) not in ("python", "ipython"):
            raise CourseError(
                f"Expected a notebook in Python, got {path}, in {notebook_files.language(notebook)}; "
                "run it in JupyterLab with its own kernel."
            )
        known = notebook_files.parameters(notebook)
        for name in parameters:
            if name not in known:
                nothing = "(it has none: tag the cell that assigns them `parameters`)"
                raise CourseError(
                    f"Expected a parameter of {path.stem}, one of {', '.join(known) or nothing}, got {name!r}."
                )
        if (kernel := notebook_files.kernel_name(notebook)) != "python3":
            print(
                f"{path.stem}: asks for the kernel {kernel!r}, runs in this Python ({sys.executable})", file=sys.stderr
            )


def jobs_for(profile: str, earlier: dict) -> tuple[int, str]:
    """How many notebooks at a time suit this machine now: one for each core, as long as memory lasts.

    Args:
        profile: others than `quick` run one at a time, as their data alone may fill the memory.
        earlier: the report of an earlier run. Each notebook may take what its largest one took, and a quarter more;
            3 GiB without one.
    Returns:
        (jobs, why): `why` is one printable clause.
    """
    import psutil

    if profile != "quick":
        return 1, f"in the profile {profile} each may need all of the memory"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    free = psutil.virtual_memory().available / 2**30
    peaks = [entry["peak_memory_mb"] for entry in earlier.get("notebooks", []) if "peak_memory_mb" in entry]
    each = 1.25 * max(peaks) * 1e6 / 2**30 if peaks else 3.0
    jobs = max(1, min(cores, int(free / each)))
    return jobs, f"{cores} cores, {free:.0f} GiB of memory free, {each:.1f} GiB for each"


def run(
    names: list[str],
    out: Path | None = None,
    profile: str = "quick",
    parameters: dict | None = None,
    jobs: int | None = None,
    cwd: Path | None = None,
) -> dict:
    """Executes notebooks and writes `out/NAME.ipynb` and `out/report.json`; returns the report.

    A kernel works in its notebook's own folder (or in `cwd`), as it does under JupyterLab and nbval, so that a
    student's relative paths mean the same everywhere; what is written goes to `out`, so the checkout stays clean.

    Args:
        names: see `find`.
        out: default `build/run`.
        profile: see `profile_parameters`.
        parameters: name -> value, over those of the profile.
        jobs: notebooks at a time, 1 or more; `jobs_for` chooses if omitted.

    Raises:
        CourseError: an unknown notebook, profile or parameter, jobs < 1, or an `out` that holds the notebooks.
        UserError: an `out` that cannot be written to.
    """
    if jobs is not None and jobs < 1:
        raise CourseError(f"Expected --jobs of 1 or more, got {jobs}.")
    notebooks = find(names)
    parameters = {**profile_parameters(profile), **(parameters or {})}
    check_notebooks(notebooks, parameters)
    out = Path(out or paths.build() / "run").resolve()
    if any(path.parent == out for path in notebooks):
        raise CourseError(f"Expected --out apart from the notebooks, got their own folder {out}; choose another.")
    earlier = read_report(paths.prepared(out))
    for path in notebooks:
        (out / path.name).unlink(missing_ok=True)
    tasks = [
        {
            "name": path.stem,
            "notebook": str(path),
            "copy": str(out / path.name),
            "parameters": parameters,
            "cwd": str(cwd or path.parent),
        }
        for path in notebooks
    ]
    report = {
        "profile": profile,
        "parameters": parameters,
        "out": str(out),
        "interrupted": False,
        "notebooks": [{"name": task["name"], "status": "not run"} for task in tasks],
    }
    if jobs is None:
        jobs, why = jobs_for(profile, earlier)
        if len(tasks) > 1:
            print(f"{min(jobs, len(tasks))} at a time ({why}; --jobs N chooses)", file=sys.stderr, flush=True)
    progress = Progress(earlier, profile)
    with tempfile.TemporaryDirectory() as logs:
        try:
            for result in _work_through(tasks, jobs, Path(logs), progress):
                report["notebooks"][[task["name"] for task in tasks].index(result["name"])] = result
                write_report(report, out)
        except KeyboardInterrupt:
            report["interrupted"] = True
            for entry, task in zip(report["notebooks"], tasks, strict=True):
                if entry["status"] == "not run" and Path(task["copy"]).exists():
                    entry.update(status="interrupted", copy=task["copy"])
    write_report(report, out)
    return report


def _work_through(tasks: list[dict], jobs: int, logs: Path, progress: Progress):
    """Yields each notebook's result as it ends. On Ctrl-C it ends the workers and their kernels first."""
    waiting, running = deque(tasks), {}
    spawn = multiprocessing.get_context("spawn")
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.popleft()
                task["expect_log"] = str(logs / f"{task['name']}.jsonl")
                receiver, sender = spawn.Pipe(duplex=False)
                process = spawn.Process(target=execute, args=(task, sender), daemon=True)
                process.start()
                sender.close()
                running[receiver] = (task, process)
                progress.start(task["name"])
            for receiver in connection.wait(list(running), timeout=0.5):
                task, process = running[receiver]
                try:
                    event = receiver.recv()
                except EOFError:
                    process.join()
                    event = {"status": "failed", "error": {"message": f"its worker ended with {process.exitcode}"}}
                if "status" not in event:
                    progress.step(task["name"], **event)
                    continue
                process.join()
                del running[receiver]
                result = _result(task, event)
                progress.finish(result)
                yield result
            progress.show()
    finally:
        for _, process in running.values():
            _end_tree(process.pid)
        progress.close()


def _result(task: dict, event: dict) -> dict:
    """A notebook's entry in the report: what its worker said, and its `expect` verdicts."""
    log = Path(task["expect_log"])
    verdicts = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    result = {"name": task["name"], "copy": task["copy"], **event, "expect": verdicts}
    if result["status"] == "ok" and not all(verdict["holds"] for verdict in verdicts):
        result["status"] = "expectation failed"
    return result


def _end_tree(pid: int) -> None:
    import psutil

    try:
        worker = psutil.Process(pid)
        family = [*worker.children(recursive=True), worker]
    except psutil.NoSuchProcess:
        return
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=5)
