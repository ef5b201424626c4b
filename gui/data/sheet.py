"""The sheet of classes: a row each with its name, how many images it has, and some of them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.data.source import DataDescription
from engine.words import thousands
from gui.data.sample_loader import EDGE, PER_CLASS, Samples
from gui.style.appearance import appearance

_ROW = 28
_PICTURE = 24
_LONGEST_NAME, _BAR, _COUNT = 112, 96, 56  # widths
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ClassSheet(QWidget):
    """Painted in one go; only the rows in view are drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: Samples | None = None
        self._name_width = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Classes of the data set")
        appearance().changed.connect(self.update)

    def show_samples(self, samples: Samples | None) -> None:
        """Show the classes of a data set."""
        self._samples = samples
        self._name_width = self._width_of_names(samples)
        self.__dict__.pop("_mosaic", None)
        classes = samples.description.classes if samples else ()
        self.setFixedHeight(_ROW * len(classes) + 4)
        counts = samples.description.counts if samples else ()
        spoken = (f"{name}: {thousands(count)}" for name, count in zip(classes, counts, strict=True))
        self.setAccessibleDescription(", ".join(spoken))
        self.update()

    def _width_of_names(self, samples: Samples | None) -> int:
        metrics = QFontMetrics(appearance().font(12))
        widths = [metrics.horizontalAdvance(name) for name in (samples.description.classes if samples else ())]
        return min(max(widths, default=0), _LONGEST_NAME)

    def sizeHint(self) -> QSize:
        return QSize(_LONGEST_NAME + _BAR + _COUNT + 8 * _ROW, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._samples is None:
            return
        found = self._samples.description
        first, last = event.rect().top() // _ROW, event.rect().bottom() // _ROW
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index in range(first, min(last + 1, len(found.classes))):
                self._paint_row(painter, index, found)

    def _paint_row(self, painter: QPainter, index: int, found: DataDescription) -> None:
        look = appearance()
        row = QRect(16, index * _ROW, self.width() - 32, _ROW)
        painter.setFont(look.font(12))
        painter.setPen(look.colour("text"))
        name = painter.fontMetrics().elidedText(found.classes[index], Qt.TextElideMode.ElideRight, self._name_width)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, name)
        bar_left = row.left() + self._name_width + 12
        bar = QRectF(bar_left, row.center().y() - 3, _BAR, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("line"))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(_BAR * found.counts[index] / max(*found.counts, 1))
        painter.setBrush(look.colour("accent"))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("muted"))
        count = QRect(bar_left + _BAR, row.top(), _COUNT, _ROW)
        painter.drawText(count, _RIGHT, thousands(found.counts[index]))
        self._paint_pictures(painter, index, count.right() + 16, row.top() + (_ROW - _PICTURE) // 2)

    def _paint_pictures(self, painter: QPainter, index: int, left: int, top: int) -> None:
        if self._mosaic is None:
            return
        mosaic, counts = self._mosaic
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        fitting = (self.width() - 16 - left + 4) // (_PICTURE + 4)
        for place in range(min(fitting, counts[index])):
            source = QRect(place * EDGE, index * EDGE, EDGE, EDGE)
            painter.drawImage(QRect(left + place * (_PICTURE + 4), top, _PICTURE, _PICTURE), mosaic, source)

    @cached_property
    def _mosaic(self) -> tuple[QImage, list[int]] | None:
        """All pictures in one image, a row a class; and how many there are of each."""
        if self._samples is None or (pictures := self._samples.thumbnails) is None or not len(pictures.pixels):
            return None
        classes = len(self._samples.description.classes)
        sheet = np.zeros((classes, EDGE, PER_CLASS, EDGE, 3), np.uint8)
        for label in np.unique(pictures.labels):
            for place, picture in enumerate(pictures.pixels[pictures.labels == label][:PER_CLASS]):
                sheet[label, :, place] = picture.transpose(1, 2, 0)
        flat = np.ascontiguousarray(sheet.reshape(classes * EDGE, PER_CLASS * EDGE, 3))
        height, width, _ = flat.shape
        image = QImage(flat.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        return image, np.bincount(pictures.labels, minlength=classes).tolist()
