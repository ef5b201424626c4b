"""The centre of Look inside: a strip of layers, the maps of one of them, and the epochs to go through."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from engine.inspection.results import Kernels, Maps
from engine.layers import Shape
from engine.network.receptive_field import ReceptiveField
from gui.look.colour_legend import ColourLegend
from gui.look.kernel_strip import KernelStrip
from gui.look.layer_strip import Card, LayerStrip
from gui.look.look import Look
from gui.look.mosaic import Mosaic, Place, Tile
from gui.look.scrubber import Scrubber
from gui.look.vector_bars import VectorBars
from gui.style.colour_maps import ColourMap, Normalise, image_of_pixels, short
from gui.style.style import FIELD_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.section import separator
from gui.widgets.segmented import Segment, Segmented

MARGIN = 16


class Sort(StrEnum):
    """In which order maps stand."""

    INDEX = "Index"
    MAX = "Max"
    MEAN = "Mean"
    VARIANCE = "Variance"


class MapsPanel(QWidget):
    """Feature maps of the chosen layer for the chosen image; ``focused`` carries a receptive field in image pixels."""

    focused = Signal(object)
    said = Signal(str)  # for the status bar: where the pointer is
    pinned = Signal(object)  # the Place of a value that was clicked

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "canvas")
        self.look = look
        self._values: NDArray[np.float32] | None = None  # of the chosen layer
        self._make_widgets()
        self._lay_out()
        self._listen()
        self._show_node()

    def _make_widgets(self) -> None:
        self.strip = LayerStrip()
        self.title = QLabel()
        role(self.title, "title")
        self.about = ElidedLabel()
        role(self.about, "label")
        self.layers = QComboBox()
        self.layers.setAccessibleName("Layer")
        self.colours = _choice("Colour map", [ColourMap.VIRIDIS, ColourMap.MAGMA, ColourMap.GREY])
        self.sort = _choice("Sort", list(Sort))
        self.normalise = Segmented([Segment(value, value.value) for value in Normalise], small=True)
        self.mosaic = Mosaic()
        self.bars = VectorBars()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        role(self.message, "label")
        self.legend = ColourLegend()
        self.kernels = KernelStrip()
        self.scrubber = Scrubber()

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        for page in (self.message, self.mosaic, self.bars):
            self.pages.addWidget(page)
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 8, MARGIN, 8)
        body.setSpacing(8)
        body.addWidget(self.strip)
        body.addWidget(separator())
        body.addLayout(self._head())
        body.addLayout(self._controls())
        body.addWidget(self.pages, 1)
        body.addWidget(self.legend)
        body.addWidget(self.kernels)
        layout = layouts.column(self)
        layout.addLayout(body, 1)
        layout.addWidget(separator())
        self._foot = QWidget()
        role(self._foot, "panel")
        layouts.column(self._foot, self.scrubber)
        layout.addWidget(self._foot)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.about, 1)
        row.addWidget(_caption("Layer"))
        row.addWidget(self.layers)
        return row

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_caption("Colour map"))
        row.addWidget(self.colours)
        row.addSpacing(8)
        row.addWidget(_caption("Normalise"))
        row.addWidget(self.normalise)
        row.addSpacing(8)
        row.addWidget(_caption("Sort"))
        row.addWidget(self.sort)
        row.addStretch(1)
        return row

    def _listen(self) -> None:
        look = self.look
        look.reset.connect(self._show_network)
        look.epochs_changed.connect(self._show_epochs)
        look.node_changed.connect(self._show_node)
        look.seen.connect(self._show_cards)
        look.failed.connect(self._say)
        self.strip.chosen.connect(look.choose_node)
        self.layers.activated.connect(self._choose_layer)
        self.scrubber.chosen.connect(look.choose_epoch)
        self.colours.activated.connect(self._restyle)
        self.normalise.chosen.connect(self._restyle)
        self.sort.activated.connect(self._show_maps)
        self.mosaic.hovered.connect(self._point)
        self.mosaic.pinned.connect(self.pinned)
        self.mosaic.pinned.connect(self._point)
        self.mosaic.selected.connect(self._show_legend)

    # Following

    def _show_network(self) -> None:
        names = [n for n in self.look.network.topological() if self.look.network.layer(n).has_output]
        self.layers.clear()
        self.layers.addItems(names)
        self._show_node()
        errors = len(self.look.analysis.errors)
        if not names:
            self._say("The maps show as you draw. Add an input first.")
        elif errors:
            self._say(f"Maps need a network without errors; there {'is' if errors == 1 else 'are'} {errors}.")
        elif self.look.sight is None:
            self._say("Draw a digit or open an image.")

    def _show_epochs(self) -> None:
        look = self.look
        self._foot.setVisible(look.trained)
        if look.trained and look.run:
            scores = [look.score(epoch) for epoch in look.epochs]
            self.scrubber.show_epochs(look.epochs, scores, look.epoch, metric=look.run.judged_by)
            self.scrubber.show_run(f"Run {look.run.number}")

    def _show_node(self) -> None:
        node = self.look.node
        self.mosaic.tiles.pin = None
        self.focused.emit(None)
        self.layers.setCurrentText(node)
        self.title.setText(node)
        self._values = self.look.sight.maps.get(node) if self.look.sight else None
        self._show_maps()

    def show_maps(self, maps: Maps | None) -> None:
        """Show what the chosen layer gives, None where it leads to no output."""
        self._values = None if maps is None else maps.values
        self._show_maps()

    def show_kernels(self, kernels: Kernels | None) -> None:
        """Show the kernels that the maps come from, if they come from some."""
        self.kernels.show_kernels(kernels, self.mosaic.tiles.current)

    def _show_cards(self) -> None:
        look = self.look
        cards = [self._card(node) for node in look.cards]
        self.strip.show_cards(cards, look.card_of(look.node))

    def _card(self, node: str) -> Card:
        look = self.look
        layer, shape = look.network.layer(node), look.analysis[node].output
        block = node.partition(".")[0] if "." in node and len(look.cards) < len(look.network.topological()) else ""
        collapsed = block and look.network.is_block(block) and len(look.network) > len(look.cards) + 1
        values = look.sight.maps.get(node) if look.sight else None
        image = (
            image_of_pixels(look.sight.pixels) if look.sight and not layer.input_ports and not layer.variadic else None
        )
        title = block if collapsed else node
        return Card(node, title, str(shape), None if collapsed else layer.family, values, image)

    def _show_maps(self) -> None:
        values = self._values
        self._show_about(values)
        if values is None:
            return
        flat = values.ndim != 3
        for widget in (self.colours, self.normalise, self.sort):
            widget.setEnabled(not flat)
        self.legend.setVisible(not flat)
        if flat:
            self.bars.show_values(values, self.look.classes)
            self.pages.setCurrentWidget(self.bars)
            return
        self.mosaic.show_maps(values, _tiles(values, Sort(self.sort.currentData())))
        self.pages.setCurrentWidget(self.mosaic)
        self._show_legend()

    def _show_about(self, values: NDArray[np.float32] | None) -> None:
        facts = [] if values is None else _facts(values)
        if not self.look.trained:
            facts.append("untrained")
        self.about.setText(" · ".join(facts))

    def _show_legend(self) -> None:
        tiles = self.mosaic.tiles
        values = self._values
        if values is not None and values.ndim == 3 and tiles.current < len(values):
            span = tiles.span(tiles.current)
            words = {
                Normalise.PER_MAP: f"Each map is stretched to its own range; this is map {tiles.current}.",
                Normalise.LAYER: "All maps share the range of the layer.",
                Normalise.FIXED: "All maps show 0 to 1; values beyond take the end colours.",
            }[tiles.normalise]
            self.legend.show_span(tiles.colours, span, words)
            self.kernels.mark(tiles.current)

    def _say(self, sentence: str) -> None:
        self._values = None
        self.message.setText(sentence)
        self.pages.setCurrentWidget(self.message)
        self.legend.hide()
        self.kernels.show_kernels(None, 0)
        self._show_cards()

    # Choosing

    def _choose_layer(self) -> None:
        self.look.choose_node(self.layers.currentText())

    def _restyle(self) -> None:
        colours, normalise = ColourMap(self.colours.currentData()), Normalise(str(self.normalise.value))
        self.mosaic.tiles.restyle(colours=colours, normalise=normalise)
        self._show_legend()

    def _point(self, place: Place | None) -> None:
        values = self._values
        place = place or self.mosaic.tiles.pin
        if place is None or values is None or values.ndim != 3 or place.index >= len(values):
            self.focused.emit(None)
            self.said.emit("")
            return
        value = values[place.index, place.row, place.column]
        self.said.emit(f"Map {place.index}, row {place.row}, column {place.column} = {value:.4g}")
        self.focused.emit(self._field(place))

    def _field(self, place: Place) -> QRectF | None:
        field = self.look.analysis[self.look.node].receptive_field
        return None if field is None else receptive_box(field, place, self.look.shape)


def receptive_box(field: ReceptiveField, place: Place, shape: Shape) -> QRectF:
    """The receptive field of a value, in image pixels, cut to the image."""
    (high, wide), (down, across), (top, left) = field.size, field.jump, field.start
    y, x = top + place.row * down - high / 2, left + place.column * across - wide / 2
    box = QRectF(x, y, wide, high)
    return box.intersected(QRectF(0, 0, shape.width, shape.height))


def _tiles(values: NDArray[np.float32], sort: Sort) -> list[Tile]:
    flat = values.reshape(len(values), -1)
    keys: dict[Sort, Callable[..., NDArray[np.float32]]]
    keys = {Sort.MAX: flat.max, Sort.MEAN: flat.mean, Sort.VARIANCE: flat.var}
    order = np.argsort(-keys[sort](axis=1), kind="stable") if sort in keys else np.arange(len(values))
    return [_tile(int(index), flat[index]) for index in order]


def _tile(index: int, values: NDArray[np.float32]) -> Tile:
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


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    role(label, "label")
    return label


def _facts(values: NDArray[np.float32]) -> list[str]:
    if values.ndim != 3:
        return [f"{len(values)} values"]
    _, rows, columns = values.shape
    dead = int((~values.any(axis=(1, 2))).sum())
    maps = "1 map" if len(values) == 1 else f"{len(values)} maps"
    return [f"{maps} of {rows}×{columns}", *([f"{dead} all zero"] if dead else [])]
