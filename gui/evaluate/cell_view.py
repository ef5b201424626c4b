"""The images of one cell of the confusion matrix, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from engine.words import counted, thousands
from gui.evaluate.cards import Card, CardGrid
from gui.evaluate.evaluator import Evaluated, Evaluator
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel


class CellView(QFrame):
    """ "Blight taken for scorch, 17 images": the surest first; ``all_wanted`` asks for room for all, or back."""

    all_wanted = Signal(bool)
    labels_wanted = Signal(int)  # of the image at a position
    points_wanted = Signal()

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "card")
        self._evaluator = evaluator
        self.title, self.count = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle), QLabel()
        role(self.title, "heading")
        role(self.count, "label")
        self.close_button = QToolButton()
        self.close_button.setAccessibleName("Close the images")
        self.close_button.setToolTip("Close the images")
        self.close_button.clicked.connect(evaluator.close_cell)
        self.images, self.none = CardGrid("Images of the cell"), QLabel()
        self.none.setWordWrap(True)
        self.none.setContentsMargins(12, 0, 12, 0)
        role(self.none, "label")
        self.look, self.all, self.fix = QPushButton("Look inside"), QPushButton(), QPushButton("Fix labels")
        self.points = QPushButton("As points")
        self.all.setCheckable(True)
        for button in (self.look, self.all, self.points, self.fix):
            mark(button, "scale", "small")
            button.setIconSize(QSize(16, 16))
        role(self.fix, "text")
        self.look.setToolTip("Look inside the network with this image and this run (Enter)")
        self.fix.setToolTip("Judge whether this image has the right label")
        self.points.setToolTip("Show where a layer places these images among all others")
        self.points.clicked.connect(self.points_wanted)
        self._lay_out()
        self.images.opened.connect(evaluator.look_at)
        self.look.clicked.connect(self._open)
        self.fix.clicked.connect(self._fix)
        self.all.toggled.connect(self._want_all)
        evaluator.cell_changed.connect(self.refresh)
        appearance().changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        head = layouts.row(None, self.title, self.count, self.close_button, spacing=8)
        head.setStretch(0, 1)
        head.setContentsMargins(12, 8, 6, 6)
        foot = layouts.row(None, self.look, self.all, self.points, spacing=8)
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addStretch(1)
        foot.addWidget(self.fix)
        column = layouts.column(self, head, self.none, self.images, foot)
        column.setStretch(2, 1)

    def refresh(self) -> None:
        """Show the cell that is chosen now."""
        result, cell = self._evaluator.result, self._evaluator.cell
        self.all.setChecked(False)
        cards = cards_of(result, *cell) if result is not None and cell is not None else ()
        self.images.show_cards(result, cards)
        if result is None or result.classes is None or cell is None:
            return
        true, predicted = (result.classes.classes[index] for index in cell)
        said = "recognised" if true == predicted else f"taken for {predicted}"
        self.title.setText(f"{true} {said}")
        part = f"image of {true} in {result.own.name}" if result.own else f"{result.evaluation.split} image of {true}"
        self.none.setText(f"No {part} was {said}.")
        self.none.setVisible(not cards)
        self.count.setText(counted(len(cards), "image"))
        self.all.setText(f"All {thousands(len(cards))}")
        for button in (self.look, self.all, self.points, self.fix):
            button.setEnabled(bool(cards))

    def _open(self) -> None:
        if self.images.current is not None:
            self._evaluator.look_at(self.images.current.position)

    def _fix(self) -> None:
        if self.images.current is not None:
            self.labels_wanted.emit(self.images.current.position)

    def _want_all(self, wanted: bool) -> None:
        self.all.setToolTip("Back to the matrix" if wanted else "Show them in the whole room")
        self.all_wanted.emit(wanted)

    def _restyle(self) -> None:
        look = appearance()
        self.close_button.setIcon(look.icon("mdi6.close"))
        self.look.setIcon(look.icon("mdi6.eye-outline", "text"))
        self.points.setIcon(look.icon("mdi6.chart-scatter-plot", "text"))
        self.all.setIcon(look.icon("mdi6.image-multiple-outline", "text"))


def cards_of(result: Evaluated, true: int, predicted: int) -> list[Card]:
    """A card an image of a cell, the surest first."""
    found = result.classes
    if found is None:
        return []
    confidence = found.predictions.confidence
    return [
        Card(place, f"{100 * confidence[place]:.0f} %", f"#{place + 1}", result.about(place))
        for place in found.predictions.in_cell(true, predicted).tolist()
    ]
