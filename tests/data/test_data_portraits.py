"""Drawn faces: each factor changes what it says and nothing else, whatever the size and whatever is drawn beside."""

import numpy as np
import pytest

from coursekit.data import portraits
from coursekit.data.portrait_drawing import SPAN

# Boxes (left, right, top, bottom) outside which a factor changes no pixel of an upright face.
EYES = (-0.36, 0.36, -0.15, 0.19)
WHERE = {
    "skin": (-0.6, 0.6, -0.65, 0.87),
    "hair_style": (-0.75, 0.75, -0.95, 0.95),
    "hair_color": (-0.75, 0.75, -0.95, 0.95),
    "eye_color": EYES,
    "eye_size": EYES,
    "eye_openness": EYES,
    "brows": (-0.36, 0.36, -0.36, 0.02),
    "mouth": (-0.27, 0.27, 0.16, 0.48),
    "glasses": (-0.5, 0.5, -0.17, 0.23),
    "clothes": (-0.85, 0.85, 0.65, 0.95),
}
LIPS = (-0.2, 0.2, 0.26, 0.37)


def inside(box, size):
    """Whether each pixel `[size, size]` lies in the box."""
    at = (np.arange(size) + 0.5) * 2 * SPAN / size - SPAN
    left, right, top, bottom = box
    return ((at >= left) & (at <= right)) & ((at >= top) & (at <= bottom))[:, None]


def upright(n=12, seed=5, **values):
    return portraits.change(portraits.sample(n, seed), tilt=0, **values)


def low_and_high(faces, name, size=64):
    factor = portraits.FACTORS[name]
    return (portraits.draw(portraits.change(faces, **{name: value}), size) for value in (factor.low, factor.high))


@pytest.mark.parametrize("name", WHERE)
@pytest.mark.parametrize("size", [64, 100])
def test_factor_changes_its_own_region_and_no_other(name, size):
    plain = {"eye_color": {"eye_openness": 0.7}, "eye_size": {"eye_openness": 0.7}, "brows": {"skin": 0, "glasses": 0}}
    low, high = low_and_high(upright(**plain.get(name, {})), name, size)
    difference = np.abs(high - low).max(-1)
    assert difference[:, ~inside(WHERE[name], size)].max() == 0
    assert np.all((difference > 0.1).sum((1, 2)) >= 16 * (size / 64) ** 2), "seen in every face"


def test_background_changes_around_the_figure_alone():
    low, high = low_and_high(upright(), "background")
    changed = np.abs(high - low).max(-1) > 0
    assert changed[:, ~inside((-0.75, 0.75, -0.95, 0.95), 64)].sum() > 0
    assert changed[:, :6, :6].all()
    assert not changed[:, inside((-0.3, 0.3, -0.3, 0.3), 64)].any()


def test_skin_and_hair_color_keep_to_skin_and_hair():
    bald = upright(hair_style="bald")
    low, high = low_and_high(bald, "hair_color")
    assert np.abs(high - low)[:, ~inside(WHERE["brows"], 64)].max() == 0, "of a bald head only the brows"
    crown = inside((-0.1, 0.1, -0.6, -0.5), 64)
    for style in portraits.STYLES[1:]:
        faces = upright(hair_style=style)
        low, high = low_and_high(faces, "skin")
        assert np.abs(high - low)[:, crown].max() == 0, style
        low, high = low_and_high(faces, "hair_color")
        assert np.abs(high - low)[:, crown].min() > 0.2, style
        assert np.abs(high - low)[:, inside(LIPS, 64)].max() == 0, style


def test_hair_styles_are_all_different_and_leave_the_mouth():
    face = upright(1)
    images = portraits.draw(portraits.change(face, hair_style=np.arange(6)))
    for i in range(6):
        for j in range(i):
            assert (np.abs(images[i] - images[j]).max(-1) > 0.1).sum() > 100, (i, j)
    assert np.ptp(images[:, inside(LIPS, 64)], axis=0).max() == 0


def test_mouth_corners_rise_steadily():
    curves = np.linspace(-1, 1, 9)
    images = portraits.draw(portraits.change(upright(1), mouth=curves, skin=0), 128)
    red = np.where(inside((-0.27, 0.27, 0.22, 0.48), 128), images[..., 0] - images[..., 1], 0) > 0.35
    rows = np.arange(128)

    def height(columns):
        return np.array([np.average(rows, weights=image[:, columns].sum(1)) for image in red])

    rise = height(slice(60, 68)) - height([*range(50, 54), *range(74, 78)])
    assert np.all(np.diff(rise) > 0)
    assert rise[4] == pytest.approx(0, abs=0.5)
    assert rise[0] < -4
    assert rise[-1] > 4


def test_eyes_open_and_grow_steadily():
    faces = upright(1, skin=0.5, glasses=0, eye_color=0, eye_size=0.5)
    for name in ("eye_openness", "eye_size"):
        images = portraits.draw(portraits.change(faces, **{"eye_openness": 0.7, name: np.linspace(0.2, 1, 5)}), 128)
        white = (images[:, inside(EYES, 128)].min(-1) > 0.9).sum(1)
        assert np.all(np.diff(white) > 0), name


def test_tilt_turns_the_head_and_not_the_body():
    tilts = np.array([-15, -5, 0, 5, 15])
    images = portraits.draw(portraits.change(upright(1, hair_style="bald", background=0.8), tilt=tilts))
    background = images[:, :1, :1]
    head = (np.abs(images - background).max(-1) > 0.2)[:, :28]
    middle = [np.average(np.arange(64), weights=rows.sum(0)) - 31.5 for rows in head]
    assert middle[2] == pytest.approx(0, abs=0.2)
    assert np.all(np.diff(middle) > 2), "to the right"
    assert middle[0] == pytest.approx(-middle[-1], abs=0.3)
    assert np.ptp(images[:, 57:], axis=0).max() == 0


@pytest.mark.parametrize("size", [32, 64, 128])
def test_edges_are_smooth_at_every_size(size):
    faces = portraits.sample(6, seed=5)
    fine = portraits.draw(faces, 2 * size)
    halved = fine.reshape(6, size, 2, size, 2, 3).mean((2, 4))
    coarse = portraits.draw(faces, size)
    assert np.abs(coarse - halved).mean() < 0.2 / size
    jagged = fine[:, ::2, ::2]  # what drawing without smooth edges would come near to
    assert np.abs(coarse - halved).mean() < np.abs(jagged - halved).mean() / 2


def test_a_face_does_not_depend_on_those_drawn_with_it():
    faces = portraits.sample(200, seed=2)
    together = portraits.draw(faces)
    assert together.dtype == np.float32
    assert together.shape == (200, 64, 64, 3)
    for i in (0, 7, 199):
        assert np.array_equal(portraits.draw(faces[i])[0], together[i])
    assert np.array_equal(portraits.draw(faces[50:60]), together[50:60])
    assert np.array_equal(np.rint(together * 255) / np.float32(255), together), "like an image file"
    assert (together.min(), together.max()) >= (0, 0.9)
    assert together.max() <= 1
    assert len({image.tobytes() for image in together}) == 200


def test_sample_is_uniform_and_repeatable():
    faces = portraits.sample(6000, seed=1)
    assert np.array_equal(portraits.sample(10, seed=1), faces[:10])
    assert not np.array_equal(portraits.sample(10, seed=2), faces[:10])
    for name, factor in portraits.FACTORS.items():
        values = faces[name].astype(float)
        assert (values.min() >= factor.low) & (values.max() <= factor.high)
        bins = int(factor.high) + 1 if factor.whole else 6
        counts = np.histogram(values, bins, (factor.low, factor.high))[0]
        assert counts == pytest.approx(6000 / bins, rel=0.12), name
    correlation = np.corrcoef([faces[name].astype(float) for name in portraits.FACTORS])
    assert np.abs(correlation - np.eye(len(correlation))).max() < 0.05


def test_change_copies_one_face_or_alters_all():
    faces = portraits.sample(4, seed=0)
    before = faces.copy()
    smiles = portraits.change(faces[2], mouth=[-1, 0, 1])
    assert smiles["mouth"].tolist() == [-1, 0, 1]
    others = [name for name in portraits.FACTORS if name != "mouth"]
    assert np.array_equal(smiles[others], np.repeat(faces[2:3], 3)[others])
    both = portraits.change(faces, glasses=1, tilt=[0, 1, 2, 3], hair_style="bun")
    assert both["glasses"].tolist() == [1] * 4
    assert both["tilt"].tolist() == [0, 1, 2, 3]
    assert {portraits.STYLES[style] for style in both["hair_style"]} == {"bun"}
    assert np.array_equal(faces, before)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"smile": 1}, r"Expected factors among skin, .*, got smile\."),
        ({"mouth": 1.5}, r"Expected mouth in numbers from -1 to 1 \(corners down to corners up\), got 1\.5"),
        ({"mouth": [0, 0, np.nan]}, "Expected mouth in numbers .* got nan"),
        ({"tilt": 20}, "Expected tilt in numbers from -15 to 15 .* got 20"),
        ({"glasses": 0.5}, r"Expected glasses in whole numbers from 0 to 1 .* got 0\.5"),
        ({"hair_style": "mohawk"}, "whole numbers from 0 to 5 .*bald, short, fringe, bun, long, curly.* got 'mohawk'"),
        ({"hair_style": 6}, "Expected hair_style in whole numbers from 0 to 5 .* got 6"),
        ({"skin": [0, 1]}, r"Expected one value for all or for each of 3 faces, or one face, got skin \[2\]"),
    ],
)
def test_bad_change(values, message):
    with pytest.raises(ValueError, match=message):
        portraits.change(portraits.sample(3), **values)


@pytest.mark.parametrize("size", [0, -1, 31, 513, 64.0, "64", None])
def test_bad_size(size):
    with pytest.raises(ValueError, match="Expected size to be an integer from 32 to 512"):
        portraits.draw(portraits.sample(1), size)


@pytest.mark.parametrize("n", [0, -3, 2.5, "all", None])
def test_bad_number(n):
    with pytest.raises(ValueError, match=r"Expected n to be an integer >= 1 \(how many faces\)"):
        portraits.sample(n)


@pytest.mark.parametrize("seed", [-1, None, 0.5])
def test_bad_seed(seed):
    with pytest.raises(ValueError, match="Expected seed to be an integer >= 0"):
        portraits.sample(1, seed)


def test_bad_faces():
    faces = portraits.sample(3)
    for wrong in (np.zeros((3, 12)), faces[:0], faces.reshape(3, 1), faces[["skin", "mouth"]]):
        with pytest.raises(ValueError, match=r"Expected faces \[n\] as portraits\.sample\(n, seed\) gives them"):
            portraits.draw(wrong)
    faces["brows"][1] = 3
    with pytest.raises(ValueError, match=r"Expected brows in numbers from -1 to 1 .* got 3\.0"):
        portraits.draw(faces)


def test_drawing_a_few_says_nothing(capfd):
    portraits.draw(portraits.sample(3))
    assert capfd.readouterr() == ("", "")
