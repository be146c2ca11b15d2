"""`progress`: the progress bar of `fit`, silent where its changing text would be recorded."""

from coursekit.progress import bar, quiet


def progress(title=None):
    """Callbacks for Keras's `fit`: one line with the time left, which clears itself at the end.

    Args:
        title: in front of the line; None shows the epoch.
    Returns:
        `[callback]`, or `[]` where `COURSEKIT_PROGRESS=0` (set by `coursekit run`, `refresh` and the notebook tests).
        Its `close()` clears the line of a training that an error or Ctrl-C ended.
    """
    return [] if quiet() else [_line(title)]


def _line(title):
    """`keras.callbacks.Callback` as a base would load Keras whenever this module is imported: so it is made here."""
    import keras

    class Line(keras.callbacks.Callback):
        resumes_itself = True  # there is nothing in a bar that a checkpoint should hold
        bar = None

        def on_epoch_begin(self, epoch, logs=None):
            name = title or f"epoch {epoch + 1}/{self.params['epochs']}"
            if self.bar is None:  # the first epoch of a resumed training is not 0
                options = {"initial": epoch, "mininterval": 0.3, "miniters": 0, "smoothing": 0.1}
                self.bar = bar(description=name, total=self.params["epochs"], delay=0, **options)
            self.epoch = epoch
            self.bar.set_description_str(name, refresh=False)

        def on_train_batch_end(self, batch, logs=None):
            if steps := self.params["steps"]:
                self._reach(self.epoch + (batch + 1) / steps, logs)

        def on_epoch_end(self, epoch, logs=None):
            self._reach(epoch + 1, logs)

        def _reach(self, position, logs):
            numbers = ", ".join(f"{name}={value:.4g}" for name, value in (logs or {}).items())
            self.bar.set_postfix_str(numbers, refresh=False)
            self.bar.update(min(position, self.bar.total) - self.bar.n)

        def on_train_end(self, logs=None):
            self.close()

        def close(self):
            if self.bar is not None:
                self.bar.close()
                self.bar = None

    return Line()
