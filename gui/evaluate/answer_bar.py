"""How far what a page asked for has come, or why it did not."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.evaluate.answer import Answer
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.waiting_line import WaitingLine


class AnswerBar(QWidget):
    """Progress with Cancel while an answer is being worked out, the reason where it failed, else nothing."""

    def __init__(self, answer: Answer[Any], words: str, parent: QWidget | None = None) -> None:
        """``words`` say what is done until the work tells itself."""
        super().__init__(parent)
        self._answer, self._words = answer, words
        self.waiting, self.trouble = WaitingLine(), QLabel()
        self.trouble.setWordWrap(True)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        role(self.trouble, "error")
        layouts.column(self, self.waiting, self.trouble)
        self.waiting.cancel.clicked.connect(answer.cancel)
        answer.progressed.connect(self.waiting.show_progress)
        answer.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.trouble.setText(self._answer.message)
        self.trouble.setVisible(bool(self._answer.message))
        if self._answer.busy:
            self.waiting.begin(self._words)
        else:
            self.waiting.end()
