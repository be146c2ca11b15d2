"""Plant faults in a clone of the course, one at a time, and see whether the checks of `make test` catch each.

    python tests/faults/plants.py                       # the commit that is checked out, in a clone of its own
    python tests/faults/plants.py --commit d4c1762      # another one: what did it catch?
    python tests/faults/plants.py --only stale stderr

A fault is caught if the part of `make test` that is meant to guard against it fails with the fault and passes without.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not slow", "-p", "no:cacheprovider"]


def replaced(old, new):
    def change(text):
        assert text.count(old.encode()) >= 1, f"{old!r} is not there"
        return text.replace(old.encode(), new.encode(), 1)

    return change


def flipped(content):
    return content[:2000] + bytes([content[2000] ^ 1]) + content[2001:]


# name: (what, file, change of its bytes, the check that is meant to catch it, its backend)
PLANTS = {
    "loss": ("a wrong sign in a loss", "coursekit/models/vae.py",
             replaced("- ops.square(mean) - ops.exp(log_variance))", "+ ops.square(mean) - ops.exp(log_variance))"),
             [*PYTEST, "tests/equations/test_vae_equations.py"], "tensorflow"),
    "game": ("the generator's loss pushes the wrong way", "coursekit/models/gan_losses.py",
             replaced("return ops.mean(ops.softplus(-fake))", "return ops.mean(ops.softplus(fake))"),
             [*PYTEST, "tests/equations/test_gan_equations.py"], "tensorflow"),
    "widget": ("an activation of a widget's page is wrong", "coursekit/widgets/decoder_network.js",
               replaced("silu: () => (x) => x * sigmoid(x)", "silu: () => (x) => sigmoid(x)"),
               [*PYTEST, "tests/browser/test_decoder_explorer_in_browser.py"], "tensorflow"),
    "page": ("a widget's page has a syntax error", "coursekit/widgets/frame_player.js",
             replaced("function ", "function function "),
             [*PYTEST, "tests/browser/test_pages_in_browser.py"], "tensorflow"),
    "stale": ("a notebook that is not what its source says", "notebooks/source/90_gradients.py",
              replaced("gradient", "Gradient"),
              [sys.executable, "-m", "coursekit.cli", "refresh", "--check"], "tensorflow"),
    "output": ("a recorded output that the code does not print", "notebooks/90_gradients.ipynb",
               replaced("✓ ", "✗ "),
               [*PYTEST, "--nbval", "notebooks/90_gradients.ipynb"], "tensorflow"),
    "figure": ("figures that are drawn and not shown", "coursekit/plots/look.py",
               replaced("    show(Image(picture, alt", "    (Image(picture, alt"),
               [*PYTEST, "--nbval", "notebooks/90_gradients.ipynb"], "tensorflow"),
    "weights": ("one bit of a shipped file of weights", "data/pretrained/vae-fashion.npz", flipped,
                [*PYTEST, "tests/recipes/test_weights.py"], "tensorflow"),
    "stderr": ("a line on stderr while Keras is loaded", "coursekit/training/backend.py",
               replaced("    return keras\n", "    print('loaded', file=sys.stderr)\n    return keras\n"),
               [*PYTEST, "tests/training/test_backend.py"], "tensorflow"),
    "resume": ("a checkpoint that forgets the order of the data", "coursekit/training/checkpoint.py",
               replaced("            self.feed.seed = about", "            _ = about"),
               [*PYTEST, "tests/training/test_checkpoint.py"], "tensorflow"),
    "solution": ("a solution that its own check refuses", "notebooks/source/exercises/03_rotnet.py",
                 replaced("### BEGIN SOLUTION\n", "### BEGIN SOLUTION\n    return None\n"),
                 [*PYTEST, "tests/course/test_committed.py", "-k", "03_rotnet or what_their_sources"], "tensorflow"),
    "import": ("a heavy import", "coursekit/__init__.py",
               replaced("import importlib\n", "import importlib\nimport numpy\n"),
               [*PYTEST, "tests/test_import.py"], "tensorflow"),
    "jax": ("on JAX alone: averages and seeds stand still", "coursekit/training/on_jax.py",
            replaced("            outer.add_update((variable, new))", "            pass"),
            [*PYTEST, "tests/training/test_minimize.py"], "jax"),
}  # fmt: skip


def run(clone, command, backend):
    """(whether it passed, its seconds, the last line that it printed)"""
    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(clone)}
    begin = time.monotonic()
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, env=environment)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return done.returncode == 0, time.monotonic() - begin, lines[-1] if lines else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commit", default="HEAD")
    parser.add_argument("--only", nargs="+", choices=PLANTS, default=list(PLANTS))
    parser.add_argument("--no-control", action="store_true", help="do not run the checks without the faults first")
    options = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "course"
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
        subprocess.run(["git", "-C", clone, "checkout", "-q", options.commit], check=True)
        for name in options.only:
            what, file, change, command, backend = PLANTS[name]
            sound = True if options.no_control else run(clone, command, backend)[0]
            before = (clone / file).read_bytes()
            (clone / file).write_bytes(change(before))
            passed, seconds, last = run(clone, command, backend)
            (clone / file).write_bytes(before)
            caught = sound and not passed
            missed += not caught
            verdict = "caught" if caught else "NOT CAUGHT" if sound else "the check fails without it, too"
            print(f"{verdict:10} {seconds:5.0f} s  {what}: {last}", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
