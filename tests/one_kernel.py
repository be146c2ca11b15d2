"""One kernel that executes notebook after notebook, so that Python, Keras and matplotlib are loaded once for all.

`OneKernel` starts this file as a process of its own: pytest turns warnings into errors, and the event loops of
Jupyter's clients would not survive beside Playwright's.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

# What a fresh kernel has and a used one has not: no names, no widgets, no figures, its own settings of matplotlib.
FRESH = """
import gc, os, sys
os.environ.update({environment!r})
for _name in {removed!r}:
    os.environ.pop(_name, None)
os.chdir({folder!r})
get_ipython().run_line_magic("reset", "-f")
import gc, sys
if "ipywidgets" in sys.modules:
    sys.modules["ipywidgets"].Widget.close_all()
if "matplotlib.pyplot" in sys.modules:
    sys.modules["matplotlib.pyplot"].close("all")
    sys.modules["matplotlib"].rc_file_defaults()
if "keras" in sys.modules:
    sys.modules["keras"].utils.clear_session()
gc.collect()
del gc, sys
get_ipython().execution_count = 0
"""


class OneKernel:
    """A kernel of this interpreter. It is started by the first call, and ended by `close`."""

    def __init__(self):
        self.process = None

    def execute(self, source, executed, folder, **environment):
        """Execute the notebook at `source` and write it, outputs in, to `executed`.

        Args:
            folder: where it works. environment: what it finds in `os.environ`; None takes a name out.
        Raises:
            AssertionError: a cell failed; the message is its traceback.
        """
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        task = {"source": str(source), "executed": str(executed), "folder": str(folder), "environment": environment}
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the kernel's process ended with {self.process.wait()}"
        failed = json.loads(line)
        assert not failed, failed

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()


def serve(answers):
    import nbformat
    from jupyter_core.utils import run_sync
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    from coursekit.course.kernel import ThisInterpreter

    manager, client = ThisInterpreter(), None
    for task in map(json.loads, sys.stdin):
        notebook, failed = nbformat.read(task["source"], as_version=4), ""
        environment = {name: value for name, value in task["environment"].items() if value is not None}
        removed = [name for name, value in task["environment"].items() if value is None]
        fresh = FRESH.format(environment=environment, removed=removed, folder=task["folder"])
        try:
            for each in (nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(fresh)]), notebook):
                run = NotebookClient(each, km=manager, timeout=600)
                run.kc = client
                run.execute()
                client = run.kc
        except CellExecutionError as error:
            failed = str(error)
        nbformat.write(notebook, task["executed"])
        print(json.dumps(failed), file=answers, flush=True)
    if client:
        run_sync(manager.shutdown_kernel)(now=True)
        client.stop_channels()
    os._exit(0)  # each NotebookClient would shut the kernel down once more


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    serve(said)
