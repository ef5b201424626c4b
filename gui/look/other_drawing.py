"""Says that the run in view trained another drawing than the one that is open."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QWidget

from engine.network.sameness import changes_since
from gui.look.look import Look
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets.notice import Notice


class OtherDrawing(Notice):
    """What was changed since the run, and a button for the run's own drawing; hidden where nothing was changed."""

    wanted = Signal(object)  # the Run whose drawing shall be opened

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.button = QPushButton("Open its drawing")
        role(self.button, "fix")
        mark(self.button, "scale", "small")
        super().__init__(self.button, margins=(16, 10, 16, 4), parent=parent)
        self._look = look
        self.button.clicked.connect(lambda: self.wanted.emit(look.run))
        for signal in (look.reset, look.drawn):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Compare the run's drawing with the one that is open."""
        run = self._look.run
        changes = changes_since(self._look.network, self._look.document.network) if run else ""
        self.setVisible(bool(changes))
        if run is not None and changes:
            words = f"The drawing has changed since run {run.number}: {changes}."
            self.say(_sign, words, "What is shown here is of the drawing that the run trained.")


def _sign() -> QIcon:
    return appearance().icon("mdi6.alert", "warn")
