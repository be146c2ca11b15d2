"""The words of the command line: what may be said, with examples, and which command it is."""

import argparse
import os
from pathlib import Path

import coursekit
from coursekit.cli import commands

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
  coursekit refresh 06 --text      new text beside the outputs that stand there: nothing is executed
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


def build() -> argparse.ArgumentParser:
    parser = _describe(argparse.ArgumentParser(prog="coursekit"), None, "Runs and checks the course.")
    parser.add_argument("--version", action="version", version=f"coursekit {coursekit.__version__}")
    parser.set_defaults(command=commands.doctor)
    groups = parser.add_subparsers(
        title="commands", metavar="{new,run,refresh,render,slides,train,board,assignment,grade,data}"
    )

    new = groups.add_parser("new", help="write a working copy of the notebooks and exercises")
    _describe(new, "new", "Writes the lectures and exercises where you can change them.")
    new.add_argument("folder", type=_folder, metavar="DIR", help="new or empty; with --update, written earlier")
    new.add_argument("--update", action="store_true", help="bring what is new, and leave what was changed as it is")
    new.set_defaults(command=commands.new)

    run = _describe(groups.add_parser("run", help="execute lectures"), "run", "Executes lectures with papermill.")
    run.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number, name or path (default: all lectures)")
    run.add_argument("--profile", default="quick", help="quick (default), or full: the papers' settings")
    run.add_argument("-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
                     help="a parameter of the lecture, VALUE in YAML; again for more")  # fmt: skip
    run.add_argument("--jobs", type=int, metavar="N", help="notebooks at a time (default: what cores and memory allow)")
    run.add_argument("--out", type=_folder, metavar="DIR", help="executed copies and report (default: build/run)")
    run.set_defaults(command=commands.run)

    refresh = groups.add_parser("refresh", help="(maintainer) make the committed notebooks from their sources")
    _describe(refresh, "refresh", "Executes the sources and writes the committed notebooks, for those who edit them.")
    refresh.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number or name (default: all)")
    mode = refresh.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="execute nothing; exit 1 if a notebook is stale")
    mode.add_argument("--compare", action="store_true", help="write nothing; count the lines a second run changes")
    mode.add_argument("--text", action="store_true", help="execute nothing; new text beside the outputs there are")
    mode.add_argument("--exercises", action="store_true", help="execute nothing; write the exercises' notebooks alone")
    refresh.set_defaults(command=commands.refresh)

    render = _describe(groups.add_parser("render", help="make HTML pages"), "render", "Makes pages of lectures.")
    render.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number, name or path (default: all lectures)")
    render.add_argument("--out", type=_folder, metavar="DIR", help="where to (default: build/pages)")
    render.set_defaults(command=commands.render)

    slides = _describe(groups.add_parser("slides", help="make slides"), "slides", "Makes reveal.js slides of lectures.")
    slides.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number, name or path (default: all lectures)")
    slides.add_argument("--out", type=_folder, metavar="DIR", help="where to (default: build/slides)")
    slides.add_argument("--pdf", action="store_true", help="also as PDF (needs Chromium, Chrome or Edge)")
    slides.set_defaults(command=commands.slides)

    train = _describe(
        groups.add_parser("train", help="train a named run"), "train", "Trains, measures and writes one named run."
    )
    train.add_argument("name", nargs="?", metavar="NAME", help="of the run; see --list")
    train.add_argument("--list", action="store_true", help="the runs that there are, and what the course ships of them")
    train.add_argument("--profile", default="quick", help="quick (default), or full: what ships with the course")
    train.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds 0 to N-1; the weights are seed 0's")
    train.add_argument("--out", type=_folder, metavar="DIR", help="default: data for full, build/train for quick")
    train.set_defaults(command=commands.train)

    _add_grading(groups)

    data = _describe(groups.add_parser("data", help="list, fetch, verify data sets"), "data", "The data sets.")
    actions = data.add_subparsers(title="actions", required=True, metavar="{list,fetch,verify}")
    listing = actions.add_parser("list", help="name, size, license, and whether it is here")
    listing.set_defaults(command=commands.data_list)
    fetch = actions.add_parser("fetch", help="download and verify; an interrupted download is resumed")
    fetch.add_argument("names", nargs="+", metavar="NAME")
    fetch.set_defaults(command=commands.data_fetch)
    verify = actions.add_parser("verify", help="compare the files that are here with their sha256")
    verify.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    verify.set_defaults(command=commands.data_verify)
    return parser


def _add_grading(groups) -> None:
    board = _describe(groups.add_parser("board", help="printed and own results"), "board", "Papers' figures and ours.")
    board.add_argument("--sources", action="store_true", help="also where each figure was read, and how ours differs")
    board.set_defaults(command=commands.board)

    assignment = groups.add_parser("assignment", help="(instructor) exercises as nbgrader's source")
    _describe(assignment, "assignment", "Writes nbgrader's source of a lecture's exercises (`coursekit[grading]`).")
    assignment.add_argument("notebook", metavar="NOTEBOOK", help="number or name")
    assignment.add_argument("--out", type=_folder, metavar="DIR", required=True, help="nbgrader's course folder")
    assignment.set_defaults(command=commands.assignment)

    grade = groups.add_parser("grade", help="(instructor) grade submitted notebooks")
    _describe(grade, "grade", "Grades notebooks without nbgrader, each in a process of its own.")
    grade.add_argument("folder", type=_folder, metavar="DIR", help="submitted notebooks, in it and below")
    grade.add_argument("--seconds", type=float, default=300, metavar="N", help="a cell may take (default: 300)")
    grade.add_argument("--memory", type=float, default=4, metavar="GB", help="a notebook may take (default: 4)")
    grade.add_argument(
        "--jobs", type=int, metavar="N", help="notebooks at a time (default: what cores and memory allow)"
    )
    grade.add_argument("--out", type=_folder, metavar="FILE", help="the table (default: DIR/grades.csv)")
    grade.set_defaults(command=commands.grade)


def _describe(parser: argparse.ArgumentParser, key: str | None, text: str) -> argparse.ArgumentParser:
    parser.description = text
    parser.epilog = f"examples:{EXAMPLES[key]}"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def _folder(text: str) -> Path:
    return Path(os.path.expanduser(text))  # a shell leaves the ~ of --out=~/x to us
