"""The base of the errors that a user can fix."""


class UserError(Exception):
    """Something that the user can fix. The message says what was expected, what came, and what to do next.

    The command line prints it without a traceback. `data.DataError`, `recipes.RecipeError` and `course.CourseError`
    are of this kind; arguments of the wrong type or value raise `TypeError` and `ValueError`, as everywhere in Python.
    """
