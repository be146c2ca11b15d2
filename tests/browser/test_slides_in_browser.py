import pytest

from coursekit import paths
from coursekit.course import chromium
from coursekit.course.slides import render_slides

GREY = "canvas => canvas.getContext('2d').getImageData(4, 4, 1, 1).data[0]"
SCREEN = {"width": 1280, "height": 720}
ALIVE = """() => Reveal.isReady() && [...document.querySelectorAll(".jupyter-widgets")].every((node) =>
    node.querySelector("canvas, .widget-slider, svg"))"""
# Shows every slide and says what is wrong with it: [[number, what], ...].
EXAMINE = r"""async () => {
  await MathJax.startup.promise;
  const wrong = [], tick = () => new Promise(requestAnimationFrame);
  for (const [index, slide] of Reveal.getSlides().entries()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    if (slide.querySelector(".widget")) for (let i = 0; i < 4; i++) await tick();  // fitted a frame later
    const say = (what) => wrong.push([index + 1, what]);
    const page = slide.querySelector(".frame");
    for (const box of [slide, page])
      if (box.scrollHeight > 720 || box.scrollWidth > 1280) say(`${box.scrollWidth} x ${box.scrollHeight} pixels`);
    for (const part of page.querySelectorAll(".part")) {
      const place = part.getBoundingClientRect(), name = part.classList[1];
      if (place.height && (place.bottom > 690 || place.right > 1240)) say(`${name} down to ${place.bottom}`);
      if (part.scrollWidth > part.clientWidth + 1) say(`${name} is cut at the right`);
      if (["widget", "picture"].includes(name) && place.height < 150) say(`${name} ${place.height} pixels high`);
    }
    const head = page.querySelector(".part.head")?.getBoundingClientRect();
    for (const part of page.querySelectorAll(".part:not(.head)")) {
      const place = part.getBoundingClientRect();
      if (head && place.height && place.top < head.bottom - 5) say(`${part.classList[1]} lies over the section's name`);
    }
    for (const node of page.querySelectorAll("*")) {
      const words = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
      if (!words || !node.getClientRects().length) continue;
      if (node.closest("svg, mjx-container, option, script, style")) continue;
      const size = parseFloat(getComputedStyle(node).fontSize) * (node.currentCSSZoom ?? 1) * Reveal.getScale();
      if (size < 17.99) say(`${size.toFixed(1)} pixels: ${node.textContent.trim().slice(0, 40)}`);
    }
    for (const formula of page.querySelectorAll("mjx-container > svg")) {
      const size = (1000 * formula.getBoundingClientRect().width) / formula.viewBox.baseVal.width;
      if (size < 17.99) say(`a formula of ${size.toFixed(1)} pixels`);
    }
    if (page.querySelector("[data-mjx-error]")) say("a formula that MathJax cannot read");
  }
  return wrong;
}"""


def test_slides_from_one_file_are_alive_and_ask_nobody(executed, tmp_path, open_page):
    path = render_slides(executed / "07_greys.ipynb", tmp_path / "slides.html")
    page = open_page(path.as_uri(), path.as_uri())
    player = page.locator(".frame-player")
    player.locator(".fp-play svg").wait_for(state="attached")
    assert page.locator(".frame mjx-container svg").count() == 2
    assert page.locator(".reveal").bounding_box()["height"] == 900

    page.keyboard.press("ArrowRight")
    level = player.get_by_role("slider", name="level")
    before = page.url
    level.press("ArrowRight")
    assert player.locator("canvas").evaluate(GREY) == 64
    assert page.url == before, "arrow keys on a slider move the slider, not the slide"
    assert page.trouble == []


@pytest.mark.parametrize("lecture", sorted(paths.notebooks().glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_slide_of_a_lecture_fits_a_screen_and_can_be_read(lecture, tmp_path, open_page):
    path = render_slides(lecture, tmp_path / "slides.html")
    page = open_page(path.as_uri(), path.as_uri(), viewport=SCREEN)
    complaints = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.wait_for_function(ALIVE)
    assert page.evaluate(EXAMINE) == []
    assert page.trouble + complaints == []


def test_the_speaker_sees_the_notes_from_one_file(executed, tmp_path, open_page):
    path = render_slides(executed / "07_greys.ipynb", tmp_path / "slides.html")
    page = open_page(path.as_uri(), path.as_uri())
    page.wait_for_function("Reveal.isReady()")
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    opened.value.get_by_text("Said aloud.").wait_for()
    assert page.trouble == []


def test_a_pdf_has_a_page_for_each_slide(executed, tmp_path):
    slides = render_slides(executed / "07_greys.ipynb", tmp_path / "slides.html")
    pdf = chromium.print_slides(slides, tmp_path / "out" / "slides.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")
