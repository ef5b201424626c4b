"""Maps in a mosaic or a vector as bars, and how they are coloured and ordered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSpacerItem, QStackedWidget, QWidget

from gui.look.colour_legend import ColourLegend
from gui.look.mosaic import Mosaic, Tile
from gui.look.sentence import Sentence
from gui.look.vector_bars import VectorBars
from gui.style.colour_maps import ColourMap, Normalise, short
from gui.style.style import FIELD_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.segmented import Segment, Segmented

SPACING = 8
_ROOM_FOR_CAPTIONS = 500  # px


class Sort(StrEnum):
    """In which order maps stand."""

    INDEX = "Index"
    MAX = "Max"
    MEAN = "Mean"
    VARIANCE = "Variance"


class MapsView(QWidget):
    """What a node gives for an image, or a sentence in its place.

    ``marked`` tells which map is the current one, ``menu_asked`` of a map or value whose menu is wanted, and where.
    """

    marked = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: NDArray[np.float32] | None = None
        self._names: tuple[str, ...] = ()
        self._changed: Mapping[int, str] = {}
        self.colours = _choice("Colour map", [ColourMap.VIRIDIS, ColourMap.MAGMA, ColourMap.GREY])
        self.sort = _choice("Sort", list(Sort))
        self.normalise = Segmented([Segment(value, value.value) for value in Normalise], small=True)
        self.mosaic = Mosaic()
        self.bars = VectorBars()
        self.message = Sentence()
        self.legend = ColourLegend()
        self._lay_out()
        self.colours.activated.connect(self._restyle)
        self.normalise.chosen.connect(self._restyle)
        self.sort.activated.connect(self._show)
        self.mosaic.selected.connect(self._show_legend)
        self.mosaic.menu_asked.connect(self.menu_asked)
        self.bars.menu_asked.connect(self.menu_asked)

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        for page in (self.message, self.mosaic, self.bars):
            self.pages.addWidget(page)
        body = layouts.column(self, self._controls(), spacing=SPACING)
        body.addWidget(self.pages, 1)
        body.addWidget(self.legend)

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        self._captions = [caption(words) for words in ("Colour map", "Normalise", "Sort")]
        for words, choice in zip(self._captions, (self.colours, self.normalise, self.sort), strict=True):
            if row.count():
                row.addSpacerItem(_gap())
            row.addWidget(words)
            row.addWidget(choice)
            choice.setToolTip(words.text())
        row.addStretch(1)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the captions before anything is cut off; the tooltips have them."""
        super().resizeEvent(event)
        for words in self._captions:
            words.setVisible(self.width() >= _ROOM_FOR_CAPTIONS)

    def show_values(
        self,
        values: NDArray[np.float32] | None,
        names: Sequence[str] = (),
        changed: Mapping[int, str] | None = None,
    ) -> None:
        """Show maps ``(C, H, W)`` or a vector ``(N,)``, named if there are as many names; None waits for others.

        ``changed`` says of some maps what is done to them.
        """
        self.values, self._names, self._changed = values, tuple(names), changed or {}
        self._show()

    def say(self, sentence: str) -> None:
        """Show a sentence instead."""
        self.values = None
        self.message.setText(sentence)
        self.pages.setCurrentWidget(self.message)
        self.legend.hide()

    def _show(self) -> None:
        values = self.values
        if values is None:
            return
        flat = values.ndim != 3
        for widget in (self.colours, self.normalise, self.sort):
            widget.setEnabled(not flat)
        self.legend.setVisible(not flat)
        if flat:
            self.bars.show_values(values, self._names)
            self.pages.setCurrentWidget(self.bars)
            return
        self.mosaic.show_maps(values, _tiles(values, Sort(self.sort.currentData()), self._changed))
        self.pages.setCurrentWidget(self.mosaic)
        self._show_legend()

    def _show_legend(self) -> None:
        tiles = self.mosaic.tiles
        values = self.values
        if values is not None and values.ndim == 3 and tiles.current < len(values):
            span = tiles.span(tiles.current)
            words = {
                Normalise.PER_MAP: f"Each map is stretched to its own range; this is map {tiles.current}.",
                Normalise.LAYER: "All maps share the range of the layer.",
                Normalise.FIXED: "All maps show 0 to 1; values beyond take the end colours.",
            }[tiles.normalise]
            self.legend.show_span(tiles.colours, span, words)
            self.marked.emit(tiles.current)

    def _restyle(self) -> None:
        colours, normalise = ColourMap(self.colours.currentData()), Normalise(str(self.normalise.value))
        self.mosaic.tiles.restyle(colours=colours, normalise=normalise)
        self._show_legend()


def _tiles(values: NDArray[np.float32], sort: Sort, changed: Mapping[int, str]) -> list[Tile]:
    flat = values.reshape(len(values), -1)
    keys: dict[Sort, Callable[..., NDArray[np.float32]]]
    keys = {Sort.MAX: flat.max, Sort.MEAN: flat.mean, Sort.VARIANCE: flat.var}
    with np.errstate(over="ignore", invalid="ignore"):  # values may be too large for their variance, or infinite
        order = np.argsort(-keys[sort](axis=1), kind="stable") if sort in keys else np.arange(len(values))
    return [_tile(int(index), flat[index], changed.get(int(index), "")) for index in order]


def _tile(index: int, values: NDArray[np.float32], changed: str) -> Tile:
    if changed:
        return Tile(index, f"map {index}", changed, warns=True)
    if not values.any():
        return Tile(index, f"map {index}", "all zero", warns=True)
    return Tile(index, f"map {index}", f"max {short(float(values.max()))}")


def _choice(name: str, values: list[ColourMap] | list[Sort]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setFixedHeight(FIELD_HEIGHT)
    for value in values:
        box.addItem(value.value, value)
    return box


def _gap() -> QSpacerItem:
    """Between two controls where there is room for it."""
    return QSpacerItem(SPACING, 0, QSizePolicy.Policy.Maximum)


def caption(text: str) -> QLabel:
    """The words beside a field."""
    label = QLabel(text)
    role(label, "label")
    return label
