"""Starting the window, and drawing it off screen."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEventLoop, QSize, Qt, QTemporaryDir, QTimer
from PySide6.QtWidgets import QApplication

from engine.errors import LayerloomError
from engine.files import save_whole
from engine.signals import ENDING_SIGNALS
from gui.background import wait_for_jobs
from gui.preferences import Preferences
from gui.shell.logging import CrashReporter, start_log
from gui.shell.main_window import MainWindow
from gui.shell.scaling import note_scale, prepare_scale
from gui.start.collector import collect_in_gui_thread
from gui.style.appearance import ThemeChoice, appearance
from gui.style.style import apply_style
from gui.widgets.pictures import as_png

_REST = 600  # ms for layouts and animations
_SIGNAL_CHECK = 200  # ms between chances for Python to see Ctrl+C


def run(target: str | None = None) -> int:
    """Open the window, with a project file or template if one is named, and return the exit code."""
    start_log()
    preferences = Preferences()
    prepare_scale(preferences)
    app = _application()
    note_scale(preferences)
    reporter = CrashReporter(app)
    reporter.install()
    appearance().choose(preferences.theme)
    window = MainWindow(preferences)
    reporter.crashed.connect(window.tell_crash)
    timer = _listen_to_signals(app, window)
    window.show()
    if target is not None:
        window.open_target(target)
    ready = window.painted if target is None else window.files.opened  # which takes away what is told before
    ready.connect(window.recovery.look, Qt.ConnectionType.SingleShotConnection)
    code = app.exec()
    timer.stop()
    wait_for_jobs()
    return code


def screenshot(
    target: str | None,
    path: Path,
    *,
    size: tuple[int, int] = (1600, 1000),
    theme: ThemeChoice = ThemeChoice.DARK,
    workspace: str = "draw",
    options: dict[str, Any] | None = None,
) -> None:
    """Draw the window with a project file or template open (None: the start screen) and save it as a picture.

    Raises `LayerloomError` if the target cannot be opened or the picture not be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Off screen Qt says of every window what that platform cannot do; nobody needs to read it.
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    _application()
    appearance().choose(theme)
    window = MainWindow(Preferences(Path(_folder().path()) / "layerloom.ini"))
    window.resize(QSize(*size))
    window.show()
    failures: list[str] = []
    window.files.failed.connect(failures.append)
    if target is not None:
        window.open_target(target, options)
        _wait(lambda: window.has_document or bool(failures))
        window.workspaces().show_workspace(workspace)
    _settle(window)
    picture = window.grab()
    window.close()
    wait_for_jobs()
    if failures:
        raise LayerloomError(failures[0])
    save_whole(path, as_png(picture))


@cache
def _folder() -> QTemporaryDir:
    """Where a picture's window keeps its preferences, so that it looks the same for everyone."""
    return QTemporaryDir()


def _application() -> QApplication:
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("layerloom")
    app.setApplicationDisplayName("Layerloom")
    app.setDesktopFileName("layerloom")
    collect_in_gui_thread(app)
    apply_style(app)
    return app


def _listen_to_signals(app: QApplication, window: MainWindow) -> QTimer:
    """Let Ctrl+C, a polite kill and a terminal that closes end the program; Qt's loop alone would not let Python see.

    A question that stands open ends with it.
    """

    def end() -> None:
        window.close_at_once()
        app.exit()

    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks
            signal.signal(number, lambda *_: QTimer.singleShot(0, end))
    timer = QTimer(window, interval=_SIGNAL_CHECK)
    timer.timeout.connect(lambda: None)
    timer.start()
    return timer


def _wait(ready: Callable[[], bool], limit: int = 60_000) -> None:
    clock = QElapsedTimer()
    clock.start()
    loop = QEventLoop()
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: loop.quit() if ready() or clock.hasExpired(limit) else None)
    timer.start()
    loop.exec()
    timer.stop()


def _settle(window: MainWindow) -> None:
    """Let layouts, figures that are computed in the background, and animations come to rest."""
    clock = QElapsedTimer()
    clock.start()
    _wait(lambda: clock.hasExpired(_REST) and not window.gallery.busy and window.warm_up.settled)
    QApplication.processEvents()  # what came last is laid out with the next event
