"""A row of Problems: what it says has room beside its fixes."""

import pytest

from engine.network import Fix, Problem, Severity
from gui.draw.problems.row import ProblemRow
from gui.style.style import apply_style


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
    qtbot.waitUntil(row.location.isVisible)
    qtbot.waitUntil(lambda: row.location.geometry().right() < row.fixes.mapTo(row, row.fixes.rect().topLeft()).x())
    assert row.message.geometry().right() < row.location.geometry().left()


def test_in_a_small_window_the_message_has_what_its_place_can_spare(qtbot, qapp):
    apply_style(qapp)
    row = ProblemRow()
    qtbot.addWidget(row)
    fix = Fix("Set classifier to 10", "classifier then gives one score for each class.", lambda network: None)
    message = "Output gives 1\u202f000 classes, Digits has 10."
    row.show_problem(Problem("classes", Severity.ERROR, "output", message, fixes=(fix, fix)), selected=False)
    row.resize(734, 60)
    row.show()
    qtbot.waitUntil(lambda: row.message.fontMetrics().horizontalAdvance(message) <= row.message.width())
