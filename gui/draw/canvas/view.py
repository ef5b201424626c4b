"""The view of the canvas: zoom, pan, dot grid, and gestures that get its mouse events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QToolTip, QWidget

from gui.draw.canvas.edge_scroll import EdgeScroll
from gui.draw.canvas.floating.hint import Hint
from gui.draw.canvas.floating.tips import tip
from gui.draw.canvas.gestures.drop import Drop
from gui.draw.canvas.items import mark_painter
from gui.draw.canvas.items.hits import NodeHit
from gui.draw.canvas.items.scene import CanvasScene
from gui.draw.canvas.model.boxes import Box, around, laid_out_anew
from gui.draw.canvas.motion import Aim, Motion, motion_wanted
from gui.draw.canvas.pointer import Pointer
from gui.style.appearance import appearance

SMALLEST, LARGEST = 0.1, 4.0
FIT_MARGIN = 56.0  # clear of what floats at the top and the bottom
FIT_LARGEST = 1.0  # fitting never makes things larger than they are
_DOTS = 24
_STEP = 1.25


class CanvasView(QGraphicsView):
    """Shows a `CanvasScene`."""

    zoomed = Signal(float)
    moved = Signal()  # what part is in view has changed
    layer_wanted = Signal(QPointF, str)  # quick add at a scene point, after a node if one is named
    toggle_requested = Signal(str)  # expand or collapse a block
    rename_requested = Signal(str)
    menu_requested = Signal(str, QPoint)  # the context menu of an entry ("": of the canvas), at a global point
    image_folder_dropped = Signal(str)
    status_message = Signal(str)
    key_pressed = Signal(object)  # a QKeyEvent; whoever uses it accepts it

    def __init__(self, scene: CanvasScene, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.document = scene.document
        self.read_only = read_only
        self.wheel_zooms = False
        self._zoom = 1.0
        self._fits_all = False  # everything was brought into view, and nothing was moved since
        self._motion = Motion(self, self._show_at)
        self._grid: tuple[tuple[int, str], QPixmap] | None = None
        self.map_size = QSize()  # of the corner, bottom right, that the map of the network takes; empty without room
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setAcceptDrops(not read_only)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hint = Hint(self.viewport())
        self.edge_scroll = EdgeScroll(self, self.pan)
        self.pointer = Pointer(self)
        self._drop: Drop | None = None
        scene.may_glide = self._may_glide
        scene.emptied.connect(self.pointer.forget)
        scene.followed.connect(lambda _: self.pointer.cancel())  # what is dragged may be gone
        scene.settled.connect(self._make_room)
        scene.followed.connect(self._stay_with)
        appearance().changed.connect(self._recolour)
        self._recolour()
        self._show_zoom()

    @property
    def canvas_scene(self) -> CanvasScene:
        """The scene, by its own type."""
        scene = self.scene()
        assert isinstance(scene, CanvasScene)
        return scene

    # Zoom and place

    @property
    def zoom(self) -> float:
        """Screen px a scene px."""
        return self._zoom

    def zoom_at(self, factor: float, anchor: QPointF | None = None) -> None:
        """Zoom to ``factor``; the scene point under ``anchor`` (viewport px, else the middle) stays there.

        It is at least 10 %, or what it is already where fitting needed less.
        """
        self.stop_motion()
        anchor = anchor or self._middle()
        under = self.scene_at(anchor)
        self._scale(min(LARGEST, max(min(SMALLEST, self._zoom), factor)))
        self.look_at(under, anchor)

    def _scale(self, factor: float) -> None:
        self._zoom = factor
        self.setTransform(QTransform.fromScale(factor, factor))
        self._show_zoom()
        self.zoomed.emit(factor)

    def _middle(self) -> QPointF:
        return QRectF(self.viewport().rect()).center()

    def step(self, direction: int) -> None:
        """Zoom in (1) or out (−1) by a step."""
        self.zoom_at(self._zoom * _STEP**direction)

    def scene_at(self, point: QPointF) -> QPointF:
        """The scene point under a viewport point, unrounded."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(point)

    def under_mouse(self) -> QPointF | None:
        """The scene point under the mouse, or where a menu was opened; None while the mouse is elsewhere."""
        place = self.pointer.place
        return None if place is None else self.scene_at(place)

    def look_at(self, point: QPointF, anchor: QPointF | None = None) -> None:
        """Bring a scene point to ``anchor``, else to the middle of the view."""
        self.stop_motion()
        self._fits_all = False
        self._bring(point, anchor or self._middle())

    def _bring(self, point: QPointF, anchor: QPointF) -> None:
        corner = point * self._zoom - anchor
        self._make_room(QRectF(corner / self._zoom, self.viewport().size() / self._zoom))
        self.horizontalScrollBar().setValue(round(corner.x()))
        self.verticalScrollBar().setValue(round(corner.y()))

    def pan(self, dx: float, dy: float) -> None:
        """Move what is shown by viewport px."""
        self.stop_motion()
        self._fits_all = False
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - round(dx))
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - round(dy))

    def _make_room(self, wanted: QRectF | None = None) -> None:
        """Let everything drawn be moved out of view by a little, and nothing that is in view move by itself."""
        width, height = self.viewport().width() / self._zoom, self.viewport().height() / self._zoom
        drawn = self.canvas_scene.drawn().adjusted(-width, -height, width, height)
        self.setSceneRect(drawn.united(wanted or self.shown()))

    def shown(self) -> QRectF:
        """The part of the scene in view."""
        return QRectF(
            self.scene_at(QPointF(0, 0)), self.scene_at(QPointF(self.viewport().width(), self.viewport().height()))
        )

    def fit(self, names: Iterable[str] = (), *, animate: bool = True) -> None:
        """Show these entries, or everything, as large as fits and at most at 100 %.

        Everything stays in view when the window changes its size, until the user zooms or moves it.
        """
        scene, names = self.canvas_scene, list(names)
        boxes = [scene.geometry.boxes[name] for name in names if name in scene.geometry.boxes]
        box = around(boxes) or scene.bounds()
        if box is None:
            self.zoom_at(1.0)
            return
        box = box.grown(0, 0, mark_painter.REACH if scene.marked else 0, 0)
        width, height = max(box.width, 1), max(box.height, 1)
        areas = self._clear_areas(whole=not names)
        factor, area = max(((min(a.width() / width, a.height() / height), a) for a in areas), key=itemgetter(0))
        middle, factor = area.center(), min(factor, FIT_LARGEST)
        aside = (middle - self._middle()) / factor
        self._go(factor, QPointF(box.centre, box.middle) - aside, animate=animate)
        self._fits_all = not names

    def _clear_areas(self, *, whole: bool) -> list[QRectF]:
        """Parts of the viewport clear of what floats; the map of the network shows with a part of it alone."""
        side = min(FIT_MARGIN, self.viewport().width() / 20)
        area = QRectF(self.viewport().rect()).adjusted(side, FIT_MARGIN, -side, -FIT_MARGIN)
        if whole or self.map_size.isEmpty():
            return [area]
        left, above = self.viewport().width() - self.map_size.width(), self.viewport().height() - self.map_size.height()
        return [
            QRectF(area.topLeft(), QPointF(left, area.bottom())),
            QRectF(area.topLeft(), QPointF(area.right(), above)),
        ]

    def reveal(self, *names: str) -> None:
        """Bring entries into view, above what floats at the bottom, if they are not, without zooming.

        Where they are too many, the last one counts.
        """
        boxes = [box for name in names if (box := self.canvas_scene.geometry.boxes.get(name))]
        box, shown = around(boxes), self.shown().adjusted(0, 0, 0, -FIT_MARGIN / self._zoom)
        if box and (box.width > shown.width() or box.height > shown.height()):
            box = boxes[-1]
        if box and not shown.contains(QRectF(box.left, box.top, box.width, box.height)):
            self._go(self._zoom, QPointF(box.centre, box.middle))

    def _stay_with(self, before: Mapping[str, Box]) -> None:
        """Go where the drawing is after a change that took all of it out of view; fit again what was fitted."""
        after = self.canvas_scene.geometry.boxes
        self._motion.finish()  # what counts is where the view is going
        gone = not self._shows(after.values()) and self._shows(before.values())
        anew = self._fits_all and not self.pointer.releasing and laid_out_anew(before, after)
        if after and (gone or anew):
            self.fit()

    def _shows(self, boxes: Iterable[Box]) -> bool:
        shown = self.shown()
        return any(shown.intersects(QRectF(box.left, box.top, box.width, box.height)) for box in boxes)

    def _go(self, factor: float, centre: QPointF, *, animate: bool = True) -> None:
        if animate and self.isVisible() and motion_wanted(self):
            self._motion.go(Aim(self._zoom, self.scene_at(self._middle())), Aim(factor, centre))
        else:
            self.stop_motion()
            self._show_at(Aim(factor, centre))

    def stop_motion(self) -> None:
        """End a movement where it is."""
        self._motion.stop()

    def _may_glide(self) -> bool:
        """Whether a change is shown as motion: not one that the mouse has just made and the eye has followed."""
        return self.isVisible() and not self.pointer.releasing and motion_wanted(self)

    def _show_at(self, aim: Aim) -> None:
        self._scale(aim.factor)
        self._bring(aim.centre, self._middle())

    def _show_zoom(self) -> None:
        self.canvas_scene.set_zoom(self._zoom, self.devicePixelRatioF())

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.stop_motion()
        self.canvas_scene.glide.stop()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pointer.double_click(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        found = self.pointer.under(QPointF(event.pos()))
        name = found.name if isinstance(found, NodeHit) else ""
        if name and name not in self.document.selection.names:
            self.document.select((name,))
        self.menu_requested.emit(name, event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        match event:
            case QHelpEvent() if event.type() is QEvent.Type.ToolTip:
                QToolTip.showText(
                    event.globalPos(), tip(self.canvas_scene, self.pointer.under(QPointF(event.pos()))), self
                )
                return True
            case QNativeGestureEvent() if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_at(self._zoom * (1 + event.value()), event.position())
                return True
        if event.type() is QEvent.Type.Leave:
            self.pointer.leave()
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_space(True)
        elif event.key() == Qt.Key.Key_Escape and self.pointer.cancel():
            event.accept()
        else:
            event.ignore()
            self.key_pressed.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_space(False)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return False  # Tab is quick add; F6 leaves the canvas

    def hold_space(self, held: bool) -> None:
        """While Space is held any drag pans."""
        self.pointer.space = held
        if self.pointer.gesture is None:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if held else Qt.CursorShape.ArrowCursor)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hold_space(False)
        super().focusOutEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drop = Drop(self, event.mimeData())
        self.edge_scroll.come_in()
        event.setAccepted(self._drop.welcome)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._drop is not None:
            drop, point = self._drop, event.position()
            drop.move(point)
            self.edge_scroll.follow(point, lambda: drop.move(point))
            event.setAccepted(drop.welcome)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.edge_scroll.stop()
        if self._drop is not None:
            self._drop.end()
            self._drop = None

    def dropEvent(self, event: QDropEvent) -> None:
        self.edge_scroll.stop()
        drop, self._drop = self._drop or Drop(self, event.mimeData()), None
        drop.move(event.position())
        drop.release(event.position())
        event.setAccepted(drop.welcome)
        self.setFocus()

    def wheelEvent(self, event: QWheelEvent) -> None:
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) != self.wheel_zooms
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if zooms:
            self.zoom_at(self._zoom * 1.0015 ** (angle.y() or angle.x()), event.position())
        elif not pixels.isNull():
            self.pan(pixels.x(), pixels.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(angle.y() / 2 or angle.x() / 2, 0)
        else:
            self.pan(angle.x() / 2, angle.y() / 2)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits_all:
            self.fit(animate=False)
        self.moved.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.moved.emit()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        exposed = self.viewportTransform().mapRect(QRectF(rect)).toAlignedRect()
        painter.resetTransform()
        painter.fillRect(exposed, self.canvas_scene.look.paints.brush("canvas"))
        spacing = round(_DOTS * self._zoom)
        if spacing >= 10:
            origin = self.viewportTransform().map(QPointF(0, 0))
            offset = QPointF((exposed.x() - origin.x()) % spacing, (exposed.y() - origin.y()) % spacing)
            painter.drawTiledPixmap(QRectF(exposed), self._tile(spacing), offset)

    def _tile(self, spacing: int) -> QPixmap:
        """One dot of the grid with the space around it."""
        paints = self.canvas_scene.look.paints
        key = (spacing, paints.theme.name)
        if self._grid is None or self._grid[0] != key:
            tile = QPixmap(spacing, spacing)
            tile.fill(Qt.GlobalColor.transparent)
            with QPainter(tile) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(paints.brush("dot"))
                painter.drawEllipse(QRectF(0, 0, 2, 2))
            self._grid = (key, tile)
        return self._grid[1]

    def _recolour(self) -> None:
        self._grid = None
        self.viewport().update()
