"""Measuring how layers learn takes little of the time of the thread that trains."""

from itertools import count
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from engine.training.health import HealthMeter

STEPS = 20_000


@pytest.mark.parametrize("wall", [0.001, 100.0])
def test_measuring_takes_one_per_cent_of_the_thread_however_much_time_others_take(monkeypatch, wall):
    """Each look at the thread's clock is a millisecond of work; between two steps so much time goes by on the wall."""
    thread, step = count(0.0, 0.001), 0
    clocks = SimpleNamespace(thread_time=lambda: next(thread), perf_counter=lambda: 1 + wall * step)
    monkeypatch.setattr("engine.training.health.time", clocks)
    model = nn.Linear(2, 2)
    model(torch.ones(1, 2)).sum().backward()
    meter, spent = HealthMeter(model), 0.0
    began = next(thread)
    for step in range(STEPS):  # noqa: B007 - the clock looks at it
        next(thread)
        if meter.is_due():
            before = next(thread)
            assert meter.update(lambda: None)
            spent += next(thread) - before
    assert 0 < spent <= 0.03 * (next(thread) - began)
