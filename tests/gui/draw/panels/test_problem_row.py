"""A row of Problems: what it says has room beside its fixes."""

import pytest

from engine.network import Fix, Problem, Severity
from gui.draw.problems.row import ProblemRow


@pytest.mark.parametrize("width", [700, 724, 1044, 2200])
def test_where_a_problem_is_stands_clear_of_the_fixes(qtbot, width):
    row = ProblemRow()
    qtbot.addWidget(row)
    fix = Fix("Average to 56×56 and project to 256 maps", "", lambda network: None)
    row.show_problem(
        Problem("shapes", Severity.ERROR, "layer1.0.add", "Add needs equal shapes.", fixes=(fix, fix)), selected=False
    )
    row.resize(width, 44)
    row.show()
    assert row.location.isVisible()
    fixes = row.fixes.mapTo(row, row.fixes.rect().topLeft()).x()
    assert row.message.geometry().right() < row.location.geometry().left()
    assert row.location.geometry().right() < fixes
