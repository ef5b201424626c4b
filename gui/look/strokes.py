"""Strokes of a pen, painted as they were drawn or as the images of a data set stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from gui.look.pose import Pose, mass_centre, spread_of

PEN = 1 / 8
ERASER = 1 / 5
"""Widths, as fractions of the image's."""
_SMALLEST = 0.05  # of the pad: less is a dot, which has no size to go by
_LEAST_ROOM, _SLIGHT = 0.05, 1e-6
_NARROWER = 2.0  # times, at most, to fill the height
_TRIES = 3  # at the breadth
_THINNEST, _THICKEST = 0.02, 0.3  # of the image's width
_HALVINGS = 7
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
    thin, thick = _THINNEST, _THICKEST
    for _ in range(_HALVINGS):
        pen = (thin + thick) / 2
        image, place = _placed(strokes, box, pose, size, pen)
        if _grey(image).mean() / 255 < pose.ink:
            thin = pen
        else:
            thick = pen
    return image, place


def _placed(strokes: Sequence[Stroke], box: QRectF, pose: Pose, size: QSize, pen: float) -> tuple[QImage, QTransform]:
    """The strokes at their size, and narrower if they are too broad for that."""
    upright = size.width() / size.height()  # a pen is as high as wide in pixels
    across = max(pose.width - pen, _LEAST_ROOM) / max(box.width(), _SLIGHT)
    down = max(pose.height - pen * upright, _LEAST_ROOM) / max(box.height(), _SLIGHT)
    down = min(down, across * (_NARROWER if np.isfinite(pose.spread) else 1))
    across = min(across, down)
    for _ in range(_TRIES):
        image, place = _centred(strokes, box, pose, size, pen, QTransform.fromScale(across, down))
        broader = spread_of(_grey(image)) / pose.spread
        if broader <= 1:
            break
        across /= broader
    return image, place


def _centred(
    strokes: Sequence[Stroke], box: QRectF, pose: Pose, size: QSize, pen: float, scale: QTransform
) -> tuple[QImage, QTransform]:
    """The strokes, first in the middle and then moved to where their centre belongs."""
    middle = box.center()
    place = QTransform.fromTranslate(-middle.x(), -middle.y()) * scale
    place *= QTransform.fromTranslate(*pose.centre)
    x, y = mass_centre(_grey(_painted(strokes, place, size, pen)))
    right, down = (
        wanted - now if by_mass else 0.0 for wanted, now, by_mass in zip(pose.centre, (x, y), pose.by_mass, strict=True)
    )
    place *= QTransform.fromTranslate(right, down)
    return _painted(strokes, place, size, pen), place


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
