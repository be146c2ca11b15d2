import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from coursekit.widgets import FramePlayer

LEVELS = [0.0, 0.25, 0.5, 1.0]


def flat(level, size=(6, 4)):
    return np.full(size, level, np.float32)


def pixels(file):
    return np.asarray(Image.open(io.BytesIO(file)))


def embedded(player):
    """The frames as the page cuts them out of the embedded sheet."""
    page, (h, w), columns = pixels(player._sheet), player._size, player._columns
    n = int(np.prod([len(axis["values"]) for axis in player._axes]))
    return np.stack([page[i // columns * h :, i % columns * w :][:h, :w] for i in range(n)])


@pytest.mark.parametrize("shape", [(3, 5, 7), (3, 5, 7, 1), (3, 5, 7, 3)])
def test_the_page_gets_exactly_the_frames(shape):
    frames = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    player = FramePlayer(frames, [("step", range(3))])
    assert np.array_equal(embedded(player), frames.squeeze(-1) if shape[-1] == 1 else frames)
    assert player._size == [5, 7]


def test_two_axes_are_stored_with_the_last_fastest():
    frames = [[flat((10 * i + j) / 100) for j in range(4)] for i in range(3)]
    player = FramePlayer(frames, [("a", [0, 1, 2]), ("b", [0, 1, 2, 3])])
    expected = [round((10 * i + j) / 100 * 255) for i in range(3) for j in range(4)]
    assert embedded(player)[:, 0, 0].tolist() == expected


def test_three_axes_and_the_pictures_of_the_last_two_where_no_script_runs():
    levels = np.arange(12).reshape(2, 2, 3) / 12
    axes = [("faces", ["a", "b"]), ("cut", [0, 1]), ("psi", [0, 0.5, 1])]
    player = FramePlayer([[[flat(level) for level in row] for row in pair] for pair in levels], axes, start=[1, 0, 2])
    assert embedded(player)[:, 0, 0].tolist() == np.round(255 * levels).ravel().tolist()
    shown = {level for level in np.unique(pixels(player.grid())) if level not in (0, 255)}
    assert set(np.round(255 * levels[1]).ravel().astype(int)) <= shown, "those of the pair that it starts with"
    assert player.values([1, 0, 2]) == ["b", 0, 1]


def test_figures_and_png_files_are_pictures():
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    def figure(value):
        figure, ax = plt.subplots(figsize=(2, 1), dpi=50)
        ax.bar([0], [value])
        return figure

    figures = FramePlayer([figure(1), figure(2)], [("value", [1, 2])])
    assert figures._size == [50, 100]
    assert plt.get_fignums() == [], "a figure left open is shown a second time by the notebook"
    file = io.BytesIO()
    Image.fromarray(np.uint8([[0, 255]])).save(file, "PNG")
    assert embedded(FramePlayer([file.getvalue()], [("x", ["only"])])).tolist() == [[[0, 255]]]


def test_clear_parts_of_a_png_become_white():
    file = io.BytesIO()
    Image.new("RGBA", (2, 2), (255, 0, 0, 0)).save(file, "PNG")
    assert (embedded(FramePlayer([file.getvalue()], [("x", ["only"])])) == 255).all()


@pytest.mark.parametrize(
    ("frames", "axes", "error", "said"),
    [
        ([], [("x", LEVELS)], ValueError, "Expected 4 frames along 'x', got none"),
        ([flat(0)] * 3, [("x", LEVELS)], ValueError, "Expected 4 frames along 'x', one for each of its values, got 3"),
        ([[flat(0)] * 2, [flat(0)]], [("x", [0, 1]), ("y", [0, 1])], ValueError, "Expected 2 frames along 'y'.* got 1"),
        ([flat(0), flat(0, (5, 4))], [("x", [0, 1])], ValueError, "every frame to be 4 x 6 .* 4 x 5 in frame 1"),
        ([flat(0), "cat"], [("x", [0, 1])], TypeError, "Expected frame 1 to be a picture"),
        ([flat(0), np.zeros((6, 4), int)], [("x", [0, 1])], TypeError, "frame 1 .* got int64 values"),
        ([flat(0), np.zeros(24, np.uint8)], [("x", [0, 1])], ValueError, r"frame 1 .* shape \(24,\)"),
        ([np.zeros((6, 4, 2), np.uint8)], [("x", [0])], ValueError, r"frame 0 .* shape \(6, 4, 2\)"),
        ([flat(0), flat(1.5)], [("x", [0, 1])], ValueError, r"frame 1 to lie in \[0, 1\], got values from 1.5 to 1.5"),
        ([flat(-0.1)], [("x", [0])], ValueError, r"from -0.1 to -0.1"),
        ([flat(np.nan)], [("x", [0])], ValueError, "from nan"),
        ([b"\x89PNG broken"], [("x", [0])], ValueError, "frame 0 to be the bytes of a PNG file, got 11 bytes"),
        (3, [("x", [0])], TypeError, "Expected a sequence of frames along 'x', got int"),
        ([flat(0)], [], ValueError, "Expected one to three axes.* got 0"),
        ([flat(0)], [("x", [0])] * 4, ValueError, "Expected one to three axes.* got 4"),
        ([flat(0)], [("x", [])], ValueError, "Expected at least one value on the axis 'x'"),
        ([flat(0)], [[0.1, 0.2]], ValueError, "Expected each axis to be a pair"),
        ([flat(0)], [("x", [np.inf])], ValueError, "Expected finite values"),
        (None, [("x", [0])], ValueError, "Expected frames or a redraw function"),
    ],
)
def test_bad_frames_and_axes_are_told_apart(frames, axes, error, said):
    with pytest.raises(error, match=said):
        FramePlayer(frames, axes)


def test_bad_settings_are_refused():
    frames, axes = [flat(0), flat(1)], [("x", [0, 1])]
    with pytest.raises(ValueError, match="Expected fps above 0, got 0"):
        FramePlayer(frames, axes, fps=0)
    with pytest.raises(ValueError, match=r"one index per axis, below \[2\], got \[2\]"):
        FramePlayer(frames, axes, start=[2])
    with pytest.raises(ValueError, match="to rise or to fall"):
        FramePlayer([flat(0)] * 3, [("x", [0, 2, 1])], redraw=flat)


def test_too_heavy_frames_are_refused_with_numbers():
    noise = np.random.default_rng(0).integers(0, 256, (20, 128, 128), np.uint8)
    with pytest.raises(ValueError, match=r"at most 300 kB in the notebook, got 4\d\d kB \(20 frames of 128 x 128"):
        FramePlayer(noise, [("x", range(20))])
    player = FramePlayer(noise, [("x", range(20))], max_kb=500)
    assert 20 * 128 * 128 < len(player._sheet) < 500_000 * 3 / 4


def test_positions_between_frames_have_linear_values():
    player = FramePlayer(None, [("noise", [0.0, 0.1, 1.0]), ("size", [2, 8])], redraw=lambda noise, size: flat(noise))
    assert player.values([1.5, 0]) == [pytest.approx(0.55), 2]
    assert player.values([2, 0.4]) == [1.0, 4], "an axis of whole numbers stays whole"
    assert embedded(player)[:, 0, 0].tolist() == [0, 0, 26, 26, 255, 255]
    fixed = FramePlayer([flat(0), flat(1)], [("class", ["cat", "dog"])], redraw=lambda name: flat(name == "dog"))
    assert fixed.values([0.9]) == ["dog"]


def test_the_kernel_redraws_what_lies_between():
    player = FramePlayer([flat(level) for level in LEVELS], [("level", LEVELS)], redraw=flat)
    assert (player.draw([2.5]) == round(0.75 * 255)).all()


@pytest.mark.parametrize(
    ("redraw", "said"),
    [
        (lambda level: 1 / 0, "division by zero"),
        (lambda level: flat(0, (3, 3)), r"Expected every frame to be 4 x 6 .* got 3 x 3"),
        (lambda level: flat(2), r"Expected what redraw returns to lie in \[0, 1\]"),
        (lambda level: None, "Expected what redraw returns to be a picture"),
    ],
)
def test_what_is_wrong_with_redraw_is_told(redraw, said):
    player = FramePlayer([flat(level) for level in LEVELS], [("level", LEVELS)], redraw=redraw)
    assert player.call([2.5]) == "redraw(0.75)"
    with pytest.raises((ArithmeticError, TypeError, ValueError), match=said):
        player.draw([2.5])


def test_the_static_twin_shows_first_and_last_frame():
    player = FramePlayer([flat(i / 10) for i in range(11)], [("noise", np.linspace(0, 1, 11))])
    picture = pixels(player.grid())
    assert picture.shape[1] > 6 * 100
    shades = {round(i / 10 * 255) for i in (0, 2, 4, 6, 8, 10)}
    assert shades <= set(np.unique(picture[30:-12]).tolist()), "six frames, evenly chosen"
    assert player.grid() == player.grid()


def test_the_output_says_the_same_in_every_run():
    def make():
        return FramePlayer([[flat(0)] * 2] * 3, [("noise", [0, 0.5, 1]), ("class", ["cat", "dog"])])

    data, _ = make()._repr_mimebundle_()
    assert data["text/plain"] == "FramePlayer(noise: 0 to 1 in 3; class: cat to dog in 2; 4 x 6 pixels)"
    assert data["image/png"] == make()._repr_mimebundle_()[0]["image/png"]
    assert "application/vnd.jupyter.widget-view+json" in data
