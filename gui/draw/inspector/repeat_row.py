"""How many times a block shall stand in a row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from gui.draw.canvas.floating.repeat_popup import NOT_WHOLE, TIMES
from gui.style.style import mark, role
from gui.widgets.number_field import NumberField


class RepeatRow(QWidget):
    """A number and a button; Enter in the field does the same. ``asked`` carries the number."""

    asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prefix = ""
        self._times: int | None = TIMES.default  # None while what is typed is refused
        self.field = NumberField(TIMES)
        self.field.edited.connect(self._take)
        self.field.refused.connect(self._refuse_text)
        self.field.installEventFilter(self)
        self.button = QPushButton("Repeat")
        mark(self.button, "scale", "small")
        self.button.setToolTip("Put copies behind it, each fed by the one before (R on the canvas)")
        self.button.clicked.connect(self._ask)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.hide()
        role(self.reason, "error")
        self._lay_out()

    def show_block(self, prefix: str) -> None:
        """Start again for another block."""
        if prefix != self._prefix:
            self._prefix, self._times = prefix, TIMES.default
            self.field.reset(self._times)
            self.refuse("")

    def refuse(self, text: str) -> None:
        """Say why the block cannot be repeated so; "" takes the words away."""
        self.field.set_error(bool(text))
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self._ask()
            return True
        return super().eventFilter(watched, event)

    def _take(self, times: int | float) -> None:
        if isinstance(times, float):
            self._refuse_text(NOT_WHOLE)
            return
        self._times = times
        self.refuse("")

    def _refuse_text(self, why: str) -> None:
        """Repeat nothing while the field shows what is refused; "" says that Esc has taken it back."""
        self._times = None if why else self.field.value
        self.refuse(why)

    def _ask(self) -> None:
        if self._times is not None:
            self.asked.emit(self._times)

    def _lay_out(self) -> None:
        label = QLabel("In a row")
        label.setFixedWidth(104)
        label.setBuddy(self.field)
        role(label, "label")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.button, 0, 2)
        grid.addWidget(self.reason, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
