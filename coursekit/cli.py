"""The command line: `coursekit`, and `coursekit new|run|refresh|render|slides|train|board|assignment|grade|data`."""

import argparse
import errno
import os
import shlex
import signal
import sys
from pathlib import Path

import coursekit
from coursekit import paths, progress
from coursekit.course import CourseError
from coursekit.errors import UserError

# What ends a command with one line: a file that may not be opened, or a disk without room.
NO_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)
EXAMPLES = {
    None: """
  coursekit                        is everything there? what mends it?
  coursekit new mine               notebooks and exercises of your own, in the folder mine
  coursekit run                    every lecture, on this machine, in minutes
  coursekit run 06 --profile full  one lecture with the papers' settings
  coursekit data list              which data sets there are, and which are here""",
    "new": """
  coursekit new mine               writes the lectures and exercises into the new folder mine
  coursekit new mine --update      brings what is new; what you changed stays, with the newer file beside it""",
    "run": """
  coursekit run                                   every lecture
  coursekit run 00 06_autoencoders mine.ipynb     some, and one of your own
  coursekit run --profile full --jobs 2           full settings, two at a time
  coursekit run 06 -p epochs 3 -p noise 0.3       parameters of the lecture's first code cell
  coursekit run 06 --out build/mine               executed copies and report.json go there""",
    "refresh": """
  coursekit refresh 06             execute notebooks/source/06_*.py, write notebooks/06_*.ipynb and its exercises
  coursekit refresh 06 --exercises only the exercises' notebook: nothing is executed
  coursekit refresh --check        are the notebooks what their sources say? (nothing is executed)
  coursekit refresh --compare 06   execute again and count the lines that differ""",
    "render": """
  coursekit render                 pages of every lecture, under build/
  coursekit render 06 --out pages""",
    "slides": """
  coursekit slides 06              build/slides/06_autoencoders.slides.html: one file, complete without internet
  coursekit slides 06 --out talk   arrow keys go on, s opens the speaker's view with the notes, f fills the screen
  coursekit slides 06 --pdf        and build/slides/06_autoencoders.slides.pdf, by an installed Chromium or Chrome""",
    "train": """
  coursekit train --list                                what can be trained
  coursekit train autoencoder-deep                      a trial in seconds; writes below build/train/
  coursekit train autoencoder-deep --profile full       writes the weights that ship, below data/
  coursekit train autoencoder-deep --seeds 3 --out build/mine
Ctrl-C keeps everything; the same command goes on.""",
    "assignment": """
  coursekit assignment 05 --out ~/grading     source/07_variational_autoencoders/ and nbgrader_config.py
  cd ~/grading; nbgrader generate_assignment 07_variational_autoencoders""",
    "grade": """
  coursekit grade submitted                   every notebook in this folder and below, into submitted/grades.csv
  coursekit grade submitted --seconds 120 --memory 3 --jobs 2 --out grades.csv
No sandbox: the code of students runs with your rights. Grade on an account or in a container made for it.""",
    "board": """
  coursekit board                  what papers print beside what the course measured
  coursekit board --sources        and where each printed figure was read""",
    "data": """
  coursekit data list
  coursekit data fetch mnist fashion_mnist
  coursekit data verify            every file that is here, against its sha256""",
}


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all well, 1 a notebook or a check failed, 2 wrong usage, 130 interrupted."""
    progress.forgiving(sys.stdout)
    options = _parser().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped job also ends its kernels
    try:
        return options.command(options)
    except KeyboardInterrupt:
        print("coursekit: interrupted", file=sys.stderr)
        return 130
    except (UserError, FileNotFoundError) as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in NO_PLACE:
            raise
        why = f"{error.filename}: {error.strerror.lower()}"
        print(
            f"coursekit: Expected a file that can be opened and written, got {why}; see to it, or "
            "choose another folder with --out (of data sets: COURSEKIT_CACHE).",
            file=sys.stderr,
        )
        return 2
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> argparse.ArgumentParser:
    parser = _describe(argparse.ArgumentParser(prog="coursekit"), None, "Runs and checks the course.")
    parser.add_argument("--version", action="version", version=f"coursekit {coursekit.__version__}")
    parser.set_defaults(command=_doctor)
    commands = parser.add_subparsers(
        title="commands", metavar="{new,run,refresh,render,slides,train,board,assignment,grade,data}"
    )

    new = commands.add_parser("new", help="write a working copy of the notebooks and exercises")
    _describe(new, "new", "Writes the lectures and exercises where you can change them.")
    new.add_argument("folder", type=_folder, metavar="DIR", help="new or empty; with --update, written earlier")
    new.add_argument("--update", action="store_true", help="bring what is new, and leave what was changed as it is")
    new.set_defaults(command=_new)

    run = _describe(commands.add_parser("run", help="execute lectures"), "run", "Executes lectures with papermill.")
    run.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number, name or path (default: all lectures)")
    run.add_argument("--profile", default="quick", help="quick (default), or full: the papers' settings")
    run.add_argument("-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
                     help="a parameter of the lecture, VALUE in YAML; again for more")  # fmt: skip
    run.add_argument("--jobs", type=int, metavar="N", help="notebooks at a time (default: what cores and memory allow)")
    run.add_argument("--out", type=_folder, metavar="DIR", help="executed copies and report (default: build/run)")
    run.set_defaults(command=_run)

    refresh = commands.add_parser("refresh", help="(maintainer) make the committed notebooks from their sources")
    _describe(refresh, "refresh", "Executes the sources and writes the committed notebooks, for those who edit them.")
    refresh.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number or name (default: all)")
    mode = refresh.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="execute nothing; exit 1 if a notebook is stale")
    mode.add_argument("--compare", action="store_true", help="write nothing; count the lines a second run changes")
    mode.add_argument("--exercises", action="store_true", help="execute nothing; write the exercises' notebooks alone")
    refresh.set_defaults(command=_refresh)

    render = _describe(commands.add_parser("render", help="make HTML pages"), "render", "Makes pages of lectures.")
    render.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number, name or path (default: all lectures)")
    render.add_argument("--out", type=_folder, metavar="DIR", help="where to (default: build/pages)")
    render.set_defaults(command=_render)

    slides = _describe(
        commands.add_parser("slides", help="make slides"), "slides", "Makes reveal.js slides of lectures."
    )
    slides.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number, name or path (default: all lectures)")
    slides.add_argument("--out", type=_folder, metavar="DIR", help="where to (default: build/slides)")
    slides.add_argument("--pdf", action="store_true", help="also as PDF (needs Chromium, Chrome or Edge)")
    slides.set_defaults(command=_slides)

    train = _describe(
        commands.add_parser("train", help="train a named run"), "train", "Trains, measures and writes one named run."
    )
    train.add_argument("name", nargs="?", metavar="NAME", help="of the run; see --list")
    train.add_argument("--list", action="store_true", help="the runs that there are, and what the course ships of them")
    train.add_argument("--profile", default="quick", help="quick (default), or full: what ships with the course")
    train.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds 0 to N-1; the weights are seed 0's")
    train.add_argument("--out", type=_folder, metavar="DIR", help="default: data for full, build/train for quick")
    train.set_defaults(command=_train)

    _add_grading(commands)

    data = _describe(commands.add_parser("data", help="list, fetch, verify data sets"), "data", "The data sets.")
    actions = data.add_subparsers(title="actions", required=True, metavar="{list,fetch,verify}")
    listing = actions.add_parser("list", help="name, size, license, and whether it is here")
    listing.set_defaults(command=_data_list)
    fetch = actions.add_parser("fetch", help="download and verify; an interrupted download is resumed")
    fetch.add_argument("names", nargs="+", metavar="NAME")
    fetch.set_defaults(command=_data_fetch)
    verify = actions.add_parser("verify", help="compare the files that are here with their sha256")
    verify.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    verify.set_defaults(command=_data_verify)
    return parser


def _add_grading(commands) -> None:
    board = _describe(
        commands.add_parser("board", help="printed and own results"), "board", "Papers' figures and ours."
    )
    board.add_argument("--sources", action="store_true", help="also where each figure was read, and how ours differs")
    board.set_defaults(command=_board)

    assignment = commands.add_parser("assignment", help="(instructor) exercises as nbgrader's source")
    _describe(assignment, "assignment", "Writes nbgrader's source of a lecture's exercises (`coursekit[grading]`).")
    assignment.add_argument("notebook", metavar="NOTEBOOK", help="number or name")
    assignment.add_argument("--out", type=_folder, metavar="DIR", required=True, help="nbgrader's course folder")
    assignment.set_defaults(command=_assignment)

    grade = commands.add_parser("grade", help="(instructor) grade submitted notebooks")
    _describe(grade, "grade", "Grades notebooks without nbgrader, each in a process of its own.")
    grade.add_argument("folder", type=_folder, metavar="DIR", help="submitted notebooks, in it and below")
    grade.add_argument("--seconds", type=float, default=300, metavar="N", help="a cell may take (default: 300)")
    grade.add_argument("--memory", type=float, default=4, metavar="GB", help="a notebook may take (default: 4)")
    grade.add_argument(
        "--jobs", type=int, metavar="N", help="notebooks at a time (default: what cores and memory allow)"
    )
    grade.add_argument("--out", type=_folder, metavar="FILE", help="the table (default: DIR/grades.csv)")
    grade.set_defaults(command=_grade)


def _describe(parser: argparse.ArgumentParser, key: str | None, text: str) -> argparse.ArgumentParser:
    parser.description = text
    parser.epilog = f"examples:{EXAMPLES[key]}"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def _folder(text: str) -> Path:
    return Path(os.path.expanduser(text))  # a shell leaves the ~ of --out=~/x to us


def _doctor(options) -> int:
    from coursekit.doctor import examine

    return examine()


def _new(options) -> int:
    from coursekit.course.working_copy import BESIDE, new

    folder = options.folder.resolve()
    done = new(folder, options.update)
    print(f"{len(done['written'])} files written to {folder}")
    if done["beside"]:
        print(f"What you changed stays. Newer ones stand beside, named {BESIDE}...:")
        print("\n".join(f"  {path.relative_to(folder)}" for path in done["beside"]))
    if not options.update:
        print(f"Open it with `jupyter lab {shlex.quote(str(folder))}` and begin with 00_start_here.ipynb.")
    return 0


def _run(options) -> int:
    from coursekit.course.report import table
    from coursekit.course.run import parse_value, run

    parameters = {name: parse_value(value) for name, value in options.parameters}
    report = run(options.notebooks, options.out, options.profile, parameters, options.jobs)
    print(table(report))
    print(f"\nexecuted copies and report.json: {report['out']}")
    if report["interrupted"]:
        return 130
    return int(any(entry["status"] != "ok" for entry in report["notebooks"]))


def _refresh(options) -> int:
    from coursekit.course import refresh

    if options.check:
        stale = refresh.check(options.notebooks)
        print("\n".join(stale) if stale else "every notebook is what its source says")
        return int(bool(stale))
    if options.compare:
        print(refresh.comparison_table(refresh.compare(options.notebooks)))
        return 0
    if options.exercises:
        for path in refresh.write_exercises(options.notebooks):
            print(path)
        return 0
    refused = refresh.refresh(options.notebooks)
    print("\n".join(refused), file=sys.stderr)
    return int(bool(refused))


def _render(options) -> int:
    from coursekit.course.render import render
    from coursekit.course.run import find

    out = paths.prepared((options.out or paths.build() / "pages").resolve())
    if any(out.iterdir()) and not (out / "index.html").exists():
        raise CourseError(f"Expected --out to be new, empty or full of pages, as it is replaced, got {out}.")
    render(find(options.notebooks), out)
    return 0


def _slides(options) -> int:
    from coursekit.course import chromium
    from coursekit.course.run import find
    from coursekit.course.slides import problems, render_slides

    out = paths.prepared((options.out or paths.build() / "slides").resolve())
    if options.pdf:
        chromium.find()  # before the work, not after it
    for notebook in find(options.notebooks):
        slides = render_slides(notebook, out / f"{notebook.stem}.slides.html")
        print(slides)
        for line in problems(notebook):
            print(f"  {line}", file=sys.stderr)
        if options.pdf:
            print(chromium.print_slides(slides, slides.with_suffix(".pdf")))
    return 0


def _train(options) -> int:
    from coursekit import recipes

    if options.list:
        shipped = recipes.shipped()
        for name, recipe in recipes.RECIPES.items():
            otherwise = "no weights yet" if recipe.ships else "measured only"
            print(f"{name:29} {shipped.get(name, otherwise):38} {recipe.what}")
        return 0
    if options.name is None or options.seeds < 1:
        got = "no name" if options.name is None else f"--seeds {options.seeds}"
        raise CourseError(
            f"Expected coursekit train NAME, with --seeds of at least 1 if any, got {got}. "
            f"The names: {', '.join(recipes.RECIPES)}"
        )
    recipe = recipes.get(options.name)
    paths.prepared(recipes.where(options.profile, options.out))
    try:
        results = recipes.train(recipe, options.profile, options.seeds, options.out)
    except KeyboardInterrupt:
        print("coursekit: stopped. What is done is kept: the same command goes on from there.", file=sys.stderr)
        return 130
    except ArithmeticError as diverged:
        print(f"coursekit: {diverged}", file=sys.stderr)
        return 1
    for name, measure in results["metrics"].items():
        spread = "" if measure["spread"] is None else f" ± {measure['spread']:.5f}"
        print(f"{name:14} {measure['mean']:.5f}{spread}")
    written = "weights, manifest and results" if recipe.ships else "results"
    print(f"{written} are in {recipes.where(options.profile, options.out)}")
    return 0


def _board(options) -> int:
    from coursekit.course import board

    print(board.as_text(board.rows(), options.sources))
    return 0


def _assignment(options) -> int:
    from coursekit.course import assignment

    written = assignment.write(options.notebook, options.out)
    for path in written:
        print(path)
    if not any(path.name == assignment.CONFIG_NAME for path in written):
        print(
            f"coursekit: {options.out / assignment.CONFIG_NAME} is yours and stays. It needs:\n{assignment.CONFIG}",
            file=sys.stderr,
        )
    return 0


def _grade(options) -> int:
    from coursekit.course import grading

    out = options.out or options.folder / "grades.csv"
    write = lambda grades: grading.write_csv(grades, out)
    grades = grading.grade(options.folder, options.seconds, options.memory, options.jobs, write)
    print(grading.as_table(grades))
    print(f"\n{len(grades)} notebooks: {out}")
    return 0


def _data_list(options) -> int:
    from coursekit import data

    rows = data.catalog()
    print(f"{'name':15} {'':24} {'MB':>6}  {'images':15} what; license")
    for row in rows:
        counts = " + ".join(f"{count:,}" for count in row.counts.values())
        print(f"{row.name:15} {row.status:24} {row.bytes / 1e6:6.1f}  {counts:15} {row.what}; {row.license}")
    return 0


def _data_fetch(options) -> int:
    from coursekit import data

    for name in options.names:
        for path in data.fetch(name):
            print(f"{name}: {path}")
    return 0


def _data_verify(options) -> int:
    from coursekit import data

    states = [state for name in options.names or [None] for state in data.verify(name)]
    for file, state in states:
        print(f"{state:12} {file}")
    damaged = [file for file, state in states if state not in ("ok", "not fetched")]
    if damaged:
        print("coursekit data fetch NAME replaces what is damaged", file=sys.stderr)
    return int(bool(damaged))


if __name__ == "__main__":
    sys.exit(main())
