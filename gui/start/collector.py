"""What is not needed any more is deleted in the GUI thread alone.

Python collects in whichever thread happens to allocate. Where that is a training or loading thread, it would delete
widgets outside the thread they belong to, and Qt then crashes sooner or later.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from gui.background import let_go

_EVERY = 100  # ms
_LIMITS = (700, 10, 50)  # Python's own, but for the last: all objects are looked through once a minute
_kept: set[str] = set()  # stages of loading


class Collector(QObject):
    """Takes over from Python's automatic collection for as long as the application lives."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        gc.disable()
        self._modules = 0
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def _collect(self) -> None:
        """Let go of what ended threads worked for, and collect the oldest generation that is due, as Python would.

        Not while modules are being loaded: what they make stays, and to look through it made the start a tenth longer.
        """
        let_go()
        before, self._modules = self._modules, len(sys.modules)
        if self._modules > before:
            return
        counts = gc.get_count()
        due = [generation for generation in range(3) if counts[generation] > _LIMITS[generation]]
        if due:
            gc.collect(due[-1])


def collect_in_gui_thread(app: QCoreApplication) -> None:
    """Install the application's `Collector`, once."""
    if app.findChild(Collector) is None:
        Collector(app)


def keep_what_is_loaded(stage: str) -> None:
    """Leave all that exists now out of later collections, once a stage: with torch loaded these are half a million.

    None is looked through before, which would hold the window up for up to a third of a second: what of it is garbage,
    a few thousand small objects, is kept too.
    """
    if stage not in _kept:
        _kept.add(stage)
        gc.freeze()
