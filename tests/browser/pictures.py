"""Take the README's pictures anew: `make pictures`, after `make lectures`. Writes data/pictures/*.png."""

import io
import tempfile
from pathlib import Path

from lab import ARGUMENTS, CHROMIUM, IDLE, serve_lab
from PIL import Image
from playwright.sync_api import sync_playwright

from coursekit import paths

OUT = paths.data() / "pictures"
SIZE = {"width": 1180, "height": 760}


def save(page, name):
    OUT.mkdir(exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(OUT / name, "PNG", optimize=True)
    print(OUT / name)


def of_a_page(browser):
    page = browser.new_page(viewport=SIZE)
    page.goto((paths.build() / "pages" / "06_autoencoders.html").as_uri())
    player = page.locator(".frame-player")
    player.wait_for()
    for _ in range(3):
        player.get_by_role("slider").press("ArrowRight")
    player.evaluate("element => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 290)")
    page.wait_for_timeout(1000)
    save(page, "page.png")


def of_the_lab(browser):
    with tempfile.TemporaryDirectory() as state, serve_lab(paths.notebooks(), Path(state)) as lab:
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{lab.address}/lab/tree/06_autoencoders.ipynb?reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        page.wait_for_function(IDLE, timeout=60_000)
        guess = page.get_by_text("guess = 0.10").first
        guess.scroll_into_view_if_needed()
        page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
        page.mouse.move(700, 500)
        page.mouse.wheel(0, 230)
        page.wait_for_timeout(2000)
        save(page, "lab.png")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        of_a_page(chromium)
        of_the_lab(chromium)
        chromium.close()
