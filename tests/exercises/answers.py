"""What the tests of all exercises need: answers as a notebook has them, and the hint that a wrong one gets."""

import re

import pytest

from coursekit.lesson import Hint


def written(*names, notebook, **given):
    """What the notebook's own cells define under `names`, in the namespace `given`."""
    defines = "|".join(rf"^def {name}\(|^{name} = " for name in names)
    for cell in notebook.cells:
        if cell.cell_type == "code" and re.search(defines, cell.source, re.M):
            exec(cell.source, given)
    return [given[name] for name in names]


def hint_of(exercise, answer):
    """The hint that `exercise` raises for `answer`."""
    with pytest.raises(Hint) as caught:
        exercise(answer)
    return str(caught.value)
