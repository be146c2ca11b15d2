"""A script that gives lectures other numbers, everywhere: files, links, exercises, checks, prose, commands.

    python -m coursekit.course.renumber 03=04 04=05 06=07 07=08            prints what it would change
    python -m coursekit.course.renumber 03=04 04=05 06=07 07=08 --write

All numbers move at once, so that they may be swapped. It works on the files that git knows, and leaves alone what it
cannot be sure of: read the printed lines, then look for what it has missed, such as "the last lecture". Afterwards
`coursekit refresh` executes the lectures under their new names.
"""

import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path

from coursekit import atomic, paths
from coursekit.course import CourseError

COMMAND = r"(?:run|refresh|render|slides)"
# What stands before the number of a lecture.
BEFORE = (
    r"\b(?:lecture|test_exercises|test_central_cells|test_lecture)_(?=\d\d(?!\d))",
    r"notebooks/(?:source/)?(?:exercises/)?(?=\d\d_[*$])",
    rf"(?:coursekit {COMMAND} (?:--check |--compare )?|LECTURE=|\"{COMMAND}\", \")(?=\d\d(?![\d_]))",
    r"(?:check\(\\?\"|[Ee]xercises? |(?m:^# ## )|\"# ## |\"## )(?=\d{1,2}\.\d+\D)",
)


def rules(numbers: dict[int, int], stems: dict[int, str]) -> list[tuple[re.Pattern, object]]:
    """Patterns and what takes their place, for `re.sub`.

    Args:
        numbers: {old: new}. stems: {old: name after the number}, such as {3: "autoencoders"}.
    """
    to = lambda text: str(numbers.get(int(text), int(text))).zfill(len(text))
    named = "|".join(re.escape(f"{old:02d}_{name}") for old, name in stems.items())
    series = r"\b([Ll]ectures? )(\d{1,2}(?:(?:, | and |, and | or | to )\d{1,2})*)(?!\d|\.\d)"
    each_of = lambda match: match[1] + re.sub(r"\d+", lambda number: to(number[0]), match[2])
    return [
        # [4](04_autoencoders.ipynb) and [4 · Autoencoders](04_autoencoders.ipynb), but not the slides' map, whose
        # links have the numbers of sections.
        (re.compile(rf"\[(\d+)((?: · [^\]]*)?\]\((?:\.\./)?)({named})(?=\.)"), lambda match: _link(match, to)),
        (re.compile(rf"(?<![0-9])(?:{named})(?![a-z])"), lambda match: to(match[0][:2]) + match[0][2:]),
        (re.compile(series), each_of),
        *((re.compile(rf"({before})(\d+)"), lambda match: match[1] + to(match[2])) for before in BEFORE),
    ]


def _link(match, to):
    number = to(match[1]) if int(match[1]) == int(match[3][:2]) else match[1]
    return f"[{number}{match[2]}{match[3]}"


def renumbered(text: str, numbers: dict[int, int], stems: dict[int, str]) -> str:
    """`text` with the new numbers; a line of the slides' map, "| 15 | title | [6 · Section](...) |", keeps that of its
    section."""
    parts = rules(numbers, stems)
    lines = []
    for line in text.splitlines(keepends=True):
        for position, (pattern, new) in enumerate(parts):
            if position or not re.search(r"\| \d+ \| .* \| \[", line):
                line = pattern.sub(new, line)
        lines.append(line)
    return "".join(lines)


def read_numbers(pairs: list[str]) -> dict[int, int]:
    """{old: new} of arguments such as "03=04".

    Raises:
        CourseError: another form, or two lectures that would have one number.
    """
    try:
        numbers = {int(old): int(new) for old, new in (pair.split("=") for pair in pairs)}
    except ValueError:
        raise CourseError(f'Expected pairs such as "03=04", got {" ".join(pairs)}.') from None
    staying = {int(path.name[:2]) for path in (paths.notebooks() / "source").glob("[0-9][0-9]_*.py")} - set(numbers)
    if len(set(numbers.values())) < len(numbers) or set(numbers.values()) & staying:
        raise CourseError("Expected a number of its own for each lecture, got one number for two of them.")
    return numbers


def main(arguments=None) -> int:
    """The command line. Exit status: 0."""
    parser = argparse.ArgumentParser(prog="python -m coursekit.course.renumber", description=__doc__.splitlines()[0])
    parser.add_argument("pairs", nargs="+", metavar="OLD=NEW")
    parser.add_argument("--write", action="store_true", help="change the files; without it, the changes are printed")
    options = parser.parse_args(arguments)
    try:
        numbers = read_numbers(options.pairs)
    except CourseError as error:
        parser.error(str(error))
    stems = {int(p.stem[:2]): p.stem[3:] for p in (paths.notebooks() / "source").glob("[0-9][0-9]_*.py")}
    listed = subprocess.run(["git", "ls-files"], cwd=paths.root(), capture_output=True, text=True, check=True).stdout
    moves = []
    for name in listed.splitlines():
        path = paths.root() / name
        own = path.name in ("renumber.py", "test_renumber.py")  # their numbers are examples
        if own or path.is_symlink() or "static" in path.parts or name.startswith("data/results/"):
            continue
        try:
            old = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # an archive or a picture
            continue
        new, new_name = renumbered(old, numbers, stems), renumbered(name, numbers, stems)
        if new != old and path.suffix != ".ipynb":
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, new_name, n=0))
        if new_name != name:
            print(f"{name} -> {new_name}")
        if options.write and (new, new_name) != (old, name):
            moves.append((paths.root() / new_name, new))
            path.unlink()
    for path, text in moves:  # once all old names are gone, as some of them are new names, too
        atomic.write_text(Path(path), text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
