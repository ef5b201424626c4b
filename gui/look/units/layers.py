"""The left side of Deconvnet and Maximise a unit: the layers, and which images and pictures are wanted."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from engine.inspection import Maximise, TopPatches
from engine.inspection.units.layers import UnitLayer
from engine.reasons import reason
from engine.words import thousands
from gui.look.units.units import Units
from gui.registry.panels import PANELS, DockPlace, Room, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.form import Form
from gui.widgets.section import MARGIN, Section
from gui.widgets.segmented import Segment, Segmented

ROW, _HEAD = 46, 32  # px
_UNITS, _SEES = 48, 60  # px: the columns at the right
_ROOM = Room(240, 240, 240)
_READING = (
    "<b>Left:</b> the 9 patches that excite the unit most. <b>Right:</b> what in them did, projected back "
    "(Zeiler and Fergus 2014). <b>Below:</b> the picture that excites it most"
)
_READING_CLASSES = ", and the mean of its maximum for each class"
_CROPS = (Segment(False, "Seen part"), Segment(True, "Whole"))


@PANELS.register
class LayersPanel(QWidget):
    """Chooses the layer whose units are looked at, in which images, and how pictures are drawn."""

    tab = Tab("unit_layers", "Layers", "mdi6.layers-triple-outline", (DockPlace("look_inside", "left", 2),), _ROOM)

    def __init__(self, units: Units, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.units = units
        self.rows = LayerRows(units)
        self.images = Form(TopPatches, fields=("part", "most", "per_image"))
        self.crop = Segmented(_CROPS, small=True)
        self.how = Form(Maximise, fields=("adam_steps", "smooth", "grey", "seed"))
        self.again, self.reading = QPushButton("Maximise again"), QLabel()
        self._how = units.how  # what is in the fields; it is in force once the button is pressed
        self._lay_out()
        self.rows.chosen.connect(units.look.choose_node)
        self.images.edited.connect(self._take_images)
        self.how.edited.connect(self._take_how)
        self.images.refused.connect(self._refuse_images)
        self.how.refused.connect(self._refuse_how)
        self.crop.chosen.connect(self._crop)
        self.again.clicked.connect(self._draw_again)
        units.changed.connect(self._show)
        self._show()

    @classmethod
    def make(cls, session: Session) -> Self:
        """The one that Look inside has made."""
        return session.part(cls)

    def _lay_out(self) -> None:
        page = QWidget()
        role(page, "panel")
        images, how, reading = Section("Top patches"), Section("Maximise a unit"), Section("Reading a card")
        words = QLabel("Crop")
        role(words, "label")
        crop = layouts.row(None, words, self.crop, spacing=8)
        crop.insertStretch(1, 1)
        crop.setContentsMargins(0, 4, 0, 0)
        images.body.addWidget(self.images)
        images.body.addLayout(crop)
        self.crop.setAccessibleName("Crop")
        how.body.addWidget(self.how)
        how.body.addSpacing(8)
        how.body.addWidget(self.again)
        self.reading.setWordWrap(True)
        role(self.reading, "caption")
        reading.body.addWidget(self.reading)
        layouts.column(page, self.rows, images, how, reading).addStretch(1)
        layouts.column(self, layouts.scrolling(page))

    def _show(self) -> None:
        self.images.set_values(self.units.patches.model_dump())
        self.how.set_values(self._how.model_dump())
        self.again.setEnabled(self.units.answers is not None)
        self.reading.setText(_READING + (_READING_CLASSES if self.units.look.classes else "") + ".")

    def _take_images(self, path: str, value: Any, _: object) -> None:
        changed = self._changed(self.images, self.units.patches, path, value)
        if changed is not None:
            self.units.take_patches(changed, whole=self.units.whole)

    def _take_how(self, path: str, value: Any, _: object) -> None:
        changed = self._changed(self.how, self._how, path, value)
        if changed is not None:
            self._how = changed

    def _crop(self, whole: bool) -> None:
        self.units.take_patches(self.units.patches, whole=whole)

    def _draw_again(self) -> None:
        self.units.draw_again(self._how)

    def _refuse_images(self, path: str, why: str, _: object) -> None:
        self._refuse(self.images, path, why)

    def _refuse_how(self, path: str, why: str, _: object) -> None:
        self._refuse(self.how, path, why)

    def _changed(self, form: Form, settings: Any, path: str, value: Any) -> Any:
        """Settings with another value, or None, with the reason below the field."""
        try:
            return type(settings).model_validate({**settings.model_dump(), path: value})
        except ValidationError as error:
            self._refuse(form, path, reason(error, type(settings)))
            return None

    def _refuse(self, form: Form, path: str, why: str) -> None:
        settings: BaseModel = self.units.patches if form is self.images else self._how
        form.refuse(path, why, getattr(settings, path))


class LayerRows(QWidget):
    """A row a layer: its name and dead units, how many units it has, and how many pixels one sees."""

    chosen = Signal(str)

    def __init__(self, units: Units, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = units
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Layers with units")
        units.changed.connect(self._show)
        appearance().changed.connect(self.update)

    @property
    def layers(self) -> tuple[UnitLayer, ...]:
        """The layers, in the order they run."""
        return self._units.layers

    @property
    def current(self) -> int:
        """The row of the layer that is looked at, -1 if it is none of them."""
        asked = self._units.asked
        return self.layers.index(asked.layer) if asked and asked.layer in self.layers else -1

    def area_of(self, row: int) -> QRect:
        """Where a row stands."""
        return QRect(0, _HEAD + row * ROW, self.width(), ROW)

    def words(self, layer: UnitLayer) -> str:
        """A layer in words."""
        dead = dead_words(self._units.dead_in(layer))
        return ", ".join(filter(None, (layer.title, f"{thousands(layer.units)} units", self._sees(layer), dead)))

    def _show(self) -> None:
        self.setFixedHeight(_HEAD + ROW * len(self.layers) + 8)
        self.setAccessibleDescription(self.words(self.layers[self.current]) if self.current >= 0 else "none of them")
        self.setToolTip("\n".join(map(self.words, self.layers)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEAD + ROW * len(self.layers) + 8)

    def _sees(self, layer: UnitLayer) -> str:
        look = self._units.look
        found = look.analysis.nodes.get(layer.node)
        field, whole = found.receptive_field if found else None, (look.shape.height, look.shape.width)
        if field is None or (field.size[0] >= whole[0] and field.size[1] >= whole[1]):
            return "all"
        return "×".join(map(str, field.size))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.layers:
            return
        with QPainter(self) as painter:
            self._paint_head(painter)
            for row, layer in enumerate(self.layers):
                self._paint_row(painter, self.area_of(row), layer, current=row == self.current)

    def _paint_head(self, painter: QPainter) -> None:
        look = appearance()
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        self._paint_cells(painter, QRect(0, 4, self.width(), _HEAD - 4), ("Layer", "units", "sees px"))

    def _paint_cells(self, painter: QPainter, area: QRect, cells: tuple[str, str, str]) -> None:
        middle, right = Qt.AlignmentFlag.AlignVCenter, area.right() - MARGIN
        for text, end, wide in ((cells[2], right, _SEES), (cells[1], right - _SEES, _UNITS)):
            cell = QRect(end - wide, area.top(), wide, area.height())
            painter.drawText(cell, middle | Qt.AlignmentFlag.AlignRight, text)
        left = QRect(MARGIN, area.top(), right - _SEES - _UNITS - MARGIN, area.height())
        text = painter.fontMetrics().elidedText(cells[0], Qt.TextElideMode.ElideMiddle, left.width())
        painter.drawText(left, middle | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_row(self, painter: QPainter, area: QRect, layer: UnitLayer, *, current: bool) -> None:
        look = appearance()
        if current:
            painter.fillRect(area, look.colour("sel"))
        family = self._units.look.network.layer(layer.nodes[0]).family
        stripe = look.family(family) if family else look.colour("accent")
        painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), stripe)
        if current and self.hasFocus():
            painter.setPen(look.colour("accent"))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        upper = QRect(area.left(), area.top() + 5, area.width(), 20)
        painter.setFont(look.font(12, mono=True))
        painter.setPen(look.colour("text"))
        self._paint_cells(painter, upper, ("", thousands(layer.units), self._sees(layer)))
        painter.setFont(look.font(12, weight=600 if current else 400))
        self._paint_cells(painter, upper, (layer.title, "", ""))
        dead = self._units.dead_in(layer)
        painter.setFont(look.font(11))
        painter.setPen(look.colour("warn" if dead else "muted"))
        lower = QRect(MARGIN, area.top() + 24, area.width() - 2 * MARGIN, 17)
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, dead_words(dead))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for row, layer in enumerate(self.layers):
            if self.area_of(row).contains(event.position().toPoint()):
                self.chosen.emit(layer.node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self.layers:
            super().keyPressEvent(event)
            return
        self.chosen.emit(self.layers[min(max(self.current + step, 0), len(self.layers) - 1)].node)


def dead_words(dead: int | None) -> str:
    """How many units of a layer are dead, as far as that is known."""
    if dead is None:
        return ""
    return f"{thousands(dead)} dead" if dead else "none dead"
