"""Ctrl-C: the first one waits for the end of the stretch, a second one stops at once."""

import contextlib
import signal
import threading


class Interruption:
    """Whether Ctrl-C was pressed while this context was open. `asked` is then True."""

    def __init__(self):
        self.asked = False

    @contextlib.contextmanager
    def awaited(self):
        """A context in which the first Ctrl-C only sets `asked`. In another thread than the main one, which no Ctrl-C
        reaches, it does nothing."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

        def wait(number, frame):
            self.asked = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, wait)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
