"""What all tests share: how they are spread over workers, and one kernel for all small notebooks."""

import signal

import pytest
from one_kernel import OneKernel

# The tests of a group run on one worker, one after the other. A file is a group, so that what its models and modules
# cost is paid once. These share more: Chromium, a JupyterLab, a kernel, or the clock that they look at.
TOGETHER = ("tests/browser/", "tests/widgets/test_training_monitor.py", "tests/widgets/test_widgets_in_notebooks.py")
# What takes longest begins first, so that no worker is left alone with it at the end.
LONGEST = (*TOGETHER, "tests/course/test_committed.py", "tests/models/test_dcgan.py", "tests/models/test_vae.py",
           "tests/models/test_infomax.py", "tests/recipes/", "tests/training/", "tests/course/", "tests/models/",
           "tests/equations/")  # fmt: skip


def group_of(nodeid):
    return "together" if nodeid.startswith(TOGETHER) else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config, log):
    """Not xdist's own `--dist loadgroup`: under pytest 9.2 its marks are lost."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

    return Groups(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: next((i for i, start in enumerate(LONGEST) if item.nodeid.startswith(start)), 99))


def pytest_configure():
    # Ctrl-C is ignored in xdist's workers and in what a shell starts in the background, and so it would be in all
    # processes that a test starts to interrupt them.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def one_kernel():
    """See `OneKernel`."""
    kernel = OneKernel()
    yield kernel
    kernel.close()
