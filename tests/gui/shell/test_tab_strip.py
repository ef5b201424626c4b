"""Counts stand beside the words of their tab, over the line below it."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QTabBar

from gui.shell.tab_strip import TabStrip
from gui.style.style import apply_style


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
