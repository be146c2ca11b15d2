"""Makes `pytest --nbval`, with no path and no other option, check every committed lecture against its outputs.

What it relies on in nbval, and the test in `tests/test_nbval.py` that fails when nbval changes:

- The options `nbval_sanitize_with`, `nbval_cell_timeout` (2000 s by default), `nbval_kernel_name` and
  `nbval_current_env`. test_lectures_are_checked_strictly_and_exercises_left_alone
- `RunningKernel.execute_cell_input(self, cell_input, allow_stdin)`, which is replaced, sends a cell to the kernel by
  the client `self.kc` and returns its message id. test_what_is_replaced_in_nbval_is_there, and the cell `3;` of the
  first test, which would print 3 without history
- `NbvalKernelspecManager.get_kernel_spec(self, kernel_name)`, which is replaced for the name `CURRENT_ENV_KERNEL_NAME`
  alone. test_what_is_replaced_in_nbval_is_there, and the kernel `elsewhere` of the first test, which does not exist
"""

import os
from pathlib import Path

HERE = Path(__file__).parent

collect_ignore = ["build", "data"]
collect_ignore_glob = ["notebooks/answers/*", "notebooks/exercises/*", "notebooks/source/*"]


def pytest_configure(config):
    if not config.getoption("nbval", False):
        return
    options = config.option
    if options.nbval_sanitize_with is None:
        options.nbval_sanitize_with = str(HERE / "tests" / "nbval_sanitize.cfg")
    if options.nbval_cell_timeout == 2000:
        options.nbval_cell_timeout = 300
    if options.nbval_kernel_name is None:
        options.nbval_current_env = True
    os.environ["COURSEKIT_PROGRESS"] = "0"  # for the kernels
    _replace_parts_of_nbval()


def _replace_parts_of_nbval():
    """Let nbval execute cells with history, as JupyterLab does, in the kernel that `coursekit run` uses."""
    import nbval.kernel

    from coursekit.course.kernel import kernel_spec

    def execute(self, cell_input, allow_stdin=None):
        # nbval executes without history, and IPython then ignores a trailing `;`.
        return self.kc.execute(cell_input, allow_stdin=bool(allow_stdin), stop_on_error=False, store_history=True)

    find_spec = nbval.kernel.NbvalKernelspecManager.get_kernel_spec

    def get_kernel_spec(self, kernel_name):
        named = kernel_name != nbval.kernel.CURRENT_ENV_KERNEL_NAME
        return find_spec(self, kernel_name) if named else kernel_spec()

    nbval.kernel.RunningKernel.execute_cell_input = execute
    nbval.kernel.NbvalKernelspecManager.get_kernel_spec = get_kernel_spec
