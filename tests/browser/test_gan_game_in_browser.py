import numpy as np
import pytest
from cells import GAME, POINTS
from lab import run_all

from coursekit.course.slides import render_slides
from coursekit.training import backend
from coursekit.widgets import GanGame2D
from coursekit.widgets.gan_data import Game
from coursekit.widgets.gan_network import LOSSES

keras = backend.load()
ops = keras.ops

LOAD = (
    "async (text) => { window.gan = await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))); }"
)
TRAIN = """([settings, weights, rounds]) => {
  const game = new gan.Gan(settings);
  game.generator.weights.set(weights[0]);
  game.discriminator.weights.set(weights[1]);
  const losses = rounds.map(({ d, g }) => {
    const flat = (rows) => Float64Array.from(rows.flat());
    const n = g.length;
    const steps = d.map(([x, z, shares]) => game.stepDiscriminator(flat(x), flat(z), n, flat(shares)).loss);
    return [steps.at(-1), game.stepGenerator(flat(g), n)];
  });
  return [losses, [...game.generator.weights], [...game.discriminator.weights]];
}"""
PLAY = """([settings, steps]) => {
  const game = new gan.Game(settings, null);
  for (let i = 0; i < steps; i++) game.step();
  const { kl, js } = game.measure();
  return [[...game.gan.generator.weights], [...game.gan.discriminator.weights], [...game.fakes()], [kl, js]];
}"""
MODES = """([settings, steps]) => {
  const game = new gan.Game(settings, null);
  while (game.steps < steps) game.step();
  return game.measure().modes;
}"""
SPEED = """([settings]) => {
  const game = new gan.Game(settings, null);
  for (let i = 0; i < 100; i++) game.step();
  const begin = performance.now();
  let steps = 0;
  for (; performance.now() - begin < 1000; steps++) game.step();
  return steps / (performance.now() - begin) * 1000;
}"""
PLANE = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let hash = 0;
  for (const value of data) hash = (Math.imul(hash, 31) + value) | 0;
  return hash;
}"""
BLUE = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) count += data[i] === 0 && data[i + 1] === 114 && data[i + 2] === 178;
  return count;
}"""


@pytest.fixture(scope="module")
def arithmetic(browser):
    page = browser.new_page()
    page.evaluate(LOAD, str(GanGame2D._esm))
    yield page
    page.close()


OPTIMIZERS = {
    "sgd": lambda rate: keras.optimizers.SGD(rate),
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "adam": lambda rate: keras.optimizers.Adam(rate, beta_1=0.5),
}
K, STEPS, BATCH = 2, 10, 16


def given_game(seed=0):
    """Minibatches for ten steps: [{"d": K times (x, z, shares), "g": z}]."""
    rng = np.random.default_rng(seed)
    normal = lambda: rng.normal(size=(BATCH, 2))
    return [
        {"d": [(normal(), normal(), rng.random((BATCH, 1))) for _ in range(K)], "g": normal()} for _ in range(STEPS)
    ]


def by_keras(loss, optimizer, rates, r1, rounds):
    """The same ten steps by `coursekit.models.gan`: (losses, weights before, weights after)."""
    from coursekit.models import gan

    class Given(gan.GAN):
        """Takes noise, and the places between data and fakes, from a list instead of drawing them."""

        def noise(self, n, seed=None):
            return self.latents.pop(0)

        def _between(self, real, fake):
            share = self.shares.pop(0)
            return share * real + (1 - share) * fake

    made = gan.dense(2, 2, (8, 8), (8, 8))
    rng = np.random.default_rng(1)
    for network in (made.generator, made.discriminator):
        network.set_weights([rng.normal(0, 0.5, array.shape) for array in network.get_weights()])
    model = Given(made.generator, made.discriminator, loss=loss, k=K, r1=r1)
    model.compile(
        generator=OPTIMIZERS[optimizer](rates[1]), discriminator=OPTIMIZERS[optimizer](rates[0]), run_eagerly=True
    )
    before = [network.get_weights() for network in (model.generator, model.discriminator)]
    losses = []
    for step in rounds:
        x, z, shares = (np.float32(part) for part in zip(*step["d"], strict=True))
        model.latents = [ops.convert_to_tensor(part) for part in [*z, np.float32(step["g"])]]
        model.shares = [ops.convert_to_tensor(part) for part in shares]
        logs = model.train_on_batch(np.concatenate(x), return_dict=True)
        losses.append([float(logs["d_loss"]), float(logs["g_loss"])])
    return losses, before, [network.get_weights() for network in (model.generator, model.discriminator)]


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


@pytest.mark.parametrize(
    ("loss", "optimizer", "r1"),
    [
        *[(loss, "adam", 0) for loss in LOSSES],
        *[(loss, "momentum", 0.5) for loss in LOSSES],
        *[(loss, "sgd", 0) for loss in LOSSES],
    ],
)
def test_ten_steps_equal_keras(arithmetic, loss, optimizer, r1):
    rates = {"sgd": [0.05, 0.02], "momentum": [0.01, 0.005], "adam": [2e-3, 1e-3]}[optimizer]
    rounds = given_game()
    losses, before, after = by_keras(loss, optimizer, rates, r1, rounds)
    settings = {"generator": [2, 8, 8, 2], "discriminator": [2, 8, 8, 1], "loss": loss, "optimizer": optimizer}
    settings |= {"rates": rates, "r1": r1}
    sent = [{"d": [[part.tolist() for part in d] for d in step["d"]], "g": step["g"].tolist()} for step in rounds]
    ours = arithmetic.evaluate(TRAIN, [settings, [flat(arrays).tolist() for arrays in before], sent])
    assert np.array(ours[0]) == pytest.approx(np.array(losses), rel=1e-5, abs=1e-5)
    for mine, start, theirs in zip(ours[1:], before, after, strict=True):
        assert np.abs(flat(theirs) - flat(start)).max() > 1e-3, "it moved"
        assert np.abs(mine - flat(theirs)).max() < 1e-5


@pytest.mark.parametrize(
    "changes",
    [
        {"r1": 0.1},
        {"loss": "wasserstein", "data": "moons", "latent": "uniform", "k": 2},
        {"loss": "hinge", "optimizer": "momentum", "data": "spirals"},
        {"loss": "least-squares", "optimizer": "sgd", "data": "checkerboard", "latent_dim": 1, "generator": [1, 16, 2]},
        {"loss": "minimax", "data": "rings"},
        {"data": "humps"},
        {"data": "line"},
    ],
)
def test_the_page_and_the_stand_in_play_the_same_game(arithmetic, changes):
    settings = {**GanGame2D(seed=5)._settings, **changes}
    game = Game(settings)
    for _ in range(20):
        game.step()
    generator, discriminator, fakes, distances = arithmetic.evaluate(PLAY, [settings, 20])
    assert np.abs(flat(game.generator.weights) - generator).max() < 1e-9
    assert np.abs(flat(game.discriminator.weights) - discriminator).max() < 1e-9
    assert np.abs(game.fakes().ravel() - fakes).max() < 1e-9
    assert game.distances[-1][1:] == pytest.approx(distances)


def test_the_game_is_balanced_with_its_defaults_and_collapses_when_the_generator_is_too_fast(arithmetic):
    def modes(**changes):
        return [arithmetic.evaluate(MODES, [GanGame2D(seed=seed, **changes)._settings, 1000]) for seed in range(3)]

    balanced, collapsed = modes(), modes(rates=(1e-3, 1e-2), r1=0)
    print("modes of eight after 1,000 steps:", balanced, collapsed)
    assert min(balanced) >= 7
    assert max(collapsed) <= 4


def test_it_is_fast_enough_for_sixty_frames_a_second(arithmetic, record_property):
    rate = arithmetic.evaluate(SPEED, [GanGame2D()._settings])
    record_property("steps a second", f"{rate:.0f}")
    print(f"{rate:.0f} steps a second")
    assert rate > 120


@pytest.fixture
def visit(site, open_page):
    def visit(**options):
        page = open_page((site / "08_games.html").as_uri(), site.as_uri(), **options)
        page.locator(".gan-game[data-steps]").last.wait_for()
        return page

    return visit


def only(game, *layers):
    """Show these layers and no others."""
    for box in game.locator(".gg-layers label").all():
        box.locator("input").set_checked(box.text_content() in layers)


def counts(game):
    d, g = game.locator(".gg-counter").text_content().removesuffix(" steps").split(" · ")
    return int(d.removeprefix("D ").replace(",", "")), int(g.removeprefix("G ").replace(",", ""))


def test_each_player_steps_alone(visit):
    page = visit()
    game = page.locator(".gan-game").first
    plane = game.locator(".gg-plane")
    for button, moves, stays in (("Step D", "D's verdict", "fakes"), ("Step G", "fakes", "D's verdict")):
        only(game, moves)
        before = plane.evaluate(PLANE)
        only(game, stays)
        still = plane.evaluate(PLANE)
        game.get_by_role("button", name=button).click()
        assert plane.evaluate(PLANE) == still, f"{button} leaves {stays} as they were"
        only(game, moves)
        assert plane.evaluate(PLANE) != before, f"{button} moves {moves}"
    assert counts(game) == (1, 1)
    assert game.get_by_role("status").text_content().startswith("G took a step. ")
    only(game)
    blank = plane.evaluate(PLANE)
    for name in ("D's verdict", "G's sheet", "data", "fakes", "pushes on fakes"):
        only(game, name)
        assert plane.evaluate(PLANE) != blank, name
    assert page.trouble == []


def test_it_plays_pauses_and_repeats_itself(visit):
    page = visit()
    game = page.locator(".gan-game").first
    plane = game.locator(".gg-plane")
    start = plane.evaluate(PLANE)
    game.get_by_role("button", name="Play").click()
    page.wait_for_function("(game) => game.dataset.steps > 40", arg=game.element_handle(), timeout=15_000)
    game.get_by_role("button", name="Pause").click()
    stopped = counts(game)
    page.wait_for_timeout(300)
    assert counts(game) == stopped
    assert "JS" in game.get_by_role("status").text_content()
    assert "JS" in plane.get_attribute("aria-label")
    assert plane.evaluate(PLANE) != start

    game.get_by_role("button", name="Reset").click()
    assert counts(game) == (0, 0)
    assert plane.evaluate(PLANE) == start, "the same seed, the same game"
    game.get_by_role("button", name="New seed").click()
    assert plane.evaluate(PLANE) != start
    assert game.get_attribute("data-seed") == "4"
    assert page.trouble == []


def test_controls_take_effect_at_once(visit):
    page = visit()
    game = page.locator(".gan-game").first
    plane = game.locator(".gg-plane")

    def after_two_steps(label=None, option=None):
        game.get_by_role("button", name="Reset").click()
        if label:
            before = game.get_by_role("combobox", name=label, exact=True).input_value()
            game.get_by_role("combobox", name=label, exact=True).select_option(option)
        for button in ("Step D", "Step G", "Step D", "Step G"):
            game.get_by_role("button", name=button).click()
        picture = plane.evaluate(PLANE)
        if label:
            game.get_by_role("combobox", name=label, exact=True).select_option(before)
        return picture

    default = after_two_steps()
    assert after_two_steps() == default
    choices = {"Loss": "least-squares", "Optimizer": "sgd", "Rate of D": "0.0001", "Rate of G": "0.0001"}
    choices |= {"R1 penalty, γ": "1", "Batch size": "8", "Data": "moons"}
    for label, option in choices.items():
        assert after_two_steps(label, option) != default, label
    assert after_two_steps() == default

    game.get_by_role("combobox", name="Steps of D, k").select_option("3")
    for _ in range(3):
        game.get_by_role("button", name="Slower").click()
    assert game.get_by_text("30 steps a second").is_visible()
    game.get_by_role("button", name="Play").click()
    page.wait_for_function("(game) => game.dataset.steps > 5", arg=game.element_handle(), timeout=15_000)
    game.get_by_role("button", name="Pause").click()
    d, g = counts(game)
    assert d - 2 == 3 * (g - 2), "three steps of D for each of G"
    assert page.trouble == []


def test_what_is_drawn_is_learned(visit):
    page = visit()
    game = page.locator(".gan-game").first
    plane = game.locator(".gg-plane")
    game.get_by_role("button", name="Draw data").click()
    game.get_by_role("button", name="Play").click()
    assert game.get_by_role("status").text_content() == "There are no data yet: draw some into the plane."
    only(game, "data")
    assert plane.evaluate(BLUE) == 0
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"], steps=15)
    page.mouse.up()
    drawn = plane.evaluate(BLUE)
    assert drawn > 500
    plane.focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        plane.press(key)
    assert plane.evaluate(BLUE) > drawn, "the keyboard draws too"
    game.get_by_role("button", name="Play").click()
    page.wait_for_function("(game) => game.dataset.steps > 10", arg=game.element_handle(), timeout=15_000)
    game.get_by_role("button", name="Pause").click()
    game.get_by_role("button", name="Clear").click()
    assert plane.evaluate(BLUE) == 0
    game.get_by_role("combobox", name="Data", exact=True).select_option("spirals")
    assert plane.evaluate(BLUE) > 500
    assert page.trouble == []


def test_points_from_the_notebook_and_the_keyboard(visit):
    page = visit()
    game = page.locator(".gan-game").nth(1)
    assert game.get_by_role("combobox", name="Data", exact=True).input_value() == "given"
    assert counts(game) == (20, 20)
    game.get_by_role("button", name="Step D").focus()
    for key in ("d", "d", "g", "+", "-"):
        page.keyboard.press(key)
    assert counts(game) == (22, 21)
    page.keyboard.press("p")
    page.wait_for_function("(game) => game.dataset.steps > 25", arg=game.element_handle(), timeout=15_000)
    page.keyboard.press("p")
    page.keyboard.press("r")
    assert counts(game) == (0, 0)
    assert page.trouble == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, theme):
    page = visit(viewport={"width": 390, "height": 844}, color_scheme=theme, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    game = page.locator(".gan-game").first
    assert game.locator(".gg-plane").bounding_box()["width"] > 300
    game.get_by_role("button", name="Step D").tap()
    assert counts(game) == (1, 0)


def test_slides_are_alive(executed, tmp_path, open_page):
    path = render_slides(executed / "08_games.ipynb", tmp_path / "slides.html")
    page = open_page(path.as_uri(), path.as_uri())
    game = page.locator(".gan-game[data-steps]").first
    game.wait_for()
    before = page.url
    game.locator(".gg-plane").press("ArrowRight")
    game.get_by_role("button", name="Play").click()
    page.wait_for_function("(game) => game.dataset.steps > 10", arg=game.element_handle(), timeout=15_000)
    assert page.url == before, "keys in the game do not turn the slide"
    assert page.trouble == []


def test_in_jupyterlab_it_plays(open_in_lab, new_notebook):
    page = open_in_lab(new_notebook("# A game", GAME, POINTS), "game.ipynb", height=1600)
    run_all(page)
    game = page.locator(".gan-game[data-steps]").first
    game.wait_for(timeout=60_000)
    game.get_by_role("button", name="Step D").click()
    page.keyboard.press("d")
    assert counts(game) == (2, 0)
    assert page.locator(".jp-Notebook .jp-Cell").count() == 3, "D D deletes no cell"
    game.get_by_role("button", name="Play").click()
    page.wait_for_function("(game) => game.dataset.steps > 20", arg=game.element_handle(), timeout=15_000)
    game.get_by_role("button", name="Pause").click()
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.trouble == []
