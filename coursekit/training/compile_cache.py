"""The disk cache of compiled programs: what XLA has compiled for this user on this machine is loaded the next time.

What lies in the cache is run as machine code. So it is used only while it belongs to this user and nobody else may
write there, and each version of a compiler and each kind of processor has a folder of its own. It may be deleted at
any time; `COURSEKIT_COMPILED=0` does without it, and another value names another folder.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import time
from pathlib import Path

from coursekit import paths

LIMIT = 512 * 2**20  # bytes, of each backend's folder
ROOM = 256 * 2**20  # bytes free on the disk, without which nothing is kept: TensorFlow fails where it cannot write


def use(backend: str) -> Path | None:
    """Tell a backend that has compiled nothing yet where its compiler finds and leaves its programs.

    What the user has set for TensorFlow (`TF_XLA_FLAGS`) or JAX (`JAX_COMPILATION_CACHE_DIR`) stays as it is, and so
    does what an earlier call has set.

    Args:
        backend: "tensorflow" or "jax".
    Returns:
        The folder, or None if no cache is used.
    """
    if backend == "jax":
        taken = "JAX_COMPILATION_CACHE_DIR" in os.environ or importlib.util.find_spec("filelock") is None
    else:
        taken = backend != "tensorflow" or "persistent_cache" in os.environ.get("TF_XLA_FLAGS", "")
    if taken or (folder := _made(backend)) is None:
        return None
    if backend == "jax":
        # With a limit, JAX takes a lock for each program: without one, a second process may read half of a file.
        settings = {"compilation_cache_dir": str(folder), "compilation_cache_max_size": LIMIT}
        settings["persistent_cache_min_compile_time_secs"] = 0.1
        for name, value in settings.items():
            if os.environ.setdefault(f"JAX_{name.upper()}", str(value)) == str(value) and "jax" in sys.modules:
                sys.modules["jax"].config.update(f"jax_{name}", value)
    else:
        tidy(folder, LIMIT)
        # TensorFlow reads them when it compiles for the first time.
        flags = [os.environ.get("TF_XLA_FLAGS", ""), f"--tf_xla_persistent_cache_directory='{folder}'"]
        os.environ["TF_XLA_FLAGS"] = " ".join(filter(None, flags))
    return folder


def tidy(folder: Path, limit: int) -> None:
    """Delete from TensorFlow's folder what is damaged, and, if the rest takes more than `limit` bytes, what was not
    used for the longest time, until half of that is left.

    TensorFlow tells Keras of a file that ends too early in the words in which a data set says that it has ended: Keras
    would take the training for finished.
    """
    files = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            with contextlib.suppress(OSError):  # another process was first
                status = entry.stat(follow_symlinks=False)
                if time.time() - status.st_mtime > 60 and not _is_whole(entry.path, status.st_size):
                    os.unlink(entry.path)
                else:
                    os.utime(entry.path, ns=(status.st_atime_ns, status.st_mtime_ns))  # looking at it was no use of it
                    files.append((max(status.st_atime, status.st_mtime), status.st_size, entry.path))
    total = sum(size for _, size, _ in files)
    if total <= limit:
        return
    for _, size, path in sorted(files):
        if total <= limit / 2:
            break
        with contextlib.suppress(OSError):
            os.unlink(path)
            total -= size


def _is_whole(path: str, size: int) -> bool:
    """Whether the fields of a protocol buffer follow one another to the very end of its file."""

    def varint():
        value, shift = 0, 0
        while True:
            (byte,) = file.read(1)  # a ValueError at the end of the file
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    with open(path, "rb") as file:
        try:
            while file.tell() < size:
                kind, value = varint() & 7, varint()
                if kind not in (0, 2):  # a number, or so many bytes
                    return False
                file.seek(value if kind == 2 else 0, os.SEEK_CUR)
        except ValueError:
            return False
        return 0 < file.tell() == size


def empty() -> None:
    """Delete TensorFlow's compiled programs: it fails where one of these files is damaged, or cannot be written."""
    folder = _folder("tensorflow")
    if folder and not _problem(folder):
        tidy(folder, -1)


def describe() -> tuple[bool, str]:
    """(whether there is a cache, which folder it is and how much lies in it, or why there is none)."""
    top = paths.compiled()
    if top is None:
        return False, "none (COURSEKIT_COMPILED=0): every run compiles again"
    there = next(folder for folder in (top, *top.parents) if folder.exists())
    if problem := _problem(top) or ("" if os.access(there, os.W_OK) else f"{there} may not be written to"):
        return False, f"none, as {problem}: every run compiles again"
    size = 0
    for path in top.rglob("*"):
        with contextlib.suppress(OSError):  # another process has deleted it
            size += path.stat().st_size if path.is_file() else 0
    return True, f"{size / 1e6:.0f} MB of compiled programs in {top} (safe to delete)"


def _folder(backend: str) -> Path | None:
    """That of this version of the backend on this kind of processor; None if no cache is wanted."""
    library = "jaxlib" if backend == "jax" else backend
    try:
        version = importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        version = "unknown"
    top = paths.compiled()
    return top and top / f"{library}-{version}-{_processor()}"


def _made(backend: str) -> Path | None:
    """The backend's folder, made if it is not there yet; None if it cannot be made or may not be used."""
    folder = _folder(backend)
    if folder is None or _problem(folder.parent):
        return None
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    usable = not _problem(folder) and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM
    return folder if usable else None


def _problem(folder: Path) -> str:
    """Why nothing in this folder may be run; empty if it may, or if there is no such folder yet."""
    if not hasattr(os, "geteuid") or not folder.exists():
        return ""
    status = folder.stat()
    if status.st_uid != os.geteuid():
        return f"{folder} belongs to another user"
    if status.st_mode & 0o022:
        return f"others may write to {folder} (`chmod go-w` forbids it)"
    return ""


def _processor() -> str:
    """Eight hexadecimal digits that differ between processors with different instructions."""
    about = [platform.machine(), platform.processor()]
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        lines = file.read().split("\n\n")[0].splitlines()
        about += [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))]
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:8]
