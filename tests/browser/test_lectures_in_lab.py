"""Two real lectures in JupyterLab at the same time: run to their end, dragged, interrupted and run again."""

import ast
import time

import numpy as np
import pytest
from lab import IDLE
from visit import visited

from coursekit import paths

pytestmark = pytest.mark.slow  # each lecture trains for about a minute, two at a time

AUTOENCODERS, VAE = "06_autoencoders", "07_variational_autoencoders"
NOTEBOOK = "window.jupyterapp.shell.currentWidget.context.model.toJSON()"
PANEL = "window.jupyterapp.shell.currentWidget"
# The number of code cells, of those among them that have run to their end, and what went wrong.
STATE = f"""() => {{
  const cells = {NOTEBOOK}.cells.filter((cell) => cell.cell_type === "code" && [cell.source].flat().join("").trim());
  const errors = cells.flatMap((cell) => cell.outputs.filter((output) => output.output_type === "error"));
  return [cells.length, cells.filter((cell) => cell.execution_count).length, errors.map((error) => error.ename)];
}}"""
DONE = f"() => {{ const [all, done] = ({STATE})(); return all === done && ({IDLE})(); }}"
ASK = f"""async (expression) => {{
  const asked = {PANEL}.context.sessionContext.session.kernel.requestExecute(
    {{ code: "", silent: true, user_expressions: {{ answer: expression }} }});
  const answer = (await asked.done).content.user_expressions.answer;
  return answer.status === "ok" ? answer.data["text/plain"] : `${{answer.ename}}: ${{answer.evalue}}`;
}}"""
# Of a canvas: [its width, its red].
PIXELS = """canvas => [canvas.width, [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
  .filter((value, place) => place % 4 === 0)]"""


@pytest.fixture(scope="module")
def lectures(browser, lab):
    """{name: its page}, each with a kernel of its own and nothing executed."""
    contexts, pages = [], {}
    for name in (AUTOENCODERS, VAE):
        text = (paths.notebooks() / f"{name}.ipynb").read_text(encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": 1200, "height": 900}))
        pages[name] = visited(contexts[-1], lab.serve(text, f"both/{name}.ipynb", alone=True), lab.address)
        pages[name].wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=120_000)
        pages[name].wait_for_function(IDLE, timeout=120_000)
        pages[name].evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    yield pages
    for context in contexts:
        context.close()


def start(page):
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")


def to_the_end(page):
    page.wait_for_function(DONE, timeout=900_000, polling=500)
    return page.evaluate(STATE)


def scroll_to(page, text):
    """Scrolls to the first cell with a text: cells that are far away are not in the page."""
    cells = page.evaluate(f"{NOTEBOOK}.cells.map((cell) => [cell.source].flat().join(''))")
    number = next(number for number, source in enumerate(cells) if text in source)
    page.evaluate(f"{PANEL}.content.scrollToItem({number})")


def drag(page, element, start, end):
    box = element.bounding_box()
    place = lambda share: (box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"])
    page.mouse.move(*place(start))
    page.mouse.down()
    page.mouse.move(*place(end), steps=30)
    page.mouse.up()


def assert_shows(page, canvas, expression, most):
    """Waits until a canvas shows the gray values, 0 to 255, that the kernel computes."""
    for _ in range(40):
        expected = np.array(ast.literal_eval(page.evaluate(ASK, expression)))
        width, red = canvas.evaluate(PIXELS)
        found = np.reshape(red, (-1, width))
        assert found.shape == expected.shape
        if np.abs(found - expected).max() <= most:
            assert np.ptp(found) > 100, "something is drawn"
            return
        time.sleep(0.25)
    raise AssertionError(f"The picture is up to {np.abs(found - expected).max():.0f} of 255 from the decoder's answer.")


def test_two_lectures_run_to_their_end_side_by_side_after_an_interrupt(lectures):
    page = lectures[VAE]
    for lecture in lectures.values():
        start(lecture)
    # Of lecture 7 the first training is interrupted, and all is run again.
    training = (
        f"{NOTEBOOK}.cells.filter((c) => c.cell_type === 'code').findIndex((c) => c.source.includes('fit(plain'))"
    )
    page.wait_for_function(
        f"() => {{ const [, done] = ({STATE})(); return done >= ({training}) && !({IDLE})(); }}",
        timeout=300_000,
        polling=200,
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    page.wait_for_function(IDLE, timeout=120_000)
    count, done, errors = page.evaluate(STATE)
    assert done < count
    assert errors == ["KeyboardInterrupt"]
    start(page)
    for name, lecture in lectures.items():
        count, done, errors = to_the_end(lecture)
        assert (done, errors) == (count, []), name
        assert lecture.trouble == [], name


def test_the_player_of_lecture_6_shows_what_the_network_answers(lectures):
    page = lectures[AUTOENCODERS]
    scroll_to(page, "FramePlayer(")
    player = page.locator(".frame-player[data-live=true]")
    player.wait_for(timeout=60_000)
    slider = player.get_by_role("slider")
    slider.scroll_into_view_if_needed()
    drag(page, slider, (0.5, 0.5), (0.71, 0.5))
    place = float(slider.input_value())
    assert place % 1 > 0, "between two stored frames"
    expression = f"np.round(255 * np.clip(at_noise({place} * 0.2), 0, 1)).astype(int).tolist()"
    assert_shows(page, player.locator("canvas"), expression, most=1)


def test_the_explorer_of_lecture_7_shows_what_the_decoder_answers(lectures):
    page = lectures[VAE]
    scroll_to(page, "widgets.DecoderExplorer(\n")
    explorer = page.locator(".decoder-explorer")
    explorer.wait_for(timeout=60_000)
    pad = explorer.locator(".de-pad")
    pad.scroll_into_view_if_needed()
    drag(page, pad, (0.5, 0.5), (0.7, 0.3))
    found = "next(o for o in __import__('gc').get_objects() if type(o).__name__ == 'DecoderExplorer')"
    assert page.evaluate(ASK, f"{found}.z != {found}.origin") == "True"
    light = f"ops.sigmoid(model.decoder(np.array([{found}.z], 'float32')))"
    expression = f"np.round(255 - 255 * np.array({light})).reshape(28, 28).astype(int).tolist()"
    # The page computes with weights of 16 bits.
    assert_shows(page, explorer.locator(".de-picture canvas"), expression, most=3)
