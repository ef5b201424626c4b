"""The right side of Deconvnet and Maximise a unit: the current unit in full."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QToolButton, QWidget

from engine.words import path_text, whole_percent_text
from gui.look.sentence import Sentence
from gui.look.units.class_rows import ClassRows
from gui.look.units.desk import Source
from gui.look.units.epoch_row import EpochRow
from gui.look.units.large import LargeUnit
from gui.look.units.painting import paint_image, ring
from gui.look.units.sheet import SheetPair
from gui.look.units.units import Units
from gui.registry.panels import PANELS, DockPlace, Room, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels, short
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.section import MARGIN, Section

_PATCH, _PICTURE, _TITLE = 56, 118, 24  # px
_NARROW, _NARROW_PICTURE = 412, 100  # px of the panel, and of its pictures then
_ROWS = 10  # classes that are seen at once
_EMPTY = "Search the images: what a unit sees shows here."


@PANELS.register
class UnitPanel(QWidget):
    """Both sheets of the current unit, where a patch was, what the unit answers to most, by class and by epoch.

    ``pointed`` carries the unit and the rank of the patch below the pointer.
    """

    tab = Tab("unit", "Unit", "mdi6.image-search-outline", (DockPlace("look_inside", "right", 4),), Room(424, 384, 384))
    pointed = Signal(int, int)

    def __init__(self, units: Units, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.units = units
        self.title, self.facts, self.notes = ElidedLabel(), ElidedLabel(), QLabel()
        self.before, self.after, self.large = QToolButton(), QToolButton(), QPushButton("Large")
        self.sheets = SheetPair(_PATCH)
        self.source, self.drawn = Picture("Where it was"), Picture("Maximised")
        self.told = QLabel()
        self.classes, self.epochs, self.only = ClassRows(), EpochRow(), QLabel("Only one epoch is kept.")
        self.sentence = Sentence()
        self._lay_out()
        self._listen()
        self._show()

    @classmethod
    def make(cls, session: Session) -> Self:
        """The one that Look inside has made."""
        return session.part(cls)

    # How it is laid out

    def _lay_out(self) -> None:
        role(self.title, "large")
        for label in (self.facts, self.notes, self.only):
            role(label, "caption")
        role(self.told, "small")
        for label in (self.notes, self.told):
            label.setWordWrap(True)
        for button, words in ((self.before, "Previous unit"), (self.after, "Next unit")):
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setFixedSize(28, 28)
        mark(self.large, "scale", "small")
        self.large.setToolTip("Show the patches eight times as large (Enter)")
        page = QWidget()
        role(page, "page")
        column = layouts.column(page, self._head(), self._sheets(), self._pictures())
        self._by_class, self._by_epoch = (
            Section("Strongest answers", caption="mean, orange"),
            Section("", caption="projected back, maximised"),
        )
        self._class_rows = layouts.scrolling(self.classes)
        self._by_class.body.addWidget(self._class_rows)
        self._by_epoch.body.addWidget(self.epochs)
        self._by_epoch.body.addWidget(self.only)
        column.addWidget(self._by_class)
        column.addWidget(self._by_epoch)
        column.addStretch(1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.sentence)
        self._stack.addWidget(layouts.scrolling(page))

    def _head(self) -> QWidget:
        head = QWidget()
        row = layouts.row(head, layouts.column(None, self.title, self.facts, spacing=2), spacing=6)
        row.setStretch(0, 1)
        row.setContentsMargins(MARGIN, 10, MARGIN, 10)
        for button in (self.before, self.after, self.large):
            row.addWidget(button)
        return head

    def _sheets(self) -> QWidget:
        around = QWidget()
        column = layouts.column(around, self.sheets, self.notes, spacing=8)
        column.setContentsMargins(MARGIN, 0, MARGIN, 12)
        return around

    def _pictures(self) -> QWidget:
        around = QWidget()
        row = layouts.row(around, self.source, self.drawn, spacing=12)
        row.addWidget(self.told, 1)
        row.setContentsMargins(MARGIN, 4, MARGIN, 12)
        return around

    def _listen(self) -> None:
        units = self.units
        units.changed.connect(self._show)
        units.unit_changed.connect(self._show)
        units.pictures.changed.connect(self._show_pictures)
        self.sheets.pointed.connect(self._point)
        self.sheets.chosen.connect(units.look_at)
        self.before.clicked.connect(self._go_back)
        self.after.clicked.connect(self._go_on)
        self.large.clicked.connect(self.show_large)
        self.epochs.chosen.connect(units.look.choose_epoch)
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def _show_icons(self) -> None:
        self.before.setIcon(appearance().icon("mdi6.skip-previous"))
        self.after.setIcon(appearance().icon("mdi6.skip-next"))
        self.large.setIcon(appearance().icon("mdi6.arrow-expand-all"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the words beside the pictures."""
        super().resizeEvent(event)
        for picture in (self.source, self.drawn):
            picture.set_edge(_PICTURE if self.width() >= _NARROW else _NARROW_PICTURE)

    def _go_back(self) -> None:
        self.units.choose(self.units.unit - 1)

    def _go_on(self) -> None:
        self.units.choose(self.units.unit + 1)

    def show_large(self) -> None:
        """Show the patches of the current unit eight times as large."""
        sheets = self.units.pictures.sheets(self.units.unit)
        if sheets:
            LargeUnit(self.units, sheets, self.title.text(), self.window()).open()

    # What is shown

    def _show(self) -> None:
        units, answers = self.units, self.units.answers
        self.sentence.setText(units.trouble or ("" if units.busy else _EMPTY))
        self._stack.setCurrentIndex(0 if answers is None else 1)
        if answers is None or units.asked is None:
            return
        unit = units.unit
        self.title.setText(f"{path_text(units.asked.layer.nodes[0])}, unit {unit}")
        above = whole_percent_text(float(answers.cells_above[unit]))
        dead = answers.dead_words(unit) if answers.dead[unit] else ""
        self.facts.setText(dead or f"maximum {short(float(answers.highest[unit]))} · above 0 in {above} of all cells")
        self.before.setEnabled(unit > 0)
        self.after.setEnabled(unit + 1 < answers.units)
        self.classes.show_unit(answers, unit)
        self._class_rows.setFixedHeight(ClassRows.height_of(min(_ROWS, max(1, len(answers.classes)))))
        self._by_class.heading.setText("Strongest answers, by class" if answers.classes else "Strongest answers")
        self._by_epoch.heading.setText(f"Unit {unit} by epoch")
        self._show_pictures()

    def _show_pictures(self) -> None:
        units, answers = self.units, self.units.answers
        if answers is None:
            return
        sheets, drawn = units.pictures.sheets(units.unit), units.pictures.drawn(units.unit)
        self.sheets.show_sheets(sheets)
        self.large.setEnabled(sheets is not None)
        self.notes.setText(self._notes())
        self.drawn.show_image(drawn.image if drawn else None)
        self._show_source()
        epochs = units.epochs
        self._by_epoch.setVisible(units.look.trained and not answers.dead[units.unit])
        self.epochs.setVisible(len(epochs) > 1)
        self.only.setVisible(len(epochs) == 1)
        self.epochs.show_epochs(epochs, units.pictures.then(), units.look.epoch)

    def _notes(self) -> str:
        units, answers = self.units, self.units.answers
        sheets = units.pictures.sheets(units.unit)
        if sheets is None or answers is None:
            dead = answers is not None and answers.dead[units.unit]
            return "It gives one value for all images." if dead else units.pictures.refusal(units.unit)
        seen = sorted({source.class_name for source in sheets.sources if source.class_name})
        classes = f"{'Class' if len(seen) == 1 else 'Classes'} {', '.join(seen)}." if seen else ""
        return " ".join(filter(None, (classes, *sheets.rules)))

    def _show_source(self) -> None:
        units = self.units
        source, drawn = units.source(self.sheets.current), units.pictures.drawn(units.unit)
        self.source.show_image(image_of_pixels(source.pixels) if source else None, source)
        lines = []
        if source:
            lines += [f"I{source.words[1:]}", f"row {source.row}, column {source.column}"]
            lines += [f"<b>{short(source.answer)}</b>"]
        if drawn:
            told = "" if drawn.step == drawn.steps else f" after {drawn.step} of {drawn.steps} steps"
            lines += [f"Maximised picture{told}:", f"<b>{short(drawn.answer)}</b>"]
        self.told.setText("<br>".join(lines))

    def _point(self, rank: int) -> None:
        self._show_source()
        self.pointed.emit(self.units.unit if rank >= 0 else -1, rank)


class Picture(QWidget):
    """A titled square with an image, and perhaps what a patch saw of it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._image: QImage | None = None
        self._source: Source | None = None
        self.set_edge(_PICTURE)
        self.setAccessibleName(title)
        appearance().changed.connect(self.update)

    def set_edge(self, edge: int) -> None:
        """Be so large, px."""
        self.setFixedSize(QSize(edge, edge + _TITLE))

    def show_image(self, image: QImage | None, source: Source | None = None) -> None:
        """Show an image, and mark what a patch saw."""
        self._image, self._source = image, source
        self.setAccessibleDescription(source.words if source else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, area = appearance(), self.rect().adjusted(0, _TITLE, 0, 0)
        with QPainter(self) as painter:
            painter.setFont(look.font(12, weight=600))
            painter.setPen(look.colour("text"))
            painter.drawText(QRect(0, 0, self.width(), 20), Qt.AlignmentFlag.AlignVCenter, self._title)
            if self._image is None:
                painter.fillRect(area, look.colour("canvas"))
                return
            target = paint_image(painter, area, self._image)
            if self._source is not None:
                painter.setClipRect(area)
                ring(painter, _seen(self._source, target))


def _seen(source: Source, image: QRect) -> QRect:
    """Where the part of an image stands that a patch shows, in the rectangle in which the image is painted."""
    height, width = source.pixels.shape[1:]
    across, down = image.width() / width, image.height() / height
    (top, bottom), (left, right) = source.seen
    corner = QPointF(image.left() + left * across, image.top() + top * down)
    return QRectF(corner, QSizeF((right - left + 1) * across, (bottom - top + 1) * down)).toAlignedRect()
