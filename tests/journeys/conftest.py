"""The whole window, driven with mouse and keys as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from gui.appearance import ThemeChoice, appearance
from gui.main_window import MainWindow
from gui.style import apply_style

OFFSCREEN = ("does not support propagateSizeHints", "does not support raise", "does not support grabbing")
"""What the off-screen window system says of every window; it is no fault of ours."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN))


PATIENCE = 60_000  # ms; a slow machine may take its time, a fast one does not wait


class Person:
    """What a person at the window can do and see."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        self.window = window
        self.qtbot = qtbot

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget, in its middle unless a place is named."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def press(self, keys: str) -> None:
        """Press a key combination in whatever has the keyboard."""
        QTest.keySequence(QApplication.focusWidget() or self.window, keys)

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something can be seen."""
        self.qtbot.waitUntil(seen, timeout=PATIENCE)

    def open_template(self, name: str) -> None:
        """Open a template from its card on the start screen."""
        start = self.window.start
        self.until(lambda: any(card.template.name == name for card in start.cards))
        card = next(card for card in start.cards if card.template.name == name)
        QTest.keyClick(card, Qt.Key.Key_Return)
        self.until(lambda: self.window.has_document)


@pytest.fixture
def window(qapp, qtbot, monkeypatch) -> Iterator[MainWindow]:
    apply_style(qapp)
    appearance().choose(ThemeChoice.DARK)
    window = MainWindow()
    window.resize(QSize(1600, 1000))
    with qtbot.waitExposed(window):
        window.show()
    yield window
    monkeypatch.setattr(QMessageBox, "exec", lambda box: QMessageBox.StandardButton.Discard)
    window.close_at_once()
    window.deleteLater()


@pytest.fixture
def person(window, qtbot) -> Person:
    return Person(window, qtbot)
