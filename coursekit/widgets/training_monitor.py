"""`TrainingMonitor`: curves, and pictures that the model makes of fixed inputs, while it trains."""

import contextlib
import time

import keras
import numpy as np

from coursekit import progress as bars
from coursekit.training.progress import progress
from coursekit.widgets.monitor_picture import contact_sheet, paint
from coursekit.widgets.monitor_time import DrawingBudget, clock

TRACE = 40  # points of a curve within an epoch


class TrainingMonitor(keras.callbacks.Callback):
    """Shows a model while it trains: `fit(..., callbacks=[TrainingMonitor(latents, gan.sample)])`.

    In a notebook it shows the curves of the logs and the pictures that `draw` makes with the present weights, and
    redraws them as often as `share` of the time allows. The last picture stays in the notebook. In a terminal it is one
    line with the time left. With `COURSEKIT_PROGRESS=0`, as in automatic runs, it shows the last picture only; it draws
    once more, halfway, without showing the result, so that such runs also execute what a student's run executes.
    What `draw` changes in the model (random states, batch normalization's averages) is restored, so that the training
    ends as it would without the monitor.

    Args:
        inputs: the argument of `draw`, the same at each redraw; None: `draw` is called without one.
        draw: `draw(inputs)` or `draw()` -> pictures [n, height, width(, 1 or 3)] or [n, height * width] in [0, 1] or
            uint8; or {name: pictures}, a row each. If it raises an error, the monitor prints it once and goes on with
            the curves alone.
        keys: names of logs to show, each together with its "val_" twin; all but the learning rate if None.
        share: the part of the training's time that may go into drawing, in (0, 1].
        title: the heading of the picture.

    Attributes:
        overhead: seconds of drawing / seconds of training, so far. It leaves out what is drawn before the first step
            (once, or twice if that is fast, to learn what a redraw costs) and after the last: `seconds_around`.
        redraws: how often it has redrawn during the training.
        picture: the last PNG file, or None.

    Raises:
        TypeError, ValueError: bad arguments; in `fit`, `keys` that are not among the logs.
    """

    resumes_itself = True  # it shows a training from where it goes on

    def __init__(self, inputs=None, draw=None, keys=None, share=0.03, title="Training"):
        super().__init__()
        if draw is not None and not callable(draw):
            raise TypeError(
                f"Expected draw to be a function of the inputs, got {draw!r:.60}; pass it without calling it."
            )
        if draw is None and inputs is not None:
            raise ValueError(
                "Expected a draw function for the inputs, got none; pass draw=..., as in draw=model.decode."
            )
        if not 0 < share <= 1:
            raise ValueError(
                f"Expected share in (0, 1], got {share}; 0.03 spends 3 % of the training's time on drawing."
            )
        self.inputs, self.draw, self.share, self.title = inputs, draw, share, title
        self.keys = [keys] if isinstance(keys, str) else keys and list(keys)
        self.running = False
        self._reset()

    def _reset(self):
        self.curves, self.trace = {}, {}  # {name: [(epochs, value)]}, of finished epochs and within the present one
        self.pictures = self.picture = self.failed = self.handle = None
        self.budget = DrawingBudget(self.share)
        self.seconds_around = self.elapsed = 0.0
        self.redraws = self.position = self.epoch = 0
        self.step = self.start = self.first = None

    @property
    def overhead(self):
        """Seconds of drawing / seconds of training, so far."""
        elapsed = self._now() if self.running else self.elapsed
        return self.budget.spent / elapsed if elapsed else 0.0

    def _now(self):
        return time.perf_counter() - self.began

    # -- what Keras calls ----------------------------------------------------------------------------------------------

    def on_train_begin(self, logs=None):
        if self.running:  # an earlier training was broken off
            self._finish()
        self._reset()
        shell = _notebook()
        self.quiet = bars.quiet()
        self.line = None if self.quiet or shell else progress()[0]
        if self.line:
            self.line.set_params(self.params)
        feed = getattr(self.model, "feed", None)
        self.stride, self.steps = (feed.steps_per_stretch, feed.steps) if feed else (1, self.params["steps"])
        self.running, self.ran = True, False
        cost = 0.0
        if shell:
            shell.events.register("post_run_cell", self._finish)  # Keras tells no callback of Ctrl-C or an error
            if not self.quiet:
                costs = [self._redraw("about to begin")]
                if costs[0] < 1:  # most of it was tracing and compiling
                    costs.append(self._redraw("about to begin"))
                self.seconds_around, cost = sum(costs), costs[-1]
        self.began = time.perf_counter()
        if cost:
            self.budget.plan(cost, self._now())

    def on_epoch_begin(self, epoch, logs=None):
        if self.start is None:
            self.start = self.position = epoch
        self.epoch, self.trace = epoch, {}
        if self.line:
            self.line.on_epoch_begin(epoch)

    def on_train_batch_end(self, batch, logs=None):
        if self.line:
            self.line.on_train_batch_end(batch, logs)
        if not self.ran:
            self._check_keys(logs)
            self.ran = True
        if self.steps:
            self.step = min((batch + 1) * self.stride, self.steps)
            self.position = self.epoch + self.step / self.steps
            if self.first is None:
                self.first = self.position, self._now()
            points = next(iter(self.trace.values()), None)
            if not points or self.position - points[-1][0] >= 1 / TRACE:
                self._note(self.trace, logs)
        self._redraw_if_due()

    def on_epoch_end(self, epoch, logs=None):
        if self.line:
            self.line.on_epoch_end(epoch, logs)
        self.position, self.step = epoch + 1, self.steps
        self._note(self.curves, logs)
        if self.params["epochs"] > self.start + 1:
            self.trace = {}
        self._redraw_if_due()

    def on_train_end(self, logs=None):
        if self.line:
            self.line.on_train_end()
        self._finish(ended=True)

    # -- what is remembered --------------------------------------------------------------------------------------------

    def _check_keys(self, logs):
        known = [name for name in logs if not name.startswith("val_")]
        for key in self.keys or []:
            if key not in known:
                raise ValueError(
                    f"Expected keys among the logs of this model ({', '.join(known) or 'none'}), got {key!r}; "
                    'a "val_" twin comes with its key.'
                )

    def _note(self, curves, logs):
        for name, value in (logs or {}).items():
            wanted = name != "learning_rate" if self.keys is None else name.removeprefix("val_") in self.keys
            if wanted:
                curves.setdefault(name, []).append((self.position, float(value)))

    # -- what is drawn -------------------------------------------------------------------------------------------------

    def _redraw_if_due(self):
        if self.line:
            return
        if self.quiet:
            halfway = (self.start + self.params["epochs"]) / 2
            due = not self.redraws and self.position >= halfway
        else:
            due = self._now() >= self.budget.next
        if due:
            cost = self._redraw(self._status())
            self.redraws += 1
            self.budget.pay(cost, self._now())

    def _redraw(self, status, draw=True, last=False):
        """Draws and shows; `draw`: calls the user's function too. Returns the seconds that it took."""
        began = time.perf_counter()
        if draw and self.draw and not self.failed:
            try:
                with _unchanged(self.model):
                    drawn = self.draw() if self.inputs is None else self.draw(self.inputs)
                self.pictures = contact_sheet(drawn)
            except Exception as error:  # the training is worth more than its picture
                self.failed = f"{type(error).__name__}: {error}"
                print(f"TrainingMonitor goes on without pictures: draw failed with {self.failed}")
        self.picture, width = paint(self.title, status, self.curves, self.trace, self.pictures, final=last)
        if _notebook() and (last or not self.quiet):
            self._show(width)
        return time.perf_counter() - began

    def _show(self, width):
        from IPython.display import Image, display

        names = ", ".join(self.curves or self.trace)
        alt = f"{self.title}: curves of {names} over the epochs" if names else f"{self.title}: no curves yet"
        alt += ", and pictures that the model makes now" if self.pictures else ""
        image = Image(self.picture, width=width, metadata={"alt": alt})
        if self.handle:
            self.handle.update(image)
        else:
            self.handle = display(image, display_id=True)

    def _status(self):
        text = f"epoch {min(self.epoch + 1, self.params['epochs'])} of {self.params['epochs']}"
        text += f", step {self.step} of {self.steps}" if self.step else ""
        now = self._now()
        text += f"    {clock(now)} elapsed"
        if self.first and self.position > self.first[0]:
            left = self.params["epochs"] - self.position
            text += f", {clock(left * (now - self.first[1]) / (self.position - self.first[0]))} left"
        return text

    def _finish(self, result=None, ended=False):
        """Draws the last picture. `result` is what IPython passes after each cell."""
        if not self.running:
            return
        self.elapsed, self.running = self._now(), False
        if shell := _notebook():
            shell.events.unregister("post_run_cell", self._finish)
        if self.line:
            return
        epochs = self.params["epochs"]
        whole = ended and self.position >= epochs
        status = f"{epochs} epoch{'s' * (epochs > 1)}" if whole else f"stopped in epoch {self.epoch + 1} of {epochs}"
        # After an error the model may be in no state to draw.
        self.seconds_around += self._redraw(status, draw=ended, last=True)


def _notebook():
    """The IPython shell of a notebook's kernel; None in a terminal."""
    from IPython import get_ipython

    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None


@contextlib.contextmanager
def _unchanged(model):
    """A context that restores what drawing could change: random states, the averages of batch normalization."""
    kept = [(variable, keras.ops.convert_to_numpy(variable)) for variable in model.non_trainable_variables]
    kept = [(variable, np.array(value)) for variable, value in kept]
    state = np.random.get_state()  # noqa: NPY002 - the generator that set_random_seed sets
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        for variable, value in kept:
            variable.assign(value)
