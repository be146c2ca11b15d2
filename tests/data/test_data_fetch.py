"""Fetching over a real connection on 127.0.0.1: what goes wrong is detected, named, resumed, never kept."""

import os
import signal
import stat
import subprocess
import sys
import time

import numpy as np
import pytest

from coursekit import data
from coursekit.data import download
from coursekit.data.registry import CATALOG

DEAD = "http://127.0.0.1:9"  # the discard port: nobody listens
IMAGES, LABELS = "/first/tiny/images.gz", "/first/tiny/labels.gz"


def kept(cache):
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


def test_load_fetches_verifies_and_keeps(server, tiny, empty_cache):
    assert {row.name: row.status for row in data.catalog()}["tiny"] == "not fetched"
    loaded = data.load("tiny")
    assert loaded.images.shape == (400, 28, 28, 1)
    assert loaded.labels[:3].tolist() == [0, 1, 2]
    assert kept(empty_cache) == ["images.gz", "labels.gz"]
    assert server.log == [(IMAGES, 0), (LABELS, 0)]
    assert np.array_equal(data.load("tiny").images, loaded.images)
    assert data.fetch("tiny") == [file.location for file in tiny]
    assert len(server.log) == 2, "what is in the cache is not asked for again"
    assert data.verify("tiny") == [("tiny/images.gz", "ok"), ("tiny/labels.gz", "ok")]
    assert {row.name: row.status for row in data.catalog()}["tiny"] == "cached"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_cached_files_can_be_shared(tiny):
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o644 for path in data.fetch("tiny"))


def test_fetch_writes_nothing_but_the_files(tiny, capfd):
    data.fetch("tiny")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        ("refuses", "answers 404 Not Found"),
        ("truncated", r"offers [\d,]+ bytes instead of [\d,]+"),
        ("corrupted", r"the content is not the expected one \(its SHA-256 is not"),
        ("endless", r"gives more than [\d,]+ bytes"),
        ("longer", r"offers [\d,]+ bytes instead of [\d,]+"),
    ],
)
def test_bad_source_is_passed_over(server, tiny, empty_cache, monkeypatch, behavior, reason):
    if behavior == "corrupted":
        server.content[IMAGES] = bytes(len(server.content[IMAGES]))
    elif behavior == "longer":
        server.content[IMAGES] += b"more"
    else:
        server.behavior[IMAGES] = behavior
    data.fetch("tiny")
    assert [address for address, _ in server.log[:2]] == [IMAGES, "/second/tiny/images.gz"]
    assert kept(empty_cache) == ["images.gz", "labels.gz"]

    for path in data.fetch("tiny"):
        path.unlink()
    server.content["/second/tiny/images.gz"] = server.content[IMAGES]
    server.behavior["/second/tiny/images.gz"] = server.behavior.get(IMAGES, "good")
    with pytest.raises(data.DataUnavailable) as caught:
        data.load("tiny")
    caught.match(rf"first/tiny/images\.gz: {reason}")
    caught.match(rf"second/tiny/images\.gz: {reason}")
    assert kept(empty_cache) == []


def test_unreachable_names_what_was_tried_and_three_ways_out(server, tiny, empty_cache, monkeypatch):
    server.content.clear()
    monkeypatch.setenv("COURSEKIT_MIRROR", DEAD)
    with pytest.raises(data.DataUnavailable) as caught:
        data.load("tiny")
    message = str(caught.value)
    assert message.startswith("The data set 'tiny' is not available: tiny/images.gz is not in the cache")
    tried = [line for line in message.splitlines() if line.startswith("  - ")]
    assert tried[0] == f"  - {DEAD}/tiny/images.gz: cannot be reached"
    assert [line.split(": ")[0] for line in tried[1:]] == [f"  - {url}" for url in tiny[0].urls]
    for way in ("`coursekit data fetch tiny`", "COURSEKIT_MIRROR", "load('digits')"):
        assert way in message
    assert kept(empty_cache) == []


def test_server_that_falls_silent(server, tiny, empty_cache, monkeypatch):
    monkeypatch.setattr(download, "SILENCE", 0.2)
    server.behavior[IMAGES] = "stalls"
    data.fetch("tiny")
    assert [address for address, _ in server.log[:2]] == [IMAGES, IMAGES], "it gave something: ask for the rest"
    assert server.log[1][1] >= download.CHUNK
    assert kept(empty_cache) == ["images.gz", "labels.gz"]


def test_dropped_connection_is_resumed(server, tiny, empty_cache):
    server.behavior[IMAGES] = "drops"
    data.fetch("tiny")
    starts = [start for address, start in server.log if address == IMAGES]
    assert starts[0] == 0
    assert len(starts) > 2
    assert starts == sorted(set(starts)), "each request goes on where the one before stopped"
    assert kept(empty_cache) == ["images.gz", "labels.gz"]


def test_interrupted_download_goes_on_at_the_next_address_or_time(server, tiny, empty_cache):
    whole = server.content[IMAGES]
    part = empty_cache / "tiny" / "images.gz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(whole[:100_000])
    server.behavior[IMAGES] = "refuses"
    data.fetch("tiny")
    assert server.log[:2] == [(IMAGES, 100_000), ("/second/tiny/images.gz", 100_000)]
    assert kept(empty_cache) == ["images.gz", "labels.gz"]


@pytest.mark.parametrize("left", [b"not the beginning of the file", b"too long" * 100_000])
def test_bad_rest_of_an_earlier_download_is_thrown_away(server, tiny, empty_cache, left):
    part = empty_cache / "tiny" / "images.gz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(left)
    data.fetch("tiny")
    assert server.log[-2] == (IMAGES, 0)
    assert kept(empty_cache) == ["images.gz", "labels.gz"]


def test_part_of_a_killed_process_is_taken_over_and_that_of_a_living_one_is_not(server, tiny, empty_cache):
    folder = empty_cache / "tiny"
    folder.mkdir(parents=True)
    living, killed = folder / "images.gz.11111111.part", folder / "images.gz.22222222.part"
    living.write_bytes(server.content[IMAGES][:1000])
    killed.write_bytes(server.content[IMAGES][:2000])
    long_ago = time.time() - 2 * download.ABANDONED
    os.utime(killed, (long_ago, long_ago))
    data.fetch("tiny")
    assert server.log[0] == (IMAGES, 2000)
    assert kept(empty_cache) == ["images.gz", living.name, "labels.gz"]


def test_server_without_ranges(server, tiny, empty_cache):
    server.behavior[IMAGES] = "no ranges"
    part = empty_cache / "tiny" / "images.gz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(server.content[IMAGES][:1000])
    data.fetch("tiny")
    assert server.log[0] == (IMAGES, 1000)
    assert [address for address, _ in server.log] == [IMAGES, LABELS]
    assert kept(empty_cache) == ["images.gz", "labels.gz"]


FETCH = """
import sys
from coursekit.data.files import File, obtain
obtain(File(sys.argv[1], int(sys.argv[2]), sys.argv[3], (sys.argv[4],)), "tiny", "digits")
"""


def process(file):
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, file.path, str(file.bytes), file.sha256, file.urls[0]], stderr=subprocess.PIPE
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send SIGINT to one process")
def test_ctrl_c_leaves_what_it_has_and_the_next_fetch_goes_on(server, tiny, empty_cache):
    server.behavior[IMAGES] = "slow"
    part = None
    with process(tiny[0]) as running:
        deadline = time.monotonic() + 20
        while not (part and part.stat().st_size >= download.CHUNK):
            assert time.monotonic() < deadline
            time.sleep(0.02)
            part = next(empty_cache.glob("tiny/images.gz.*part"), None)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
        assert running.returncode != 0
    assert kept(empty_cache) == ["images.gz.part"]
    data.fetch("tiny")
    assert server.log[1][0] == IMAGES
    assert server.log[1][1] >= download.CHUNK
    assert kept(empty_cache) == ["images.gz", "labels.gz"]


def test_several_processes_at_once(server, tiny, empty_cache):
    server.behavior[IMAGES] = "slow"
    running = [process(tiny[0]) for _ in range(3)]
    for one in running:
        _, errors = one.communicate(timeout=60)
        assert one.returncode == 0, errors.decode()
    assert kept(empty_cache) == ["images.gz"]
    assert tiny[0].state() == "ok"


@pytest.mark.parametrize("harm", ["truncate", "flip"])
def test_cached_file_that_went_bad_is_fetched_again(server, tiny, harm):
    before = data.load("tiny").images
    location = tiny[0].location
    content = bytearray(location.read_bytes())
    if harm == "truncate":
        del content[1000:]
    else:
        content[1000] ^= 1
    location.write_bytes(content)
    reason = {"truncate": "damaged: 1,000 bytes instead of", "flip": "damaged: SHA-256 is"}[harm]
    assert data.verify("tiny")[0][1].startswith(reason)
    assert np.array_equal(data.load("tiny").images, before)
    assert data.verify("tiny")[0][1] == "ok"
    location.write_bytes(content)
    server.content.clear()
    with pytest.raises(data.DataUnavailable):
        data.load("tiny")
    assert not location.exists(), "a damaged file does not stay"


def test_mirror_address_is_asked_first(server, tiny, monkeypatch):
    monkeypatch.setenv("COURSEKIT_MIRROR", f"{server.url}/mirror/")
    data.fetch("tiny")
    assert server.log == [("/mirror/tiny/images.gz", 0), ("/mirror/tiny/labels.gz", 0)]


def test_mirror_folder_is_asked_first_and_verified(server, tiny, empty_cache, tmp_path, monkeypatch):
    folder = tmp_path / "mirror"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "images.gz").write_bytes(server.content[IMAGES])
    (folder / "tiny" / "labels.gz").write_bytes(bytes(tiny[1].bytes))
    monkeypatch.setenv("COURSEKIT_MIRROR", str(folder))
    data.fetch("tiny")
    assert server.log == [(LABELS, 0)], "good images from the folder, bad labels not"
    assert kept(empty_cache) == ["images.gz", "labels.gz"]


def test_mirror_folder_that_lacks_the_file(server, tiny, empty_cache, tmp_path, monkeypatch):
    server.content.clear()
    monkeypatch.setenv("COURSEKIT_MIRROR", str(tmp_path / "nowhere"))
    with pytest.raises(data.DataUnavailable, match=r"nowhere.tiny.images\.gz: no such file"):
        data.load("tiny")
    assert kept(empty_cache) == []


def test_relative_mirror_means_the_same_in_every_folder(tiny, server, tmp_path, monkeypatch):
    from coursekit import paths

    monkeypatch.setattr(paths, "root", lambda: tmp_path / "course")
    folder = tmp_path / "shared" / "tiny"
    folder.mkdir(parents=True)
    (tmp_path / "course" / "notebooks").mkdir(parents=True)
    for address in (IMAGES, LABELS):
        (folder / address.split("/")[-1]).write_bytes(server.content[address])
    monkeypatch.setenv("COURSEKIT_MIRROR", "../shared")
    monkeypatch.chdir(tmp_path / "course" / "notebooks")
    data.fetch("tiny")
    assert server.log == []


def test_cache_that_cannot_be_written(tiny, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "file"))
    with pytest.raises(data.DataUnavailable, match=r"'tiny' cannot be written to the cache .*set COURSEKIT_CACHE"):
        data.fetch("tiny")


def test_damaged_file_of_the_course_says_how_to_mend_it(monkeypatch, tmp_path):
    from coursekit import paths

    monkeypatch.setattr(paths, "data", lambda: tmp_path)
    file = CATALOG["fashion_small"].files["train"][0]
    monkeypatch.setitem(CATALOG["fashion_small"].files, "train", (_moved(file, tmp_path),))
    with pytest.raises(data.DataUnavailable, match=r"is missing.*git checkout data/fashion_5k\.npz"):
        data.load("fashion_small")
    (tmp_path / "fashion_5k.npz").write_bytes(b"x")
    with pytest.raises(data.DataUnavailable, match=r"damaged: 1 bytes instead of 2,208,297.*git checkout"):
        data.load("fashion_small")


def _moved(file, folder):
    from dataclasses import replace

    return replace(file, home=lambda: folder)
