"""The optimisers; one class each."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from engine.choices import Call, Choice, Registry, module
from engine.settings import setting


class Optimiser(Choice):
    """What turns gradients into steps.

    ``usual_rate`` is a learning rate that it usually works with; ``moments`` is how many tensors it keeps beside each
    parameter, a plain number or a property of its settings.
    """

    usual_rate: ClassVar[float]

    @property
    def moments(self) -> int:
        raise TypeError(f"{type(self).__name__} does not declare moments")

    def call(self, *, weight_decay: float) -> Call:
        """The torch optimiser's class, and all its arguments but the parameters and the learning rate."""
        raise TypeError(f"{type(self).__name__} does not declare call")


OPTIMISERS: Registry[Optimiser] = Registry("optimisers", one="optimiser")


@OPTIMISERS.register
class SGD(Optimiser):
    """Stochastic gradient descent with momentum (Sutskever et al. 2013); momentum 0 is plain gradient descent."""

    name: ClassVar = "sgd"
    title: ClassVar = "SGD"
    usual_rate: ClassVar = 0.1

    momentum: Annotated[float, Field(ge=0, lt=1)] = setting(0.9, "Momentum")

    @property
    def moments(self) -> int:
        return 1 if self.momentum else 0

    def summary(self) -> str:
        return f"SGD, m {self.momentum:g}" if self.momentum else "SGD"

    def call(self, *, weight_decay: float) -> Call:
        return module("torch.optim.SGD", momentum=self.momentum, weight_decay=weight_decay, foreach=True)


@OPTIMISERS.register
class AdamW(Optimiser):
    """Adam, a step size for every parameter, with decay kept apart from it (Loshchilov & Hutter 2019)."""

    name: ClassVar = "adamw"
    title: ClassVar = "AdamW"
    usual_rate: ClassVar = 0.003
    moments: ClassVar = 2

    def call(self, *, weight_decay: float) -> Call:
        return module("torch.optim.AdamW", weight_decay=weight_decay, foreach=True)
