"""Exercise notebooks from one source with solutions, marked as nbgrader marks them.

A code cell with a solution, then the cell that checks it:

    # %%
    def psnr(a, b):
        ### BEGIN SOLUTION
        # stub: return None
        return 10 * np.log10(1 / np.mean((a - b) ** 2))
        ### END SOLUTION

    # %% points=2
    coursekit.check("6.1", psnr)

The student gets `# YOUR CODE HERE` and the stub in place of the block, so that later cells still run.
"""

import ast
import re

from coursekit.course import CourseError

BLOCK = re.compile(r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n(.*?)^[ \t]*### END SOLUTION[ \t]*$", re.MULTILINE | re.DOTALL)
STUB = re.compile(r"^([ \t]*)# stub: (.*)$", re.MULTILINE)
CHECK = re.compile(r"""\bcheck\(\s*["']([^"']+)["']""")


def with_solutions(source):
    """The instructor's notebook, nbgrader's source: solutions in, each cell with the metadata that nbgrader reads.

    Args:
        source: a notebook (nbformat) with marked solutions; it is not changed.

    Raises:
        CourseError: marks that do not pair, a solution without a check after it, a check's id used twice.
    """
    notebook = source.copy()
    notebook.cells = [cell.copy() for cell in source.cells]
    waiting, seen = [], set()
    for cell in notebook.cells:
        cell.metadata = cell.metadata.copy()
        if cell.cell_type != "code":
            continue
        found = CHECK.search(cell.source)
        if _has_solution(cell):
            if found:
                raise CourseError(f"Expected solution and check in two cells, got one: check({found[1]!r}); split it.")
            waiting.append(cell)
        elif found:
            grade_id = "exercise_" + re.sub(r"\W", "_", found[1])
            if grade_id in seen:
                raise CourseError(f"Expected one cell for each check, got {found[1]!r} twice; give it another id.")
            seen.add(grade_id)
            points = cell.metadata.pop("points", 1)
            cell.metadata["nbgrader"] = _metadata(grade_id, grade=True, locked=True, solution=False, points=points)
            for number, solution in enumerate(waiting, 1):
                name = f"{grade_id}_solution" + (f"_{number}" if len(waiting) > 1 else "")
                solution.metadata["nbgrader"] = _metadata(name, grade=False, locked=False, solution=True)
            waiting = []
    if waiting:
        raise CourseError(f"Expected a check after each solution, got none after:\n{waiting[0].source}")
    return notebook


def for_students(source):
    """The student's notebook: each solution replaced by `# YOUR CODE HERE` and its stub, nothing executed.

    Raises:
        CourseError: as `with_solutions`; or a cell that is not Python without its solution, for want of a stub.
    """
    notebook = with_solutions(source)
    for cell in notebook.cells:
        if cell.cell_type == "code" and _has_solution(cell):
            cell.source = BLOCK.sub(_blank, cell.source)
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                raise CourseError(
                    f"Expected Python without the solution, got the cell below; "
                    f"add a line such as `# stub: return None` to its solution.\n{cell.source}"
                ) from error
    return notebook


def checked(source: str) -> tuple[str, str]:
    """The exercise that a check cell checks, such as "4.1", and the expression of its answer.

    Raises:
        CourseError: there is no call of `check` with two arguments in the cell.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and len(node.args) == 2 and ast.unparse(node.func).endswith("check"):
            return ast.literal_eval(node.args[0]), ast.unparse(node.args[1])
    raise CourseError(f"Expected a call such as `check('4.1', answer)` in a check cell, got:\n{source}")


def _has_solution(cell) -> bool:
    begins, ends = cell.source.count("### BEGIN SOLUTION"), cell.source.count("### END SOLUTION")
    if begins != ends or begins != len(BLOCK.findall(cell.source)):
        raise CourseError(f"Expected `### BEGIN SOLUTION` and `### END SOLUTION` in pairs, got:\n{cell.source}")
    return begins > 0


def _blank(match) -> str:
    indentation, solution = match.groups()
    stubs = [indent + code for indent, code in STUB.findall(solution)]
    return "\n".join([indentation + "# YOUR CODE HERE", *stubs])


def _metadata(grade_id: str, grade: bool, locked: bool, solution: bool, points=None) -> dict:
    fields = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3, "solution": solution}
    return fields | {"task": False} | ({"points": points} if grade else {})
