from lab import IDLE, run_all

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
