"""A user's own images."""

import numpy as np
import pytest
from PIL import Image

from coursekit import data


def save(path, pixels, mode=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(np.asarray(pixels, np.uint8))
    (image.convert(mode) if mode else image).save(path, **options)


def flat(value, shape=(40, 40)):
    return np.full((*shape, len(value)) if isinstance(value, tuple) else shape, value, np.uint8)


def test_sorted_cropped_and_resized(tmp_path):
    wide = flat(0, (20, 60))
    wide[:, 20:40] = 255  # the central square
    save(tmp_path / "b.png", wide)
    save(tmp_path / "a.png", flat(51, (60, 20)))
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "._b.png").write_text("hidden")
    mine = data.load(f"folder:{tmp_path}", size=8)
    assert mine.images.shape == (2, 8, 8, 1)
    assert mine.images.dtype == np.float32
    assert np.allclose(mine.images[0], 0.2)
    assert np.allclose(mine.images[1, 2:-2, 2:-2], 1, atol=0.02)  # the filter looks a little beyond the square
    assert mine.labels is None
    assert repr(mine) == f"Dataset(folder:{tmp_path.name}, train: 2 images 8x8x1)"
    assert str(tmp_path) not in mine.terms


def test_size_is_64_unless_said(tmp_path):
    save(tmp_path / "a.png", flat((1, 2, 3)))
    assert data.load(f"folder:{tmp_path}").images.shape == (1, 64, 64, 3)


def test_modes(tmp_path):
    cases = {
        "grey": (flat(100), None, 100),
        "grey_alpha": (flat((0, 0, 0, 0)), "LA", 255),
        "rgb": (flat((255, 0, 0)), None, (255, 0, 0)),
        "transparent": (flat((255, 0, 0, 0)), None, 255),
        "half": (flat((0, 0, 0, 128)), None, 127),
        "palette": (flat((0, 255, 0)), "P", (0, 255, 0)),
        "bitmap": (flat(255), "1", 255),
    }
    for name, (pixels, mode, _) in cases.items():
        save(tmp_path / f"{name}.png", pixels, mode)
    Image.fromarray(np.full((40, 40), 100 * 257, np.uint16)).save(tmp_path / "sixteen.png")
    save(tmp_path / "ink.jpg", flat((255, 255, 255)), "CMYK")
    cases |= {"sixteen": (None, None, 100), "ink": (None, None, 255)}
    loaded = data.load(f"folder:{tmp_path}", size=4)
    assert loaded.images.shape == (9, 4, 4, 3)
    for image, name in zip(loaded.images, sorted(cases), strict=True):
        assert np.allclose(image * 255, cases[name][2], atol=1.01), name


def test_transparent_palette(tmp_path):
    image = Image.new("P", (10, 10), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.save(tmp_path / "a.gif", transparency=0)
    assert np.allclose(data.load(f"folder:{tmp_path}", size=4).images, 1)


def test_channels(tmp_path):
    save(tmp_path / "a.png", flat(100))
    assert data.load(f"folder:{tmp_path}", channels=3).images.shape[-1] == 3
    save(tmp_path / "b.png", flat((255, 0, 0)))
    assert data.load(f"folder:{tmp_path}").images.shape[-1] == 3
    grey = data.load(f"folder:{tmp_path}", channels=1).images
    assert grey.shape[-1] == 1
    assert np.allclose(grey[1], 0.299, atol=0.003)


def test_exif_orientation(tmp_path):
    pixels = flat(0, (20, 20))
    pixels[:10] = 255  # white above; orientation 3 turns it upside down
    exif = Image.Exif()
    exif[0x0112] = 3
    save(tmp_path / "a.png", pixels, exif=exif)
    image = data.load(f"folder:{tmp_path}", size=20).images[0]
    assert image[0].mean() < 0.1
    assert image[-1].mean() > 0.9


def test_labels_from_subfolders(tmp_path):
    for name, value in (("dogs/1", 10), ("cats/2", 30), ("cats/1", 20), ("dogs/deeper/0", 40)):
        save(tmp_path / f"{name}.png", flat(value))
    pets = data.load(f"folder:{tmp_path}", size=2)
    assert pets.classes == ("cats", "dogs")
    assert pets.labels.dtype == np.int64
    assert pets.labels.tolist() == [0, 0, 1, 1]
    assert np.rint(pets.images[:, 0, 0, 0] * 255).tolist() == [20, 30, 10, 40]
    drawn = data.load(f"folder:{tmp_path}", limit=2, seed=1, size=2)
    values = np.rint(drawn.images[:, 0, 0, 0] * 255).tolist()
    assert [int(value in (10, 40)) for value in values] == drawn.labels.tolist()


def test_without_a_readable_file_the_first_ones_are_named(tmp_path):
    save(tmp_path / "good.png", np.random.default_rng(0).integers(0, 256, (50, 50, 3)))
    (tmp_path / "cut.png").write_bytes((tmp_path / "good.png").read_bytes()[:2000])
    (tmp_path / "good.png").unlink()
    (tmp_path / "text.jpg").write_text("no image")
    for i in range(20):
        (tmp_path / f"more{i:02}.png").touch()
    with pytest.raises(ValueError, match=r"got 22 that cannot be read(.|\n)*and 12 more") as caught:
        data.load(f"folder:{tmp_path}")
    assert "  - cut.png: image file is truncated" in str(caught.value)


def test_missing_and_empty_folders(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"Expected a folder of images after 'folder:'.*nowhere"):
        data.load(f"folder:{tmp_path / 'nowhere'}")
    with pytest.raises(FileNotFoundError, match=r"got none; put some there \(\.jpg"):
        data.load(f"folder:{tmp_path}")


def test_images_beside_subfolders(tmp_path):
    save(tmp_path / "a.png", flat(1))
    save(tmp_path / "cats" / "b.png", flat(1))
    with pytest.raises(ValueError, match="got both: 1 beside 1 subfolders"):
        data.load(f"folder:{tmp_path}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "test"}, "Expected split 'train'"),
        ({"size": 0}, "Expected size to be an integer >= 1"),
        ({"channels": 2}, "Expected channels to be 1"),
        ({"limit": 2}, "Expected limit to be an integer from 1 to 1"),
        ({"leave_out": "digits"}, "Expected no leave_out with a folder"),
    ],
)
def test_bad_arguments(tmp_path, arguments, message):
    save(tmp_path / "a.png", flat(1))
    with pytest.raises(ValueError, match=message):
        data.load(f"folder:{tmp_path}", **arguments)
