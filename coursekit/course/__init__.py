"""What drives the notebooks from outside: run, refresh, render, and the exercises made from their solutions."""


class CourseError(Exception):
    """What the user can mend; its text says how. The command line prints it without a traceback."""
