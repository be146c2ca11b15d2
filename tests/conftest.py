"""What all tests share: how they are spread over workers, and one kernel for all small notebooks."""

import signal

import pytest
from one_kernel import OneKernel

# Tests of one group run on one worker, one after the other. A group is a file, unless a test is marked otherwise: so
# that what a module or a model costs is paid once. Those of "kernel" share Chromium, a JupyterLab and a kernel.
SHARED = {"browser": "kernel"}
# The groups that take longest begin first: the last worker is done at about the same time as the others.
LONGEST = ("kernel", "exercises", "test_train.py", "test_run.py")


def pytest_configure():
    # Ctrl-C is ignored in xdist's workers and in what a shell starts in the background, and so it would be in all
    # processes that a test starts to interrupt them.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            name = SHARED.get(item.path.parent.name, f"{item.path.parent.name}/{item.path.name}")
            item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=_order)


def _order(item):
    name = item.get_closest_marker("xdist_group").args[0]
    return next((i for i, start in enumerate(LONGEST) if name.endswith(start)), len(LONGEST))


@pytest.fixture(scope="session")
def one_kernel():
    """See `OneKernel`. In the group "kernel", so that there is one in the whole run."""
    kernel = OneKernel()
    yield kernel
    kernel.close()
