"""A checkpoint's path, and the claim to it: two notebooks must not write to one file."""

import contextlib
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def path_of(checkpoint):
    """The absolute path of the file that `fit(checkpoint=...)` names, `~` and all.

    Raises:
        ValueError: a folder, or no path.
    """
    if not isinstance(checkpoint, (str, os.PathLike)) or not os.fspath(checkpoint):
        raise ValueError(f"Expected checkpoint: the path of a file, such as 'run.npz', got {checkpoint!r}.")
    path = Path(checkpoint).expanduser().absolute()  # a later os.chdir() does not move it
    if path.is_dir():
        raise ValueError(f"Expected checkpoint: the path of a file, got the folder {path}. Pass {path / 'run.npz'}.")
    return path


@contextlib.contextmanager
def claimed(path):
    """A context in which no other process, or thread, can claim `path`. The claim ends with the process, too. Where the
    file system has no locks, there is none.

    Raises:
        ValueError: it is claimed already, or its folder cannot be written to.
    """
    lock = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _opened(lock)
    except _Taken as taken:
        raise ValueError(
            f"Expected a checkpoint that no other training writes to, got {path}, which {taken} trains with. "
            "Shut down that notebook's kernel, or pass another path."
        ) from None
    except OSError as problem:
        raise ValueError(
            f"Expected a checkpoint in a folder that can be written to, got {path} ({problem.strerror}). Pass another."
        ) from problem
    try:
        yield
    finally:
        if fcntl:  # before the claim ends, or the file may be that of the next one
            with contextlib.suppress(OSError):
                lock.unlink()
        file.close()
        if not fcntl:
            with contextlib.suppress(OSError):
                lock.unlink()


class _Taken(Exception):
    """Its text says by whom."""


def _opened(lock):
    while True:
        file = open(lock, "a+b")  # noqa: SIM115 - closed when the claim ends
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            owner = file.read().decode(errors="replace") if fcntl else ""
            file.close()
            raise _Taken(owner or "another process") from None
        except OSError:  # no locks here
            return file
        if not fcntl or _is(file, lock):
            file.truncate(0)
            file.write(f"process {os.getpid()}".encode())
            file.flush()
            return file
        file.close()  # its owner has just deleted it


def _is(file, path):
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _lock(file):
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
