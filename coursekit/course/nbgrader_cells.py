"""What `nbgrader autograde` does with check cells that a student has edited or deleted (see `assignment.CONFIG`)."""

import re

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import OverwriteCells

HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS.*?^[ \t]*### END HIDDEN TESTS[ \t]*$\n?", re.MULTILINE | re.DOTALL)
EDITED = "This check cell was edited, so it earns nothing. Ask for the exercise again and copy your answer into it."
DELETED = "This check cell was deleted, so it earns nothing. Ask for the exercise again and copy your answer into it."


class OriginalChecks(OverwriteCells):
    """nbgrader's own, which puts the instructor's checks in the place of the student's; but a check that the student
    has changed or left out earns nothing, and the feedback says so."""

    add_missing_cells = True

    def preprocess_cell(self, cell, resources, cell_index):
        edited = utils.is_grade(cell) and not utils.is_solution(cell) and self._was_edited(cell)
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if edited:
            cell.source = f"raise AssertionError({EDITED!r})"
        return cell, resources

    def missing_cell_transform(self, source_cell, max_score, is_solution=False, is_task=False):
        cell = super().missing_cell_transform(source_cell, max_score, is_solution, is_task)
        if cell.cell_type == "code" and not (is_solution or is_task):
            cell.source = f"raise AssertionError({DELETED!r})"
        return cell

    def _was_edited(self, cell) -> bool:
        with Gradebook(self.db_url) as gradebook:
            original = gradebook.find_source_cell(
                cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id
            ).source
        return {HIDDEN.sub("", original).strip(), original.strip()}.isdisjoint({cell.source.strip()})
