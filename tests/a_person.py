"""The whole window, driven with mouse and keys as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from gui.shell.main_window import MainWindow
from gui.start.collector import collect_in_gui_thread
from gui.style.appearance import ThemeChoice, appearance
from gui.style.style import apply_style

OFFSCREEN = ("does not support propagateSizeHints", "does not support raise", "does not support grabbing")
"""What the off-screen window system says of every window; it is no fault of ours."""


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

    def answer(self, label: str) -> None:
        """Press a button of the dialog that is about to open."""

        def press() -> None:
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox):
                timer.stop()
                next(button for button in box.buttons() if button.text() == label).click()

        timer = QTimer(self.window, interval=20)
        timer.timeout.connect(press)
        timer.start()

    def open_template(self, name: str) -> None:
        """Open a template from its card on the start screen."""
        start = self.window.start
        self.until(lambda: any(card.template.name == name for card in start.cards))
        card = next(card for card in start.cards if card.template.name == name)
        start.groups.button(card.template.group).click()
        QTest.keyClick(card, Qt.Key.Key_Return)
        self.until(lambda: self.window.has_document)


@pytest.fixture
def window(qapp, qtbot) -> Iterator[MainWindow]:
    collect_in_gui_thread(qapp)
    apply_style(qapp)
    appearance().choose(ThemeChoice.DARK)
    window = MainWindow()
    window.resize(QSize(1600, 1000))
    with qtbot.waitExposed(window, timeout=PATIENCE):
        window.show()
    yield window
    if window.isVisible():
        window.close_at_once()
    window.deleteLater()


@pytest.fixture
def person(window, qtbot) -> Person:
    return Person(window, qtbot)
