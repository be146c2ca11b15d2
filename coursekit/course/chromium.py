"""The PDF of slides, printed by a Chromium that is installed."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from coursekit.course import CourseError

# Chrome's names on Linux, macOS and Windows; the last two are where installers put it.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
WAIT = 180  # seconds for the whole file
# Milliseconds of the page's own clock, which runs ahead while nothing is left to load.
CLOCK = 600_000


def find() -> str:
    """The path of an installed Chromium, Chrome or Edge.

    Raises:
        CourseError: there is none.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise CourseError(
        f"Expected Chromium, Chrome or Edge on the PATH for a PDF (one of: {', '.join(NAMES[:7])}), found none; "
        "install one, or open the slides in a browser with ?print-pdf at the end of the address and print them."
    )


def print_slides(slides: Path, out: Path) -> Path:
    """Print reveal.js slides, an HTML file, as the PDF file `out`, a page for each slide; returns `out`.

    Raises:
        CourseError: no Chromium is installed, or it printed something else than all slides.
    """
    program = find()
    expected = slides.read_text("utf-8").count('<div class="frame ')
    with tempfile.TemporaryDirectory(prefix="coursekit-print-") as folder:
        made = Path(folder) / "slides.pdf"
        command = [program, "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"]
        command += [f"--user-data-dir={folder}/profile", f"--virtual-time-budget={CLOCK}", f"--print-to-pdf={made}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # as root Chromium starts in no other way
        command.append(f"{slides.resolve().as_uri()}?print-pdf")
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, errors="replace")
            said = done.stderr.strip()[-500:]
        except subprocess.TimeoutExpired:
            said = f"no answer within {WAIT} s"
        pages = len(re.findall(rb"/Type\s*/Page\b", made.read_bytes())) if made.is_file() else 0
        if pages != expected:
            raise CourseError(
                f"Expected {program} to print {expected} slides, got {pages} pages; it says: {said}\nTry again, or "
                f"open {slides} in a browser with ?print-pdf at the end of the address and print it to a file."
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, out)
    return out
