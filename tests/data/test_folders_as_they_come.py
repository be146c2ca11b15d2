"""Folders of images from phones, scanners, Windows and web pages: each file is read as it looks, or is named.

The addresses are those of reports about other programs that did neither."""

import contextlib
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, features

from coursekit import data

GREY = Image.new("RGB", (40, 40), (90, 90, 90))
RAMP = np.linspace(0, 1, 1600).reshape(40, 40)  # dark above, bright below


def fill(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        GREY.save(folder / name, "PNG")


def load(folder, **options):
    return data.load(f"folder:{folder}", size=8, **options)


def test_every_suffix_that_pillow_reads_and_none_at_all(tmp_path):
    # https://github.com/FlyMyAI/flymyai-lora-trainer/pull/72 (.webp and upper case skipped without a word)
    kinds = {"a.JPG": "JPEG", "b.jfif": "JPEG", "c.jpe": "JPEG", "d.WebP": "WEBP", "e.jp2": "JPEG2000", "f.tga": "TGA"}
    kinds |= {"g": "PNG", "h.jpg_large": "JPEG", "i.jpg": "PNG"}  # by their first bytes
    kinds |= {"j.avif": "AVIF"} if features.check("avif") else {}
    for name, kind in kinds.items():
        GREY.save(tmp_path / name, kind)
    assert np.allclose(load(tmp_path).images, 90 / 255, atol=0.02)
    assert len(load(tmp_path)) == len(kinds)


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path):
    # https://github.com/cvat-ai/cvat/issues/106 (one broken image of many stops all)
    # https://github.com/jmathai/elodie/issues/269 (HEIC passed over without a word)
    fill(tmp_path, *(f"{number}.png" for number in range(9)))
    (tmp_path / "3.png").write_bytes((tmp_path / "3.png").read_bytes()[:60])
    (tmp_path / "4.png").write_bytes(b"")
    (tmp_path / "phone.HEIC").write_bytes(b"....ftypheic")
    (tmp_path / "drawing.svg").write_text("<svg/>")
    (tmp_path / "captions.csv").write_text("of no concern")
    with pytest.warns(UserWarning, match=r", 4 of 11 left out:") as said:
        mine = load(tmp_path)
    assert len(said) == 1
    assert len(mine) == 7
    for line in ("3.png: image file is truncated", "4.png: it is empty", "phone.HEIC: Pillow", "drawing.svg: no"):
        assert f"  - {line}" in str(said[0].message)
    with pytest.warns(UserWarning, match="3.png"):
        assert len(load(tmp_path, limit=5)) == 5, "the next image takes the place of a broken one"


def test_labels_stay_with_their_images_when_one_is_broken(tmp_path):
    # https://github.com/pytorch/vision/issues/138
    fill(tmp_path, "cat/1.png", "cat/2.png", "dog/1.png")
    (tmp_path / "cat" / "1.png").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"cat/1\.png"):
        pets = load(tmp_path)
    assert (pets.labels.tolist(), pets.classes) == ([0, 1], ("cat", "dog"))


def test_a_huge_picture_is_named(tmp_path, monkeypatch):
    # https://github.com/huggingface/dataset-viewer/issues/1192
    fill(tmp_path, "a.png", "b.png")
    Image.new("L", (60, 60)).save(tmp_path / "huge.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1600)
    with pytest.warns(UserWarning, match=r"huge\.png: more than .*MAX_IMAGE_PIXELS"):
        assert len(load(tmp_path)) == 2
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2000)  # Pillow warns of those above, and reads them
    assert len(load(tmp_path)) == 3


def test_the_systems_own_files_are_no_classes_and_no_images(tmp_path):
    # https://github.com/tensorflow/tensorflow/issues/46595, https://github.com/pytorch/vision/issues/109
    fill(tmp_path, "cat/1.png", "dog/1.png", ".ipynb_checkpoints/1.png", "__MACOSX/cat/1.png", "cat/@eaDir/1.png")
    for name in (".DS_Store", "cat/._1.png", "cat/Thumbs.db", "desktop.ini", "README"):
        (tmp_path / name).write_bytes(b"\0\5\26\7")
    assert load(tmp_path).classes == ("cat", "dog")
    assert len(load(tmp_path)) == 2


@pytest.mark.parametrize("above", ["", "archive/"])
def test_train_and_test_above_the_classes(tmp_path, above):
    # https://github.com/huggingface/datasets/issues/4015
    fill(tmp_path, *(f"{above}{name}/1.png" for name in ("Train/cat", "Train/dog", "test/cat", "validation/dog")))
    (tmp_path / above / "test" / "cat" / "broken.png").touch()
    assert [load(tmp_path).split, load(tmp_path).classes] == ["train", ("cat", "dog")]
    with pytest.warns(UserWarning, match="broken"):
        assert len(load(tmp_path, split="test")) == 1
    assert [load(tmp_path, split="val").split, load(tmp_path, split="valid").classes] == ["valid", ("dog",)]
    with pytest.raises(ValueError, match=r"Expected split 'train' or 'test' or 'valid', .*, got 'dev'"):
        load(tmp_path, split="dev")
    fill(tmp_path, f"{above}bird/1.png")
    with pytest.raises(ValueError, match=r"Expected train/ and test/ to be all .*got Train/, bird/, test/, valid"):
        load(tmp_path)


def test_parts_of_other_names_and_wrappers_within_them(tmp_path):
    # https://github.com/lovedlim/tensorflow/issues/4, https://github.com/kwotsin/create_tfrecords/issues/3
    fill(tmp_path, *(f"training_set/training_set/{name}/1.png" for name in ("cats", "dogs")))
    fill(tmp_path, "test_set/test_set/cats/1.png", "test_set/test_set/cats/2.png")
    assert load(tmp_path).classes == ("cats", "dogs")
    assert len(load(tmp_path, split="test")) == 2


def test_train_and_test_below_the_classes_are_not_mixed(tmp_path):
    fill(tmp_path, "cat/train/1.png", "cat/test/1.png", "dog/train/1.png")
    with pytest.raises(ValueError, match=r"with the classes below them, got cat/, dog/"):
        load(tmp_path)


def test_links_are_followed_and_loops_end(tmp_path):
    # https://github.com/huggingface/datasets/issues/6853, https://github.com/Kaggle/kagglehub/pull/246
    fill(tmp_path, "store/1.png", "set/dog/1.png")
    os.symlink(tmp_path / "store", tmp_path / "set" / "cat")
    os.symlink(tmp_path / "set", tmp_path / "set" / "dog" / "loop")
    pets = load(tmp_path / "set")
    assert (pets.labels.tolist(), pets.classes) == ([0, 1], ("cat", "dog"))
    os.symlink(tmp_path / "gone.png", tmp_path / "set" / "dog" / "2.png")
    with pytest.warns(UserWarning, match=r"dog/2\.png: a link that leads nowhere"):
        load(tmp_path / "set")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_no_image_to_wait_for(tmp_path):
    fill(tmp_path, "1.png")
    os.mkfifo(tmp_path / "2.png")
    with pytest.warns(UserWarning, match=r"2\.png: no file"):
        assert len(load(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "pixels", "said"),
    [
        ("a.png", (RAMP * 65535).astype(np.uint16), None),
        ("a.png", (RAMP * 4095).astype(np.uint16), "read as 0 to 4,095:"),
        ("a.tif", (RAMP * 65535).astype(">u2"), None),
        ("a.tif", (RAMP * 65535).astype(np.int32), None),
        ("a.tif", RAMP.astype(np.float32), "read as 0 to 1:"),
        ("a.tif", (RAMP * 255).astype(np.float32), "read as 0 to 255:"),
    ],
)
def test_scans_of_more_than_8_bits_are_neither_black_nor_white(tmp_path, name, pixels, said):
    # https://github.com/pytorch/vision/issues/2218, https://github.com/python-pillow/Pillow/issues/5991
    Image.fromarray(pixels).save(tmp_path / name)
    with pytest.warns(UserWarning, match=said) if said else contextlib.nullcontext():
        rows = load(tmp_path).images[0].mean(axis=(1, 2))
    np.testing.assert_allclose(rows, np.linspace(0.06, 0.94, 8), atol=0.06)


def test_a_scan_that_says_its_range_has_it(tmp_path):
    (tmp_path / "a.pgm").write_bytes(b"P5 2 2 4095\n" + np.full((2, 2), 2048, ">u2").tobytes())
    image = Image.fromarray(np.full((40, 40), 2048, np.uint16))
    image.save(tmp_path / "b.tif", tiffinfo={281: 4095})  # MaxSampleValue
    image.save(tmp_path / "c.tif", tiffinfo={281: 4095, 262: 0})  # 0 is white
    np.testing.assert_allclose(load(tmp_path).images, 0.5, atol=0.001)


def test_scans_of_one_folder_share_their_range(tmp_path):
    for name, value in (("a", 4000), ("b", 2000)):
        Image.fromarray(np.full((40, 40), value, np.uint16)).save(tmp_path / f"{name}.png")
    fill(tmp_path, "c.png")
    with pytest.warns(UserWarning, match=r", 2 of more than 8 bits .*:\n  - a\.png\n  - b\.png$"):
        images = load(tmp_path).images
    assert images.shape[-1] == 3
    np.testing.assert_allclose(images[:, 0, 0, 2], [4000 / 4095, 2000 / 4095, 90 / 255], atol=1e-6)


@pytest.mark.parametrize("pixels", [[[-1000.0, 400]], [[np.nan, 1]], [[0, 1e6]]])
def test_numbers_that_no_range_holds_are_named(tmp_path, pixels):
    Image.fromarray(np.array(pixels, np.float32)).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match=r"Expected readable images in .*\n  - a\.tif: its pixels go from"):
        load(tmp_path)


@pytest.mark.parametrize(("white", "readable"), [(65535, True), (4095, False)])
def test_colors_of_12_bits_in_16_are_named_and_not_black(tmp_path, white, readable):
    # https://github.com/danforthcenter/plantcv/issues/1804
    fill(tmp_path, "b.png")

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + np.full((8, 3), white, ">u2").tobytes() for _ in range(8))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    (tmp_path / "a.png").write_bytes(png)
    with contextlib.nullcontext() if readable else pytest.warns(UserWarning, match=r"a\.png: its colors of 16 bits"):
        assert len(load(tmp_path)) == 1 + readable


def test_of_an_animation_the_first_picture_is_taken_and_said(tmp_path):
    # https://github.com/tensorflow/models/issues/2194 (GIF files among the photographs)
    fill(tmp_path, "b.png")
    black, white = Image.new("L", (40, 40)), Image.new("L", (40, 40), 255)
    for name in ("a.gif", "a.tif"):
        black.save(tmp_path / name, save_all=True, append_images=[white])
    with pytest.warns(UserWarning, match=r", 2 with several pictures .*\n  - a\.gif\n  - a\.tif$"):
        assert load(tmp_path).images[:2].max() == 0
    fill(tmp_path / "phone", "b.png")
    black.save(tmp_path / "phone" / "a.jpg", "MPO", save_all=True, append_images=[white])
    assert load(tmp_path / "phone").images[0].max() < 0.01, "a phone's extra views are no animation"


def test_transparent_grey_stays_grey_on_white(tmp_path):
    # https://github.com/rom1504/img2dataset/pull/67 (transparent became black)
    Image.new("L", (40, 40), 0).save(tmp_path / "a.png", transparency=0)
    Image.new("LA", (40, 40), (0, 0)).save(tmp_path / "b.png")
    assert load(tmp_path).images.shape[-1] == 1
    assert load(tmp_path).images.min() == 1


def test_names_of_all_kinds_and_sizes_of_all_kinds(tmp_path, monkeypatch):
    fill(tmp_path, "Kätzchen (1)/é [x].png", "狗/license.png")
    Image.new("RGB", (1, 1), (90, 90, 90)).save(tmp_path / "狗" / "dot.png")
    Image.new("RGB", (2, 3000), (90, 90, 90)).save(tmp_path / "狗" / "line.png")
    monkeypatch.chdir(tmp_path.parent)
    pets = load(tmp_path.name)
    assert pets.classes == ("Kätzchen (1)", "狗")
    np.testing.assert_allclose(pets.images, 90 / 255)
    monkeypatch.setenv("HOME", str(tmp_path.parent))
    monkeypatch.setenv("USERPROFILE", str(tmp_path.parent))
    assert len(load(f"~/{tmp_path.name}")) == 4


def test_folders_without_images_say_what_they_hold(tmp_path):
    # https://github.com/cxbxmxcx/GenReality/issues/1
    fill(tmp_path, "cat/1.png")
    (tmp_path / "dog" / "new").mkdir(parents=True)
    with pytest.warns(UserWarning, match="dog: a folder without images, so no class"):
        assert load(tmp_path).classes == ("cat",)
    (tmp_path / "dog" / "new" / "1.heic").touch()
    with pytest.raises(FileNotFoundError, match=r"Expected images .*got none; put some(.|\n)*- new/1\.heic: Pillow"):
        load(tmp_path / "dog")


def test_what_is_no_folder_is_refused(tmp_path):
    fill(tmp_path, "1.png")
    for name, error, said in (
        (f"folder:{tmp_path / '1.png'}", FileNotFoundError, "got the file .*; name the folder that it is in"),
        ("folder:nowhere", FileNotFoundError, "got nowhere; no such folder exists in /"),
        ("folder:~nobody-here/a", FileNotFoundError, "got ~nobody-here/a"),
        ("folder: ", ValueError, "got nothing; write 'folder:PATH'"),
        (str(tmp_path), data.DataError, "of your own folder write 'folder:"),
        (tmp_path, TypeError, "as text, got .*; a folder is 'folder:"),
    ):
        with pytest.raises(error, match=f"^Expected .*{said}"):
            data.load(name)
