"""The docks are arranged anew while the edge of one is being dragged, by a key or by work that ends: all goes on."""

import pytest
from a_person import OFFSCREEN, person, window
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

__all__ = ["person", "window"]

pytestmark = pytest.mark.qt_log_ignore(*OFFSCREEN)

CHANGES = {
    "another workspace": lambda window: window.workspaces().show_workspace("train"),
    "the design": lambda window: window.workspaces().bench.arrangement.reset(),
    "the start screen": lambda window: window.files.close(),
}


def edge(dock, side: str) -> QPoint:
    """A point between a dock and the centre."""
    place = dock.geometry()
    return {
        "left": QPoint(place.right() + 2, place.center().y()),
        "right": QPoint(place.left() - 2, place.center().y()),
        "bottom": QPoint(place.center().x(), place.top() - 2),
    }[side]


def pull(window, start: QPoint, side: str, *steps: int) -> None:
    """Make the dock larger."""
    for step in steps:
        QTest.mouseMove(window, start + step * (QPoint(30, 0) if side == "left" else QPoint(-30, -30)))
        QApplication.processEvents()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("side", ["left", "right", "bottom"])
def test_an_edge_that_is_dragged_is_let_go_when_the_docks_are_arranged_anew(window, person, side, change):
    person.open_template("lenet5")
    arrangement = window.workspaces().bench.arrangement
    for name in ("train", "draw"):  # from now on each has a layout of its own, which Qt restores
        window.workspaces().show_workspace(name)
        person.until(lambda: arrangement._settled)
    person.until(lambda: arrangement.docks[side].isVisible())
    before, start = arrangement.docks[side].extent, edge(arrangement.docks[side], side)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=start)
    pull(window, start, side, 1, 2, 3)
    person.until(lambda: arrangement.docks[side].extent != before)
    CHANGES[change](window)
    QApplication.processEvents()
    extents = {name: dock.extent for name, dock in arrangement.docks.items()}
    pull(window, start, side, 4, 5, 6)
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, pos=start)
    QApplication.processEvents()
    assert {name: dock.extent for name, dock in arrangement.docks.items()} == extents
