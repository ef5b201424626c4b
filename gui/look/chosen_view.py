"""The view that is looked through beside those that have places of their own."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from PySide6.QtCore import QObject, Signal

from engine.inspection import VIEWS, View
from engine.inspection.sight import Asked, Sight
from gui.look.look import Look
from gui.looker import Question


class ChosenView(QObject):
    """Asks for a view of the layer, the image and the weights that `Look` has, whenever one of them changes.

    It asks when the question of `Look` is answered, so that what a view needs or breaks keeps back nothing else.
    ``chosen`` says that it is another view, or none; ``shown`` carries its result, ``refused`` a sentence in its
    place. ``progressed`` tells how far one is that takes long, in words and as a fraction.
    """

    chosen = Signal()
    shown = Signal(object)
    refused = Signal(str)
    progressed = Signal(str, float)

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.view: View | None = None
        self._question: Question | None = None  # the last one, unless it is of an older layer, image or epoch
        look.asked.connect(self._forget)
        look.seen.connect(self._ask)
        look.looker.answered.connect(self._take)
        look.looker.failed.connect(self._fail)
        look.looker.progressed.connect(self._tell)

    def choose(self, view: View | None) -> None:
        """Look through another view, or through none."""
        self.view = view
        self.chosen.emit()
        self.look.ask()

    def blaming(self) -> AbstractContextManager[None]:
        """Raise `ChoiceFailedError`, which names the view, for an unexpected error within."""
        return VIEWS.blaming(self.view) if self.view else nullcontext()

    def call_off(self) -> None:
        """Give up what takes long."""
        if self._question is not None:
            self._question = None
            self.look.looker.call_off()
            self.refused.emit("Called off.")

    def ask_again(self) -> None:
        """Ask for the view once more."""
        self.look.ask()

    def _tell(self, question: Question, words: str, fraction: float) -> None:
        if question is self._question:
            self.progressed.emit(words, fraction)

    def _forget(self) -> None:
        self._question = None

    def _ask(self) -> None:
        if self.view is None:
            return
        node = self.look.node if self.view.needs_node else ""
        self._question = self.look.question(Asked(self.view, node))
        if self._question:
            self.look.looker.ask(self._question)

    def _take(self, question: Question, sight: Sight) -> None:
        if question is not self._question:
            return
        (asked,) = question.views
        if asked in sight.results:
            self.shown.emit(sight.results[asked])
        else:
            self.refused.emit(sight.refused[asked])

    def _fail(self, question: Question, sentence: str) -> None:
        if question is self._question:
            self.refused.emit(sentence)
