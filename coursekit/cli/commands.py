"""What each command does: from the options that were given to its exit status.

What a command needs is imported by it alone, so that `coursekit --help` answers at once.
"""

import shlex
import sys

from coursekit import paths
from coursekit.course import CourseError


def doctor(options) -> int:
    from coursekit.doctor import examine

    return examine()


def new(options) -> int:
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


def run(options) -> int:
    from coursekit.course.report import table
    from coursekit.course.run import parse_value, run

    parameters = {name: parse_value(value) for name, value in options.parameters}
    report = run(options.notebooks, options.out, options.profile, parameters, options.jobs)
    print(table(report))
    print(f"\nexecuted copies and report.json: {report['out']}")
    if report["interrupted"]:
        return 130
    return int(any(entry["status"] != "ok" for entry in report["notebooks"]))


def refresh(options) -> int:
    from coursekit.course import refresh, retext

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
    refused = (retext.retext if options.text else refresh.refresh)(options.notebooks)
    print("\n".join(refused), file=sys.stderr)
    return int(bool(refused))


def render(options) -> int:
    from coursekit.course.render import render
    from coursekit.course.run import find

    out = paths.prepared((options.out or paths.build() / "pages").resolve())
    if any(out.iterdir()) and not (out / "index.html").exists():
        raise CourseError(f"Expected --out to be new, empty or full of pages, as it is replaced, got {out}.")
    render(find(options.notebooks), out)
    return 0


def slides(options) -> int:
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


def train(options) -> int:
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


def board(options) -> int:
    from coursekit.course import board

    print(board.as_text(board.rows(), options.sources))
    return 0


def assignment(options) -> int:
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


def grade(options) -> int:
    from coursekit.course import grading

    out = options.out or options.folder / "grades.csv"
    write = lambda grades: grading.write_csv(grades, out)
    grades = grading.grade(options.folder, options.seconds, options.memory, options.jobs, write)
    print(grading.as_table(grades))
    print(f"\n{len(grades)} notebooks: {out}")
    return 0


def data_list(options) -> int:
    from coursekit import data

    rows = data.catalog()
    print(f"{'name':15} {'':24} {'MB':>6}  {'images':15} what; license")
    for row in rows:
        counts = " + ".join(f"{count:,}" for count in row.counts.values())
        print(f"{row.name:15} {row.status:24} {row.bytes / 1e6:6.1f}  {counts:15} {row.what}; {row.license}")
    return 0


def data_fetch(options) -> int:
    from coursekit import data

    for name in options.names:
        for path in data.fetch(name):
            print(f"{name}: {path}")
    return 0


def data_verify(options) -> int:
    from coursekit import data

    states = [state for name in options.names or [None] for state in data.verify(name)]
    for file, state in states:
        print(f"{state:12} {file}")
    damaged = [file for file, state in states if state not in ("ok", "not fetched")]
    if damaged:
        print("coursekit data fetch NAME replaces what is damaged", file=sys.stderr)
    return int(bool(damaged))
