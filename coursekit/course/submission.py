"""One submitted notebook, one kernel: runs a student's cells within limits, and has answers looked at."""

import ast
import os
import secrets
import signal
import tempfile
import time

from coursekit.course.assignment import GRADE
from coursekit.course.kernel import BlockingInterpreter

START_SECONDS = 120
INTERRUPT_SECONDS = 5


class Ended(Exception):
    """The kernel is gone; the message says why."""


class Submission:
    """A kernel in an empty folder of its own. Used by `with`, which ends it and all processes that it has started.

    Nothing that the submission writes is read, but for the answers to `grade`. This is no sandbox: the code of students
    runs with the rights of whoever grades.

    Args:
        seconds: for each cell. memory: GB of its processes together. stopped: () -> whether to give up at once.
    """

    def __init__(self, seconds, memory, stopped=lambda: False):
        self.seconds, self.memory, self.stopped = seconds, memory, stopped

    def __enter__(self):
        environment = {**os.environ, "COURSEKIT_PROGRESS": "0"}
        environment.pop("COURSEKIT_STRICT_CHECKS", None)
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.manager = BlockingInterpreter()
        self.manager.start_kernel(cwd=self.folder.name, env=environment)
        self.client = self.manager.blocking_client()
        # What it prints is not listened to: it could be without end.
        self.client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        return self

    def __exit__(self, *error):
        from jupyter_core.utils import ensure_event_loop

        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        ensure_event_loop().close()  # this thread's, made by Jupyter's client
        self.folder.cleanup()

    def ready(self) -> None:
        """Wait for the kernel.

        Raises:
            Ended: it did not come up, or grew over its limit.
        """
        if self._reply(self.client.kernel_info(), START_SECONDS) is None:
            raise Ended(f"the kernel did not start within {START_SECONDS} s")

    def run(self, source) -> str | None:
        """Execute a cell. Returns None, or in words what stopped it.

        Raises:
            Ended: the kernel died, grew over its limit, or went on after an interrupt.
        """
        reply = self._reply(self.client.execute(source, allow_stdin=False, stop_on_error=False), self.seconds)
        if reply is None:
            return f"time-out after {self.seconds:g} s"
        if reply["status"] == "error":
            return f"{reply.get('ename')}: {str(reply.get('evalue')).strip()[:200]}"
        return None

    def grade(self, exercise, answer) -> tuple[int, int, str | None]:
        """(parts that are right, all parts, a hint) of an answer, an expression in the student's names.

        The check is loaded anew and its verdict comes in the reply to this very request, marked with a word that did
        not exist before: what cells print, or put in the place of `coursekit.check`, counts for nothing.

        Raises:
            Ended: as `run`.
        """
        mark = f"_{secrets.token_hex(16)}"
        code = GRADE.format(exercise=exercise, answer=answer).replace("_verdict", mark)
        asked = {mark: f"({mark!r}, {mark}.right, {mark}.parts, {mark}.hint)"}
        sent = self.client.execute(
            code, allow_stdin=False, stop_on_error=False, store_history=False, user_expressions=asked
        )
        reply = self._reply(sent, self.seconds)
        if reply is None:
            return 0, 1, f"time-out of its check after {self.seconds:g} s"
        if reply["status"] == "error":
            return 0, 1, f"{reply.get('ename')}: {str(reply.get('evalue'))[:200]}"
        try:
            said = ast.literal_eval(reply["user_expressions"][mark]["data"]["text/plain"])
            found, right, parts, hint = said
            if found != mark or not 0 <= int(right) <= int(parts) or not parts:
                raise ValueError("no verdict of ours")
            return int(right), int(parts), None if hint is None else str(hint)
        except (KeyError, SyntaxError, TypeError, ValueError):
            return 0, 1, "the check gave no verdict: something has taken the place of its parts"

    def _reply(self, sent, seconds):
        """The content of the reply to a request, or None after a time-out that was followed by an interrupt."""
        from queue import Empty

        until, interrupted = time.monotonic() + seconds, False
        while True:
            try:
                message = self.client.get_shell_msg(timeout=0.2)
                if message["parent_header"].get("msg_id") == sent:
                    return None if interrupted else message["content"]
            except Empty:
                pass
            if self.stopped():
                raise Ended("grading was interrupted")
            if not self.manager.is_alive():
                raise Ended("the kernel died")
            if (used := self._gigabytes()) > self.memory:
                raise Ended(f"it took {used:.1f} GB of memory, more than {self.memory:g} GB")
            if time.monotonic() > until:
                if interrupted:
                    raise Ended(f"time-out after {self.seconds:g} s, and it did not let itself be interrupted")
                self.manager.signal_kernel(signal.SIGINT)
                until, interrupted = time.monotonic() + INTERRUPT_SECONDS, True

    def _gigabytes(self) -> float:
        import psutil

        total = 0
        try:
            kernel = psutil.Process(self.manager.provisioner.pid)
            for process in [kernel, *kernel.children(recursive=True)]:
                total += process.memory_info().rss
        except psutil.NoSuchProcess:
            pass
        return total / 1e9
