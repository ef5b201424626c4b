"""Many small maps at once: painted tiles with captions, built as they come into view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, Normalise, Span, image_of, span_of
from gui.widgets.steady import SteadyArea

GAP = 8
CAPTION = 24
SMALLEST, LARGEST = 112, 400  # px a tile is wide


@dataclass(frozen=True, slots=True)
class Tile:
    """What stands below a map: its number and a figure, in the warning colour if it is a finding."""

    index: int
    title: str
    figure: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One value of one map."""

    index: int
    row: int
    column: int


class Mosaic(SteadyArea):
    """A scrolling mosaic of maps ``(C, H, W)``.

    ``selected`` tells of a click on a map or an arrow key, ``hovered`` of the `Place` below the pointer (None outside),
    ``pinned`` of the place clicked, and ``menu_asked`` of the map whose menu is wanted, and where on the screen.
    """

    selected = Signal(int)
    hovered = Signal(object)
    pinned = Signal(object)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tiles = Tiles()
        self.setWidget(self.tiles)
        self.tiles.selected.connect(self._select)
        self.tiles.hovered.connect(self.hovered)
        self.tiles.pinned.connect(self.pinned)
        self.tiles.menu_asked.connect(self.menu_asked)

    def show_maps(self, maps: NDArray[np.float32], tiles: list[Tile]) -> None:
        """Show maps ``(C, H, W)``, captioned and ordered by ``tiles``."""
        self.tiles.show_maps(maps, tiles)

    def _select(self, index: int) -> None:
        area = self.tiles.area_of(index)
        self.ensureVisible(area.center().x(), area.center().y(), area.width() // 2, area.height() // 2 + GAP)
        self.selected.emit(index)


class Tiles(QWidget):
    """The widget inside `Mosaic`: paints the tiles that are exposed and keeps their images."""

    selected = Signal(int)
    hovered = Signal(object)
    pinned = Signal(object)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("Feature maps")
        self.colours = ColourMap.VIRIDIS
        self.normalise = Normalise.PER_MAP
        self.current = 0
        self.pins = True  # whether a click marks its place
        self.pin: Place | None = None
        self._maps: NDArray[np.float32] = np.zeros((0, 1, 1), np.float32)
        self._tiles: list[Tile] = []
        self._layer_span = Span(0, 0)
        self._images: dict[int, QImage] = {}
        appearance().changed.connect(self.update)

    # What is shown

    def show_maps(self, maps: NDArray[np.float32], tiles: list[Tile]) -> None:
        """Show maps ``(C, H, W)``, captioned and ordered by ``tiles``."""
        if maps.shape != self._maps.shape:
            self.pin = None
            self.current = min(self.current, max(0, len(maps) - 1))
        self._maps, self._tiles = maps, tiles
        self._layer_span = self._span_of(maps)
        self._images.clear()
        self._fit_height()
        self._describe()
        self.update()

    def restyle(self, *, colours: ColourMap | None = None, normalise: Normalise | None = None) -> None:
        """Paint the same maps in other colours, or stretched otherwise."""
        self.colours = colours or self.colours
        self.normalise = normalise or self.normalise
        self._layer_span = self._span_of(self._maps)
        self._images.clear()
        self.update()

    def span(self, index: int) -> Span:
        """The values at the ends of the colour map for one map."""
        match self.normalise:
            case Normalise.PER_MAP:
                return self._span_of(self._maps[index])
            case Normalise.LAYER:
                return self._layer_span
        return Span(0.0, 1.0)

    def _span_of(self, values: NDArray[np.float32]) -> Span:
        return span_of(values, signed=self.colours is ColourMap.SIGNED)

    # Where things stand

    @property
    def order(self) -> tuple[int, ...]:
        """The maps as they stand, first to last."""
        return tuple(tile.index for tile in self._tiles)

    @property
    def columns(self) -> int:
        """Tiles in a row: so few that they are large, as long as all maps are in view."""
        fewest, most = (max(1, (self.width() + GAP) // (size + GAP)) for size in (LARGEST, SMALLEST))
        viewport = self.parentWidget()
        available = viewport.height() if viewport else 0
        return next((columns for columns in range(fewest, most) if self._height(columns) <= available), most)

    @property
    def tile_size(self) -> QSize:
        """Size of one tile: a picture with the maps' proportions and a caption below."""
        return self._tile_size(self.columns)

    def _tile_size(self, in_a_row: int) -> QSize:
        width = min(LARGEST, (self.width() - GAP * (in_a_row - 1)) // in_a_row)
        _, rows, columns = self._maps.shape
        return QSize(width, max(24, round(width * rows / columns)) + CAPTION)

    def _height(self, in_a_row: int) -> int:
        rows = -(-len(self._tiles) // in_a_row)
        return max(0, rows * (self._tile_size(in_a_row).height() + GAP) - GAP)

    def area_of(self, index: int) -> QRect:
        """Where the tile of a map stands."""
        return next((area for tile, area in self._areas() if tile.index == index), QRect())

    def _areas(self) -> Iterator[tuple[Tile, QRect]]:
        """Every tile and where it stands."""
        columns = self.columns
        size = self._tile_size(columns)
        for place, tile in enumerate(self._tiles):
            row, column = divmod(place, columns)
            yield tile, QRect(QPoint(column * (size.width() + GAP), row * (size.height() + GAP)), size)

    def place_at(self, point: QPoint) -> Place | None:
        """The map value at a point of the widget."""
        for tile, area in self._areas():
            picture = self._picture(area)
            if picture.contains(point):
                _, rows, columns = self._maps.shape
                row = (point.y() - picture.y()) * rows // picture.height()
                column = (point.x() - picture.x()) * columns // picture.width()
                return Place(tile.index, min(row, rows - 1), min(column, columns - 1))
        return None

    def _picture(self, area: QRect) -> QRect:
        return area.adjusted(1, 1, -1, -CAPTION)

    def _fit_height(self) -> None:
        self.setMinimumHeight(self._height(self.columns))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for tile, area in self._areas():
                if area.intersects(event.rect()):
                    self._paint(painter, tile, area)

    def _paint(self, painter: QPainter, tile: Tile, area: QRect) -> None:
        look = appearance()
        is_current = tile.index == self.current
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("accent" if is_current else "line2"), 2 if is_current else 1))
        painter.setBrush(look.colour("raised"))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 4, 4)
        picture = self._picture(area).adjusted(1, 1, -1, 0)
        painter.drawImage(picture, self._image(tile.index))
        if self.pin is not None and self.pin.index == tile.index:
            self._paint_pin(painter, picture, self.pin)
        caption = QRect(area.left() + 8, area.bottom() - CAPTION + 2, area.width() - 16, CAPTION - 2)
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("warn" if tile.warns else "muted"))
        painter.drawText(caption, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tile.figure)
        available = caption.width() - painter.fontMetrics().horizontalAdvance(tile.figure)
        painter.setFont(look.font(11, weight=600 if is_current else 400))
        painter.setPen(look.colour("text" if is_current else "muted"))
        fits = painter.fontMetrics().horizontalAdvance(tile.title) < available
        title = tile.title if fits else str(tile.index)
        painter.drawText(caption, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)

    def _image(self, index: int) -> QImage:
        if index not in self._images:
            self._images[index] = image_of(self._maps[index], self.colours, self.span(index))
        return self._images[index]

    def _paint_pin(self, painter: QPainter, picture: QRect, pin: Place) -> None:
        _, rows, columns = self._maps.shape
        wide, high = picture.width() / columns, picture.height() / rows
        box = QRectF(picture.x() + pin.column * wide, picture.y() + pin.row * high, max(wide, 5), max(high, 5))
        paint_focus_box(painter, box)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self.place_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if place is not None and event.button() is Qt.MouseButton.LeftButton:
            self.pin = place if self.pins else None
            self.choose(place.index)
            self.pinned.emit(place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.place_at(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.current in self.order:
            self.menu_asked.emit(self.current, self.mapToGlobal(self.area_of(self.current).center()))
        elif place is not None:
            self.choose(place.index)
            self.menu_asked.emit(place.index, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        order = self.order
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self.columns, Qt.Key.Key_Down: self.columns}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self.current not in order:
            super().keyPressEvent(event)
            return
        self.choose(order[min(max(order.index(self.current) + step, 0), len(order) - 1)])

    def choose(self, index: int) -> None:
        """Make a map the current one."""
        self.current = index
        self._describe()
        self.update()
        self.selected.emit(index)

    def _describe(self) -> None:
        if self.current < len(self._maps):
            peak = float(self._maps[self.current].max())
            self.setAccessibleDescription(f"map {self.current} of {len(self._maps)}, maximum {peak:.2f}")


def paint_focus_box(painter: QPainter, box: QRectF) -> None:
    """The receptive-field box: 2 px in the focus colour between two dark lines, so that it shows on any map."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(Qt.GlobalColor.black, 4))
    painter.drawRect(box)
    painter.setPen(QPen(appearance().colour("focus_pixel"), 2))
    painter.drawRect(box)
    painter.restore()
