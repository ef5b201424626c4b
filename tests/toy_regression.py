"""A task of its own, as somebody outside the program would add one: how bright a digit is, as a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.data.memory_images import MemoryImages
from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.data.source import SOURCES, DataDescription, Source, SourceImages, Thumbnails
from engine.data.targets import Targets
from engine.layers import LAYERS, Shape
from engine.network import Network, Problem, Severity
from engine.project import Project
from engine.recipe.losses import LOSSES, Loss
from engine.recipe.metrics import METRICS, Metric
from engine.recipe.recipe import Device, Recipe
from engine.tasks import TASKS, Task


class Brightness(Source):
    """Digits, each with how bright it is."""

    name: ClassVar = "brightness"
    title: ClassVar = "Brightness"
    targets: ClassVar = "values"

    @property
    def known(self):
        return DataDescription(self.title, (), (), Shape(1, 8, 8), unclassed=1797)

    def describe(self, *, progress=None):
        return self.known

    def thumbnails(self, *, per_class=8, edge=48, progress=None):
        pixels = Digits().thumbnails(per_class=per_class, edge=edge).pixels[:per_class]
        return Thumbnails(pixels, np.zeros(len(pixels), np.int64))

    def load(self, shape, *, check=True, progress=None):
        raw = Digits().raw().pixels
        values = Targets((raw.mean(axis=(1, 2, 3)) / 64)[:, None].astype(np.float32))
        return SourceImages(self.title, range(len(raw)), MemoryImages(torch.from_numpy(raw), shape), values)


class MeanSquared(Loss):
    """The mean of the squared differences."""

    name: ClassVar = "toy_mse"
    title: ClassVar = "Mean squared"
    targets: ClassVar = "values"

    def of(self, outputs: Tensor, targets: Tensor, *, reduction="mean") -> Tensor:
        return functional.mse_loss(outputs, targets, reduction=reduction)


class MeanAbsolute(Metric):
    """The mean of the absolute differences."""

    name: ClassVar = "toy_mae"
    title: ClassVar = "Mean absolute error"
    targets: ClassVar = "values"
    short: ClassVar = "MAE"
    higher_is_better: ClassVar = False

    def total(self, outputs: Tensor, targets: Tensor, loss: Loss) -> Tensor:
        return (outputs - targets).abs().sum()


class Regression(Task):
    """Saying a number about an image."""

    name: ClassVar = "toy_regression"
    title: ClassVar = "Regression"
    targets: ClassVar = "values"
    metrics: ClassVar = (MeanAbsolute,)

    def misfits(self, setup) -> Iterator[Problem]:
        for name in setup.network.outputs:
            shape = setup.analysis[name].output
            if shape is not None and shape.elements != 1:
                yield Problem("one_value", Severity.ERROR, name, f"{name} gives {shape.elements} values, 1 is needed.")


@contextmanager
def registered():
    """The toy in its registries, and out of them again."""
    added = ((SOURCES, Brightness), (LOSSES, MeanSquared), (METRICS, MeanAbsolute), (TASKS, Regression))
    for registry, kind in added:
        registry.register(kind)
    try:
        yield
    finally:
        for registry, kind in added:
            registry.unregister(kind.name)


def toy_network(outputs=1):
    network = Network("brightness")
    network.add(LAYERS["Input"](channels=1, height=8, width=8), "input")
    network.add(LAYERS["Conv2d"](out_channels=2, kernel_size=3), "conv", inputs="input")
    network.add(LAYERS["ReLU"](), "relu", inputs="conv")
    network.add(LAYERS["Flatten"](), "flatten", inputs="relu")
    network.add(LAYERS["Linear"](out_features=outputs), "fc", inputs="flatten")
    network.add(LAYERS["Output"](), "output", inputs="fc")
    return network


def toy_project(outputs=1, **values):
    recipe = {"epochs": 4, "batch_size": 64, "learning_rate": 0.01, "device": Device.CPU, "loss": MeanSquared()}
    return Project(
        toy_network(outputs),
        DataSettings(source=Brightness()),
        Recipe(**{**recipe, **values}),
        task=Regression(),
    )
