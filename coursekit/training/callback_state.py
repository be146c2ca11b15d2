"""What callbacks remember, for the checkpoint: a resumed `EarlyStopping` still knows its best weights.

Of Keras's callbacks it is known what they remember. Of a callback of one's own it is whatever attribute has changed
since the training began: numbers, texts, arrays, and lists, tuples and dictionaries of them. One that sees to itself
(it keeps files, say) has an attribute `resumes_itself = True`. What a function closes over, as in a `LambdaCallback`,
nobody sees.
"""

import json
import warnings
from pathlib import Path

import keras
import numpy as np

REMEMBERED = {
    keras.callbacks.EarlyStopping: ("wait", "stopped_epoch", "best", "best_weights", "best_epoch"),
    keras.callbacks.ReduceLROnPlateau: ("wait", "cooldown_counter", "best"),
    keras.callbacks.ModelCheckpoint: ("best", "_batches_seen_since_last_saving", "_last_batch_seen"),
    keras.callbacks.SwapEMAWeights: ("_ema_weights_in_model",),
    keras.callbacks.TensorBoard: ("_global_train_batch", "_global_test_batch"),
}
NEVER = {"_model", "params", "model", "monitor_op", "min_delta"}  # of Keras, made anew in each training


class Memory:
    """The state of some callbacks. Each is known by its class and by its place among those of its class.

    Args:
        callbacks: a list.
    """

    def __init__(self, callbacks):
        counts, self.by_name = {}, {}
        for callback in callbacks:
            kind = type(callback).__name__
            counts[kind] = counts.get(kind, 0) + 1
            if not getattr(callback, "resumes_itself", False):
                self.by_name[f"{kind} {counts[kind]}"] = callback
        self.before = {}

    def begin(self):
        """Note how the callbacks are when the training begins."""
        self.before = {name: _digests(callback) for name, callback in self.by_name.items() if not _of_keras(callback)}

    def state(self):
        """(arrays, about): {name: array}, and {callback: {"kept": {attribute: value}, "lost": [attribute]}}."""
        arrays, about = {}, {}
        for name, callback in self.by_name.items():
            kept, lost = {}, []
            for attribute in self._changed(name, callback):
                mine = {}
                try:
                    kept[attribute] = _encoded(vars(callback)[attribute], f"callbacks/{name}/{attribute}", mine)
                    arrays |= mine
                except TypeError:
                    lost.append(attribute)
            about[name] = {"kept": kept, "lost": lost}
        return arrays, about

    def restore(self, arrays, about):
        """Give the callbacks back what they remembered."""
        for name, callback in self.by_name.items():
            for attribute, value in about.get(name, {"kept": {}})["kept"].items():
                setattr(callback, attribute, _decoded(value, arrays))

    def warn(self, about):
        """Say which of the callbacks begin anew."""
        lost = {name: ", ".join(about[name]["lost"]) for name in self.by_name if about.get(name, {}).get("lost")}
        lost |= {name: "all" for name, each in self.by_name.items() if _known(each) and name not in about}
        if lost:
            named = "; ".join(f"{name.rsplit(' ', 1)[0]} ({what})" for name, what in lost.items())
            warnings.warn(
                f"The checkpoint does not hold what these callbacks remember, so they begin anew: {named}.",
                stacklevel=5,
            )

    def stop(self):
        """What `early` returns if one of them has stopped the training; else None."""
        return self.early() if any(getattr(each, "stopped_epoch", 0) for each in self.by_name.values()) else None

    def early(self):
        """{callback: its settings} of those that stop a training early."""
        names = ("monitor", "mode", "patience", "baseline", "restore_best_weights", "start_from_epoch")
        return {
            name: {setting: getattr(each, setting) for setting in names} | {"min_delta": abs(each.min_delta)}
            for name, each in self.by_name.items()
            if isinstance(each, keras.callbacks.EarlyStopping)
        }

    def _changed(self, name, callback):
        if _of_keras(callback):
            return _known(callback)
        now, before = _digests(callback), self.before.get(name, {})
        changed = [key for key, digest in now.items() if digest != before.get(key)]
        return [*_known(callback), *(key for key in changed if key not in _known(callback))]


def _known(callback):
    return [name for kind, names in REMEMBERED.items() if isinstance(callback, kind) for name in names]


def _of_keras(callback):
    return type(callback).__module__.split(".")[0] == "keras"


def _digests(callback):
    """{attribute: what changes when its value does}."""
    digests = {}
    for name, value in vars(callback).items():
        if name in NEVER:
            continue
        arrays = {}
        try:
            text = json.dumps(_encoded(value, "", arrays))
            digests[name] = text + "".join(f"{key}{hash(array.tobytes())}" for key, array in arrays.items())
        except TypeError:
            digests[name] = f"{id(value)} {len(value) if hasattr(value, '__len__') else ''}"
    return digests


def _encoded(value, name, arrays):
    """`value` as JSON can hold it, its arrays put into `arrays` under names that begin with `name`.

    Raises:
        TypeError: it cannot be held.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_encoded(each, f"{name}/{i}", arrays) for i, each in enumerate(value)]}
    if isinstance(value, dict):
        pairs = [[_encoded(key, "", {}), _encoded(each, f"{name}/{key}", arrays)] for key, each in value.items()]
        return {"dict": pairs}
    if isinstance(value, np.ndarray) or keras.ops.is_tensor(value):
        array = keras.ops.convert_to_numpy(value)
        if array.dtype.kind in "fiub":
            arrays[name] = array
            return {"array": name}
    raise TypeError


def _decoded(value, arrays):
    if not isinstance(value, dict):
        return value
    ((kind, inside),) = value.items()
    if kind == "array":
        return arrays[inside]
    if kind == "dict":
        return {_decoded(key, arrays): _decoded(each, arrays) for key, each in inside}
    return {"list": list, "tuple": tuple}[kind](_decoded(each, arrays) for each in inside)


def keep_rows(callbacks, epochs):
    """Let each `CSVLogger` go on with its file, which it would write anew, after the rows of the first `epochs`.
    Returns those that do."""
    loggers = [each for each in callbacks if isinstance(each, keras.callbacks.CSVLogger) and not each.append]
    loggers = [each for each in loggers if Path(each.filename).exists()]
    for logger in loggers:
        lines = Path(logger.filename).read_text(encoding="utf-8").splitlines(keepends=True)
        while len(lines) > 1 and (epoch := lines[-1].split(logger.sep)[0]).isdigit() and int(epoch) >= epochs:
            lines.pop()
        Path(logger.filename).write_text("".join(lines), encoding="utf-8")
        logger.append = True
    return loggers
