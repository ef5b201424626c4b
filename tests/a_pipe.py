"""A named pipe with somebody at its other end."""

from __future__ import annotations

import os
import threading
from pathlib import Path


class ReadPipe(threading.Thread):
    """A new pipe that a thread reads, which nobody waits for if nothing is ever written into it."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self._content = b""
        os.mkfifo(path)
        self.start()

    def run(self) -> None:
        self._content = self.path.read_bytes()

    def read(self) -> bytes:
        """What was written, if the pipe is still one."""
        assert self.path.is_fifo()
        self.join()
        return self._content
