"""A file that one process at a time holds; the system frees it when that process ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TRIES = 5
_BLINK = 0.01  # s
_HELD = (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK)


class Lock:
    """A lock on a file of its own, which is made when it is taken and removed when it is released.

    Nothing in the file says who holds it, so neither a crash nor a process that has its number again is taken for a
    holder. On a file system without locks everyone gets it.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Hold it from now on; False if somebody else does. Raises ``OSError`` where the file cannot be made."""
        for _ in range(_TRIES):  # who asks `is_held` holds it for a blink
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o666)
            if try_to_lock(descriptor) and os.fstat(descriptor).st_nlink:  # else its holder removed it just now
                self._descriptor = descriptor
                return True
            os.close(descriptor)
            time.sleep(_BLINK)
        return False

    def release(self) -> None:
        """Let others have it, if it is held."""
        if self._descriptor is not None:
            self.file.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def waited_for(file: Path, *, seconds: float) -> Iterator[None]:
    """Hold a lock on ``file``, once whoever has it lets go.

    Raises ``TimeoutError`` if that takes longer, ``OSError`` where the file cannot be made.
    """
    lock, until = Lock(file), time.monotonic() + seconds
    while not lock.take():
        if time.monotonic() > until:
            raise TimeoutError
    try:
        yield
    finally:
        lock.release()


def is_held(file: Path) -> bool:
    """Whether a living process holds a lock on ``file``, which may be any file and is left as it is."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_to_lock(descriptor)
    finally:
        os.close(descriptor)


def try_to_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed; False if another one holds it."""
    try:
        _lock(descriptor)
    except OSError as error:
        return error.errno not in _HELD
    return True
