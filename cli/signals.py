"""Ctrl+C, a polite kill and a terminal that closes, as a training without a window takes them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from engine.signals import ENDING_SIGNALS
from engine.training.control import Control


@contextmanager
def stopping_on_signals(control: Control) -> Iterator[None]:
    """Let each end training after the current batch; a second one ends the program at once."""

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, before[number])
        control.stop()

    heard = [number for number in ENDING_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # as nohup asks
    before = {int(number): signal.signal(number, stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
