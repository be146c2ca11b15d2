import shutil

import pytest
from lab import IDLE, run_all

from coursekit import paths

GREY = "canvas => canvas.getContext('2d').getImageData(4, 4, 1, 1).data[0]"


def test_in_jupyterlab_the_kernel_draws_what_lies_between(open_in_lab, greys):
    page = open_in_lab(greys, "greys.ipynb")
    run_all(page)
    player = page.locator(".frame-player[data-live=true]")
    player.wait_for(timeout=60_000)
    canvas = player.locator("canvas")

    # A drag asks for dozens of places; one is drawn at a time, and the last one is what stays.
    level = player.get_by_role("slider", name="level")
    page.wait_for_function(IDLE)
    level.scroll_into_view_if_needed()
    box = level.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2, steps=40)
    page.mouse.up()
    place = float(level.input_value())
    assert place % 1 > 0, "the slider moves continuously"
    page.wait_for_function(
        f"([c, grey]) => Math.abs(({GREY})(c) - grey) <= 1", arg=[canvas.element_handle(), place / 4 * 255]
    )

    name = player.get_by_role("slider", name="name")
    name.press("ArrowRight")
    page.get_by_text("failed: ValueError: no such grey").wait_for(timeout=10_000)
    level.press("ArrowRight")
    assert canvas.evaluate(GREY) == round(255 * (int(place) + 1) / 4), "a stored frame needs no kernel"
    assert player.get_by_role("status").text_content() == ""
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.trouble == []


@pytest.mark.parametrize("name", ["01_unsupervised_overview", "07_variational_autoencoders"])
def test_a_lecture_that_is_opened_and_saved_stays_as_it_was_committed(open_in_lab, lab, name):
    """In JupyterLab with jupytext, which saves the notebook's pair, too."""
    committed, source = paths.notebooks() / f"{name}.ipynb", paths.notebooks() / "source" / f"{name}.py"
    shutil.copy(paths.PACKAGE.parent / "jupytext.toml", lab.folder)
    (lab.folder / "notebooks" / "source").mkdir(parents=True, exist_ok=True)
    shutil.copy(source, lab.folder / "notebooks" / "source")
    page = open_in_lab(committed.read_text(encoding="utf-8"), f"notebooks/{name}.ipynb")
    notebook = "window.jupyterapp.shell.currentWidget"
    page.wait_for_function(f"{notebook}.context.model.getMetadata('language_info')?.version")
    for _ in range(4):
        page.mouse.move(700, 500)
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(200)
    assert page.locator(".jp-InputPlaceholder, .jp-Placeholder").count() > 0, "code that only draws is folded"
    assert not page.evaluate(f"{notebook}.context.model.dirty")

    opened = lab.folder / "notebooks" / f"{name}.ipynb"
    before = opened.stat().st_mtime_ns
    page.evaluate(f"{notebook}.context.save()")
    assert opened.stat().st_mtime_ns > before
    assert opened.read_bytes() == committed.read_bytes()
    assert (lab.folder / "notebooks" / "source" / source.name).read_bytes() == source.read_bytes()
    assert page.trouble == []
