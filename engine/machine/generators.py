"""The random number generators of the program, which something may use without a trace."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from engine.machine.turn import TURNS


@contextmanager
def generators_kept(device: torch.device) -> Iterator[None]:
    """Leave the generators of torch, on the CPU and on ``device``, of numpy and of Python as they were before.

    All threads share them: it waits for its turn, and what trains waits for its own.
    """
    with TURNS.to_try(), _restoring(device):
        yield


@contextmanager
def _restoring(device: torch.device) -> Iterator[None]:
    python, arrays = random.getstate(), np.random.get_state()
    devices = [] if device.type == "cpu" else [device.index or 0]
    with torch.random.fork_rng(devices, device_type="cuda" if device.type == "cpu" else device.type):
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(arrays)
