"""Another theme in the window with all workspaces open, Data in front: against the way in which Qt styles anew."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QApplication

from benchmarks.windows import application, wait, wait_until
from gui.registry.workspaces import WORKSPACES
from gui.shell.main_window import MainWindow
from gui.style.appearance import ThemeChoice, appearance

ROUNDS = 5


def run() -> dict[str, Any]:
    """``ratio`` is what Qt's own ``setStyleSheet`` takes of the window's thread over what a whole change does."""
    app = application()
    window = MainWindow()
    window.show()
    window.open_target("lenet5")
    wait_until(lambda: window.has_document)
    for name in (*WORKSPACES, "data"):
        window.workspaces().show_workspace(name)
        wait(1)
    changes, by_qt = [], []
    for _ in range(ROUNDS):
        changes += [_seconds(partial(appearance().choose, choice)) for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK)]
        by_qt.append(_seconds(lambda: app.setStyleSheet(f"{app.styleSheet()} ")))
    widgets = len(app.allWidgets())
    window.close()
    wait(0.2)
    return {
        "ratio": round(statistics.median(by_qt) / statistics.median(changes), 1),
        "target": 4,
        "change_ms": round(1000 * statistics.median(changes)),
        "first_change_ms": round(1000 * changes[0]),
        "by_qt_ms": round(1000 * statistics.median(by_qt)),
        "widgets": widgets,
    }


def _seconds(work: Callable[[], object]) -> float:
    """What some work takes until all is painted again, without what other programs take meanwhile."""
    began = time.thread_time()
    work()
    QApplication.processEvents()
    return time.thread_time() - began
