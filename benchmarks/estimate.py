"""How long steps take as they are calculated before a training, against what they take."""

from __future__ import annotations

import time
from statistics import geometric_mean
from typing import Any

import torch
from torch import nn

from engine.compiling import compile_network
from engine.network import analyse
from engine.recipe.optimisation import make_optimiser
from engine.recipe.recipe import Device, Recipe
from engine.training.estimate import Estimator
from engine.training.rates import tried
from templates import build

CASES = {"mlp": 64, "lenet5": 16, "fashion_cnn": 128, "alexnet": 16, "resnet": 8, "mobilenet": 8, "googlenet": 8}
ROUNDS = 5


def run() -> dict[str, Any]:
    """``ratio`` is what is calculated over what is taken, the mean of ``networks``; from 0.5 to 2 each is as meant.

    One thread, and only the time it is busy, for both: what else runs on the machine does not count.
    """
    torch.set_num_threads(1)
    rates = tried(torch.device("cpu"), torch.float32, clock=time.thread_time)
    networks = {}
    for name, batch in CASES.items():
        estimator = Estimator(build(name), rates=lambda *_: rates)
        recipe = Recipe(device=Device.CPU, batch_size=batch)
        networks[name] = round(estimator.estimate(recipe).pace.step / _taken(name, recipe), 2)
    worst = max(max(ratio, 1 / ratio) for ratio in networks.values())
    return {"ratio": round(geometric_mean(networks.values()), 2), "worst": worst, "networks": networks}


def _taken(name: str, recipe: Recipe) -> float:
    """Seconds of the fastest of some steps, after two that allocate."""
    network = build(name)
    model = compile_network(network, logits=True, reuse_memory=True, seed=0).train()
    shape = analyse(network)[network.inputs[0]].output
    assert shape is not None
    images = torch.randn(recipe.batch_size, *shape, generator=torch.Generator().manual_seed(0))
    labels = torch.zeros(recipe.batch_size, dtype=torch.long)
    optimiser = make_optimiser(model, recipe)
    times = []
    for _ in range(ROUNDS + 2):
        began = time.thread_time()
        optimiser.zero_grad()
        outputs = model(images)
        heads = list(outputs.values()) if isinstance(outputs, dict) else [outputs]
        torch.autograd.backward(torch.stack([nn.functional.cross_entropy(head, labels) for head in heads]).sum())
        optimiser.step()
        times.append(time.thread_time() - began)
    return min(times[2:])
