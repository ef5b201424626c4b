"""The log file: tracebacks go there, as people get sentences."""

from __future__ import annotations

import logging
from pathlib import Path

_LOG = logging.getLogger("layerloom")
_MOST_BYTES = 1_000_000


def log_file() -> Path:
    """Where the log is kept."""
    import platformdirs

    return platformdirs.user_log_path("layerloom") / "layerloom.log"


def log_crash(what: str, error: BaseException) -> Path:
    """Keep the traceback of ``error``, and return the file it is in."""
    open_log()
    _LOG.error(what, exc_info=error)
    return log_file()


def crash_words(what: str, error: BaseException) -> str:
    """Keep the traceback of ``error``, and return the sentence for people; ``what`` begins it: "Training"."""
    path = log_crash(f"{what} ended unexpectedly", error)
    return f"{what} ended unexpectedly: {type(error).__name__}. The details are in {path}."


def log_note(what: str) -> None:
    """Keep what is no crash, but may explain what somebody wonders about."""
    open_log()
    _LOG.warning(what)


def open_log(*, otherwise: logging.Handler | None = None) -> None:
    """Begin to keep what is told, once; ``otherwise`` takes it where the log's folder cannot be written."""
    if not _LOG.handlers:
        _LOG.addHandler(_file_handler() or otherwise or logging.NullHandler())
        _LOG.propagate = False


def _file_handler() -> logging.Handler | None:
    from logging.handlers import RotatingFileHandler  # brings sockets and pickle, which no command needs

    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=_MOST_BYTES, backupCount=2, encoding="utf-8", delay=True)
    except OSError:  # a folder that cannot be written must not hide the error itself
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler
