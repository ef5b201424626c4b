"""Training against a loop written by hand: the same network, data, optimiser and thread."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import torch
from torch import fx

from benchmarks.hand_loop import train_epoch
from benchmarks.outside import from_outside
from benchmarks.timing import in_figures
from engine.compiling import compile_network
from engine.data.draws import Pass
from engine.data.loaded import LoadedData, Split
from engine.data.memory_images import MemoryImages
from engine.data.normalise import Normalisation
from engine.data.parts import Parts
from engine.data.pipeline import Pipeline
from engine.data.split import steps_in_pass
from engine.data.targets import Targets
from engine.layers.shape import Shape
from engine.network.network import Network
from engine.recipe.metrics import LossValue, Metric
from engine.recipe.optimisation import make_optimiser
from engine.recipe.recipe import Device, Precision, Recipe
from engine.tasks import Classification
from engine.training import loop
from engine.training.control import Control
from engine.training.events import EpochDone, Event, Finished, Started, StepDone
from engine.training.health import HealthMeter
from templates import build

ROUNDS = 5
WATCHED_EPOCHS = 5  # the first step is measured on any machine, which is to weigh as it does in a training
_WATCHED = ("lenet5_16", "lenet5_64")


class Case(NamedTuple):
    """A network and how it trains, with so many ``steps`` in an epoch.

    ``goal`` is the share of the hand-written loop's speed that is to be reached.
    """

    network: Network
    shape: Shape
    batch: int
    steps: int
    goal: float


def cases() -> dict[str, Case]:
    """What is measured, by name."""
    lenet, fashion, resnet = build("lenet5"), build("fashion_cnn"), build("resnet", depth=18, input_size=32, classes=10)
    grey, small, colour = Shape(1, 32, 32), Shape(1, 28, 28), Shape(3, 32, 32)
    return {
        "lenet5_16": Case(lenet, grey, 16, 150, 0.95),
        "lenet5_64": Case(lenet, grey, 64, 60, 0.97),
        "fashion_cnn_128": Case(fashion, small, 128, 10, 0.97),
        "resnet18_128": Case(resnet, colour, 128, 10, 0.97),
    }


def run(rounds: int = ROUNDS) -> dict[str, Any]:
    """``ratio`` is the least of all: the hand-written loop's time for an epoch over ours, 1 is equally fast.

    One thread, and only the time it is busy, so that what else runs on the machine does not count; medians of rounds in
    which both take turns, each with a network of its own. The load is what the machine had to do in the minute before.
    """
    torch.set_num_threads(1)
    load = os.getloadavg()[0]
    measuring: dict[str, Callable[[], dict[str, Any]]] = {
        **{name: partial(measured, case, rounds=rounds) for name, case in cases().items()},
        **{f"watching {name}": partial(watching, cases()[name], rounds=rounds) for name in _WATCHED},
        **{f"from outside lenet5_{batch}": partial(from_outside, batch, rounds=rounds) for batch in (16, 64)},
    }
    found = {}
    for name, measure in measuring.items():
        found[name] = measure()
        sys.stderr.write(f"{name:<24} {_verdict(found[name])}\n")
    return {
        "ratio": min(one["ratio"] for one in found.values() if "ratio" in one),
        "cases": found,
        "rounds": rounds,
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }


def _verdict(found: dict[str, Any]) -> str:
    """A figure with its goal, in words."""
    if "share" in found:
        word = "reached" if found["share"] < found["goal"] else "missed"
        return f"{found['share']:6.1%} of the training, goal < {found['goal']:.0%}: {word}"
    word = "reached" if found["ratio"] >= found["goal"] else "missed"
    low, high = found["quartiles"]
    end = f"; an epoch's end takes {found['end_ms']} ms" if "end_ms" in found else ""
    return f"{found['ratio']:6.3f} ({low} to {high}) of the speed by hand, goal >= {found['goal']}: {word}{end}"


def measured(case: Case, *, rounds: int) -> dict[str, Any]:
    """Both loops on one network: the ratio of their times, and µs a step.

    Ours has an epoch's end in it, after the last step, which the other lacks: it is told apart too, for it weighs more
    in an epoch of so few steps than in a real one.
    """
    data, recipe = noise(case), _recipe(case)
    ends: list[float] = []
    pairs = _in_turns(
        lambda: _by_hand(case, data, recipe),
        lambda: _busy(_ending(loop.train(_model(case), data, recipe), ends), EpochDone),
        rounds=rounds,
    )
    hand, ours = zip(*pairs, strict=True)
    return {
        **in_figures([by_hand / our for by_hand, our in pairs]),
        "goal": case.goal,
        "end_ms": round(1000 * statistics.median(ends[1:]), 1),
        "step_us": round(1e6 * statistics.median(ours) / case.steps),
        "by_hand_us": round(1e6 * statistics.median(hand) / case.steps),
    }


def watching(case: Case, *, rounds: int) -> dict[str, float]:
    """The share of a training that metrics, health and a probe after each epoch take: all of them against none."""
    data, recipe = noise(case), _recipe(case).model_copy(update={"epochs": WATCHED_EPOCHS})

    def watched() -> float:
        control = Control()
        control.watch(next(iter(case.network.outputs)), np.zeros(case.shape, np.uint8))
        return _busy(loop.train(_model(case), data, recipe, control=control), Finished)

    def blind() -> float:
        with patch.object(loop, "HealthMeter", _NoHealth):
            return _busy(loop.train(_model(case), data, recipe, task=_Blind()), Finished)

    pairs = _in_turns(watched, blind, rounds=rounds)
    return {"share": round(1 - 1 / statistics.median(all_ / none for all_, none in pairs), 3), "goal": 0.03}


class _Blind(Classification):
    """Measures nothing but the loss."""

    def measured(self, recipe: Recipe) -> tuple[Metric, ...]:
        return (LossValue(),)

    def watched(self, recipe: Recipe) -> Metric:
        return LossValue()


class _NoHealth(HealthMeter):
    """Is never due."""

    def is_due(self) -> bool:
        return False


def noise(case: Case) -> LoadedData:
    """Training images at random, and one that validates: without any, a whole batch would be run over once more."""
    count = case.batch * case.steps
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(256, (count + 1, *case.shape), dtype=torch.uint8, generator=generator)
    labels = torch.randint(10, (count + 1,), generator=generator).numpy()
    pipeline = Pipeline(case.shape, Normalisation((0.5,) * case.shape.channels, (0.25,) * case.shape.channels))
    stored, targets = MemoryImages(pixels, case.shape), Targets(labels, tuple("0123456789"))
    train, validation, none = (
        Split(stored, places, targets.of(places), pipeline)
        for places in (np.arange(count), np.array([count]), np.arange(0))
    )
    return LoadedData("noise", train, validation, none, Parts(tuple(range(count)), (count,), ()))


def _recipe(case: Case) -> Recipe:
    return Recipe(epochs=1, batch_size=case.batch, device=Device.CPU, precision=Precision.FLOAT32)


def _in_turns(first: Callable[[], float], second: Callable[[], float], *, rounds: int) -> list[tuple[float, float]]:
    """What both say in each round, one that has torch load what it needs left out."""
    pairs = []
    for index in range(rounds + 1):
        if index % 2:
            one = first()
            pairs.append((one, second()))
        else:
            other = second()
            pairs.append((first(), other))
    return pairs[1:]


def _model(case: Case) -> fx.GraphModule:
    return compile_network(case.network, logits=True, seed=0, reuse_memory=True)


def _busy(events: Iterable[Event], last: type[Event]) -> float:
    """Seconds that a training is busy from its start to an event of a kind, without what comes before and after."""
    began = time.thread_time()
    for event in events:
        if isinstance(event, Started):
            began = time.thread_time()
        if isinstance(event, last):
            return time.thread_time() - began
    raise AssertionError(f"the training did not come to {last.__name__}")


def _ending(events: Iterable[Event], ends: list[float]) -> Iterator[Event]:
    """The same events; the seconds that a training is busy after the last step of an epoch go into ``ends``."""
    last = 0.0
    for event in events:
        if isinstance(event, StepDone):
            last = time.thread_time()
        elif isinstance(event, EpochDone):
            ends.append(time.thread_time() - last)
        yield event


def _by_hand(case: Case, data: LoadedData, recipe: Recipe) -> float:
    """Seconds of the same steps in the hand-written loop."""
    cpu = torch.device("cpu")
    model = _model(case)
    optimiser = make_optimiser(model, recipe)
    stored, images = data.train.stored, len(data.train)
    pixels, labels = stored.read(torch.arange(images)), data.train.targets.batch(torch.arange(images), cpu)
    steps = steps_in_pass(images, case.batch)
    scale = [
        torch.tensor(values).view(1, -1, 1, 1) * 255 for values in (data.normalisation.mean, data.normalisation.std)
    ]
    began = time.thread_time()
    order = torch.randperm(images, generator=torch.Generator().manual_seed(Pass(recipe.seed, 1).order_seed))
    rates = [recipe.rate(step, steps) for step in range(1, steps + 1)]
    batches = order.tensor_split(steps)
    train_epoch(model, optimiser, batches, rates, pixels=pixels, labels=labels, mean=scale[0], std=scale[1])
    return time.thread_time() - began
