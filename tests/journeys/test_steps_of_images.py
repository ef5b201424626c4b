"""Augmentation put together in the window, and what the network receives of it."""

import pytest
from a_person import OFFSCREEN
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.data.received.view import Received
from gui.data.steps.panel import StepsPanel
from gui.widgets.card_note import NoteBox

pytestmark = pytest.mark.qt_log_ignore(*OFFSCREEN)


def test_steps_are_chosen_ordered_changed_and_seen(window, person):
    person.open_template("lenet5")
    window.activateWindow()
    person.until(window.isActiveWindow)
    person.press("Ctrl+2")
    received, document = window.session.part(Received), window.document
    panel = window.findChild(StepsPanel)
    preview = received.preview

    def settle():
        person.until(lambda: preview.up_to_date and not preview.judging)
        QApplication.processEvents()

    def steps():
        return [step.name for step in document.project.data.steps]

    person.until(lambda: len(received.marked.images) == 6)
    settle()
    assert [column.title for column in preview.receipt.columns] == ["Normalise"]

    person.click(panel.presets.button("digits"))
    settle()
    assert [column.title for column in preview.receipt.columns] == ["Affine", "Local warp", "Normalise"]
    before = [row.cells[0].lines for row in preview.receipt.rows]
    person.press("R")
    received.grid.setFocus()
    person.press("R")
    settle()
    assert [row.cells[0].lines for row in preview.receipt.rows] != before

    person.click(panel.adding.chips["mirror"])
    person.until(lambda: len(panel.steps.cards) == 3)
    person.press("Alt+Up")
    assert steps() == ["affine", "mirror", "warp"]
    settle()
    assert [column.title for column in preview.receipt.columns][:3] == ["Affine", "Mirror", "Local warp"]
    person.until(lambda: any("mirrored" in box.text.text() for box in panel.findChildren(NoteBox)))

    handle = panel.steps.cards[0].fields["angle"].editor.track.handles[1]
    middle = handle.rect().center()
    count = document.undo_stack.count()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    for _ in range(4):
        QTest.mouseMove(handle, middle + QPoint(6, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    assert document.project.data.steps[0].angle[1] > 10
    assert document.undo_stack.count() == count + 1
    person.press("Ctrl+Z")
    assert document.project.data.steps[0].angle == (-10, 10)

    panel.steps.cards[1].setFocus()
    person.press("B")
    settle()
    assert [column.title for column in preview.receipt.columns] == ["Affine", "Local warp", "Normalise"]
    person.press("Delete")
    assert steps() == ["affine", "warp"]
    for _ in range(document.undo_stack.count()):
        person.press("Ctrl+Z")
    assert steps() == []
    settle()
    assert [column.title for column in preview.receipt.columns] == ["Normalise"]
