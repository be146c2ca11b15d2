"""A small data set in MNIST's format, and a server on 127.0.0.1 that gives it well, badly, slowly or not at all."""

import gzip
import hashlib
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from coursekit.data import registry
from coursekit.data.files import File
from coursekit.data.readers import read_idx


class Server(ThreadingHTTPServer):
    """Serves `content` (address -> bytes) as `behavior` (address -> one of these words, by default "good") says.

    "refuses": 404; "truncated": half, and the header says so; "endless": too much, and the header says nothing;
    "drops": closes the line halfway; "stalls": falls silent halfway; "slow"; "no ranges": always from the first byte.
    `log` holds (address, first byte asked for).
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.behavior, self.log = {}, {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        behavior = self.server.behavior.get(self.path, "good")
        content = self.server.content.get(self.path)
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self.server.log.append((self.path, start))
        if content is None or behavior == "refuses":
            return self.send_error(404)
        if behavior == "truncated":
            content = content[: len(content) // 2]
        if behavior == "no ranges":
            start = 0
        self.send_response(206 if start else 200)
        if behavior != "endless":
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:] + (content if behavior == "endless" else b"")
        if behavior in ("drops", "stalls"):
            body = body[: len(body) // 2]
        pieces = [body[i : i + 20_000] for i in range(0, len(body), 20_000)] if behavior == "slow" else [body]
        for piece in pieces:
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except ConnectionError:
                return None
            time.sleep({"slow": 0.05, "stalls": 0.6}.get(behavior, 0))
        return None

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """An empty cache, and no mirror."""
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSEKIT_MIRROR", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def tiny(server, empty_cache, monkeypatch):
    """The data set "tiny", 400 images of noise and their labels, at two addresses of the server; its two files."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (400, 28, 28), np.uint8), np.arange(400, dtype=np.uint8) % 10
    files = []
    for name, array in (("images", images), ("labels", labels)):
        header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        content = gzip.compress(header + array.tobytes(), mtime=0)
        server.content |= {f"/{place}/tiny/{name}.gz": content for place in ("first", "second", "mirror")}
        urls = tuple(f"{server.url}/{place}/tiny/{name}.gz" for place in ("first", "second"))
        files.append(File(f"tiny/{name}.gz", len(content), hashlib.sha256(content).hexdigest(), urls))
    entry = registry.Entry(
        what="noise",
        counts={"train": 400},
        files={"train": tuple(files)},
        read=read_idx,
        classes=tuple("0123456789"),
        license="none",
        citation="none",
        source="random numbers",
        substitute="digits",
    )
    monkeypatch.setitem(registry.CATALOG, "tiny", entry)
    return files


@pytest.fixture
def real_data():
    if not os.environ.get("COURSEKIT_MIRROR"):
        pytest.skip("COURSEKIT_MIRROR is not set: it names the folder or address that has the full data sets")
