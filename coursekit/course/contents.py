"""A Jupyter server extension that keeps a lecture which is only opened as it was committed.

JupyterLab writes the kernel's description into each notebook that it opens, with the version of Python, and calls the
notebook changed when that differs from what the file says. No file can say what is true on every machine. So the
committed notebooks leave the version out: it is added when the server reads such a notebook, and dropped when it saves
one. `pip install` enables the extension (`jupyter.json`).
"""

import platform

from jupyter_server.services.contents.manager import AsyncContentsManager
from tornado.web import HTTPError


class WithoutVersions:
    """For a contents manager: a notebook whose file leaves the version of Python out goes on doing so."""

    async def get(self, path, content=True, type=None, format=None, require_hash=False):
        model = await super().get(path, content=content, type=type, format=format, require_hash=require_hash)
        if _without_version(model):
            model["content"]["metadata"]["language_info"]["version"] = platform.python_version()
        return model

    async def save(self, model, path=""):
        if model["type"] == "notebook" and await self._file_is_without_version(path):
            model["content"]["metadata"].get("language_info", {}).pop("version", None)
        return await super().save(model, path)

    async def _file_is_without_version(self, path) -> bool:
        try:
            return _without_version(await super().get(path, type="notebook"))
        except HTTPError:  # there is none yet, or it is no notebook any more
            return False


def _without_version(model) -> bool:
    """Whether this is the content of a Python notebook that says so, but not which Python."""
    if model["type"] != "notebook" or not model.get("content"):
        return False
    language = model["content"]["metadata"].get("language_info", {})
    return language.get("name") == "python" and "version" not in language


def _load_jupyter_server_extension(app) -> None:
    """Puts its own contents manager in the place of the server's, from which it derives, as jupytext does."""
    base = app.contents_manager_class
    if not issubclass(base, AsyncContentsManager):
        return
    app.contents_manager_class = type(f"{base.__name__}WithoutVersions", (WithoutVersions, base), {})
    app.contents_manager = app.contents_manager_class(parent=app, log=app.log)
    app.session_manager.contents_manager = app.web_app.settings["contents_manager"] = app.contents_manager


def _jupyter_server_extension_points() -> list[dict]:
    return [{"module": "coursekit.course.contents"}]
