"""The left side of Evaluate: the figures of a run, and its worst mistakes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Self

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.tasks.class_evaluation import ClassEvaluation
from engine.words import counted
from gui.evaluate.calibration import CalibrationSection
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.together import TogetherSection
from gui.evaluate.worst import WorstList
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.section import MARGIN, Section
from gui.widgets.stat_tile import StatTile

TILES = ("Top-1 accuracy", "Top-5 accuracy", "Macro F1", "Loss")


@PANELS.register
class FiguresPanel(QWidget):
    """Top-1 with its 95 % interval, top-5, macro F1, loss, the calibration diagram, and the worst errors."""

    tab = Tab("figures", "Summary", "mdi6.target", (DockPlace("evaluate", "left", 1),))

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self._evaluator = evaluator
        self._tiles = {name: StatTile(name, framed=False) for name in TILES}
        self.calibration = CalibrationSection(evaluator)
        self.changes = QLabel()
        self.changes.setWordWrap(True)
        role(self.changes, "warning")
        self.mistakes = WorstList()
        self.mistakes.opened.connect(evaluator.look_at)
        self.mistakes.pictures.died.connect(lambda error: self._say(str(error)))
        self._no_mistakes = QLabel()
        self._no_mistakes.setWordWrap(True)
        role(self._no_mistakes, "caption")
        self.together = TogetherSection(evaluator)
        self._lay_out()
        evaluator.changed.connect(self._show)
        appearance().changed.connect(self._show)
        self._show()

    @classmethod
    def make(cls, session: Session) -> Self:
        """The one that Evaluate has made."""
        return session.part(cls)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(MARGIN, 14, MARGIN, 8)
        grid.setSpacing(8)
        for place, tile in enumerate(self._tiles.values()):
            grid.addWidget(tile, place // 2, place % 2)
        note = QVBoxLayout()
        note.setContentsMargins(MARGIN, 0, MARGIN, 8)
        note.addWidget(self.changes)
        self._worst = Section("Worst errors", caption="by loss")
        self._worst.body.addWidget(self._no_mistakes)
        self._worst.body.addWidget(self.mistakes, 1)
        self._worst.body.addStretch(0)
        page = QWidget()
        role(page, "page")
        inside = layouts.column(page, grid, note, self.calibration, self.together)
        inside.addWidget(self._worst, 1)
        layouts.column(self, layouts.scrolling(page))

    def close_jobs(self) -> None:
        """End the threads: the window closes."""
        self.together.close_job()
        self.calibration.tempered.close()
        self.mistakes.pictures.close()

    def _show(self) -> None:
        result = self._evaluator.result
        self._say_why_empty()
        self.mistakes.show_mistakes(result)
        self.changes.setText("\n".join(result.changes) if result else "")
        self.changes.setVisible(bool(self.changes.text()))
        found = result.classes if result else None
        project = self._evaluator.project
        expects_classes = result is None and project.task.targets == "classes"
        self._worst.setVisible(expects_classes or found is not None)
        if found is not None:
            self._show_classes(found)
            return
        measured = [metric.title for metric in project.task.measured(project.training)]
        self._show_plain(result.evaluation.figures() if result else (), TILES if expects_classes else measured)

    def _show_classes(self, found: ClassEvaluation) -> None:
        low, high = (100 * bound for bound in found.interval)
        top5 = ("–", "needs over 5 classes")  # as wide as the tile
        if found.top5 is not None:
            missed = round((1 - found.top5) * found.images)
            top5 = (f"{100 * found.top5:.1f} %", f"{counted(missed, 'image')} missed")
        figures = (
            (f"{100 * found.accuracy:.1f} %", f"95 %: {low:.1f} to {high:.1f}"),
            top5,
            (f"{found.macro_f1:.3f}", f"mean of {found.averaged}"),
            (f"{found.loss:.3f}", found.minimised[:1].lower() + found.minimised[1:]),
        )
        for (caption, tile), figure in zip(self._tiles.items(), figures, strict=True):
            tile.show_caption(caption)
            tile.show_figure(*figure)
            tile.show()

    def _show_plain(self, figures: Sequence[tuple[str, str]], expected: Sequence[str]) -> None:
        """Show figures that any task may give; without any, that those that are expected are not there yet."""
        shown = figures or [(caption, "–") for caption in expected]
        note = "" if figures else "not evaluated yet"
        for tile, figure in itertools.zip_longest(self._tiles.values(), shown[: len(TILES)]):
            tile.setVisible(figure is not None)
            if figure is not None:
                tile.show_caption(figure[0])
                tile.show_figure(figure[1], note)

    def _say(self, words: str) -> None:
        self._no_mistakes.setText(words)
        self._no_mistakes.setVisible(bool(words))

    def _say_why_empty(self) -> None:
        result = self._evaluator.result
        flawless = result is not None and result.classes is not None and result.classes.accuracy == 1
        self._say("Every image was recognised." if flawless else "They show after an evaluation." if not result else "")
        self.mistakes.setVisible(result is not None and not flawless)
