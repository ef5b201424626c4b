"""Repeating a block: how many shall stand in a row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.network.rows import MOST_REPEATS
from gui.draw.canvas.floating.popup import Popup
from gui.style.style import mark, role
from gui.widgets.number_field import NumberField
from gui.widgets.values import Editor, Kind

TIMES = Kind("times", "Blocks in a row", Editor.INTEGER, 2, least=2, most=MOST_REPEATS)
NOT_WHOLE = f"{TIMES.title} takes a whole number."


class RepeatPopup(Popup):
    """A number over the canvas. Enter repeats, Esc closes; ``repeat`` gets the number and says why not, or ""."""

    def __init__(self, parent: QWidget, repeat: Callable[[int], str]) -> None:
        super().__init__(parent)
        self._repeat = repeat
        self._times: int | None = TIMES.default  # None while what is typed is refused
        self.field = NumberField(TIMES)
        self.field.setFixedWidth(72)
        self.field.edited.connect(self._take)
        self.field.refused.connect(self._refuse)
        self.field.installEventFilter(self)
        self.button = QPushButton("Repeat")
        role(self.button, "primary")
        mark(self.button, "scale", "small")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Enter in the field does the same
        self.button.clicked.connect(self._commit)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self._lay_out()

    def open_at(self, point: QPointF) -> None:
        """Show the popup with its top middle at a point of the parent, as far as it fits in."""
        self._times = TIMES.default
        self.field.reset(self._times)
        self._say("Enter repeats, Esc closes.")
        self.show_at(point)
        self.field.setFocus()
        self.field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._commit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_up()
                return True
        if event.type() is QEvent.Type.FocusOut:
            self.close_up()
        return super().eventFilter(watched, event)

    def _take(self, times: int | float) -> None:
        if isinstance(times, float):
            self._refuse(NOT_WHOLE)
            return
        self._times = times
        self._say("Enter repeats, Esc closes.")

    def _refuse(self, reason: str) -> None:
        self._times = None
        self._say(reason, wrong=True)

    def _commit(self) -> None:
        if self._times is None:
            return
        reason = self._repeat(self._times)
        if reason:
            self._say(reason, wrong=True)
        else:
            self.close_up()

    def _say(self, text: str, *, wrong: bool = False) -> None:
        role(self.words, "error" if wrong else "caption")
        self.field.set_error(wrong)
        self.words.setText(text)
        self.adjustSize()

    def _lay_out(self) -> None:
        title = QLabel(TIMES.title)
        role(title, "label")
        title.setBuddy(self.field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(title, 1)
        row.addWidget(self.field)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.words)
