"""Larochelle's binarized MNIST: the official text and the repacked archive, each where the other is missing or bad."""

import hashlib

import numpy as np
import pytest

from coursekit import data
from coursekit.data import registry
from coursekit.data.files import File
from coursekit.data.readers import read_binarized

SPLITS = {"train": 40, "valid": 20, "test": 10}
PACKED = "binarized/packed.npz"


@pytest.fixture
def bits():
    rng = np.random.default_rng(0)
    return {split: rng.integers(0, 2, (n, 784), np.uint8) for split, n in SPLITS.items()}


@pytest.fixture
def tiny_binarized(server, empty_cache, tmp_path, monkeypatch, bits):
    """The data set "binarized" in both forms: texts at two addresses of the server, the archive at `/mirror` only."""
    archive = tmp_path / "packed.npz"
    np.savez(archive, **{split: np.packbits(rows, axis=1) for split, rows in bits.items()})
    packed = archive.read_bytes()
    server.content[f"/mirror/{PACKED}"] = packed
    repacked = File(PACKED, len(packed), hashlib.sha256(packed).hexdigest())
    files = {}
    for split, rows in bits.items():
        text = "".join(" ".join(map(str, row)) + "\n" for row in rows).encode()
        name = f"binarized/{split}.amat"
        server.content |= {f"/{place}/{name}": text for place in ("first", "second")}
        urls = tuple(f"{server.url}/{place}/{name}" for place in ("first", "second"))
        files[split] = (File(name, len(text), hashlib.sha256(text).hexdigest(), urls, repacked=repacked),)
    entry = registry.Entry(
        what="noise", counts=SPLITS, files=files, read=read_binarized,
        license="none", citation="none", source="random numbers", substitute="digits",
    )  # fmt: skip
    monkeypatch.setitem(registry.CATALOG, "binarized", entry)
    return files


def is_whole(split, bits):
    part = data.load("binarized", split)
    assert part.labels is None
    assert part.images.shape == (SPLITS[split], 28, 28, 1)
    assert part.images.dtype == np.float32
    assert np.array_equal(part.flat, bits[split])


@pytest.mark.parametrize("split", SPLITS)
def test_official_text(tiny_binarized, server, bits, split):
    is_whole(split, bits)
    assert server.log == [(f"/first/binarized/{split}.amat", 0)], "only the file of the split is fetched"
    drawn = data.load("binarized", split, 5, seed=1)
    assert np.array_equal(drawn.flat, bits[split][np.random.default_rng(1).permutation(SPLITS[split])[:5]])


def test_repacked_archive_of_a_mirror_serves_all_splits(tiny_binarized, server, empty_cache, bits, monkeypatch):
    monkeypatch.setenv("COURSEKIT_MIRROR", f"{server.url}/mirror")
    for split in SPLITS:
        is_whole(split, bits)
    asked = [address for address, _ in server.log]
    assert asked == ["/mirror/binarized/train.amat", f"/mirror/{PACKED}"], "once in the cache it is not asked for again"
    assert data.fetch("binarized") == [empty_cache / PACKED]
    assert data.verify("binarized") == [(PACKED, "ok")]
    assert {row.name: row.status for row in data.catalog()}["binarized"] == "cached"


def test_folder_with_the_repacked_archive(tiny_binarized, server, bits, tmp_path, monkeypatch):
    folder = tmp_path / "mirror" / "binarized"
    folder.mkdir(parents=True)
    (folder / "packed.npz").write_bytes(server.content[f"/mirror/{PACKED}"])
    monkeypatch.setenv("COURSEKIT_MIRROR", str(tmp_path / "mirror"))
    is_whole("valid", bits)
    assert server.log == []


@pytest.mark.parametrize("harm", ["truncated", "corrupted", "missing"])
def test_bad_archive_of_a_mirror_is_passed_over(tiny_binarized, server, empty_cache, bits, monkeypatch, harm):
    monkeypatch.setenv("COURSEKIT_MIRROR", f"{server.url}/mirror")
    address = f"/mirror/{PACKED}"
    whole = server.content.pop(address)
    if harm != "missing":
        server.content[address] = whole[:-100] if harm == "truncated" else whole[:-100] + bytes(100)
    is_whole("test", bits)
    assert server.log[-1] == ("/first/binarized/test.amat", 0)
    assert [path.name for path in empty_cache.rglob("*.*")] == ["test.amat"]


@pytest.mark.parametrize("harm", ["truncated", "corrupted", "missing"])
def test_bad_text_is_passed_over_and_then_unavailable(tiny_binarized, server, empty_cache, bits, harm):
    reason = {
        "truncated": r"offers [\d,]+ bytes instead of [\d,]+",
        "corrupted": "the content is not the expected one",
        "missing": "answers 404 Not Found",
    }[harm]
    for place in ("first", "second"):
        address = f"/{place}/binarized/test.amat"
        whole = server.content.pop(address)
        if harm != "missing":
            server.content[address] = whole[: -2 * 784] if harm == "truncated" else b"2" + whole[1:]
        if place == "first":
            is_whole("test", bits)
            (empty_cache / "binarized" / "test.amat").unlink()
    with pytest.raises(data.DataUnavailable, match=rf"second/binarized/test\.amat: {reason}") as caught:
        data.load("binarized", "test")
    caught.match(r"address that has binarized/test\.amat or binarized/packed\.npz")
    assert not [path for path in empty_cache.rglob("*") if path.is_file()]


@pytest.mark.parametrize("harm", ["truncated", "flipped"])
def test_each_form_in_the_cache_takes_the_place_of_the_other(tiny_binarized, server, empty_cache, bits, harm):
    archive, text = empty_cache / PACKED, empty_cache / "binarized" / "test.amat"
    text.parent.mkdir(parents=True)
    forms = {archive: server.content[f"/mirror/{PACKED}"], text: server.content["/first/binarized/test.amat"]}
    for bad, good in ((archive, text), (text, archive)):
        good.write_bytes(forms[good])
        damaged = bytearray(forms[bad])
        if harm == "truncated":
            del damaged[1000:]
        else:
            damaged[1000] ^= 1
        bad.write_bytes(damaged)
        is_whole("test", bits)
    assert server.log == []


def test_damage_of_either_form_is_told(tiny_binarized, server, empty_cache, bits):
    for split in SPLITS:
        is_whole(split, bits)
    assert {state for _, state in data.verify("binarized")} == {"ok"}
    (empty_cache / "binarized" / "test.amat").write_bytes(b"0 1")
    assert data.verify("binarized")[2][1].startswith("damaged: 3 bytes")
    for path in empty_cache.rglob("*.amat"):
        path.unlink()
    assert data.verify("binarized") == [(f"binarized/{split}.amat", "not fetched") for split in SPLITS]
    (empty_cache / PACKED).write_bytes(b"short")
    assert [state for _, state in data.verify("binarized")] == [f"damaged: 5 bytes instead of {packed_size(server)}"]


def packed_size(server):
    return f"{len(server.content[f'/mirror/{PACKED}']):,}"
