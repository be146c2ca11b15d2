"""All slides of a lecture on one picture: `python contact_sheet.py SLIDES.html ... [--out DIR] [--single]`."""

import argparse
import io
from pathlib import Path

from lab import ARGUMENTS, CHROMIUM
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

SIZE = {"width": 1280, "height": 720}


def take(page, address):
    """The pictures of all slides, 1280 x 720 pixels each."""
    page.goto(address)
    page.wait_for_function("window.MathJax?.startup?.promise && Reveal.isReady()")
    page.evaluate("() => window.MathJax.startup.promise")
    page.wait_for_timeout(1500)  # widgets
    taken = []
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("n => { const at = Reveal.getIndices(Reveal.getSlides()[n]); Reveal.slide(at.h, at.v); }", number)
        page.wait_for_timeout(100)
        taken.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    return taken


def sheet(pictures, columns=4, width=480):
    """One picture of all: rows of `columns`, each `width` pixels wide, numbered from 1."""
    height, gap = width * 720 // 1280, 8
    rows = -(-len(pictures) // columns)
    whole = Image.new("RGB", (columns * (width + gap) + gap, rows * (height + gap) + gap), "#555")
    for number, picture in enumerate(pictures):
        place = (gap + number % columns * (width + gap), gap + number // columns * (height + gap))
        whole.paste(picture.resize((width, height), Image.Resampling.LANCZOS), place)
        ImageDraw.Draw(whole).text((place[0] + 4, place[1] + 2), str(number + 1), fill="#c00", font_size=18)
    return whole


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slides", nargs="+", type=Path, help="files that `coursekit slides` wrote")
    parser.add_argument("--out", type=Path, help="folder (default: beside the slides)")
    parser.add_argument("--single", action="store_true", help="also each slide by itself")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for path in options.slides:
            pictures = take(chromium.new_page(viewport=SIZE), path.resolve().as_uri())
            out = options.out or path.parent
            out.mkdir(parents=True, exist_ok=True)
            sheet(pictures).save(out / f"{path.stem}.png")
            print(out / f"{path.stem}.png")
            if options.single:
                for number, picture in enumerate(pictures, 1):
                    picture.save(out / f"{path.stem}-{number:02}.png")
        chromium.close()
