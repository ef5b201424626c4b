"""One process at a time writes a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import LayerloomError
from engine.locks import Lock
from engine.runs.run_folder import lock_file


@contextmanager
def sole_writer(path: Path) -> Iterator[None]:
    """Hold the run folder at ``path``, which exists.

    Raises `LayerloomError` if another process writes there, ``OSError`` if the folder cannot be written.
    """
    lock = Lock(lock_file(path))
    if not lock.take():
        raise LayerloomError(f"The run in {path} is still being trained by another Layerloom: stop it there first.")
    try:
        yield
    finally:
        lock.release()
