from coursekit.course.slides import render_slides

GREY = "canvas => canvas.getContext('2d').getImageData(4, 4, 1, 1).data[0]"


def test_slides_from_one_file_are_alive_and_ask_nobody(executed, tmp_path, open_page):
    path = render_slides(executed / "07_greys.ipynb", tmp_path / "slides.html")
    page = open_page(path.as_uri(), path.as_uri())
    player = page.locator(".frame-player")
    player.locator(".fp-play svg").wait_for()
    assert page.locator(".slides mjx-container svg").count() == 2
    assert page.locator(".reveal").bounding_box()["height"] == 900

    level = player.get_by_role("slider", name="level")
    before = page.url
    level.press("ArrowRight")
    assert player.locator("canvas").evaluate(GREY) == 64
    assert page.url == before, "arrow keys on a slider move the slider, not the slide"
    assert page.trouble == []
