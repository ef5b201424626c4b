"""Training as its users see it: ``train --json`` and a loop written by hand, each in a process of its own."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.timing import in_figures

_ROOT = Path(__file__).parents[1]
_EPOCHS = 10  # the first of each process loads what torch needs, and is left out


def from_outside(batch: int, *, rounds: int) -> dict[str, Any]:
    """How long an epoch of LeNet-5 on the digits takes by hand over how long it says that it took.

    Both validate, neither keeps a checkpoint in that time, each has one thread; the processes take turns.
    """
    pairs = []
    for index in range(rounds):
        if index % 2:
            hand = _by_hand(batch)
            pairs.append((hand, _trained(batch)))
        else:
            ours = _trained(batch)
            pairs.append((_by_hand(batch), ours))
    epoch = statistics.median(ours for _, ours in pairs)
    return {**in_figures([hand / ours for hand, ours in pairs]), "goal": 0.95, "epoch_ms": round(1000 * epoch, 1)}


def _trained(batch: int) -> float:
    """Seconds of an epoch, as ``train --json`` says."""
    with tempfile.TemporaryDirectory() as folder:
        events = _run("main.py", "train", "lenet5", *_options(batch), "--json", "--run", f"{folder}/run").splitlines()
    done: list[float] = [event["seconds"] for event in map(json.loads, events) if event["event"] == "epoch_done"]
    return statistics.median(done[1:])


def _by_hand(batch: int) -> float:
    """Seconds of an epoch of the loop below."""
    done: list[float] = json.loads(_run("-m", "benchmarks.outside", str(batch)))
    return statistics.median(done[1:])


def _options(batch: int) -> tuple[str, ...]:
    return "--data", "digits", "--device", "cpu", "--epochs", str(_EPOCHS), "--batch-size", str(batch)


def _run(*arguments: str) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def _epochs_by_hand(batch: int) -> list[float]:
    """Seconds of each epoch of a plain loop on the same images, with the same network and optimiser."""
    import torch

    from benchmarks.hand_loop import train_epoch, validate
    from engine.compiling import compile_network
    from engine.data.draws import Pass
    from engine.data.loading import load
    from engine.data.settings import DataSettings
    from engine.layers.shape import Shape
    from engine.recipe.optimisation import make_optimiser
    from engine.recipe.recipe import Device, Recipe
    from templates import build

    recipe = Recipe(epochs=_EPOCHS, batch_size=batch, device=Device.CPU)
    data, cpu = load(DataSettings(), Shape(1, 32, 32)), torch.device("cpu")
    model = compile_network(build("lenet5"), logits=True, seed=0, reuse_memory=True)
    optimiser = make_optimiser(model, recipe)
    steps = data.train.steps(batch)
    mean, std = (torch.tensor(one).view(1, -1, 1, 1) * 255 for one in (data.normalisation.mean, data.normalisation.std))
    parts = []
    for split in (data.train, data.validation):
        places = torch.arange(len(split))
        pixels, labels = split.stored.read(torch.from_numpy(split.indices)), split.targets.batch(places, cpu)
        parts.append({"pixels": pixels, "labels": labels, "mean": mean, "std": std})
    seconds = []
    for epoch in range(1, _EPOCHS + 1):
        began = time.perf_counter()
        order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(Pass(0, epoch).order_seed))
        rates = [recipe.rate((epoch - 1) * steps + step, _EPOCHS * steps) for step in range(1, steps + 1)]
        train_epoch(model, optimiser, order.tensor_split(steps), rates, **parts[0])
        validate(model, torch.split(torch.arange(len(data.validation)), 4 * batch), **parts[1])
        seconds.append(time.perf_counter() - began)
    return seconds


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_epochs_by_hand(int(sys.argv[1]))))
