"""The motion with which a view goes to another place and zoom."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation
from PySide6.QtWidgets import QWidget

FIT_MS = 120


class Aim(NamedTuple):
    """A zoom, in screen px a scene px, and the scene point in the middle of the view."""

    factor: float
    centre: QPointF


class Motion:
    """One motion of a view at a time, ``running`` or none; ``show`` brings an aim into view at once."""

    def __init__(self, view: QWidget, show: Callable[[Aim], None]) -> None:
        self._view = view
        self._show = show
        self.running: QVariantAnimation | None = None
        self._aim: Aim | None = None

    def go(self, start: Aim, aim: Aim) -> None:
        """Move from one place to another."""
        self.stop()
        motion = QVariantAnimation(self._view, duration=FIT_MS, startValue=0.0, endValue=1.0)
        motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        motion.valueChanged.connect(lambda share: self._show(_between(start, aim, share)))
        motion.finished.connect(self.stop)
        self.running, self._aim = motion, aim
        motion.start()

    def stop(self) -> None:
        """End a movement where it is."""
        if self.running is not None:
            motion, self.running = self.running, None
            motion.stop()
            motion.deleteLater()

    def finish(self) -> None:
        """End a movement where it leads to."""
        if self.running is not None and self._aim is not None:
            self.stop()
            self._show(self._aim)


def motion_wanted(widget: QWidget) -> bool:
    """Whether the system lets widgets move by themselves."""
    style = widget.style()
    return bool(style.styleHint(style.StyleHint.SH_Widget_Animation_Duration, None, widget))


def _between(start: Aim, aim: Aim, share: float) -> Aim:
    return Aim(start.factor + (aim.factor - start.factor) * share, start.centre + (aim.centre - start.centre) * share)
