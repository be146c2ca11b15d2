"""Files of known size and SHA-256: their place on disk, their check and their download."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursekit import paths
from coursekit.data import download
from coursekit.errors import UserError

_whole: dict[Path, tuple[int, int]] = {}  # size and modification time of the files whose SHA-256 was right


class DataError(UserError, ValueError):
    """There is no such data set, or (`DataUnavailable`) it cannot be had."""


class DataUnavailable(DataError):
    """A data set can neither be read nor fetched. The message says what was tried, and the ways out."""


@dataclass(frozen=True)
class File:
    """One file of a data set.

    Attributes:
        path: below `home` and, if it is fetched, below a mirror.
        bytes: its size.
        sha256: of its content, in hexadecimal digits.
        urls: its public addresses, tried in turn; none if it comes with the course.
        repair: the sentence that tells how to restore a file that comes with the course; empty for any other.
        by_hand: how people get it, if no program can: a file that only a mirror has.
        home: gives the folder it is kept in.
        repacked: the same content in a form that only a mirror has; each of the two can take the other's place.
    """

    path: str
    bytes: int
    sha256: str
    urls: tuple[str, ...] = ()
    repair: str = ""
    by_hand: str = ""
    home: Callable[[], Path] = paths.cache
    repacked: "File | None" = None

    @property
    def location(self) -> Path:
        """Its full path."""
        return self.home() / self.path

    @property
    def stored_form(self) -> "File":
        """The form that lies in the cache: `repacked` if only that one does, else this one."""
        return self.repacked if self.repacked and self.repacked.exists and not self.exists else self

    @property
    def exists(self) -> bool:
        """Whether there is a file at `location`, whole or not."""
        return self.location.exists()

    def state(self, thorough: bool = True) -> str:
        """`"ok"`, `"not fetched"` (`"missing"` if it should have come with the course) or `"damaged: ..."`.

        The SHA-256 is computed if `thorough`, and once a process as long as the file does not change.
        """
        location = self.location
        try:
            status = location.stat()
        except (FileNotFoundError, NotADirectoryError):
            return "missing" if self.repair else "not fetched"
        if status.st_size != self.bytes:
            return f"damaged: {status.st_size:,} bytes instead of {self.bytes:,}"
        signature = (status.st_size, status.st_mtime_ns)
        if thorough and _whole.get(location) != signature:
            with location.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            if digest != self.sha256:
                return f"damaged: SHA-256 is {digest[:8]}... instead of {self.sha256[:8]}..."
            _whole[location] = signature
        return "ok"


def obtain(file: File, name: str, substitute: str) -> Path:
    """Path of `file`, or of its `repacked` form, whole: in the cache or, if missing or damaged there, fetched.

    `COURSEKIT_MIRROR` is asked first, for both forms, then the public addresses in turn.

    Args:
        name: the data set; substitute: one that comes with the course. Both for the error message.

    Raises:
        DataUnavailable: no source has the file, or it cannot be written.
    """
    forms = [form for form in (file, file.repacked) if form]
    for form in forms:
        state = form.state()
        if state == "ok":
            return form.location
    if file.repair:
        raise DataUnavailable(
            f"Expected {file.location} of the data set '{name}' to be whole, but it is {state}. {file.repair}"
        )
    tried = []
    try:
        for form in forms:
            form.location.unlink(missing_ok=True)
        for source, form in _sources(file, forms):
            reason = download.fetch_from(source, form.location, form.bytes, form.sha256)
            if reason is None:
                return form.location
            tried.append(f"  - {source}: {reason}")
    except OSError as error:
        raise DataUnavailable(
            f"The data set '{name}' cannot be written to the cache {paths.cache()}: {error.strerror or error}. "
            f"Make room there, or set COURSEKIT_CACHE to a folder that can be written ({file.bytes / 1e6:,.1f} MB)."
        ) from error
    raise DataUnavailable(
        f"The data set '{name}' is not available: {file.path} is not in the cache, and no source has it.\n"
        + ("Tried:\n" + "\n".join(tried) + "\n" if tried else "")
        + "Three ways out:\n"
        f"  1. {file.by_hand or f'connect to the internet and run `coursekit data fetch {name}`'};\n"
        f"  2. set COURSEKIT_MIRROR to a folder or address that has {' or '.join(form.path for form in forms)};\n"
        f"  3. use the quick profile's data, which comes with the course: load({substitute!r})."
    )


def _sources(file: File, forms: list[File]) -> list[tuple[str | Path, File]]:
    public = [(url, file) for url in file.urls]
    mirror = os.environ.get("COURSEKIT_MIRROR", "")
    if not mirror:
        return public
    if mirror.startswith(("http://", "https://")):
        return [(f"{mirror.rstrip('/')}/{form.path}", form) for form in forms] + public
    folder = Path(mirror).expanduser()
    # Notebooks run in their own folder, so a relative mirror must mean the same there as at the root.
    if not folder.is_dir() and (paths.base() / folder).is_dir():
        folder = paths.base() / folder
    return [(folder / form.path, form) for form in forms] + public
