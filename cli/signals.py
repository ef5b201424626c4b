"""Ctrl+C and a polite kill, as a training without a window takes them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from engine.training.control import Control


@contextmanager
def stopping_on_signals(control: Control) -> Iterator[None]:
    """Let either end training after the current batch; a second one ends the program at once."""

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, before[number])
        control.stop()

    before = {number: signal.signal(number, stop) for number in (int(signal.SIGINT), int(signal.SIGTERM))}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
