"""Progress bars: one look and one switch for everything that takes more than two seconds."""

import os
import sys

LOOK = "{desc} {percentage:3.0f}% |{bar:24}| {elapsed}<{remaining}{postfix}"
LOOK_WITH_UNITS = "{desc} {percentage:3.0f}% |{bar:24}| {n_fmt}/{total_fmt} {unit}, {elapsed}<{remaining}{postfix}"


def quiet() -> bool:
    """Whether `COURSEKIT_PROGRESS=0` switches every bar off, as `coursekit run`, `refresh` and the notebook tests do:
    a line that redraws itself has no place in a recorded output."""
    return os.environ.get("COURSEKIT_PROGRESS") == "0"


def forgiving(stream):
    """`stream`, which from now on writes "?" for a letter that its encoding lacks: Windows' code pages have no check
    mark, and not all letters of a file's name."""
    if getattr(stream, "errors", None) == "strict" and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return stream


def bar(steps=None, description="", *, total=None, unit=None, delay=2, **options):
    """A `tqdm` bar that clears itself at the end.

    Args:
        steps: what to iterate over, or None for a bar that is moved by `update`.
        description: shown in front of the bar. total: number of steps, where `steps` does not tell.
        unit: shown with the number of steps done, such as "image"; "B" counts in kB, MB and GB. None: percentage only.
        delay: seconds before the bar appears, so that what is short shows none.
        options: tqdm's own.
    """
    from tqdm import tqdm

    settings = {
        # A notebook shows stderr in red; a terminal's stdout may be read by another program.
        "file": forgiving(sys.stderr if sys.stderr.isatty() else sys.stdout),
        "bar_format": LOOK_WITH_UNITS if unit else LOOK,
        "leave": False,
        "disable": quiet(),
    }
    if unit:
        settings |= {"unit": unit, "unit_scale": unit == "B"}
    return tqdm(steps, description, total=total, delay=delay, **settings | options)
