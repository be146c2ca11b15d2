"""The kernel that runs the lectures: this very interpreter, whatever other kernels Jupyter knows."""

import ipykernel.kernelspec
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager, KernelManager


def kernel_spec() -> KernelSpec:
    """A kernel of the running interpreter that logs errors only.

    A `python3` kernel registered in the user's home would win over this environment's, and lack the course.
    """
    quiet = ["--IPKernelApp.log_level=40"]
    return KernelSpec(
        resource_dir=ipykernel.kernelspec.RESOURCES, **ipykernel.kernelspec.get_kernel_dict(extra_arguments=quiet)
    )


class ThisInterpreter(AsyncKernelManager):
    """Starts `kernel_spec()`, not what the notebook's metadata name."""

    @property
    def kernel_spec(self):
        return kernel_spec()


class BlockingInterpreter(KernelManager):
    """The same for code that does not run in an event loop."""

    @property
    def kernel_spec(self):
        return kernel_spec()
