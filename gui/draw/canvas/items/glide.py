"""Short motion after a change that moves much: what is still there glides to its new place, the rest fades in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation
from PySide6.QtWidgets import QGraphicsItem

GLIDE_MS = 160
_MOST = 400  # items; a picture of more cannot be painted often enough to look smooth


class Glide(QObject):
    """Moves items that already know their places; whatever comes next may `stop` it there at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ways: Mapping[QGraphicsItem, QPointF] = {}
        self._ends: dict[QGraphicsItem, QPointF] = {}
        self._fading: Collection[QGraphicsItem] = ()
        self._motion = QVariantAnimation(self, duration=GLIDE_MS, startValue=0.0, endValue=1.0)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._show)
        self._motion.finished.connect(self.stop)

    @property
    def running(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._ends or self._fading)

    def start(self, ways: Mapping[QGraphicsItem, QPointF], fading: Collection[QGraphicsItem]) -> None:
        """Let items come from as far as ``ways`` says to where they stand, and ``fading`` ones appear."""
        self.stop()
        if 0 < len(ways) + len(fading) <= _MOST:
            self._ways, self._ends, self._fading = ways, {item: item.pos() for item in ways}, fading
            self._show(0.0)
            self._motion.start()

    def stop(self) -> None:
        """Let everything be where it belongs."""
        self._motion.stop()
        self._show(1.0)
        self._ways, self._ends, self._fading = {}, {}, ()

    def _show(self, share: float) -> None:
        for item, end in self._ends.items():
            item.setPos(end + self._ways[item] * (1 - share))
        for item in self._fading:
            item.setOpacity(share)
