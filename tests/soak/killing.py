"""Work that is killed with SIGKILL in the middle of writing, at one operation on files or another."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

OPERATIONS = ("open", "os.mkdir", "os.rmdir", "os.rename", "os.remove", "os.link", "os.chmod", "shutil.copymode")


def killed_at(operation: int, place: Path, work: Callable[[], object]) -> bool:
    """Do ``work`` in a forked process, which dies before its operation of that number in ``place``; whether it did.

    Raises ``ChildProcessError`` if the work raises.
    """
    child = os.fork()
    if child == 0:
        try:
            sys.addaudithook(_killer(operation, str(place)))
            work()
            os._exit(0)
        finally:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise ChildProcessError(f"the work failed in {place}")
    return False


def finished(place: Path, work: Callable[[], object]) -> None:
    """Do ``work`` in a forked process that nobody kills."""
    assert not killed_at(0, place, work)


def _killer(operation: int, place: str) -> Callable[[str, tuple[object, ...]], None]:
    done = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event in OPERATIONS and str(arguments[0]).startswith(place):
            done += 1
            if done == operation:
                os.kill(os.getpid(), signal.SIGKILL)

    return count
