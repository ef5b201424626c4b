"""What is being done, how far it is, and Cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from gui.style.style import mark, role
from gui.widgets import layouts

_SHOW_AFTER = 300  # ms; what is done sooner shows nothing
_TELLING = 2  # s after which the time that is left can be told


class WaitingLine(QWidget):
    """Shows itself only when the work takes longer than 0.3 s; ``cancel`` is its button.

    Where there is little room aside, the words stand ``below``.
    """

    def __init__(self, parent: QWidget | None = None, *, below: bool = False) -> None:
        super().__init__(parent)
        self.bar, self.text, self.cancel = QProgressBar(), QLabel(), QPushButton("Cancel")
        self.bar.setTextVisible(False)
        role(self.text, "caption")
        mark(self.cancel, "scale", "small")
        if below:
            row = layouts.row(None, self.bar, self.cancel, spacing=12)
            row.setStretch(0, 1)
            layouts.column(self, row, self.text, spacing=4)
            self.text.setWordWrap(True)
        else:
            layouts.row(self, self.bar, self.text, self.cancel, spacing=12).setStretch(0, 1)
        self._began = 0.0
        self._delay = QTimer(self, singleShot=True, interval=_SHOW_AFTER)
        self._delay.timeout.connect(self.show)
        self.hide()

    def begin(self, text: str) -> None:
        """The work begins; ``text`` says what it is until it tells itself."""
        self._began = time.monotonic()
        self.show_progress(text, -1.0)
        self._delay.start()

    def end(self) -> None:
        """The work has ended, or is called off."""
        self._delay.stop()
        self.hide()

    def show_progress(self, text: str, fraction: float) -> None:
        """Say what is being done; a negative fraction is unknown."""
        passed = time.monotonic() - self._began
        self.bar.setRange(0, 1000 if fraction >= 0 else 0)
        self.bar.setValue(int(fraction * 1000))
        left = f", {max(1, round(passed / fraction - passed))} s left" if fraction > 0 and passed > _TELLING else ""
        self.text.setText(text + left)
