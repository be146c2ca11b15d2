"""The data set "photo_patches": patches of twelve photographs that come with scikit-image and scikit-learn.

The class of a patch is the photograph it was cut from. Training patches come from the left part of a photograph, test
patches from its right part, and no pixel is in both.
"""

import sysconfig
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from coursekit.data.files import File

SIZE = 32  # pixels a side
CUTS = 32, 48, 64  # pixels of the photograph that a patch is made of, a side: near and far
EACH = {"train": 400, "test": 100}  # patches of each photograph
SIDES = {"train": (0.0, 0.55), "test": (0.6, 1.0)}  # of its width
SEEDS = {"train": 20260003, "test": 20260004}


class Photo(NamedTuple):
    """A photograph's file and terms. `license` is what the package that brings it says."""

    file: File
    what: str
    license: str
    credit: str


def _home(package, folder):
    def home():
        spec = find_spec(package)  # does not import it
        return (Path(spec.origin).parent if spec else Path(sysconfig.get_path("purelib")) / package) / folder

    return home


_PACKAGES = {"scikit-image": _home("skimage", "data"), "scikit-learn": _home("sklearn", "datasets/images")}


def _photo(name, size, sha256, what, license, credit, package="scikit-image"):
    repair = f"It comes with the package {package}: run `pip install --force-reinstall --no-deps {package}`."
    return Photo(File(name, size, sha256, repair=repair, home=_PACKAGES[package]), what, license, credit)


PHOTOS = {
    "astronaut": _photo(
        "astronaut.png", 791555, "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        "Eileen Collins before a flag and a model of the shuttle", "public domain", "NASA",
    ),
    "brick": _photo(
        "brick.png", 106634, "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
        "a brick wall, gray", "CC0", "CC0Textures",
    ),
    "cat": _photo(
        "chelsea.png", 240512, "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        "the face of a cat", "CC0", "Stefan van der Walt",
    ),
    "coffee": _photo(
        "coffee.png", 466706, "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        "a cup on a wooden table", "CC0", "Rachel Michetti",
    ),
    "galaxies": _photo(
        "hubble_deep_field.jpg", 527940, "3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4",
        "the Hubble eXtreme Deep Field", "public domain", "NASA",
    ),
    "grass": _photo(
        "grass.png", 217893, "b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89",
        "grass, gray", "CC0", "linolafett",
    ),
    "gravel": _photo(
        "gravel.png", 194247, "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12",
        "gravel, gray", "CC0", "CC0Textures",
    ),
    "retina": _photo(
        "retina.jpg", 269564, "38a07f36f27f095e818aea7b96d34202c05176d30253c66733f2e00379e9e0e6",
        "the back of an eye", "CC0", "Mikael Häggström",
    ),
    "rocket": _photo(
        "rocket.jpg", 112525, "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
        "a rocket that takes off", "public domain", "SpaceX",
    ),
    "tissue": _photo(
        "ihc.png", 477916, "f8dd1aa387ddd1f49d8ad13b50921b237df8e9b262606d258770687b0ef93cef",
        "stained glands under a microscope", "no known copyright restrictions", "CMMI",
    ),
    "temple": _photo(
        "china.jpg", 196653, "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
        "a temple in China", "CC BY 2.0", "flickr.com/photos/danielbuechele", "scikit-learn",
    ),
    "flower": _photo(
        "flower.jpg", 142987, "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
        "a dahlia", "CC BY 2.0", "flickr.com/photos/vultilion", "scikit-learn",
    ),
}  # fmt: skip
FILES = tuple(photo.file for photo in PHOTOS.values())
LICENSE = "; ".join(f"{name}: {photo.license} ({photo.credit})" for name, photo in PHOTOS.items())


def read(split: str, *files: Path) -> tuple[np.ndarray, np.ndarray]:
    """Patches uint8 `[n, 32, 32, 3]` and which file each is from, int64 `[n]`: 0, 1, ..., 11, 0, 1, ..."""
    from PIL import Image

    patches = np.empty((EACH[split], len(files), SIZE, SIZE, 3), np.uint8)
    for number, file in enumerate(files):
        with Image.open(file) as opened:
            photo = opened.convert("RGB")
        for row, (left, top, cut) in enumerate(places(split, *photo.size, number)):
            area = (left, top, left + cut, top + cut)
            patches[row, number] = photo.resize((SIZE, SIZE), Image.Resampling.BOX, box=area)
    return patches.reshape(-1, SIZE, SIZE, 3), np.tile(np.arange(len(files)), EACH[split])


def places(split: str, width: int, height: int, number: int) -> np.ndarray:
    """Where the patches of photograph `number` are cut: `[n, 3]`, each (left, top, side) in pixels."""
    rng = np.random.default_rng([SEEDS[split], number])
    low, high = (round(share * width) for share in SIDES[split])
    cuts = rng.choice(CUTS, EACH[split])
    left, top = rng.integers(low, high - cuts, endpoint=True), rng.integers(0, height - cuts, endpoint=True)
    return np.stack([left, top, cuts], axis=1)


def crops(split: str, each: int, size: int = 64) -> np.ndarray:
    """Larger pieces of the photographs, made smaller: float32 `[12 * each, size, size, 3]` in [0, 1], of the sides that
    patches of that split are of. A crop is a quarter to three fifths of a photograph high.

    The photographs take turns; the first crops are the same for every `each`.
    """
    from PIL import Image

    found = np.empty((each, len(PHOTOS), size, size, 3), np.float32)
    for number, photo in enumerate(PHOTOS.values()):
        with Image.open(photo.file.location) as opened:
            whole = opened.convert("RGB")
        rng = np.random.default_rng([SEEDS[split], number, size])
        low, high = (round(share * whole.width) for share in SIDES[split])
        for row in found:
            cut = int(min(rng.uniform(0.25, 0.6) * whole.height, high - low))
            left, top = rng.integers(low, high - cut, endpoint=True), rng.integers(0, whole.height - cut, endpoint=True)
            area = (left, top, left + cut, top + cut)
            piece = whole.resize((size, size), Image.Resampling.LANCZOS, box=area)
            row[number] = np.divide(piece, 255, dtype=np.float32)
    return found.reshape(-1, size, size, 3)
