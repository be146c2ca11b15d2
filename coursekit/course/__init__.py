"""What drives the notebooks from outside: run, refresh, render, and the exercises made from their solutions."""

from coursekit.errors import UserError


class CourseError(UserError):
    """A notebook, a source or a setting of the course that the user can fix."""
