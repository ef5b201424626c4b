"""The left side of Evaluate: the figures of a run, and its worst mistakes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from engine.words import counted
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.together import TogetherSection
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.section import MARGIN, Section
from gui.widgets.stat_tile import StatTile

TILES = ("Top-1 accuracy", "Top-5 accuracy", "Macro F1", "Loss")
PICTURE = QSize(40, 40)


@PANELS.register
class FiguresPanel(QWidget):
    """Top-1 with its 95 % interval, top-5, macro F1, loss; ``image_chosen`` carries pixels and label of a mistake."""

    tab = Tab("figures", "Summary", "mdi6.target", (DockPlace("evaluate", "left", 1),))

    image_chosen = Signal(object, int)

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self._evaluator = evaluator
        self._tiles = {name: StatTile(name) for name in TILES}
        self._calibration = QLabel()
        self._calibration.setWordWrap(True)
        role(self._calibration, "caption")
        self.changes = QLabel()
        self.changes.setWordWrap(True)
        role(self.changes, "warning")
        self.mistakes = QListWidget()
        self.mistakes.setAccessibleName("Worst mistakes")
        self.mistakes.setIconSize(PICTURE)
        self.mistakes.setSpacing(2)
        self.mistakes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._no_mistakes = QLabel()
        self._no_mistakes.setWordWrap(True)
        role(self._no_mistakes, "caption")
        self.mistakes.itemActivated.connect(self._choose)
        self.mistakes.itemClicked.connect(self._choose)
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
        note.setContentsMargins(MARGIN, 0, MARGIN, 12)
        note.setSpacing(8)
        note.addWidget(self._calibration)
        note.addWidget(self.changes)
        self._worst = Section("Worst mistakes")
        self._worst.body.addWidget(self._no_mistakes)
        self._worst.body.addWidget(self.mistakes, 1)
        layout = layouts.column(self, grid, note, self.together)
        layout.addWidget(self._worst, 1)

    def _show(self) -> None:
        result = self._evaluator.result
        self.mistakes.clear()
        self._say_why_empty()
        self.changes.setText("\n".join(result.changes) if result else "")
        self.changes.setVisible(bool(self.changes.text()))
        found = result.classes if result else None
        project = self._evaluator.project
        expects_classes = result is None and project.task.targets == "classes"
        self._worst.setVisible(expects_classes or found is not None)
        if found is None:
            measured = [metric.title for metric in project.task.measured(project.training)]
            self._show_plain(result.evaluation.figures() if result else (), TILES if expects_classes else measured)
            return
        for tile, caption in zip(self._tiles.values(), TILES, strict=True):
            tile.show_caption(caption)
            tile.show()
        low, high = (100 * bound for bound in found.interval)
        top5 = ("–", "needs 6 classes")
        if found.top5 is not None:
            missed = round((1 - found.top5) * found.images)
            top5 = (f"{100 * found.top5:.1f} %", f"{counted(missed, 'image')} missed")
        self._tiles["Top-1 accuracy"].show_figure(f"{100 * found.accuracy:.1f} %", f"95 %: {low:.1f} to {high:.1f}")
        self._tiles["Top-5 accuracy"].show_figure(*top5)
        self._tiles["Macro F1"].show_figure(f"{found.macro_f1:.3f}", f"over {found.averaged}")
        self._tiles["Loss"].show_figure(f"{found.loss:.3f}", found.minimised[:1].lower() + found.minimised[1:])
        error = 100 * found.calibration_error
        self._calibration.setText(f"Confidence and accuracy differ by {error:.1f} % on average (calibration error).")
        self._show_mistakes()

    def _show_plain(self, figures: Sequence[tuple[str, str]], expected: Sequence[str]) -> None:
        """Show figures that any task may give; without any, that those that are expected are not there yet."""
        self._calibration.setText("")
        shown = figures or [(caption, "–") for caption in expected]
        note = "" if figures else "not evaluated yet"
        for tile, figure in itertools.zip_longest(self._tiles.values(), shown[: len(TILES)]):
            tile.setVisible(figure is not None)
            if figure is not None:
                tile.show_caption(figure[0])
                tile.show_figure(figure[1], note)

    def _say_why_empty(self) -> None:
        result = self._evaluator.result
        flawless = result is not None and result.classes is not None and result.classes.accuracy == 1
        self._no_mistakes.setText("Every image was recognised." if flawless else "They show after an evaluation.")
        self._no_mistakes.setVisible(flawless or result is None)

    def _show_mistakes(self) -> None:
        result = self._evaluator.result
        found = result.classes if result else None
        if result is None or found is None:
            return
        for place, (position, pixels) in enumerate(zip(result.worst, result.worst_pixels, strict=True)):
            taken = found.classes[found.predictions.predicted[position]]
            true = found.classes[found.predictions.labels[position]]
            share = 100 * found.predictions.confidence[position]
            item = QListWidgetItem(_icon(pixels), f"{share:.1f} % taken for {taken}\nis {true}")
            item.setToolTip(f"{share:.1f} % taken for {taken}, is {true}")
            item.setSizeHint(QSize(1, PICTURE.height() + 4))  # as wide as the list: longer names end in an ellipsis
            item.setData(Qt.ItemDataRole.UserRole, place)
            self.mistakes.addItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        result = self._evaluator.result
        if result is not None and result.classes is not None:
            place = item.data(Qt.ItemDataRole.UserRole)
            label = int(result.classes.predictions.labels[result.worst[place]])
            self.image_chosen.emit(result.worst_pixels[place], label)


def _icon(pixels: NDArray[np.uint8]) -> QIcon:
    image = image_of_pixels(pixels).scaled(PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
    return QIcon(QPixmap.fromImage(image))
