"""Images as points, by class and by what the network takes them for; the image below the pointer beside them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from engine.data.part_words import SPOKEN
from engine.inspection.results import Points
from engine.words import counted, percent_text, thousands
from gui.look.class_marks import icon_of
from gui.look.part_images import PartImages
from gui.look.points_plot import PointsPlot
from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.flow import Flow

_PICTURE, _BESIDE = 96, 132  # px: the image of a point, and the column that it stands in
_MOST_NAMED = 24  # classes in the legend
_ALL = -1
_EVALUATED = ("validation", "test")  # parts that Evaluate has a matrix of


class PointsPage(QWidget):
    """The points, who is who among them, and two filters that together are a cell of the confusion matrix.

    ``chosen`` carries the pixels of an image to look at, what it is called and the number of its class.
    """

    chosen = Signal(object, str, int)
    cell_wanted = Signal(str, int, int)  # part, true class, what it is taken for: to be seen in the matrix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: Points | None = None
        self._folder, self._facts = Path(), ""
        self._coming: tuple[int, int] | None = None  # the filters of the points that come next
        self._wanted = _ALL  # the position in the part of the image that was clicked, until it is read
        self.plot, self.images = PointsPlot(), PartImages(self)
        self.picture, self.said = QLabel(), ElidedLabel()
        self.true, self.taken, self.all = QComboBox(), QComboBox(), QPushButton("Show all")
        self.matrix = QPushButton("In the matrix")
        self.legend = QWidget()
        self._lay_out()
        self.plot.pointed.connect(self._point)
        self.plot.chosen.connect(self._choose)
        self.images.read.connect(self._show_picture)
        self.matrix.clicked.connect(self._want_cell)
        self.all.clicked.connect(self._show_all)
        for box in (self.true, self.taken):
            box.activated.connect(self._filter)
        appearance().changed.connect(self._show_marks)

    def _show_all(self) -> None:
        self.filter(_ALL, _ALL)

    def _lay_out(self) -> None:
        self.true.setAccessibleName("True class")
        self.taken.setAccessibleName("Taken for")
        self.matrix.setToolTip("Show these images as a cell of the confusion matrix, in Evaluate")
        for button in (self.all, self.matrix):
            mark(button, "scale", "small")
        role(self.said, "caption")
        self.picture.setFixedSize(_PICTURE, _PICTURE)
        self.picture.setAccessibleName("The image of the point")
        self.plot.setToolTip("Point at an image to see it, click it to look at it; wheel and drag move the plane.")
        filters = layouts.row(None, self.true, self.taken, self.all, self.matrix, spacing=8)
        filters.addStretch(1)
        self._marks = Flow(self.legend, spacing=2)
        beside = QWidget()
        beside.setFixedWidth(_BESIDE)
        side = layouts.column(beside, self.picture, spacing=8)
        side.addWidget(layouts.scrolling(self.legend), 1)
        middle = layouts.row(None, self.plot, beside, spacing=12)
        middle.setStretch(0, 1)
        column = layouts.column(self, filters, spacing=8)
        column.addLayout(middle, 1)
        column.addWidget(self.said)

    def show_points(self, points: Points, folder: Path) -> None:
        """Show the points of a run's images; the filters stay where there are such classes."""
        same = self._points is not None and self._points.classes == points.classes
        self._points, self._folder = points, folder
        self.plot.show_points(points)
        if not same:
            self._fill_filters()
        self._show_marks()
        coming, self._coming = self._coming, None
        self.filter(*coming) if coming else self._filter()
        self._point(_ALL)

    def filter(self, true: int, taken: int) -> None:
        """Let the images of a class stand out that are taken for another, as a cell of the matrix; -1 is any class."""
        for box, number in ((self.true, true), (self.taken, taken)):
            box.setCurrentIndex(max(0, box.findData(number)))
        self._filter()

    def want(self, true: int, taken: int) -> None:
        """The same, also of the points that are still to come."""
        self._coming = (true, taken)
        self.filter(true, taken)

    def close_jobs(self) -> None:
        """End what is read: the window closes."""
        self.images.close_job()

    def _fill_filters(self) -> None:
        assert self._points is not None
        for box, any_class in ((self.true, "All classes"), (self.taken, "Taken for any")):
            box.clear()
            box.addItem(any_class, _ALL)
            for number, name in enumerate(self._points.classes):
                box.addItem(name if box is self.true else f"Taken for {name}", number)
            box.setVisible(bool(self._points.classes))
        for button in (self.all, self.matrix):
            button.setVisible(bool(self._points.classes))

    def _show_marks(self) -> None:
        layouts.clear(self._marks)
        names = self._points.classes if self._points else ()
        for number, name in enumerate(names[:_MOST_NAMED]):
            button = QPushButton(icon_of(number), name)
            role(button, "quiet")
            mark(button, "scale", "small")
            button.setToolTip(f"Show class {name} alone")
            button.clicked.connect(partial(self.filter, number, _ALL))
            self._marks.addWidget(button)
        for number in range(self.true.count()):
            self.true.setItemIcon(number, icon_of(number - 1) if number else self.true.itemIcon(_ALL))

    def _filter(self) -> None:
        points = self._points
        if points is None:
            return
        true, taken = self.true.currentData(), self.taken.currentData()
        kept = np.ones(len(points.values), bool)
        for chosen, found in ((true, points.labels), (taken, points.predicted)):
            if chosen is not None and chosen != _ALL:
                kept &= found == chosen
        self.plot.keep(kept)
        self.all.setEnabled(not kept.all())
        self.matrix.setEnabled(_ALL not in (true, taken) and points.part in _EVALUATED)
        self._facts = " · ".join(_facts(points, kept))
        self.said.setText(self._facts)

    def _want_cell(self) -> None:
        assert self._points is not None  # whose filters these are
        self.cell_wanted.emit(self._points.part, self.true.currentData(), self.taken.currentData())

    # One of them

    def _point(self, index: int) -> None:
        points = self._points
        self.picture.clear()
        if index < 0 or points is None:
            self.said.setText(self._facts)
            return
        self.said.setText(_about(points, index))
        self.plot.setAccessibleDescription(self.said.text())
        self.images.ask(self._folder, points.part, int(points.positions[index]))

    def _choose(self, index: int) -> None:
        assert self._points is not None  # there is a point that was clicked
        self._wanted = int(self._points.positions[index])
        self.images.ask(self._folder, self._points.part, self._wanted)

    def _show_picture(self, part: str, position: int, pixels: NDArray[np.uint8]) -> None:
        points, index = self._points, self.plot.current
        if points is None or part != points.part:
            return
        if index >= 0 and points.positions[index] == position:
            whole, sharp = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
            size = QSize(_PICTURE, _PICTURE)
            self.picture.setPixmap(QPixmap.fromImage(image_of_pixels(pixels).scaled(size, whole, sharp)))
        if position == self._wanted:
            self._wanted = _ALL
            label = int(points.labels[points.positions == position][0])
            self.chosen.emit(pixels, _called(part, position), label)


def _called(part: str, position: int) -> str:
    return f"{SPOKEN[part].capitalize()} image {position + 1}"


def _about(points: Points, index: int) -> str:
    """An image in words: "Validation image 12: class 9, taken for 5"."""
    called = _called(points.part, int(points.positions[index]))
    if not points.classes:
        return called
    true, taken = (points.classes[found[index]] for found in (points.labels, points.predicted))
    return f"{called}: class {true}, " + ("recognised" if true == taken else f"taken for {taken}")


def _facts(points: Points, kept: NDArray[np.bool_]) -> list[str]:
    """What can be said of the points that stand out."""
    facts = [f"{counted(int(kept.sum()), f'{SPOKEN[points.part]} image')}"]
    if points.classes:
        wrong = int((points.wrong & kept).sum())
        facts.append(f"{thousands(wrong)} taken for another class, ringed" if wrong else "all recognised")
    if points.explained:
        across, up = map(percent_text, points.explained)
        facts.append(f"{across} of the variance across, {up} up")
    return facts
