"""`photo_patches`: patches of photographs that come with installed packages."""

import csv
import importlib.metadata

import numpy as np
import pytest

from coursekit import data
from coursekit.data import photo_patches
from coursekit.data.photo_patches import EACH, PHOTOS


@pytest.fixture(scope="module")
def parts():
    return {split: data.load("photo_patches", split) for split in EACH}


def sizes():
    from PIL import Image

    found = {}
    for name, photo in PHOTOS.items():
        with Image.open(photo.file.location) as opened:
            found[name] = opened.size
    return found


def test_each_photograph_has_as_many_patches_in_turn(parts):
    for split, part in parts.items():
        assert part.images.shape == (12 * EACH[split], 32, 32, 3)
        assert part.images.dtype == np.float32
        assert (part.images.min(), part.images.max()) == (0, 1)
        assert part.labels[:24].tolist() == 2 * list(range(12))
        assert np.bincount(part.labels).tolist() == 12 * [EACH[split]]
    assert parts["train"].classes == tuple(PHOTOS)
    assert len(data.load("photo_patches", limit=24)) == 24


def test_no_pixel_of_a_photograph_is_in_both_splits():
    for number, (width, height) in enumerate(sizes().values()):
        areas = {split: photo_patches.places(split, width, height, number) for split in EACH}
        for split, (left, top, side) in ((split, area.T) for split, area in areas.items()):
            assert len(left) == EACH[split]
            assert (left >= 0).all()
            assert (left + side <= width).all()
            assert (top >= 0).all()
            assert (top + side <= height).all()
            assert set(side) == set(photo_patches.CUTS)
        ends, begins = (areas["train"][:, 0] + areas["train"][:, 2]).max(), areas["test"][:, 0].min()
        assert ends + 0.04 * width < begins, "and there is a gap between them"


def test_a_patch_is_what_stands_at_its_place(parts):
    from PIL import Image

    grass = list(PHOTOS).index("grass")
    with Image.open(PHOTOS["grass"].file.location) as photo:
        pixels = np.asarray(photo.convert("RGB"), "float64") / 255
    places = photo_patches.places("test", *pixels.shape[1::-1], grass)
    patches = parts["test"].images[parts["test"].labels == grass]
    for cut in (32, 64):
        row = int(np.flatnonzero(places[:, 2] == cut)[0])
        left, top, _ = places[row]
        area = pixels[top : top + cut, left : left + cut]
        means = area.reshape(32, cut // 32, 32, cut // 32, 3).mean((1, 3))
        np.testing.assert_allclose(patches[row], means, atol=1 / 255)


def test_patches_stay_as_shipped_weights_learned_them(parts):
    again = data.load("photo_patches", "test")
    np.testing.assert_array_equal(again.images, parts["test"].images)
    means = parts["train"].images.mean((1, 2, 3)).reshape(-1, 12).mean(0)
    expected = [0.480, 0.436, 0.433, 0.367, 0.078, 0.455, 0.502, 0.402, 0.319, 0.590, 0.454, 0.273]
    assert means == pytest.approx(np.array(expected), abs=0.001)  # JPEG decoders differ by less


def test_every_photograph_says_its_terms():
    terms = data.load("photo_patches", limit=1).terms
    free = {"public domain", "CC0", "CC BY 2.0", "no known copyright restrictions"}
    for name, photo in PHOTOS.items():
        assert photo.license in free
        assert photo.credit
        assert f"{name}: {photo.license} ({photo.credit})" in terms


def test_the_photographs_come_with_the_packages_and_are_never_downloaded():
    for photo in PHOTOS.values():
        assert not photo.file.urls
        assert photo.file.repair.startswith("It comes with the package scikit-")
    for package in ("scikit-image", "scikit-learn"):
        record = importlib.metadata.distribution(package).read_text("RECORD")
        installed = {row[0].split("/")[-1] for row in csv.reader(record.splitlines())}
        names = {photo.file.path for photo in PHOTOS.values() if f"package {package}:" in photo.file.repair}
        assert names
        assert names <= installed
    assert {row.name: row.status for row in data.catalog()}["photo_patches"] == "ships with the course"


def test_a_damaged_photograph_is_an_error_that_names_the_package(tmp_path, monkeypatch):
    (tmp_path / "astronaut.png").write_bytes(b"no photograph")
    monkeypatch.setitem(photo_patches._PACKAGES, "scikit-image", lambda: tmp_path)
    broken = photo_patches._photo("astronaut.png", 791555, "88", "", "", "")
    entry = data.registry.CATALOG["photo_patches"]
    monkeypatch.setitem(entry.files, "train", (broken.file, *photo_patches.FILES[1:]))
    with pytest.raises(data.DataUnavailable, match=r"'photo_patches' to be whole, .*pip install .* scikit-image"):
        data.load("photo_patches")
