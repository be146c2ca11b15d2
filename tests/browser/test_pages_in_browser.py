import pytest

GREY = "canvas => canvas.getContext('2d').getImageData(4, 4, 1, 1).data[0]"


def drag(page, slider, share):
    """Drag the thumb of a range input from where it is to `share` of its way."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    now = slider.evaluate("s => (s.value - s.min) / (s.max - s.min)")
    x, y = (lambda part: box["x"] + 8 + part * (box["width"] - 16)), box["y"] + box["height"] / 2
    page.mouse.move(x(now), y)
    page.mouse.down()
    page.mouse.move(x(share), y, steps=12)
    page.mouse.up()


def test_a_page_from_a_folder_is_alive_and_asks_nobody(site, open_page):
    page = open_page((site / "07_greys.html").as_uri(), site.as_uri())
    canvas = page.locator(".frame-player canvas")
    page.locator(".frame-player .fp-play svg").wait_for()
    assert canvas.evaluate(GREY) == 0

    level = page.get_by_role("slider", name="level")
    drag(page, level, 1)
    assert canvas.evaluate(GREY) == 255
    assert canvas.get_attribute("aria-label") == "A grey square: level = 1, name = fine"
    level.press("ArrowLeft")
    level.press("ArrowDown")
    assert canvas.evaluate(GREY) == 128
    assert level.get_attribute("aria-valuetext") == "0.5"

    page.locator(".widget-slider .noUi-handle").wait_for()
    assert page.locator("mjx-container svg").count() == 2
    assert page.locator("[data-mjx-error]").count() == 0
    assert page.locator(".cell_output img").evaluate("image => image.naturalWidth") > 100
    assert page.trouble == []


def test_the_player_plays_loops_and_stops(site, open_page):
    page = open_page((site / "07_greys.html").as_uri(), site.as_uri())
    page.get_by_role("button", name="Play").click()
    value = page.locator(".fp-value").first
    for text in ("0.5", "1", "0", "0.25"):
        page.wait_for_function("([o, t]) => o.textContent === t", arg=[value.element_handle(), text], polling=20)
    page.get_by_role("button", name="Pause").click()
    stopped = value.text_content()
    page.wait_for_timeout(400)
    assert value.text_content() == stopped
    assert page.trouble == []


def test_search_finds_a_word_from_a_folder(site, open_page):
    page = open_page((site / "search.html").as_uri() + "?q=greys", site.as_uri())
    page.locator("#search-results a", has_text="Greys").first.wait_for()
    assert page.trouble == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(site, open_page, theme):
    options = {"viewport": {"width": 390, "height": 844}, "color_scheme": theme, "has_touch": True}
    page = open_page((site / "07_greys.html").as_uri(), site.as_uri(), **options)
    page.locator(".frame-player .fp-play svg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("html").get_attribute("data-theme") == theme
    canvas = page.locator(".frame-player canvas")
    slider = page.get_by_role("slider", name="level")
    slider.scroll_into_view_if_needed()
    level = slider.bounding_box()
    page.touchscreen.tap(level["x"] + level["width"] - 8, level["y"] + level["height"] / 2)
    assert canvas.evaluate(GREY) == 255
