"""The command line: `coursekit`, and `coursekit new|run|refresh|render|slides|train|board|assignment|grade|data`."""

import errno
import signal
import sys

from coursekit import progress
from coursekit.cli import parser
from coursekit.cli.parser import EXAMPLES
from coursekit.errors import UserError

__all__ = ["EXAMPLES", "main"]

# What ends a command with one line: a file that may not be opened, or a disk without room.
NO_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all well, 1 a notebook or a check failed, 2 wrong usage, 130 interrupted."""
    progress.forgiving(sys.stdout)
    options = parser.build().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped job also ends its kernels
    try:
        return options.command(options)
    except KeyboardInterrupt:
        print("coursekit: interrupted", file=sys.stderr)
        return 130
    except (UserError, FileNotFoundError) as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in NO_PLACE:
            raise
        why = f"{error.filename}: {error.strerror.lower()}"
        print(
            f"coursekit: Expected a file that can be opened and written, got {why}; see to it, or "
            "choose another folder with --out (of data sets: COURSEKIT_CACHE).",
            file=sys.stderr,
        )
        return 2
    finally:
        signal.signal(signal.SIGTERM, before)
