"""Counts stand beside the words of their tab, over the line below it."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QTabBar

from engine.project import Project
from gui.registry.workspaces import WORKSPACES
from gui.shell.tab_strip import TabStrip
from gui.style.style import apply_style
from templates import build


@pytest.mark.parametrize("counts", [{"error": 1}, {"error": 2, "warning": 14}])
def test_counts_stand_by_the_words_of_their_own_tab(qtbot, qapp, counts):
    apply_style(qapp)
    strip = TabStrip()
    qtbot.addWidget(strip)
    for title in ("Problems", "Summary"):
        strip.tabs.addTab(title)
    strip.set_badges(0, counts)
    strip.resize(600, 36)
    strip.show()
    QApplication.processEvents()
    tab, words = strip.tabs.tabRect(0), strip.tabs.fontMetrics().horizontalAdvance("Problems")
    badges = strip.tabs.tabButton(0, QTabBar.ButtonPosition.RightSide).findChildren(QLabel)
    places = [(badge.mapTo(strip.tabs, QPoint(0, 0)).x(), badge.width()) for badge in badges]
    assert len(places) == len(counts)
    assert all(width >= 16 for _, width in places)  # as round as they are high
    first, (last, width) = places[0][0], places[-1]
    assert 10 + words < first < 10 + words + 16
    assert last + width <= tab.right() - 9  # where the line below the tab ends


def test_counts_stay_beside_their_tab_when_the_workspace_changes(window, person):
    window.document.replace(Project(build("googlenet")))
    window.files.opened.emit()
    view = window.workspaces()
    tabs = view.bench.docks["bottom"].strip.tabs

    def counted():
        box = tabs.tabButton(0, QTabBar.ButtonPosition.RightSide)
        return [label.text() for label in box.findChildren(QLabel)] if box else []

    person.until(lambda: counted() == ["3"])
    for name in WORKSPACES:
        view.show_workspace(name)
        assert counted() == ["3"], name
