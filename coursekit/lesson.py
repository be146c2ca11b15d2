"""What a lecture says to the student: begin, show, expect, check."""

import inspect
import json
import os
import sys
from pathlib import Path

from coursekit import progress


def begin(seed=0):
    """Load Keras without log lines, seed Python, NumPy and the backend, and set the course's figure style."""
    from coursekit import plots
    from coursekit.training import backend

    _one_thread_for_small_matrices()
    backend.load().utils.set_random_seed(seed)
    plots.style()


def _one_thread_for_small_matrices():
    """On few cores the threads of NumPy's and SciPy's BLAS wait for each other, and keep TensorFlow's waiting, for
    longer than they save. Whoever sets OPENBLAS_NUM_THREADS keeps it."""
    if (os.cpu_count() or 1) > 4:
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for what is not loaded yet
    if "numpy" in sys.modules and os.environ["OPENBLAS_NUM_THREADS"] == "1":
        from threadpoolctl import threadpool_limits

        threadpool_limits(1, user_api="blas")


class Source:
    """Source code that a notebook shows highlighted and a terminal shows plain."""

    def __init__(self, code, where):
        self.code, self.where = code, where

    def __repr__(self):
        return f"# {self.where}\n{self.code}"

    def _repr_html_(self):
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer

        # Inline styles: they survive GitHub, slides and pages alike. The panel stays light in dark themes.
        formatter = HtmlFormatter(
            noclasses=True, style="default", prestyles="margin: 0; line-height: 1.35; color: #222"
        )
        body = highlight(self.code, PythonLexer(), formatter)
        frame = "background: #f8f8f8; border-left: 3px solid #4269a5; padding: .4em .8em; overflow-x: auto"
        return f'<div style="{frame}"><small style="color: #555">{self.where}</small>{body}</div>'


def show(thing, *, docstring=True):
    """Show the package's own source of a class, function or module, with its file.

    Args:
        thing: what to show. docstring: False leaves a function's or class's docstring out.
    """
    if not (inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)):
        raise TypeError(f"Expected a class, a function or a module, got {type(thing).__name__}; try show(type(x)).")
    code = inspect.cleandoc("\n" + inspect.getsource(thing))
    if not docstring and (text := thing.__doc__):
        for quotes in (f'"""{text}"""', f'r"""{text}"""'):
            code = code.replace(inspect.cleandoc(quotes), "").replace(quotes, "")
        code = "\n".join(line for line in code.splitlines() if line.strip())
    file = Path(inspect.getsourcefile(thing))
    if "coursekit" in file.parts:
        file = Path(*file.parts[len(file.parts) - file.parts[::-1].index("coursekit") - 1 :])
    else:
        file = Path("this notebook" if "ipykernel" in str(file) else file.name)
    return Source(code, file.as_posix())


def _log(variable, entry):
    """Append to the file that `coursekit run` or a test named, for its report."""
    if path := os.environ.get(variable):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def _say(verdict):
    print(verdict, file=progress.forgiving(sys.stdout))


def expect(claim, holds, **numbers):
    """Say whether what the text claims came true in this run.

    The verdict is printed without digits, so that it is the same on every machine where the lesson holds; when it does
    not hold, the numbers are printed too, and the notebook goes on: you may have changed a parameter on purpose.

    Args:
        claim: a sentence, with its tolerance. holds: the condition. numbers: what it was computed from, by name.
    """
    holds = bool(holds)
    numbers = {name: float(value) for name, value in numbers.items()}
    _log("COURSEKIT_EXPECT_LOG", {"claim": claim, "holds": holds, "numbers": numbers})
    if holds:
        _say(f"✓ {claim}")
    else:
        values = ", ".join(f"{name} = {value:.4g}" for name, value in numbers.items())
        _say(f"✗ Not in this run: {claim}" + (f" ({values})" if values else ""))


def results(name):
    """What a recorded run measured: `data/results/NAME.json`, written by the command named in it under "command"."""
    from coursekit import paths

    folder = paths.data() / "results"
    file = folder / f"{name}.json"
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.json"))) or "none"
        raise FileNotFoundError(f"Expected recorded results of one of: {known}; got {name!r}.")
    return json.loads(file.read_text(encoding="utf-8"))


def check(exercise, answer):
    """Look at an answer to an exercise and say whether it is right, or give a hint.

    Args:
        exercise: its number, such as "4.1". answer: what the exercise asked for: a function, a number, an array.
    Raises:
        ValueError: when there is no such exercise.
        AssertionError: when it is not right and `COURSEKIT_STRICT_CHECKS` is set, as for automatic grading.
    """
    from coursekit import exercises

    hint = exercises.look(exercise, answer).hint
    _log("COURSEKIT_CHECK_LOG", {"exercise": str(exercise), "passed": hint is None, "hint": hint})
    _say(f"✓ Exercise {exercise}: right." if hint is None else f"… Exercise {exercise}, not yet: {hint}")
    if hint and os.environ.get("COURSEKIT_STRICT_CHECKS"):
        raise AssertionError(f"Exercise {exercise}: {hint}")
