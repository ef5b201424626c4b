"""How good a network, or what an alteration makes of it, is on a part of the run's images."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from engine.compiling.onwards import Onwards
from engine.data.loaded import Split
from engine.data.part_words import SPOKEN
from engine.data.progress import Progress, tell
from engine.errors import LayerloomError
from engine.inspection.altering import DamagedFirst
from engine.inspection.lens import Lens
from engine.inspection.results import NotShownError, Ranking
from engine.layers.shape import Shape
from engine.recipe.metrics import LossValue, Measured, Metric, total_of
from engine.words import counted, path_text


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over the ``images`` of a part that could be read."""

    metric: Measured
    value: float
    part: str
    images: int

    @property
    def said(self) -> str:
        """It in words: "accuracy 94.1 % on 270 validation images"."""
        on = counted(self.images, f"{SPOKEN[self.part]} image")
        return f"{self.metric.title.lower()} {self.metric.text(self.value)} on {on}"


class _Tally:
    """Adds up a metric over batches."""

    def __init__(self, metric: Metric, lens: Lens, split: Split) -> None:
        self._metric, self._loss, self._split, self._device = metric, lens.loss, split, lens.device
        self._total: Tensor | None = None
        self.images = 0

    def add(self, outputs: Tensor, positions: Tensor) -> None:
        total = total_of(self._metric, outputs, self._split.targets.batch(positions, self._device), self._loss)
        self._total = total if self._total is None else self._total + total
        self.images += len(positions)

    @property
    def value(self) -> float:
        return 0.0 if self._total is None else self._metric.of_part(self._total, self.images)


def metric_of(lens: Lens) -> Metric:
    """What the task of a lens is usually judged by."""
    return lens.task.metrics[0]() if lens.task.metrics else LossValue()


def measured(lens: Lens, part: str) -> Figure:
    """The figure of a lens, as it is altered, over a part of the images, each as it is, once.

    Who listens to the images of the lens hears how far it is. Raises `LayerloomError` where there are none.
    """
    split, metric = _judged(lens, part), metric_of(lens)
    tally, answering = _Tally(metric, lens, split), lens.answering()
    with torch.inference_mode():
        images = lens.images
        for outputs, positions in images.each(split, answering, device=lens.device, task="Measuring"):
            tally.add(outputs, positions)
    return Figure(metric.measured(), tally.value, part, tally.images)


def ranking(lens: Lens, node: str, part: str) -> Ranking:
    """The figure of a lens, as it is altered, with each unit of a node switched off by itself besides.

    Raises `NotShownError` for a node behind the one that gives the answer.
    """
    if lens.comes_late(node):
        answer = lens.read_at
        raise NotShownError(f"{path_text(node)} comes after {path_text(answer)}, which gives the answer.", answer)
    split, metric = _judged(lens, part), metric_of(lens)
    onwards = Onwards(lens.own.module, lens.network, node, lens.read_at, change=lens.change)
    images = lens.images
    units, whole, task = list[_Tally](), _Tally(metric, lens, split), f"Switching off units of {path_text(node)}"
    with torch.inference_mode():
        for (values, *beside), positions in images.each(split, onwards.begin, device=lens.device, task=task):
            units = units or [_Tally(metric, lens, split) for _ in range(values.shape[1])]
            whole.add(onwards.end(values.clone(), *beside), positions)
            for unit, tally in enumerate(units):
                done = whole.images - len(positions) + len(positions) * unit // len(units)
                tell(images.listener, Progress(task, done, len(split), "images"))
                off = values.clone()
                off[:, unit] = 0
                tally.add(onwards.end(off, *beside), positions)
    return Ranking(node, metric.measured(), part, whole.images, whole.value, tuple(tally.value for tally in units))


def _judged(lens: Lens, part: str) -> Split:
    """The same as `seen`; raises `LayerloomError` where the network does not tell the classes of the images apart."""
    split, shape = seen(lens, part), lens.analysis[lens.read_at].output or Shape()
    classes = len(split.targets.classes)
    if classes and not (shape.is_vector and shape.channels in lens.loss.outputs_for(classes)):
        shown = counted(classes, "class", "classes")
        raise LayerloomError(
            f"{path_text(lens.read_at)} gives {shape} values, but the images show {shown}: "
            "change the network or the data set."
        )
    return split


def seen(lens: Lens, part: str) -> Split:
    """A part of the images as the lens shows them to its network."""
    split = lens.images.part(part)
    damaged = DamagedFirst.of(split.pipeline.normalisation, lens.alteration.damages)
    return replace(split, pipeline=replace(split.pipeline, normalisation=damaged))
