"""A page of figures: it works out what it shows once it can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from gui.evaluate.answer import Answer
from gui.evaluate.cards import CardGrid
from gui.evaluate.evaluator import Evaluated, Evaluator
from gui.style.style import role

if TYPE_CHECKING:
    from engine.tasks.class_evaluation import ClassEvaluation

MARGIN, GAP = 16, 12  # px around a page, and between its parts


class FigurePage(QWidget):
    """A subclass has a ``title`` and shows in `refresh` what there is to show; it is called in sight alone."""

    title = ""

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "canvas")
        self.evaluator = evaluator
        self._stale = True
        evaluator.changed.connect(self.invalidate)

    @property
    def result(self) -> Evaluated | None:
        """The evaluation that is shown."""
        return self.evaluator.result

    @property
    def found(self) -> ClassEvaluation | None:
        """The same where it tells classes apart."""
        return self.result.classes if self.result is not None else None

    def refresh(self) -> None:
        """Show what there is to show now."""
        raise NotImplementedError

    def answers(self) -> tuple[Answer[Any], ...]:
        """What is worked out for the page in threads."""
        return ()

    def close_jobs(self) -> None:
        """End the threads: the window closes."""
        for answer in self.answers():
            answer.close()
        for cards in self.findChildren(CardGrid):
            cards.close_job()

    def invalidate(self) -> None:
        """What is shown is no longer what there is."""
        self._stale = True
        if self.isVisible():
            self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._renew()

    def _renew(self) -> None:
        if self._stale and self.found is not None:
            self._stale = False
            self.refresh()


def splitter(way: Qt.Orientation, *parts: QWidget, shares: tuple[int, ...]) -> QSplitter:
    """Parts that share the room, with a gap between them that can be dragged."""
    splitter = QSplitter(way)
    role(splitter, "gap")
    splitter.setHandleWidth(GAP)
    splitter.setChildrenCollapsible(False)
    for part, share in zip(parts, shares, strict=True):
        splitter.addWidget(part)
        splitter.setStretchFactor(splitter.indexOf(part), share)
    splitter.setSizes([1000 * share for share in shares])
    return splitter
