import base64
import itertools
import math
import re

import numpy as np
import pytest
from cells import ASKED, BUTTON, HALVES
from lab import IDLE, run_all

from coursekit import paths
from coursekit.course.slides import render_slides
from coursekit.training import backend
from coursekit.widgets import DecoderExplorer

keras = backend.load()
layers = keras.layers

LOAD = """async (text) => {
  window.decoder = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  window.make = ([program, weights]) =>
    decoder.network(program, new DataView(Uint8Array.from(atob(weights), (c) => c.charCodeAt(0)).buffer));
}"""
DECODE = "([net, codes]) => { const f = make(net); return codes.map((z) => Array.from(f(z))); }"
SPEED = """([net, z]) => {
  const f = make(net);
  for (let i = 0; i < 5; i++) f(z);
  const begin = performance.now();
  let n = 0;
  while (performance.now() - begin < 500) { f(z); n++; }
  return n / (performance.now() - begin) * 1000;
}"""


def pixel(x):
    return f"canvas => canvas.getContext('2d').getImageData({x}, 4, 1, 1).data[0]"


def gray(z):
    return pytest.approx(255 / (1 + math.exp(-z)), abs=1)


@pytest.fixture(scope="module")
def arithmetic(browser):
    page = browser.new_page()
    page.evaluate(LOAD, str(DecoderExplorer._esm))
    yield page
    page.close()


def scattered(model, seed=0):
    """The model with float16 weights at random, large enough that every unit matters; variances positive."""
    rng = np.random.default_rng(seed)
    weights = []
    for variable in model.weights:
        fan = math.prod(variable.shape[:-1]) if len(variable.shape) > 1 else 4
        value = rng.normal(0, 1.5 / math.sqrt(fan), variable.shape)
        weights.append(np.abs(value) + 0.3 if "variance" in variable.name else value)
    model.set_weights([weight.astype("float16").astype("float32") for weight in weights])
    return model


def network_of(model):
    explorer = DecoderExplorer(model, max_kb=10_000)
    assert not explorer.live, explorer.reason
    return [explorer._program, base64.b64encode(explorer._weights).decode()]


def difference(page, model):
    z = np.random.default_rng(1).normal(size=(3, model.input_shape[1])).astype("float32")
    ours = np.array(page.evaluate(DECODE, [network_of(model), z.tolist()]))
    theirs = np.asarray(model(z, training=False)).reshape(3, -1)
    assert theirs.std() > 1e-2, "the outputs differ from one another"
    return np.abs(ours - theirs).max()


@pytest.mark.parametrize(
    "activation",
    ["linear", "relu", "silu", "swish", "sigmoid", "tanh", "leaky_relu", "elu", "softplus", "gelu"],
)
def test_dense_decoders_equal_keras(arithmetic, activation):
    parts = [layers.Dense(64, activation), layers.Dropout(0.5), layers.Dense(64), layers.Activation(activation)]
    model = keras.Sequential([keras.Input((3,)), *parts, layers.Dense(144, use_bias=False)])
    assert difference(arithmetic, scattered(model)) < 1e-3


@pytest.mark.parametrize("kind", [layers.Conv2DTranspose, layers.Conv2D])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_convolutions_equal_keras(arithmetic, kind, channels, padding):
    for kernel, stride in itertools.product((3, 4, 5), (1, 2)):
        start = [keras.Input((2,)), layers.Dense(9 * 7 * 5, "tanh"), layers.Reshape((9, 7, 5))]
        model = keras.Sequential([*start, kind(channels, kernel, strides=stride, padding=padding)])
        assert difference(arithmetic, scattered(model)) < 1e-3, f"kernel {kernel}, stride {stride}"


def test_odd_strides_and_kernels_equal_keras(arithmetic):
    start = [keras.Input((2,)), layers.Dense(5 * 4 * 6, "tanh"), layers.Reshape((5, 4, 6))]
    parts = [
        layers.Conv2DTranspose(7, (2, 5), strides=(3, 2), padding="same"),
        layers.Conv2D(5, (4, 3), strides=(1, 2), padding="valid", use_bias=False),
        layers.Conv2DTranspose(1, 2, strides=3, padding="valid"),
    ]
    assert difference(arithmetic, scattered(keras.Sequential(start + parts))) < 1e-3


def test_layers_in_between_equal_keras(arithmetic):
    inner = keras.Sequential(
        [keras.Input((4, 4, 8)), layers.UpSampling2D((2, 3)), layers.LeakyReLU(negative_slope=0.1)]
    )
    code = keras.Input((5,))
    x = layers.Reshape((4, -1, 8))(layers.Dense(128, activation=layers.ELU(0.7))(code))
    x = inner(layers.BatchNormalization()(layers.ReLU()(x)))
    x = layers.BatchNormalization(scale=False)(layers.Conv2D(6, 3, padding="same", activation="silu")(x))
    x = layers.Dense(4, "tanh")(x)
    x = layers.Dense(300)(layers.Flatten()(x))
    assert difference(arithmetic, scattered(keras.Model(code, x))) < 1e-3


def test_the_course_s_decoders_equal_keras_and_are_fast(arithmetic, record_property):
    from coursekit.models import vae

    stages = lambda *filters: [
        layers.Conv2DTranspose(n, 4, strides=2, padding="same", activation="relu") for n in filters
    ]
    start = [keras.Input((16,)), layers.Dense(4 * 4 * 64, "relu"), layers.Reshape((4, 4, 64))]
    last = layers.Conv2DTranspose(3, 4, strides=2, padding="same")
    # least frames a second, a fraction of what a shared core does
    decoders = {
        "dense 2-256-256-784": (vae.dense(2, widths=(256, 256)).decoder, 120),
        "gray 28 x 28": (vae.convolutional(16).decoder, 15),
        "color 64 x 64": (vae.convolutional(16, shape=(64, 64, 3)).decoder, 8),
        "color 64 x 64, up to 64 channels": (keras.Sequential([*start, *stages(64, 64, 32), last]), 5),
    }
    for name, (decoder, least) in decoders.items():
        assert difference(arithmetic, scattered(decoder)) < 1e-3, name
        rate = arithmetic.evaluate(SPEED, [network_of(decoder), [0.5] * decoder.input_shape[1]])
        record_property(name, f"{rate:.0f} a second")
        print(f"{name}: {rate:.0f} a second")
        assert rate > least, name


def test_paths_begin_and_end_where_they_should(arithmetic):
    walk = lambda a, b, path: np.array(
        arithmetic.evaluate("([a, b, p]) => [0, 0.5, 1].map((t) => decoder.between(a, b, t, p))", [a, b, path])
    )
    assert walk([1, 0], [0, 3], "straight") == pytest.approx(np.array([[1, 0], [0.5, 1.5], [0, 3]]))
    assert walk([1, 0], [0, 3], "spherical") == pytest.approx(np.array([[1, 0], [0.5**0.5, 3 * 0.5**0.5], [0, 3]]))
    assert walk([0, 0], [0, 2], "spherical") == pytest.approx(np.array([[0, 0], [0, 1], [0, 2]]))
    assert walk([1, 0], [2, 0], "spherical") == pytest.approx(np.array([[1, 0], [1.5, 0], [2, 0]]))
    assert walk([1, 0], [-1, 0], "spherical") == pytest.approx(np.array([[1, 0], [0, 0], [-1, 0]]))


def test_spherical_means_the_same_in_the_page_the_lecture_and_the_exercise(arithmetic):
    def text(name, pattern):
        source = (paths.notebooks() / "source" / name).read_text("utf-8")
        return re.search(pattern, source, re.MULTILINE | re.DOTALL)[0]

    t = np.linspace(0, 1, 9)[:, None]
    for seed, lengths in enumerate(([1, 1], [0.2, 3])):
        a, b = np.random.default_rng(seed).normal(size=(2, 20)) * np.array(lengths)[:, None]
        here = {"np": np, "a": a, "b": b, "t": t}
        exec(text("08_vae_in_use.py", r"^angle = .*?^arc = .*?\n"), here)
        exec(text("exercises/08_vae_in_use.py", r"^def slerp\(.*?(?=^def )"), here)
        walk = "([a, b, times]) => times.map((t) => decoder.between(a, b, t, 'spherical'))"
        page = arithmetic.evaluate(walk, [a.tolist(), b.tolist(), t[:, 0].tolist()])
        assert page == pytest.approx(here["arc"])
        assert page == pytest.approx(np.array([here["slerp"](a, b, share) for share in t[:, 0]]))


@pytest.fixture
def visit(site, open_page):
    def visit(**options):
        page = open_page((site / "07_planes.html").as_uri(), site.as_uri(), **options)
        page.locator(".decoder-explorer .de-status").last.wait_for(state="attached")
        page.locator(".de-pad[aria-valuetext]").last.wait_for(state="attached")
        return page

    return visit


def point(pad, x, y, range=3):
    """Where on the screen the code (x, y) is."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    across = (x / range + 1) / 2
    return box["x"] + across * box["width"], box["y"] + (0.5 - y / range / 2) * box["height"]


def test_a_page_without_a_kernel_decodes_under_the_finger(visit):
    page = visit()
    explorer = page.locator(".decoder-explorer").first
    pad, canvas = explorer.locator(".de-pad"), explorer.locator(".de-picture canvas")
    page.mouse.move(*point(pad, 0, 0))
    page.mouse.down()
    page.mouse.move(*point(pad, 1, -2), steps=10)
    page.mouse.up()
    page.mouse.move(*point(pad, 0, 0))
    explorer.get_by_text("z1 = 1.0", exact=False).wait_for()
    assert [canvas.evaluate(pixel(1)), canvas.evaluate(pixel(6))] == [gray(1), gray(-2)], "it stays where it was let go"

    pad.press("ArrowRight")
    pad.press("Shift+ArrowUp")
    page.wait_for_timeout(100)
    values = pad.get_attribute("aria-valuetext").replace("\u2212", "-").split(", ")
    assert [float(value.split(" = ")[1]) for value in values] == [
        pytest.approx(1.1, abs=0.03),
        pytest.approx(-1.5, abs=0.03),
    ]
    assert canvas.get_attribute("aria-label") == f"Two halves: {pad.get_attribute('aria-valuetext')}"
    assert explorer.locator(".de-legend li").all_text_contents() == ["a", "b"]
    dot = "canvas => [...canvas.getContext('2d').getImageData(427, 213, 1, 1).data]"
    red, _, blue, _ = pad.locator("canvas").evaluate(dot)
    assert blue > red + 50, "the dot of class a, at (1, 1), is blue"

    explorer.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(100)
    assert canvas.evaluate(pixel(1)) == gray(0)
    explorer.get_by_role("button", name="Random").click()
    page.wait_for_timeout(100)
    assert canvas.evaluate(pixel(1)) != canvas.evaluate(pixel(6))
    assert page.trouble == []


def test_a_walk_goes_from_the_mark_to_here(visit):
    page = visit()
    explorer = page.locator(".decoder-explorer").first
    pad, canvas = explorer.locator(".de-pad"), explorer.locator(".de-picture canvas")
    explorer.get_by_role("button", name="Walk").click()
    assert "Mark start" in explorer.get_by_role("status").text_content()
    page.mouse.click(*point(pad, -2.9, 0))
    explorer.get_by_role("button", name="Mark start").click()
    page.mouse.click(*point(pad, 2.9, 0))
    explorer.get_by_role("button", name="Walk").click()
    page.wait_for_timeout(100)
    early = canvas.evaluate(pixel(1))
    explorer.get_by_role("button", name="Stop").wait_for()
    explorer.get_by_role("button", name="Walk").wait_for(timeout=10_000)
    page.wait_for_timeout(100)
    assert early < 128 < 235 < canvas.evaluate(pixel(1))
    assert page.trouble == []


def test_a_drag_keeps_up_with_the_screen(visit):
    page = visit()
    pad = page.locator(".de-pad").first
    pad.scroll_into_view_if_needed()
    rate = pad.evaluate("""async (pad) => {
      const canvas = pad.closest(".decoder-explorer").querySelector(".de-picture canvas").getContext("2d");
      const box = pad.getBoundingClientRect();
      const fire = (type, x) => pad.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, clientX: box.left + x, clientY: box.top + 9, bubbles: true, button: 0 }));
      pad.setPointerCapture = () => {};
      pad.hasPointerCapture = () => true;
      fire("pointerdown", 0);
      const begin = performance.now();
      let [frames, changes, last] = [0, 0, null];
      while (performance.now() - begin < 1000) {
        fire("pointermove", (frames++ * 7) % box.width);
        await new Promise(requestAnimationFrame);
        const now = canvas.getImageData(1, 4, 1, 1).data[0];
        changes += now !== last;
        last = now;
      }
      return [frames, changes];
    }""")
    print(f"{rate[0]} frames and {rate[1]} pictures in a second")
    assert rate[1] > 0.8 * rate[0] > 20


def eventually(page, read, expected, seconds=10):
    """The page draws in its next frame, which a busy machine has later: read until it is as expected."""
    for _ in range(10 * seconds):
        if read() == expected:
            break
        page.wait_for_timeout(100)
    assert read() == expected


def test_many_dimensions_have_selects_and_sliders(visit):
    page = visit()
    explorer = page.locator(".decoder-explorer").nth(1)
    assert explorer.locator("input[type=range]").count() == 16
    assert explorer.get_by_text("and 2 more").is_visible()
    explorer.get_by_label("Dimension up").select_option("z1")
    # A dimension cannot be both: they change places.
    eventually(page, explorer.get_by_label("Dimension across").input_value, "1")
    explorer.get_by_label("Dimension up").select_option("z20")
    eventually(page, lambda: explorer.locator(".de-pad").get_attribute("aria-label"), "Plane of z2 and z20")
    eventually(page, explorer.get_by_role("slider", name="z1", exact=True).input_value, "1")
    canvas = explorer.locator(".de-picture canvas")
    color = "canvas => [...canvas.getContext('2d').getImageData(1, 2, 1, 1).data]"
    slider = explorer.get_by_role("slider", name="z3", exact=True)
    slider.press("ArrowRight")
    eventually(page, slider.input_value, "1.1")
    eventually(page, lambda: canvas.evaluate(color), [gray(1.1), gray(4), gray(-4), 255])
    assert page.trouble == []


def test_a_decoder_for_python_alone_says_so(visit):
    page = visit()
    explorer = page.locator(".decoder-explorer").nth(2)
    said = explorer.get_by_role("status").text_content()
    assert said.startswith("Only Python can compute this decoder: it has the layer Softmax. Run its cell")
    assert not explorer.locator(".de-pad").is_visible()
    assert explorer.locator(".de-stand-in").evaluate("image => image.decode().then(() => image.naturalWidth)") > 300


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, theme):
    page = visit(viewport={"width": 390, "height": 844}, color_scheme=theme, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    explorer = page.locator(".decoder-explorer").first
    pad, canvas = explorer.locator(".de-pad"), explorer.locator(".de-picture canvas")
    assert canvas.bounding_box()["y"] < pad.bounding_box()["y"], "the finger does not cover the picture"
    assert pad.bounding_box()["width"] > 250
    page.touchscreen.tap(*point(pad, 2, 1))
    page.wait_for_timeout(200)
    assert canvas.evaluate(pixel(1)) == gray(2)


def test_slides_are_alive(executed, tmp_path, open_page):
    path = render_slides(executed / "07_planes.ipynb", tmp_path / "slides.html")
    page = open_page(path.as_uri(), path.as_uri())
    pad = page.locator(".decoder-explorer .de-pad[aria-valuetext]").first
    pad.wait_for()
    before = page.url
    pad.press("ArrowRight")
    page.wait_for_timeout(100)
    assert pad.get_attribute("aria-valuetext").startswith("z1 = 0.10")
    assert page.url == before, "arrow keys on the plane do not turn the slide"
    assert page.trouble == []


def test_in_jupyterlab_python_and_the_page_have_one_code(open_in_lab, new_notebook):
    page = open_in_lab(new_notebook("", HALVES, BUTTON, ASKED), "plane.ipynb", height=2400)
    run_all(page)
    asked = page.locator(".decoder-explorer[data-live=true]")
    asked.wait_for(timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)
    explorer = page.locator(".decoder-explorer").first
    page.mouse.click(*point(explorer.locator(".de-pad"), 2, 1))
    page.get_by_text("Python has 2.0").wait_for(timeout=10_000)
    page.get_by_role("button", name="From Python").click()
    explorer.get_by_text("z1 = \u22123.00").wait_for(timeout=10_000)
    assert explorer.locator(".de-picture canvas").evaluate(pixel(1)) == gray(-3)

    assert asked.locator(".de-stand-in").count() == 0
    canvas = asked.locator(".de-picture canvas")
    page.mouse.click(*point(asked.locator(".de-pad"), 2, 0))
    page.wait_for_function(f"(c) => ({pixel(4)})(c) === 255", arg=canvas.element_handle(), timeout=10_000)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.trouble == []
