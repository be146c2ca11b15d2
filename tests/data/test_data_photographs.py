"""CIFAR-10, faces and CelebA: tiny archives of the official forms and of a mirror's, whole, damaged and missing."""

import dataclasses
import hashlib
import io
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from coursekit import data
from coursekit.data.registry import CATALOG

OFFICIAL, SHEETS = "cifar10/cifar-10-binary.tar.gz", "cifar10/cifar10-lossless-webp.zip"
FACES, CELEBA = "faces/fairface-64x64.zip", "celeba/img_align_celeba.zip"


def encoded(pixels, kind="webp", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def zipped(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def file_of(path, content, urls=(), **more):
    return dataclasses.replace(more.pop("like"), path=path, bytes=len(content), urls=urls,
                               sha256=hashlib.sha256(content).hexdigest(), **more)  # fmt: skip


@pytest.fixture
def use(server, monkeypatch):
    """Give a named set other contents: `use(name, counts, file)`; the readers stay."""

    def put(name, counts, file):
        entry = dataclasses.replace(CATALOG[name], counts=counts, files=dict.fromkeys(counts, (file,)))
        monkeypatch.setitem(CATALOG, name, entry)

    return put


# -- CIFAR-10 ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cifar():
    """{split: (images, labels)}: two sheets of 1,000, which is five batches of 400, for training; one for testing."""
    rng = np.random.default_rng(0)
    sizes = {"train": 2000, "test": 1000}
    return {
        split: (rng.integers(0, 256, (n, 32, 32, 3), np.uint8), rng.integers(0, 10, n, np.uint8))
        for split, n in sizes.items()
    }


@pytest.fixture(scope="module")
def cifar_archives(cifar):
    records = {
        split: np.concatenate([labels[:, None], images.transpose(0, 3, 1, 2).reshape(len(images), -1)], axis=1)
        for split, (images, labels) in cifar.items()
    }
    members = {f"data_batch_{i + 1}.bin": part for i, part in enumerate(np.split(records["train"], 5))}
    members |= {"test_batch.bin": records["test"], "batches.meta.txt": np.frombuffer(b"airplane\n", np.uint8)}
    official = io.BytesIO()
    with tarfile.open(fileobj=official, mode="w:gz", compresslevel=1) as archive:
        for name, part in sorted(members.items(), reverse=True):  # the order in the archive does not matter
            about = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            about.size = part.nbytes
            archive.addfile(about, io.BytesIO(part.tobytes()))
    sheets = {}
    for split, (images, labels) in cifar.items():
        grids = images.reshape(-1, 40, 25, 32, 32, 3).transpose(0, 1, 3, 2, 4, 5).reshape(-1, 1280, 800, 3)
        sheets |= {f"{split}_{i:02d}.webp": encoded(grid, lossless=True, quality=0) for i, grid in enumerate(grids)}
        sheets[f"{split}_labels.bin"] = labels.tobytes()
    return {OFFICIAL: official.getvalue(), SHEETS: zipped(sheets)}


@pytest.fixture
def tiny_cifar(server, empty_cache, use, cifar_archives):
    """The official archive at one address of the server, the sheets at `/mirror` only."""
    like = CATALOG["cifar10"].files["train"][0]
    server.content |= {"/first/cifar": cifar_archives[OFFICIAL], f"/mirror/{SHEETS}": cifar_archives[SHEETS]}
    sheets = file_of(SHEETS, cifar_archives[SHEETS], like=like.repacked)
    urls = (f"{server.url}/first/cifar",)
    use("cifar10", {"train": 2000, "test": 1000},
        file_of(OFFICIAL, cifar_archives[OFFICIAL], urls, like=like, repacked=sheets))  # fmt: skip


def is_cifar(cifar):
    for split, (images, labels) in cifar.items():
        part = data.load("cifar10", split)
        assert part.images.dtype == np.float32
        assert part.labels.dtype == np.int64
        np.testing.assert_array_equal(np.rint(part.images * 255), images)
        np.testing.assert_array_equal(part.labels, labels)


def test_official_cifar10(tiny_cifar, server, cifar, empty_cache):
    is_cifar(cifar)
    assert server.log == [("/first/cifar", 0)], "one archive has both splits"
    assert [path.name for path in empty_cache.rglob("*.*")] == ["cifar-10-binary.tar.gz"]


def test_cifar10_of_a_mirror(tiny_cifar, server, cifar, empty_cache, monkeypatch):
    monkeypatch.setenv("COURSEKIT_MIRROR", f"{server.url}/mirror")
    is_cifar(cifar)
    assert [path.name for path in empty_cache.rglob("*.*")] == ["cifar10-lossless-webp.zip"]
    assert data.load("cifar10", "test", 3, seed=5).images.shape == (3, 32, 32, 3)


@pytest.mark.parametrize("harm", ["truncated", "corrupted", "missing"])
def test_bad_sheets_of_a_mirror_are_passed_over_and_a_bad_archive_is_unavailable(
    tiny_cifar, server, cifar, empty_cache, monkeypatch, harm
):
    monkeypatch.setenv("COURSEKIT_MIRROR", f"{server.url}/mirror")
    damage(server, f"/mirror/{SHEETS}", harm)
    is_cifar(cifar)
    (empty_cache / OFFICIAL).unlink()
    damage(server, "/first/cifar", harm)
    with pytest.raises(data.DataUnavailable, match=r"address that has .*cifar-10-binary\.tar\.gz or .*webp\.zip"):
        data.load("cifar10")
    assert not [path for path in empty_cache.rglob("*") if path.is_file()]


def damage(server, address, harm):
    whole = server.content.pop(address)
    if harm == "truncated":
        server.content[address] = whole[: len(whole) // 2]
    elif harm == "corrupted":
        server.content[address] = whole[:-200] + bytes(200)


# -- faces -------------------------------------------------------------------------------------------------------------


def gradient(value, height=64, width=64):
    """Smooth, so that lossy compression keeps it nearly."""
    ramp = np.linspace(0, 60, width, dtype=np.uint8)
    return np.broadcast_to((ramp + value)[None, :, None], (height, width, 3)).copy()


@pytest.fixture
def tiny_faces(server, empty_cache, use, monkeypatch):
    """Twenty faces, each brighter than the one before, at `/mirror`."""
    people = [("0-2", "Female"), ("more than 70", "Male"), ("20-29", "Female"), ("3-9", "Male")] * 5
    rows = [f"train/{i:05d}.webp,{age},{gender}" for i, (age, gender) in enumerate(people)]
    members = {row.split(",")[0]: encoded(gradient(9 * i), quality=90) for i, row in enumerate(rows)}
    content = zipped({"labels.csv": "\n".join(["file,age,gender", *rows])} | members)
    server.content[f"/mirror/{FACES}"] = content
    monkeypatch.setenv("COURSEKIT_MIRROR", f"{server.url}/mirror")
    use("faces", {"train": 18, "test": 2}, file_of(FACES, content, like=CATALOG["faces"].files["train"][0]))


def test_faces_of_a_mirror(tiny_faces, server):
    train, test = (data.load("faces", split) for split in ("train", "test"))
    both = np.concatenate([train.images, test.images])
    expected = np.stack([gradient(9 * i) for i in range(20)]) / 255
    np.testing.assert_allclose(both, expected, atol=0.03)
    names = [train.classes[label] for label in train.labels[:4]]
    assert names == ["Female, 0-2", "Male, more than 70", "Female, 20-29", "Male, 3-9"]
    assert [test.classes[label] for label in test.labels] == ["Female, 20-29", "Male, 3-9"]
    drawn = data.load("faces", "train", 5, seed=2)
    np.testing.assert_array_equal(drawn.images, train.images[np.random.default_rng(2).permutation(18)[:5]])
    assert {row.name: row.status for row in data.catalog()}["faces"] == "cached"


@pytest.mark.parametrize("harm", ["truncated", "corrupted", "missing"])
def test_bad_faces_say_how_to_get_them_by_hand(tiny_faces, server, empty_cache, harm):
    damage(server, f"/mirror/{FACES}", harm)
    with pytest.raises(data.DataUnavailable, match=r"fetch FairFace .* load\('folder:PATH/train', size=64\)") as caught:
        data.load("faces")
    caught.match(r"Tried:\n  - http.*fairface-64x64\.zip: ")
    assert not [path for path in empty_cache.rglob("*") if path.is_file()]


def test_faces_without_a_mirror(empty_cache):
    assert {row.name: row.status for row in data.catalog()}["faces"] == "not fetched"
    with pytest.raises(data.DataUnavailable, match=r"no source has it\.\nThree ways out:\n  1\. fetch FairFace"):
        data.load("faces")
    assert data.verify("faces") == [(FACES, "not fetched")]


# -- CelebA ------------------------------------------------------------------------------------------------------------

NUMBERS = (1, 2, 162_770, 162_771, 182_637, 182_638, 202_599)


@pytest.fixture
def tiny_celeba(server, empty_cache, use):
    members = {f"img_align_celeba/{number:06d}.jpg": encoded(portrait(i), "jpeg", quality=95)
               for i, number in enumerate(NUMBERS)}  # fmt: skip
    content = zipped({"img_align_celeba/": b""} | members)
    server.content |= {"/first/celeba": content, "/second/celeba": content}
    urls = (f"{server.url}/first/celeba", f"{server.url}/second/celeba")
    counts = {"train": 3, "valid": 2, "test": 2}
    use("celeba", counts, file_of(CELEBA, content, urls, like=CATALOG["celeba"].files["train"][0]))


def portrait(i):
    """178x218: black above and below the middle square, which is of one gray."""
    image = np.zeros((218, 178, 3), np.uint8)
    image[20:198] = 30 * (i + 1)
    return image


def test_celeba_takes_the_middle_and_the_official_split(tiny_celeba, server):
    parts = {split: data.load("celeba", split) for split in ("train", "valid", "test")}
    assert {split: part.images.shape for split, part in parts.items()} == {
        "train": (3, 64, 64, 3), "valid": (2, 64, 64, 3), "test": (2, 64, 64, 3),
    }  # fmt: skip
    grays = np.concatenate([part.images[:, 2:-2].mean((1, 2, 3)) for part in parts.values()])
    np.testing.assert_allclose(grays, 30 * np.arange(1, 8) / 255, atol=0.005)
    corners = np.concatenate([part.images[:, 0, 0] for part in parts.values()])
    assert (corners > 0.05).all(), "nothing of the black margins"
    assert parts["train"].labels is None
    assert server.log == [("/first/celeba", 0)]


@pytest.mark.parametrize("harm", ["truncated", "corrupted", "missing"])
def test_bad_celeba_is_passed_over_and_then_unavailable(tiny_celeba, server, empty_cache, harm):
    damage(server, "/first/celeba", harm)
    assert len(data.load("celeba", "test")) == 2
    (empty_cache / CELEBA).unlink()
    damage(server, "/second/celeba", harm)
    with pytest.raises(data.DataUnavailable, match="second/celeba: "):
        data.load("celeba")
    assert not [path for path in empty_cache.rglob("*") if path.is_file()]


# -- the real ones -----------------------------------------------------------------------------------------------------


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
def test_real_cifar10():
    train, test = (data.load("cifar10", split) for split in ("train", "test"))
    assert np.bincount(train.labels).tolist() == [5000] * 10
    assert np.bincount(test.labels).tolist() == [1000] * 10
    assert [train.classes[label] for label in train.labels[:4]] == ["frog", "truck", "truck", "deer"]
    # The means and standard deviations that everybody normalizes with.
    assert train.images.mean((0, 1, 2), dtype="float64") == pytest.approx([0.4914, 0.4822, 0.4465], abs=2e-4)
    deviations = np.sqrt(np.square(train.images).mean((0, 1, 2), dtype="float64") - [0.4914**2, 0.4822**2, 0.4465**2])
    assert deviations == pytest.approx([0.2470, 0.2435, 0.2616], abs=1e-3)
    assert data.verify("cifar10")[0][1] == "ok"


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
def test_real_faces():
    some = data.load("faces", "train", limit=200, seed=0)
    assert some.images.shape == (200, 64, 64, 3)
    assert 0.1 < some.images.mean() < 0.6
    assert len(data.load("faces", "test", limit=2000).labels) == 2000
