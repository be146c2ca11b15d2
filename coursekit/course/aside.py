"""What an answer to a Try it does between two cells of a lecture is forgotten after it: names and random numbers.

`coursekit.course.answers` puts `begin` before and `end` behind the code of an answer. Names get their old values back,
and so do the states of the random generators that the lecture draws from. What was changed *in* an object stays
changed (a model that was trained further): such an answer works on a copy. Claims (`coursekit.expect`) are not
reported: they are the lecture's, and a Try it changes what they are about.
"""

import os
import random
import sys

SHARPNESS = 0.9  # pixels of a stored picture for each on the page: many small pictures
LOG = "COURSEKIT_EXPECT_LOG"
_kept = []


def begin(names: dict) -> None:
    """Remember the names of a kernel (its `globals()`), and draw smaller pictures from now on."""
    import numpy as np

    numbers = {
        name: value.bit_generator.state for name, value in names.items() if isinstance(value, np.random.Generator)
    }
    state = (random.getstate(), np.random.get_state(), _keras_seed())  # noqa: NPY002 - what set_random_seed sets
    look = sys.modules.get("coursekit.plots.look")
    _kept.append((_own(names), numbers, state, look and look.SHARPNESS, os.environ.pop(LOG, None)))
    if look:
        look.SHARPNESS = SHARPNESS


def end(names: dict) -> None:
    """Put everything back that `begin` remembered."""
    import numpy as np

    before, numbers, (python, numpy, keras_seed), sharpness, log = _kept.pop()
    for name in _own(names):
        del names[name]
    names.update(before)
    for name, state in numbers.items():
        names[name].bit_generator.state = state
    random.setstate(python)
    np.random.set_state(numpy)  # noqa: NPY002
    if keras_seed is not None:
        _keras_generator().state.assign(keras_seed)
    if log:
        os.environ[LOG] = log
    if sharpness:
        sys.modules["coursekit.plots.look"].SHARPNESS = sharpness


def _own(names):
    """Without what belongs to IPython."""
    theirs = {"In", "Out", "exit", "quit", "get_ipython", "open", "aside"}
    return {name: value for name, value in names.items() if not name.startswith("_") and name not in theirs}


def _keras_generator():
    if "keras" not in sys.modules:
        return None
    from keras.src.random.seed_generator import global_seed_generator

    return global_seed_generator()


def _keras_seed():
    generator = _keras_generator()
    return None if generator is None else sys.modules["numpy"].array(generator.state)
