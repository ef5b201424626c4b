"""The Problems panel: rows, previews, fixes and counts."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from toy_regression import Regression, registered, toy_project

from engine.layers import LAYERS
from engine.network import Network, Severity
from engine.project import Project
from gui.document import Document
from gui.draw.problems import ProblemsPanel
from gui.draw.problems.panel import MOST_ROWS


class Anything(Regression):
    """The toy, content with any number of values."""

    def misfits(self, setup):
        yield from ()


@pytest.fixture
def panel(document, show):
    document.edit("Break", lambda n: (n.remove("flatten"), n.connect("pool", "fc")))
    panel = ProblemsPanel(document)
    show(panel, 1056, 200)
    return panel


def shown(panel):
    return [row for row in panel.rows if row.isVisible()]


def test_a_row_says_what_where_and_what_mends_it(panel, document):
    problem = document.analysis.errors[0]
    row = shown(panel)[0]
    assert row.message.text() == problem.message
    assert row.effect.text() == problem.fixes[0].effect
    assert row.location.text() == "fc"
    assert row.fixes.first.text() == problem.fixes[0].label
    assert row.accessibleName().startswith("Error: ")


def test_errors_come_before_warnings(panel):
    severities = [problem.severity for problem in panel.problems]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING].index)


def test_hovering_and_focusing_a_fix_previews_it(panel):
    previews = []
    panel.preview_requested.connect(previews.append)
    button = shown(panel)[0].fixes.first
    button.setFocus()
    assert previews == [panel.problems[0].fixes[0]]
    shown(panel)[0].setFocus()
    assert previews[-1] is None
    place = QPointF(button.rect().center())
    QApplication.sendEvent(button, QEnterEvent(place, place, button.mapToGlobal(place)))
    assert previews[-1] == panel.problems[0].fixes[0]


def test_one_click_mends_as_an_undo_step_of_that_name(panel, document, show):
    label = panel.problems[0].fixes[0].label
    QTest.mouseClick(shown(panel)[0].fixes.first, Qt.MouseButton.LeftButton)
    show()
    assert document.analysis.ok
    assert document.undo_stack.undoText() == label
    document.undo_stack.undo()
    show()
    assert not document.analysis.ok


def test_the_menu_holds_the_other_fixes(panel, document, show):
    document.edit("More", lambda n: n.set_layer("conv1", n.layer("conv1").with_settings(kernel_size=(11, 11))))
    show()
    row = next(row for row in shown(panel) if len(row.problem.fixes) > 1)
    actions = row.fixes.menu.actions()
    assert [action.text() for action in actions] == [fix.label for fix in row.problem.fixes[1:]]
    previews = []
    panel.preview_requested.connect(previews.append)
    actions[0].hover()
    assert previews == [row.problem.fixes[1]]
    label = actions[0].text()
    actions[0].trigger()
    assert document.undo_stack.undoText() == label


def test_a_click_and_f8_select_the_layer(panel, document, show):
    heard = []
    panel.node_activated.connect(heard.append)
    QTest.mouseClick(shown(panel)[0], Qt.MouseButton.LeftButton)
    assert heard == ["fc"]
    assert document.selection.names == ("fc",)
    show()
    assert shown(panel)[0].selected
    document.select()
    panel.next_problem()
    assert document.selection.names == ("fc",)


def test_rows_are_walked_by_keys(panel, document, show):
    document.edit("More", lambda n: n.add(LAYERS["ReLU"](), "lonely"))
    show()
    first, second = shown(panel)[:2]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert document.selection.names == (second.problem.node,)
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_applying_the_first_fix_needs_no_row(panel, document):
    panel.apply_fix()
    assert document.analysis.ok
    panel.apply_fix()
    panel.next_problem()


def test_counts_are_told_while_hidden(panel, document):
    counts = []
    panel.counts_changed.connect(counts.append)
    panel.hide()
    document.undo_stack.undo()
    assert counts == [dict.fromkeys(Severity, 0)]
    document.replace(Project())
    document.undo_stack.redo()


def test_no_problems_says_what_becomes_of_an_image(document, show):
    panel = ProblemsPanel(document)
    show(panel)
    assert panel.empty.isVisible()
    assert panel.empty.text() == "No problems. 1×8×8 becomes 10 classes."


@pytest.mark.parametrize(("outputs", "said"), [(1, "1 value"), (3, "3 values")])
def test_only_a_task_of_classes_is_said_to_give_classes(show, outputs, said):
    with registered():
        project = toy_project(outputs)
        project.task = Anything()
        panel = ProblemsPanel(Document(project))
        show(panel)
        assert panel.empty.text() == f"No problems. 1×8×8 becomes {said}."


def test_no_network_is_no_problem(qapp, show):
    panel = ProblemsPanel(Document())
    show(panel)
    assert panel.empty.text().startswith("No problems.")


def test_more_than_a_hundred_are_counted(qapp, show):
    network = Network()
    network.add(LAYERS["Input"](), "input")
    for _ in range(MOST_ROWS + 5):
        network.add(LAYERS["Linear"](), inputs="input")
    panel = ProblemsPanel(Document(Project(network=network)))
    show(panel, 1056, 200)
    assert len(shown(panel)) == MOST_ROWS
    assert panel.more.text() == f"and {len(panel.problems) - MOST_ROWS} more"
