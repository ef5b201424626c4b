"""Strokes of a pen, painted as they were drawn or as the images of a data set stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from gui.look.pose import Pose, lean_of, mass_centre

PEN = 1 / 8
ERASER = 1 / 5
"""Widths, as fractions of the image's."""
_SMALLEST = 0.05  # of the pad: less is a dot, which has no size to go by
_LEAST_ROOM, _SLIGHT = 0.05, 1e-6
_THINNEST, _THICKEST = 0.02, 0.3  # of the image's width
_MOST_SHEAR = 1.0  # across for each way down: more has no lean, as a dash
_ROUNDS = 6  # until pen, shear and place hardly change
_FINENESS = 4


@dataclass(slots=True)
class Stroke:
    """The places where the pen went, as fractions of the pad."""

    erases: bool
    points: list[QPointF] = field(default_factory=list)


def paint_strokes(painter: QPainter, strokes: Sequence[Stroke], size: QSize, *, pen: float = PEN) -> None:
    """Paint strokes white, or black where they erase, on an image of ``size``; ``pen`` is a fraction of its width."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for stroke in strokes:
        wide = size.width() * (ERASER * pen / PEN if stroke.erases else pen)
        line = QPen(QColor(Qt.GlobalColor.black if stroke.erases else Qt.GlobalColor.white), wide)
        line.setCapStyle(Qt.PenCapStyle.RoundCap)
        line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(line)
        places = [QPointF(point.x() * size.width(), point.y() * size.height()) for point in stroke.points]
        painter.drawPolyline([*places, places[-1] + QPointF(0.01, 0)])


def posed(strokes: Sequence[Stroke], pose: Pose, size: QSize) -> tuple[QImage, QTransform] | None:
    """An image of ``size`` on which the strokes stand as ``pose`` says, and where each place of the pad went to.

    The pen becomes so wide that there is as much ink as usual. None for strokes that are no more than a dot.
    """
    box = _box(strokes)
    if max(box.width(), box.height()) < _SMALLEST:
        return None
    pen, shear, shift = PEN, 0.0, QPointF()
    for _ in range(_ROUNDS):
        place = _place(box, pose, size, pen=pen, shear=shear) * QTransform.fromTranslate(shift.x(), shift.y())
        image = _painted(strokes, place, size, pen)
        grey = _grey(image)
        pen = float(np.clip(pen * pose.ink * 255 / max(grey.mean(), _SLIGHT), _THINNEST, _THICKEST))
        if pose.upright:
            shear = float(np.clip(shear + lean_of(grey), -_MOST_SHEAR, _MOST_SHEAR))
        shift += _way_to_centre(grey, pose)
    return image, place


def _place(box: QRectF, pose: Pose, size: QSize, *, pen: float, shear: float) -> QTransform:
    """Brings the strokes to their size, sheared about their middle, which goes to where their centre belongs."""
    across = max(pose.width - pen, _LEAST_ROOM) / max(box.width(), _SLIGHT)
    down = max(pose.height - pen * size.width() / size.height(), _LEAST_ROOM) / max(box.height(), _SLIGHT)
    if pose.stretched:  # what is but a line is as wide as a pen, which is stretched with it
        across = min(across, pose.width / (box.width() + PEN * box.height()))
        down = min(down, pose.height / (box.height() + PEN * box.width()))
    else:
        across = down = min(across, down)
    middle = box.center()
    place = QTransform.fromTranslate(-middle.x(), -middle.y()) * QTransform.fromScale(across, down)
    return place * QTransform(1, 0, shear, 1, *pose.centre)


def _way_to_centre(grey: NDArray[np.floating], pose: Pose) -> QPointF:
    """How far the centre of mass is from where it belongs, along the axes that go by it."""
    axes = zip(pose.centre, mass_centre(grey), pose.by_mass, strict=True)
    return QPointF(*(wanted - now if by_mass else 0.0 for wanted, now, by_mass in axes))


def _painted(strokes: Sequence[Stroke], place: QTransform, size: QSize, pen: float) -> QImage:
    moved = [Stroke(stroke.erases, [place.map(point) for point in stroke.points]) for stroke in strokes]
    fine = QImage(size * _FINENESS, QImage.Format.Format_RGB888)
    fine.fill(Qt.GlobalColor.black)
    with QPainter(fine) as painter:
        paint_strokes(painter, moved, fine.size(), pen=pen)
    return fine.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _box(strokes: Sequence[Stroke]) -> QRectF:
    """The box around what the pen drew."""
    points = [point for stroke in strokes if not stroke.erases for point in stroke.points]
    if not points:
        return QRectF()
    xs, ys = [point.x() for point in points], [point.y() for point in points]
    return QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys)))


def _grey(image: QImage) -> NDArray[np.float64]:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width() : 3].astype(np.float64)
