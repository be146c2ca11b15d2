"""Makes `pytest --nbval`, with no path and no other option, check every committed lecture against its outputs."""

import os
from pathlib import Path

HERE = Path(__file__).parent

collect_ignore = ["build", "data"]
collect_ignore_glob = ["notebooks/exercises/*", "notebooks/source/*"]


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
    _execute_as_everyone_else()


def _execute_as_everyone_else():
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
