"""One image that the run is asked about after each epoch, and what it answers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.tasks import Reading
from engine.words import signed_text
from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels
from gui.train.runs.run import Run
from gui.widgets.section import Section

_PICTURE, _ROW, _TOP, _GAP = 72, 26, 3, 8


class SampleSection(Section):
    """The watched image beside what matters most of its prediction."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sample under watch", parent)
        self.view = _Predictions()
        self._shown: object = None
        self.body.addWidget(self.view)

    def show_run(self, run: Run | None) -> None:
        """Show the last answer of a run, if it was asked."""
        self.setVisible(bool(run and run.prediction))
        if run is not None and run.sight is not None and run.sight is not self._shown:
            self._shown = run.sight
            self.view.show_answer(image_of_pixels(run.sight.pixels), run.prediction)


class _Predictions(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._image = QImage()
        self._answer: tuple[Reading, ...] = ()
        appearance().changed.connect(self.update)

    def show_answer(self, image: QImage, answer: tuple[Reading, ...]) -> None:
        self._image, self._answer = image, answer[:_TOP]
        lines = [f"{said.name} {_words(said)}" for said in self._answer]
        self.setAccessibleName("Prediction: " + ", ".join(lines))
        self.setToolTip("\n".join(lines))  # names may have no room
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, max(_PICTURE, _ROW * _TOP))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.drawImage(QRectF(0, 0, _PICTURE, _PICTURE), self._image)
            row = QRectF(_PICTURE + 12, 0, self.width() - _PICTURE - 12, 18)
            for index, said in enumerate(self._answer):
                _write(painter, row, said, first=index == 0)
                if said.is_share:
                    bar = QRectF(row.left(), row.bottom() + 1, row.width(), 4)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(look.colour("canvas"))
                    painter.drawRoundedRect(bar, 2, 2)
                    bar.setWidth(bar.width() * float(np.clip(said.value, 0, 1)))
                    painter.setBrush(look.colour("accent" if index == 0 else "line2"))
                    painter.drawRoundedRect(bar, 2, 2)
                row.translate(0, _ROW)


def _write(painter: QPainter, row: QRectF, said: Reading, *, first: bool) -> None:
    """Write a name, and at its right its value, which comes first where there is no room for both."""
    look, words = appearance(), _words(said)
    painter.setPen(look.colour("text" if first else "muted"))
    painter.setFont(look.font(12, mono=True))
    room = int(row.width()) - painter.fontMetrics().horizontalAdvance(words) - _GAP
    painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
    painter.setFont(look.font(12, weight=600 if first else 400))
    name = painter.fontMetrics().elidedText(said.name, Qt.TextElideMode.ElideMiddle, room)
    painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)


def _words(said: Reading) -> str:
    return f"{100 * said.value:.0f} %" if said.is_share else signed_text(f"{said.value:.4g}")
