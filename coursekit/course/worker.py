"""One notebook, one process: what `coursekit run` starts for each."""

import contextlib
import logging
import os
import threading
import time
from pathlib import Path

SAMPLE_SECONDS = 0.2


def execute(task: dict, sender) -> None:
    """Executes one notebook; sends {"done", "total"} after each cell, and last its entry of the report.

    Args:
        task: `notebook` and `copy` (paths), `parameters`, `cwd`, `expect_log` (path).
        sender: the writing end of a pipe.
    """
    import nbformat
    import papermill

    from coursekit.course import notebook_files, own_pictures
    from coursekit.course.kernel import ThisInterpreter

    if hasattr(os, "setsid"):
        os.setsid()  # the terminal's Ctrl-C then reaches the parent alone, which ends the workers in order
    os.environ["COURSEKIT_EXPECT_LOG"] = task["expect_log"]
    os.environ.pop("COURSEKIT_STRICT_CHECKS", None)
    os.environ["COURSEKIT_PROGRESS"] = "0"  # a bar that redraws itself has no place in a recorded output

    # Papermill's own inspection of parameters reads no Python; `run` has looked for them.
    logging.getLogger("papermill").setLevel(logging.ERROR)
    notebook = notebook_files.read(task["notebook"])
    own_pictures.attach(notebook, Path(task["notebook"]).parent)  # the copy lies elsewhere
    source = Path(task["expect_log"]).with_suffix(".ipynb")
    nbformat.write(notebook, source)
    total = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)
    total += bool(task["parameters"])
    durations, succeeded, current = [], [], {}
    start = time.perf_counter()

    def cell_starts(cell, cell_index):
        current.update(source=cell.source, start=time.perf_counter())

    def cell_ends(cell, cell_index, execute_reply):
        durations.append(round(time.perf_counter() - current["start"], 3))
        current["end"] = time.perf_counter()
        if execute_reply["content"]["status"] == "ok" or "raises-exception" in cell.metadata.get("tags", []):
            succeeded.append(cell_index)
            sender.send({"done": len(succeeded), "total": total})

    sender.send({"done": 0, "total": total})
    error = None
    with _peak_memory() as peak:
        try:
            papermill.execute_notebook(
                _literal(source),
                _literal(task["copy"]),
                parameters=task["parameters"],
                kernel_name="python3",
                language="python",
                progress_bar=False,
                cwd=task["cwd"],
                kernel_manager_class=ThisInterpreter,
                on_cell_execute=cell_starts,
                on_cell_executed=cell_ends,
            )
        except papermill.PapermillExecutionError:
            error = _unmeant_error(task["copy"])
        except Exception as failure:
            error = {
                "first_line": _first_line(current.get("source", "")),
                "message": f"{type(failure).__name__}: {failure}",
            }
    result = {
        "status": "failed" if error else "ok",
        "seconds": round(current.get("end", time.perf_counter()) - start, 2),
        "cells": {"done": len(succeeded), "total": total},
        "cell_seconds": durations,
        "peak_memory_mb": round(peak["bytes"] / 1e6),
    }
    sender.send(result | ({"error": error} if error else {}))


def _unmeant_error(copy) -> dict | None:
    """The error of an executed copy that papermill refused; None if all its errors are in cells that are tagged
    `raises-exception`, which papermill overlooks: then its marks are taken out again."""
    import nbformat
    from papermill.execute import remove_error_markers

    notebook = nbformat.read(copy, as_version=4)
    for cell in notebook.cells:
        if "raises-exception" in cell.metadata.get("tags", []):
            continue
        said = [
            f"{output.ename}: {output.evalue}" for output in cell.get("outputs", []) if output.output_type == "error"
        ]
        if said or cell.metadata.get("papermill", {}).get("exception"):  # a magic may fail without a word
            return {"first_line": _first_line(cell.source), "message": "".join(said[:1]) or "the cell failed"}
    nbformat.write(remove_error_markers(notebook), copy)
    return None


def _literal(path) -> str:
    """A path whose braces papermill does not take for names of parameters."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _first_line(source: str) -> str:
    return next((line.strip() for line in source.splitlines() if line.strip()), "")


@contextlib.contextmanager
def _peak_memory():
    """Samples the memory of the processes below this one: the kernel, and what it starts."""
    import psutil

    peak, done = {"bytes": 0}, threading.Event()

    def sample():
        while not done.wait(SAMPLE_SECONDS):
            total = 0
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
            peak["bytes"] = max(peak["bytes"], total)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()
