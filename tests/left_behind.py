"""What a test may leave behind, so that it goes on in the tests that follow: threads, child processes, timers."""

import gc
import sys
import threading
import time
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QTimer
from shiboken6 import isValid

from gui.background import let_go
from gui.start.collector import Collector

PATIENCE = 60  # seconds that what was told to end may take: PyTorch, which loads once, cannot be cut off
_FRAMES = 12

# What the whole session shares, and who brings it.
_SHARED_THREADS = (
    "tqdm_monitor",  # of tqdm, which PyTorch takes where it is installed
    "Dummy-",  # Python's own name for PyTorch's threads, once they have called into Python
)
_SHARED_PROCESSES = (
    "multiprocessing.resource_tracker",  # Python's own; it ends with the session
)

_begun: WeakKeyDictionary[Any, list[str]] = WeakKeyDictionary()


def note_beginnings() -> None:
    """From now on note where each thread is started and each timer made; timers cannot be asked for otherwise."""
    start, make = threading.Thread.start, QTimer.__init__

    def start_and_note(thread: threading.Thread) -> None:
        _begun[thread] = _where()
        start(thread)

    def make_and_note(timer: QTimer, *given: Any, **named: Any) -> None:
        make(timer, *given, **named)
        _begun[timer] = _where()

    threading.Thread.start = start_and_note
    QTimer.__init__ = make_and_note


def running() -> set[Any]:
    """All threads and timers that run now, and the numbers of all child processes."""
    return {*_threads(), *_timers(), *_children()}


def since(before: set[Any]) -> list[str]:
    """What runs now and did not ``before``, and where it was begun; waits for threads that are ending."""
    if not running() - before:
        return []
    gc.collect()  # it may belong to what nobody holds any more
    until = time.monotonic() + PATIENCE
    for thread in _threads() - before:
        thread.join(max(0, until - time.monotonic()))
    let_go()
    return [_about(one) for one in running() - before]


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.name.startswith(_SHARED_THREADS)}


def _children() -> set[int]:
    """The numbers of this process's children; none where the system does not list them."""
    lists = map(_text, Path("/proc/self/task").glob("*/children"))  # of threads that may end meanwhile
    numbers = {int(number) for children in lists for number in children.split()}
    return {number for number in numbers if not any(shared in _command(number) for shared in _SHARED_PROCESSES)}


def _command(number: int) -> str:
    return _text(Path(f"/proc/{number}/cmdline")).replace("\0", " ")


def _text(file: Path) -> str:
    """What is in a file of the system; "" where it is gone."""
    try:
        return file.read_text()
    except OSError:
        return ""


def _timers() -> set[QTimer]:
    """The timers that run, but for the one that collects garbage, which lives as long as the application."""
    noted = (one for one in list(_begun) if isinstance(one, QTimer))
    active = [timer for timer in noted if isValid(timer) and timer.isActive()]
    return {timer for timer in active if not isinstance(timer.parent(), Collector)}


def _about(one: Any) -> str:
    if isinstance(one, int):
        return f"process {one}: {_command(one)}"
    return f"{one!r}, begun in\n  " + "\n  ".join(_begun.get(one, ["(not known)"]))


def _where() -> list[str]:
    """The innermost calls of our own, as ``file:line function``."""
    frame, calls = sys._getframe(2), []
    while frame is not None and len(calls) < _FRAMES:
        calls.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return calls
