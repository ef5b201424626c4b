"""What is measured after every epoch; one class a metric."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Registry
from engine.recipe.loss import LOSSES, Loss
from engine.words import signed_text

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric as those who show figures need it; see `Metric` for what the fields mean."""

    name: str
    title: str
    short: str = ""
    unit: str = ""
    higher_is_better: bool = False
    limits: tuple[float | None, float | None] = (0.0, None)
    minimised: bool = False

    def text(self, value: float) -> str:
        """A value with its unit: "94.1 %", "0.387"; scientific where decimals would hide it."""
        if self.unit == "%":
            return f"{100 * value:.1f} %"
        large = math.isinf(value) or abs(value) >= 10_000
        return " ".join((f"{value:.1e}" if large else f"{value:.3f}", self.unit)).rstrip()

    def difference(self, gain: float) -> str:
        """By how much a value is another than one before: "−1.1 points", "+0.021"."""
        if self.unit == "%":
            return signed_text(f"{100 * gain:+.1f} points") if f"{100 * gain:.1f}".strip("-") != "0.0" else "0.0 points"
        return signed_text(f"{gain:+.3f}")


class Metric(Choice):
    """A figure that says how good a network is on some images.

    ``targets`` names the kind of targets that it compares with, "" where any will do. ``short`` stands in the heads
    of narrow columns. ``unit`` is "%" for what is 0 to 1 and shown in per cent. ``higher_is_better`` decides what is
    best; ``limits`` are the ends of its axis, None where the values decide. ``minimised`` says that it is the loss
    itself, which training works out anyway. ``counts`` says that its sum is a whole number, so that it is the same
    however images are put together.
    ``of_all`` says that it is no mean over images but a figure of all of them
    together, so that it is measured where a part is looked at as a whole: after an epoch, on the validation images.
    ``classes`` is how many there must be for it to say anything.
    """

    targets: ClassVar[str] = ""
    short: ClassVar[str]
    unit: ClassVar[str] = ""
    higher_is_better: ClassVar[bool]
    limits: ClassVar[tuple[float | None, float | None]] = (0.0, None)
    minimised: ClassVar[bool] = False
    counts: ClassVar[bool] = False
    of_all: ClassVar[bool] = False
    classes: ClassVar[int] = 0

    def total(self, outputs: Tensor, targets: Tensor, loss: Loss) -> Tensor:
        """The sum of the metric over the images of a batch, a scalar; ``loss`` is the one that training minimises.

        Of one ``of_all`` images it is whatever adds up over batches.
        """
        raise TypeError(f"{type(self).__name__} does not declare total")

    def figure(self, total: float, images: int) -> float:
        """What the sum over all ``images`` comes to: their mean."""
        return total / images

    def of_part(self, total: Tensor, images: int) -> float:
        """What the sum over all ``images`` of a part comes to."""
        return self.figure(total.item(), images)

    @classmethod
    def measured(cls) -> Measured:
        """What a training announces of it."""
        return Measured(cls.name, cls.title, cls.short, cls.unit, cls.higher_is_better, cls.limits, cls.minimised)


METRICS: Registry[Metric] = Registry("metrics", one="metric")


def total_of(metric: Metric, outputs: Tensor, targets: Tensor, loss: Loss) -> Tensor:
    """`Metric.total`; raises `ChoiceFailedError`, which names the metric, for an error that nobody expected."""
    with METRICS.blaming(metric):
        return metric.total(outputs, targets, loss)


@METRICS.register
class LossValue(Metric):
    """The loss that training minimises."""

    name: ClassVar = "loss"
    title: ClassVar = "Loss"
    short: ClassVar = "loss"
    higher_is_better: ClassVar = False
    minimised: ClassVar = True

    def total(self, outputs: Tensor, targets: Tensor, loss: Loss) -> Tensor:
        with LOSSES.blaming(loss):
            return loss.of(outputs, targets, reduction="sum")


@METRICS.register
class Accuracy(Metric):
    """The share of images whose likeliest class is the true one."""

    name: ClassVar = "accuracy"
    title: ClassVar = "Accuracy"
    targets: ClassVar = "classes"
    short: ClassVar = "acc"
    unit: ClassVar = "%"
    higher_is_better: ClassVar = True
    limits: ClassVar = (0.0, 1.0)
    counts: ClassVar = True

    def total(self, outputs: Tensor, targets: Tensor, loss: Loss) -> Tensor:
        return (_scores(outputs, loss).argmax(dim=1) == _true(targets)).sum()


@METRICS.register
class Top5(Metric):
    """The share of images whose true class is among the five likeliest."""

    name: ClassVar = "top5"
    title: ClassVar = "Top-5 accuracy"
    aliases: ClassVar = ("top-5", "top_5")
    targets: ClassVar = "classes"
    short: ClassVar = "top-5"
    unit: ClassVar = "%"
    higher_is_better: ClassVar = True
    limits: ClassVar = (0.0, 1.0)
    classes: ClassVar = 6
    counts: ClassVar = True

    def total(self, outputs: Tensor, targets: Tensor, loss: Loss) -> Tensor:
        scores = _scores(outputs, loss)
        likeliest = scores.topk(min(5, scores.shape[1]), dim=1).indices
        return (likeliest == _true(targets)[:, None]).sum()


@METRICS.register
class MacroF1(Metric):
    """F1 of each class, the harmonic mean of precision and recall, averaged over the classes that have images."""

    name: ClassVar = "macro_f1"
    title: ClassVar = "Macro F1"
    targets: ClassVar = "classes"
    short: ClassVar = "F1"
    higher_is_better: ClassVar = True
    limits: ClassVar = (0.0, 1.0)
    of_all: ClassVar = True

    def total(self, outputs: Tensor, targets: Tensor, loss: Loss) -> Tensor:
        """How many images of each class there are, are told as it and are rightly told ``(3, classes)``."""
        import torch

        scores, true = _scores(outputs, loss), _true(targets)
        told = scores.argmax(dim=1)
        counted = (true, told, true[told == true])
        return torch.stack([torch.bincount(one, minlength=scores.shape[1]) for one in counted])

    def of_part(self, total: Tensor, images: int) -> float:
        true, told, right = total.double()
        there = true > 0
        return float((2 * right / (true + told))[there].mean())


def _scores(outputs: Tensor, loss: Loss) -> Tensor:
    """What is the higher the likelier a class is ``(N, classes)``."""
    with LOSSES.blaming(loss):
        return loss.scores(outputs)


def _true(targets: Tensor) -> Tensor:
    """The true classes ``(N,)``; where images are mixed, that of the greatest share."""
    return targets.argmax(dim=1) if targets.ndim > 1 else targets
