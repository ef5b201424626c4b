"""A named pipe with somebody at its other end."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

MOST = 1 << 20  # bytes that it takes before anybody reads them


class ReadPipe:
    """A new pipe that is open for reading, so that who writes into it waits for nobody."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        fcntl.fcntl(self._end, fcntl.F_SETPIPE_SZ, MOST)

    def read(self) -> bytes:
        """What was written, if the pipe is still one."""
        assert self.path.is_fifo()
        return os.read(self._end, MOST)

    def __del__(self) -> None:
        os.close(self._end)
