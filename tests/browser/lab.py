"""A JupyterLab for tests and pictures."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat

from coursekit import paths

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
IDLE = """() => {
  const session = window.jupyterapp?.shell?.currentWidget?.context?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === "idle";
}"""


class Lab:
    """A JupyterLab over `folder`, at `address`, whose notebooks share one kernel if they do not ask for one alone."""

    def __init__(self, address, folder):
        self.address, self.folder, self.kernel = address, folder, None

    def serve(self, notebook, name, alone=False):
        """Write a notebook (nbformat, or the text of its file) into the folder, connected to the kernel, or to a new
        one. Returns the address that opens it."""
        text = notebook if isinstance(notebook, str) else nbformat.writes(notebook) + "\n"
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")
        if self.kernel is None and not alone:
            self.kernel = self._ask("kernels", {"name": "python3"})["id"]
        kernel = {"name": "python3"} if alone else {"id": self.kernel}
        about = {"path": name, "name": name, "type": "notebook", "kernel": kernel}
        self._ask("sessions", about)
        return f"{self.address}/lab/tree/{name}?reset"

    def _ask(self, what, body):
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        with urllib.request.urlopen(
            urllib.request.Request(f"{self.address}/api/{what}", data, headers), timeout=60
        ) as answer:
            return json.load(answer)


@contextlib.contextmanager
def serve_lab(folder, state):
    """A JupyterLab over `folder` that keeps its settings and log in `state`; yields a `Lab`."""
    settings = state / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    extensions = state / ".config" / "jupyter_server_config.d"
    extensions.mkdir(parents=True)  # where `pip install` puts it
    shutil.copy(paths.PACKAGE / "course" / "jupyter.json", extensions / "coursekit.json")
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.expose_app_in_browser=True", "--ServerApp.disable_check_xsrf=True"]
    places = {"JUPYTER_CONFIG_DIR": ".config", "JUPYTERLAB_WORKSPACES_DIR": ".workspaces"}
    places["JUPYTERLAB_SETTINGS_DIR"] = ".settings"
    environment = os.environ | {name: str(state / place) for name, place in places.items()}
    environment.pop("COURSEKIT_PROGRESS", None)  # its kernels are a student's
    log = state / "lab.log"
    with (
        log.open("w") as file,
        subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT) as server,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api", server, log)
            yield Lab(address, folder)
        finally:
            server.terminate()


def _wait_for(url, server, log, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.2)
    raise TimeoutError(f"JupyterLab did not answer at {url} within {seconds} s:\n{log.read_text()[-2000:]}")


def run_all(page):
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
