"""The centre of Evaluate: the confusion matrix, the images of one of its cells, and the classes."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from engine.words import counted, thousands
from gui.evaluate.class_table import ClassTable
from gui.evaluate.confusion_matrix import ConfusionMatrix
from gui.evaluate.evaluator import Evaluator
from gui.style.style import role
from gui.train.runs.moved_data import CHOOSE_FOLDER, can_have_moved
from gui.widgets.busy_bar import BusyBar
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.figure_table import FactList
from gui.widgets.image_grid import ImageGrid
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.pages import Pages
from gui.widgets.segmented import Segment, Segmented

MARGIN = 16
_PLAIN_WIDTH = 360


class MatrixPanel(QWidget):
    """Before an evaluation it offers one; ``image_chosen`` carries pixels and label of an image that was clicked."""

    image_chosen = Signal(object, int)

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "canvas")
        self._evaluator = evaluator
        self._make_widgets()
        self._lay_out()
        evaluator.changed.connect(self._show)
        evaluator.cell_changed.connect(self._show_cell)
        evaluator.cell_images.changed.connect(self._show_images)
        evaluator.progressed.connect(self._show_progress)
        self._show()

    def _make_widgets(self) -> None:
        self.splits = Segmented((Segment("validation", "Validation"), Segment("test", "Test")), small=True)
        self.splits.choose("test")
        self.splits.chosen.connect(self._evaluator.choose_split)
        self.numbers = Segmented((Segment(False, "Count"), Segment(True, "Row %")), small=True)
        self.numbers.chosen.connect(self._show_shares)
        self.heading = ElidedLabel()
        role(self.heading, "title")
        self.plain = FactList()
        self.matrix = ConfusionMatrix()
        self.matrix.chosen.connect(self._evaluator.choose_cell)
        self.cell = ElidedLabel()
        role(self.cell, "heading")
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        role(self.trouble, "error")
        self.images = ImageGrid()
        self.images.chosen.connect(self._choose_image)
        self.table = ClassTable()
        self.table.class_chosen.connect(self._choose_class)
        self.evaluate = QPushButton()
        role(self.evaluate, "primary")
        self.evaluate.clicked.connect(self._evaluator.start)
        self.other_folder = OfferButton()
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self._evaluator.cancel)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        role(self.message, "label")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.numbers)
        head.addWidget(self.splits)
        self.pages = Pages()
        self.pages.addWidget(self._offer())
        self.pages.addWidget(self._results())
        self.pages.addWidget(self._plain_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 12, MARGIN, 12)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)

    def _offer(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(1)
        words = QHBoxLayout()  # between stretches: aligned, it would get the height of one line
        words.addStretch(1)
        words.addWidget(self.message, 1000)  # up to its greatest width
        words.addStretch(1)
        column.addLayout(words)
        for widget in (self.evaluate, self.other_folder, self.progress, self.cancel):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self.message.setMaximumWidth(480)
        self.progress.setFixedWidth(320)
        column.addStretch(2)
        return page

    def _results(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.cell)
        column.addWidget(self.trouble)
        column.addWidget(self.images, 1)
        self._busy = BusyBar(side)
        top = QSplitter(Qt.Orientation.Horizontal)
        top.addWidget(self.matrix)
        top.addWidget(side)
        top.setStretchFactor(0, 3)
        top.setStretchFactor(1, 2)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(top)
        both.addWidget(self.table)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        return both

    def _plain_page(self) -> QWidget:
        """The figures of a task that has no pictures of its own."""
        page = QWidget()
        self.plain.setFixedWidth(_PLAIN_WIDTH)
        column = QVBoxLayout(page)
        column.addWidget(self.plain, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    # Following

    def _show(self) -> None:
        evaluator = self._evaluator
        result, run = evaluator.result, evaluator.run
        found = result.classes if result else None
        what = "Confusion matrix" if result is None or found else run.project.task.title if run else ""
        self.heading.setText(f"{what} · {run.title}" if run is not None else "Evaluate")
        self.numbers.setVisible(found is not None)
        self.splits.setEnabled(evaluator.ready)
        if result is None:
            self._show_offer()
            self.pages.setCurrentIndex(0)
            return
        if found is None:
            self.plain.show_facts(result.evaluation.figures())
            self.pages.setCurrentIndex(2)
            return
        self.matrix.show_counts(found.confusion, found.classes)
        self.table.show_classes(found)
        self.pages.setCurrentIndex(1)
        if self.hasFocus():  # since the button that asked for it went
            self.matrix.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_cell()

    def _show_offer(self) -> None:
        evaluator = self._evaluator
        run = evaluator.run
        if run is not None:
            count = run.record.images.get(evaluator.split) if run.record else None
            images = f"{thousands(count)} {evaluator.split}" if count else f"its {evaluator.split}"
            self.evaluate.setText(f"Evaluate run {run.number} on {images} images")
        lost = run if evaluator.message and can_have_moved(run) else None
        self.other_folder.show_offer(
            Offer(CHOOSE_FOLDER, partial(evaluator.runs.moved_data.ask, lost)) if lost else None
        )
        self.evaluate.setVisible(evaluator.ready and not evaluator.busy)
        self.progress.setVisible(evaluator.busy)
        self.cancel.setVisible(evaluator.busy)
        self.progress.setRange(0, 0)
        if evaluator.busy:
            self.message.setText("Starting")
        elif evaluator.message:
            self.message.setText(evaluator.message)
        elif evaluator.ready:
            self.message.setText(f"The best weights of the run, on its {evaluator.split} images.")
        else:
            self.message.setText("No run has finished an epoch yet. Press Ctrl+Enter to train.")

    def _show_progress(self, text: str, fraction: float) -> None:
        self.message.setText(text)
        self.progress.setRange(0, 0 if fraction < 0 else 100)
        self.progress.setValue(round(100 * fraction))

    def _show_cell(self) -> None:
        result, cell = self._evaluator.result, self._evaluator.cell
        self.matrix.mark(cell)
        if result is None or result.classes is None or cell is None:
            self.cell.setText("No mistakes" if result is not None else "")
            return
        (true, predicted), found = cell, result.classes
        positions = found.predictions.in_cell(true, predicted)
        count = counted(len(positions), "image", "images")
        words = f"{found.classes[true]} recognised" if true == predicted else ""
        self.cell.setText(f"{words or f'{found.classes[true]} taken for {found.classes[predicted]}'} · {count}")
        self.table.mark(true)

    def _show_images(self) -> None:
        images = self._evaluator.cell_images
        self._busy.set_busy(images.busy)
        self.trouble.setText(images.message)
        self.trouble.setVisible(bool(images.message))
        self.images.show_images(images.pixels)

    def _show_shares(self, shares: bool) -> None:
        self.matrix.show_shares(shares)

    def _choose_class(self, index: int) -> None:
        result = self._evaluator.result
        if result is not None and result.classes is not None:
            row = result.classes.confusion[index].copy()
            row[index] = 0
            self._evaluator.choose_cell(index, int(np.argmax(row)) if row.any() else index)

    def _choose_image(self, place: int) -> None:
        pixels, cell = self._evaluator.cell_images.pixels, self._evaluator.cell
        if pixels is not None and cell is not None:
            self.image_chosen.emit(pixels[place], cell[0])
