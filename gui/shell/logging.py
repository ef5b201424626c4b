"""The log file, and what happens to an error that nobody expected."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from engine.log import open_log
from gui.shell.desktop import exit_if_no_screen

_LOG = logging.getLogger("layerloom")


def start_log() -> None:
    """Write warnings and errors, Qt's too, to the log file, or to the terminal if its folder cannot be written."""
    open_log(otherwise=logging.StreamHandler())
    _LOG.setLevel(logging.INFO)
    qInstallMessageHandler(_log_qt)


class CrashReporter(QObject):
    """Catches errors that nobody expected: the traceback goes to the log, one sentence to the window."""

    crashed = Signal(str)

    def install(self) -> None:
        """Take over `sys.excepthook` and its like for threads."""
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _LOG.error("an unexpected error", exc_info=(kind, error, trace))
        self.crashed.emit(f"Something went wrong inside Layerloom ({kind.__name__}). The log holds the details.")

    def _take_from_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._take(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


def _log_qt(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
    level = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}.get(kind, logging.WARNING)
    _LOG.log(level, "Qt: %s", text)
    if kind is QtMsgType.QtFatalMsg:
        exit_if_no_screen(text)
