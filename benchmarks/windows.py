"""A Qt application off screen, and waiting in it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gui.start.collector import collect_in_gui_thread
from gui.style.style import apply_style

_HOME = tempfile.TemporaryDirectory(prefix="layerloom-benchmark-")  # recent files and runs of a measurement


def application() -> QApplication:
    """The application, styled as the program is; made on the first call."""
    os.environ |= {f"XDG_{kind}_HOME": f"{_HOME.name}/{kind}" for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([])
    apply_style(app)
    collect_in_gui_thread(app)
    return app


def wait_until(ready: Callable[[], bool], *, limit: float = 120.0) -> None:
    """Run the event loop until ``ready``; raises `TimeoutError` after ``limit`` seconds."""
    loop = QEventLoop()
    deadline = time.monotonic() + limit
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: loop.quit() if ready() or time.monotonic() > deadline else None)
    timer.start()
    loop.exec()
    timer.stop()
    if not ready():
        raise TimeoutError("the window did not get there")


def wait(duration: float) -> None:
    """Run the event loop for ``duration`` seconds."""
    end = time.monotonic() + duration
    wait_until(lambda: time.monotonic() >= end)
