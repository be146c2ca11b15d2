"""Download of one file from one source: verified by pooch, put in place in one step, resumed after an interruption."""

import logging
import os
import shutil
import time
import uuid
from pathlib import Path

from coursekit import progress

CHUNK = 1 << 16  # bytes
CONNECT, SILENCE = 10, 30  # seconds until a server counts as dead: to connect, and between two pieces
ABANDONED = 4 * SILENCE  # seconds after which a part file cannot belong to a living download


class Refused(Exception):
    """The source does not give the file; the message says why."""


def fetch_from(source: str | Path, location: Path, size: int, sha256: str) -> str | None:
    """Put the file of `source`, an address or a path, at `location`; None if that worked, else the reason.

    Raises:
        OSError: `location` cannot be written.
    """
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)
    bring = _Download(location, size) if isinstance(source, str) else _copy
    location.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        try:
            pooch.retrieve(str(source), f"sha256:{sha256}", location.name, location.parent, downloader=bring)
        except Refused as refusal:
            return str(refusal)
        except ValueError:
            # What an earlier download left may be to blame; without it there is no second chance.
            if not getattr(bring, "resumed", False):
                break
        else:
            location.with_name(f"{location.name}.part").unlink(missing_ok=True)
            return None
    return f"the content is not the expected one (its SHA-256 is not {sha256[:8]}...)"


def _copy(source, target, _pooch):
    try:
        content = open(source, "rb")  # noqa: SIM115
    except OSError as error:
        raise Refused(error.strerror.lower()) from error
    with content, open(target, "wb") as copy:
        shutil.copyfileobj(content, copy)
    os.chmod(target, 0o644)


class _Download:
    """A downloader for pooch that goes on where an interrupted one stopped."""

    def __init__(self, location: Path, size: int):
        self.location, self.size, self.resumed = location, size, False

    def __call__(self, url, target, _pooch):
        part = _claim(self.location)
        try:
            if _length(part) > self.size:
                part.unlink()
            self.resumed = _length(part) > 0
            while _length(part) != self.size:
                before = _length(part)
                try:
                    self._receive(url, part, before)
                except Refused:
                    # A server that drops the line may have given something; ask for the rest until it gives nothing.
                    if _length(part) <= before:
                        raise
            part.replace(target)
            os.chmod(target, 0o644)  # pooch's temporary files are private, a cache may be shared
        except BaseException:
            _release(part, self.location)
            raise

    def _receive(self, url, part, offset):
        import requests
        import urllib3

        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={offset}-"} if offset else {})
        try:
            with requests.get(url, headers=headers, stream=True, timeout=(CONNECT, SILENCE)) as answer:
                answer.raise_for_status()
                offset = offset if answer.status_code == 206 else 0
                announced = answer.headers.get("Content-Length")
                if announced is not None and offset + int(announced) != self.size:
                    raise Refused(f"offers {offset + int(announced):,} bytes instead of {self.size:,}")
                bar = progress.bar(description=self.location.name, total=self.size, initial=offset, unit="B")
                with bar, part.open("ab" if offset else "wb") as out:
                    # Undecoded: some servers declare a .gz file to be compressed text.
                    for chunk in answer.raw.stream(CHUNK, decode_content=False):
                        if out.tell() + len(chunk) > self.size:
                            out.truncate(0)
                            raise Refused(f"gives more than {self.size:,} bytes")
                        out.write(chunk)
                        bar.update(len(chunk))
        except requests.HTTPError as error:
            raise Refused(f"answers {error.response.status_code} {error.response.reason}") from error
        except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
            raise Refused("no answer in time") from error
        except requests.ConnectionError as error:
            raise Refused("cannot be reached") from error
        except requests.RequestException as error:
            raise Refused(str(error)) from error
        except urllib3.exceptions.HTTPError as error:
            raise Refused(f"the connection broke off after {_length(part):,} of {self.size:,} bytes") from error
        if _length(part) != self.size:
            raise Refused(f"the answer ended after {_length(part):,} of {self.size:,} bytes")


def _claim(location: Path) -> Path:
    """A part file that no other process writes to: one left behind, renamed, or the name of a new one."""
    own = location.with_name(f"{location.name}.{uuid.uuid4().hex[:8]}.part")
    for left in location.parent.glob(f"{location.name}.*part"):
        try:
            if left.name == f"{location.name}.part" or time.time() - left.stat().st_mtime > ABANDONED:
                left.replace(own)
                os.utime(own)
                break
        except FileNotFoundError:  # another process was faster
            continue
    return own


def _release(part: Path, location: Path) -> None:
    if _length(part):
        part.replace(location.with_name(f"{location.name}.part"))
    else:
        part.unlink(missing_ok=True)


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
