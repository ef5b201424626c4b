"""How long steps take as they are calculated and measured before a training, against the epochs of one."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import geometric_mean
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import torch

from engine.data.settings import choose
from engine.project import Project, describe
from engine.recipe.recipe import Device, Recipe
from engine.runs.measuring import measure_steps
from engine.runs.session import run_project
from engine.training.estimate import Estimator
from engine.training.events import EpochDone
from engine.training.pace import Images
from engine.training.rates import Rates, tried
from templates import build

CASES: dict[str, tuple[int, dict[str, Any]]] = {
    "mlp": (64, {}),
    "lenet5": (16, {}),
    "fashion_cnn": (128, {}),
    "network_in_network": (32, {"classes": 10}),
    "resnet": (64, {"depth": 18, "input_size": 32, "classes": 10}),
    "mobilenet": (32, {"input_size": 64, "classes": 10}),
}


def run() -> dict[str, Any]:
    """``ratio`` is the calculated time of an epoch over what it takes; ``measured`` holds the measured ones over it.

    The digits, one thread, and only the time that it is busy: what else runs on the machine does not count. Meant is
    0.5 to 2 for each that is calculated, 0.8 to 1.2 for each that is measured.
    """
    torch.set_num_threads(1)
    with patch("time.perf_counter", time.thread_time):
        rates = tried(torch.device("cpu"), torch.float32)
        found = {name: _ratios(name, rates) for name in CASES}
    calculated, measured = ({name: round(both[i], 2) for name, both in found.items()} for i in (0, 1))
    return {"ratio": round(geometric_mean(calculated.values()), 2), "calculated": calculated, "measured": measured}


def _ratios(name: str, rates: Rates) -> tuple[float, float]:
    """Calculated and measured seconds of an epoch, over those of the second of two."""
    batch, options = CASES[name]
    recipe = Recipe(device=Device.CPU, batch_size=batch, epochs=2)
    project = Project(build(name, **options), data=choose("digits"), training=recipe)
    description = describe(project).description
    assert description is not None
    images = Images.of(project.data, description)
    found = Estimator(project.network, rates=lambda *_: rates).estimate(recipe, images)
    after = found.at_pace(found.pace.measured(*measure_steps(project)), recipe, images)
    with TemporaryDirectory() as folder:
        events = run_project(project, Path(folder, "run"))
        *_, taken = [event.seconds for event in events if isinstance(event, EpochDone)]
    assert found.times is not None
    assert after.times is not None
    return found.times.epoch / taken, after.times.epoch / taken
