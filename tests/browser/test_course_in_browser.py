"""The pages of the real lectures, as they are committed."""

from pathlib import Path

import nbformat
import pytest
from visit import visited

from coursekit import paths
from coursekit.course import answers, reference
from coursekit.course.roles import role

LECTURES = sorted(path.stem for path in paths.notebooks().glob("[0-9][0-9]_*.ipynb"))
EXERCISES = sorted(f"exercises/{path.stem}" for path in (paths.notebooks() / "exercises").glob("*.ipynb"))
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


ABOUT = ["index", "board", "glossary", "instructors", "search", "genindex"]
REFERENCE = [f"reference/{room}" for room in reference.ROOMS]
ANSWERS = sorted(f"answers/{answers.name_of(name)}" for name in LECTURES if answers.made_of(name).exists())
AXE = (Path(__file__).parent / "axe" / "axe.js").read_text(encoding="utf-8")
# Leaves of what repeats by the thousand one of each kind: formulas are drawn without text, and what matters in code is
# each color of its letters on each ground. Colors change at once, not within half a second.
PRUNE = """() => {
  const seen = new Set();
  for (const drawn of document.querySelectorAll("mjx-container svg")) drawn.replaceChildren();
  for (const word of document.querySelectorAll(".highlight pre span")) {
    const kind = `${word.closest(".highlight").parentElement.className} ${word.className}`;
    if (seen.has(kind)) word.replaceWith(...word.childNodes);
    seen.add(kind);
  }
  const style = document.createElement("style");
  style.textContent = "*, *::before, *::after { transition: none !important }";
  document.head.append(style);
}"""
# [[the rule, what it asks, the first three places that break it], ...]
FAULTS = """async (only) => {
  const rules = only && { runOnly: { type: "rule", values: only } };
  const found = await axe.run({ resultTypes: ["violations"], rules: { region: { enabled: false } }, ...rules });
  return found.violations.filter((fault) => ["serious", "critical"].includes(fault.impact)).map((fault) =>
    [fault.id, fault.help, fault.nodes.slice(0, 3).map((node) => [node.target.join(" "), node.failureSummary])]);
}"""


def on_a_phone(context, course_site, name):
    """Opens a page; returns it when its formulas and widgets are there."""
    page = visited(context, (course_site / f"{name}.html").as_uri(), course_site.as_uri())
    page.evaluate("window.MathJax?.startup?.promise.then(() => 0)")
    for widget in page.locator(".widget-subarea:has(script[type*='widget-view'])").all():
        widget.locator(".frame-player, .decoder-explorer, .gan-game, .melody-player").wait_for()
    return page


@pytest.fixture(scope="module")
def phone(browser):
    context = browser.new_context(**PHONE)
    yield context
    context.close()


@pytest.fixture
def open_on_a_phone(phone, course_site):
    pages = []

    def open_on_a_phone(name):
        pages.append(on_a_phone(phone, course_site, name))
        return pages[-1]

    yield open_on_a_phone
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def opened(request, phone, course_site):
    """A page, opened once for all tests that only look."""
    page = on_a_phone(phone, course_site, request.param)
    yield page
    page.close()


EVERY_PAGE = pytest.mark.parametrize("opened", [*LECTURES, *EXERCISES, *ABOUT, *REFERENCE, *ANSWERS], indirect=True)


@EVERY_PAGE
def test_a_page_is_no_wider_than_a_phone_and_asks_nobody(opened):
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    assert opened.trouble == []


@EVERY_PAGE
def test_a_page_can_be_seen_and_heard_by_everybody(opened):
    """axe-core (https://www.deque.com/axe) finds no serious fault, on a laptop, in light and in dark: of the names that
    are read aloud, the headings, the colors, the order. The second time only colors can be other."""
    opened.set_viewport_size({"width": 1200, "height": 900})
    opened.evaluate(PRUNE)
    opened.evaluate(AXE)
    for theme, rules in (("light", None), ("dark", ["color-contrast"])):
        opened.emulate_media(color_scheme=theme)
        opened.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        assert opened.evaluate(FAULTS, rules) == [], theme


def test_axe_is_shown_every_page(course_site):
    built = {path.relative_to(course_site).with_suffix("").as_posix() for path in course_site.rglob("[!_@]*.html")}
    assert {name for name in built if not name.startswith("_")} == {*LECTURES, *EXERCISES, *ABOUT, *REFERENCE, *ANSWERS}


def test_a_player_of_three_axes_finds_its_frames(open_on_a_phone):
    """The explorer of lecture 16: each slider leads to another picture, and back to the first."""
    player = open_on_a_phone("16_stylegan").locator(".frame-player")
    player.get_by_role("slider").nth(2).wait_for()  # `all` does not wait
    canvas, sliders = player.locator("canvas"), player.get_by_role("slider").all()
    picture = lambda: canvas.evaluate("canvas => canvas.toDataURL()")
    first, label = picture(), canvas.get_attribute("aria-label")
    assert len(sliders) == 3
    for slider, there, back in zip(sliders, ("Right", "Right", "Left"), ("Left", "Left", "Right"), strict=True):
        slider.press(f"Arrow{there}")
        assert picture() != first
        assert canvas.get_attribute("aria-label") != label
        slider.press(f"Arrow{back}")
        assert picture() == first


def test_code_that_only_draws_opens_by_a_click(open_on_a_phone):
    name = "07_variational_autoencoders"
    notebook = nbformat.read(paths.notebooks() / f"{name}.ipynb", as_version=4)
    figures = [cell for cell in notebook.cells if role(cell) == "figure"]
    page = open_on_a_phone(name)
    cells = page.locator("div.cell:has(> details)")
    assert cells.count() == len(figures) > 10
    assert page.locator("div.cell details[open]").count() == 0
    number = next(number for number, cell in enumerate(figures) if cell.outputs)
    code = cells.nth(number).locator("details pre")
    assert not code.is_visible()
    assert cells.nth(number).locator(".cell_output").is_visible()
    cells.nth(number).locator("summary").click()
    assert code.is_visible()
    assert code.text_content().strip() == figures[number].source


def test_the_first_page_shows_every_lecture(course_site, open_page):
    page = open_page((course_site / "index.html").as_uri(), course_site.as_uri())
    cards = page.locator(".course-card")
    assert sorted(card.get_attribute("href") for card in cards.all()) == [f"{name}.html" for name in LECTURES]
    pictures = cards.locator("img")
    assert pictures.count() == len(LECTURES)
    pictures.last.scroll_into_view_if_needed()
    page.wait_for_function("[...document.images].every(image => image.naturalWidth > 100)")
    page.get_by_role("link", name="Autoencoders", exact=False).first.click()
    page.wait_for_url("**/06_autoencoders.html")
    assert page.trouble == []


def test_source_that_a_lecture_shows_is_legible_in_the_dark(course_site, open_page):
    """Its letters have dark colors of their own, so neither of the two grounds behind them may be the theme's."""
    page = open_page((course_site / f"{LECTURES[1]}.html").as_uri(), course_site.as_uri(), color_scheme="dark")
    shown = page.locator(".text_html .highlight > pre").first
    grounds = shown.evaluate("e => [e, e.parentNode].map(part => getComputedStyle(part).backgroundColor)")
    assert grounds == ["rgba(0, 0, 0, 0)", "rgb(248, 248, 248)"]
    assert page.trouble == []
