"""Draw in windows of every size: docks have their room, and nothing in them is cut that need not be."""

import pytest
from PySide6.QtWidgets import QApplication

from gui.draw.summary.view import SummaryView
from gui.shell.docks import PanelDock


def docks(window) -> dict[str, PanelDock]:
    return {dock.objectName(): dock for dock in window.findChildren(PanelDock)}


@pytest.fixture
def drawing(person):
    person.open_template("lenet5")
    return person


def resized(person, width: int, height: int) -> None:
    person.window.resize(width, height)
    QApplication.processEvents()
    view = person.window.workspaces()
    for panel in ("code", "problems", "summary"):
        view.show_panel(panel)
        QApplication.processEvents()


@pytest.mark.parametrize("last", [1280, 1600, 2560])
def test_side_docks_keep_their_width_whatever_is_in_front_below(drawing, last):
    panel = drawing.window.workspaces()
    panel.show_panel("code")
    for width, height in ((2560, 1440), (1600, 1000), (last, 900)):
        resized(drawing, width, height)
    found = docks(drawing.window)
    assert found["left-dock"].width() == max(240, last // 9)
    assert found["right-dock"].width() == max(304, last // 7)
    strip = found["left-dock"].strip.tabs
    words = [strip.fontMetrics().horizontalAdvance(strip.tabText(index)) for index in range(strip.count())]
    assert all(strip.tabRect(index).width() >= word for index, word in enumerate(words))


def test_a_tall_window_has_a_taller_dock_below(drawing):
    heights = []
    for width, height in ((1600, 1000), (2560, 1440)):
        resized(drawing, width, height)
        heights.append(docks(drawing.window)["bottom-dock"].height())
    assert heights[0] in range(196, 206)
    assert heights[1] in range(280, 296)


@pytest.mark.parametrize("size", [(1100, 830), (1280, 830), (1600, 1000), (2560, 1440)])
def test_the_summary_needs_no_scrolling_aside(drawing, size):
    resized(drawing, 2560, 1440)
    resized(drawing, *size)
    table = drawing.window.findChild(SummaryView)
    header = table.header()
    assert sum(header.sectionSize(column) for column in range(header.count())) <= table.viewport().width()
    assert not table.horizontalScrollBar().isVisible()
    assert header.sectionSize(2) >= 130


def test_a_column_that_was_dragged_stays_as_wide(drawing):
    resized(drawing, 1600, 1000)
    header = drawing.window.findChild(SummaryView).header()
    header.resizeSection(0, 260)
    resized(drawing, 1280, 830)
    assert header.sectionSize(0) == 260


def test_a_tab_that_is_shown_is_no_drag(drawing):
    arrangement = drawing.window.workspaces().bench.arrangement
    for width, height in ((1600, 1000), (2560, 1440)):
        for _ in range(2):
            resized(drawing, width, height)
            drawing.until(lambda: arrangement._settled)
    assert docks(drawing.window)["left-dock"].width() == 2560 // 9
