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

_PICTURE, _ROW, _TOP = 72, 26, 3


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
        self.setAccessibleName("Prediction: " + ", ".join(f"{said.name} {_words(said)}" for said in self._answer))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, max(_PICTURE, _ROW * _TOP))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.drawImage(QRectF(0, 0, _PICTURE, _PICTURE), self._image)
            row = QRectF(_PICTURE + 12, 0, self.width() - _PICTURE - 12, 18)
            for index, said in enumerate(self._answer):
                painter.setFont(look.font(12, weight=600 if index == 0 else 400))
                painter.setPen(look.colour("text" if index == 0 else "muted"))
                painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said.name)
                painter.setFont(look.font(12, mono=True))
                painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, _words(said))
                if said.is_share:
                    bar = QRectF(row.left(), row.bottom() + 1, row.width(), 4)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(look.colour("canvas"))
                    painter.drawRoundedRect(bar, 2, 2)
                    bar.setWidth(bar.width() * float(np.clip(said.value, 0, 1)))
                    painter.setBrush(look.colour("accent" if index == 0 else "line2"))
                    painter.drawRoundedRect(bar, 2, 2)
                row.translate(0, _ROW)


def _words(said: Reading) -> str:
    return f"{100 * said.value:.0f} %" if said.is_share else signed_text(f"{said.value:.4g}")
