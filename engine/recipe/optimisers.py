"""The optimisers; one class each.

Those of torch that are left out: LBFGS works out the loss several times a step; Rprop goes by the signs of gradients
over all images, not over a batch; Muon takes matrices alone; ASGD averages weights, which ``average`` of the recipe
does for every optimiser.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from engine.choices import Call, Choice, Registry, module
from engine.settings import setting


class Optimiser(Choice):
    """What turns gradients into steps.

    ``usual_rate`` is a learning rate that it usually works with; ``moments`` is how many tensors it keeps beside each
    parameter, a plain number or a property of its settings. ``target`` is its class in torch, which takes all settings
    by their names, or else `call` says how it is made; ``fused`` says that it has a kernel for all in one.
    ``decoupled`` says that weight decay is kept apart from the gradients.
    """

    usual_rate: ClassVar[float]
    target: ClassVar[str]
    fused: ClassVar[bool] = False

    def usual_rate_for(self, images: int) -> float:
        """The learning rate that it usually works with where an update is made from so many images."""
        return self.usual_rate

    @property
    def decoupled(self) -> bool:
        return False

    @property
    def moments(self) -> int:
        raise TypeError(f"{type(self).__name__} does not declare moments")

    def call(self, *, weight_decay: float) -> Call:
        """The torch optimiser's class, and all its arguments but the parameters and the learning rate."""
        kernel = {"fused": True} if self.fused else {"foreach": True}
        return module(self.target, **dict(self), weight_decay=weight_decay, **kernel)


Share = Annotated[float, Field(ge=0, lt=1)]
"""How much of what was before stays in an average."""
Betas = Annotated[tuple[Share, ...], Field(min_length=2, max_length=2)]
Small = Annotated[float, Field(gt=0, le=1)]

_BETAS = "How much of the average gradient, and of its average square, stays with each step."
_BETAS_EPSILON = "β₁, β₂, ε"
_DECOUPLED = "Weight decay is kept apart from the gradients, as AdamW does it."


def _eps(default: float, *, row: str = "") -> float:
    """The setting that keeps from dividing by nothing."""
    eps: float = setting(default, "Epsilon", help="Added to what is divided by.", row=row, advanced=not row)
    return eps


OPTIMISERS: Registry[Optimiser] = Registry("optimisers", one="optimiser")


@OPTIMISERS.register
class SGD(Optimiser):
    """Stochastic gradient descent with momentum (Sutskever et al. 2013); momentum 0 is plain gradient descent."""

    name: ClassVar = "sgd"
    title: ClassVar = "SGD"
    target: ClassVar = "torch.optim.SGD"
    fused: ClassVar = True
    usual_rate: ClassVar = 0.1
    _LOWER: ClassVar = (0.1, 0.03, 0.01, 0.003, 0.001)

    momentum: Share = setting(0.9, "Momentum")
    dampening: Annotated[float, Field(ge=0, le=1)] = setting(
        0.0, "Dampening", help="How much less than all of the gradient goes into the momentum.", advanced=True
    )
    nesterov: bool = setting(False, "Nesterov", help="The gradient is looked at where the momentum leads to.")

    @property
    def moments(self) -> int:
        return 1 if self.momentum else 0

    def usual_rate_for(self, images: int) -> float:
        """Lower where these are few, or momentum adds up more of them (Goyal et al. 2017, 2.1)."""
        share = min(1.0, images / 16) * min(1.0, (1 - self.momentum) / 0.1)
        return next((rate for rate in self._LOWER if rate <= 1.01 * share * self.usual_rate), self._LOWER[-1])

    @model_validator(mode="after")
    def _check_nesterov(self) -> Self:
        if self.nesterov and (not self.momentum or self.dampening):
            raise ValueError("Nesterov needs a momentum above 0 and no dampening.")
        return self

    def summary(self) -> str:
        momentum = f", m {self.momentum:g}" if self.momentum else ""
        return f"SGD{momentum}{', Nesterov' if self.nesterov else ''}"


class _Adaptive(Optimiser):
    """What goes by running averages of gradients and of their squares."""

    betas: Betas = setting((0.9, 0.999), "Betas", help=_BETAS, row=_BETAS_EPSILON)
    eps: Small = _eps(1e-8, row=_BETAS_EPSILON)

    @property
    def moments(self) -> int:
        return 2


class _AdamLike(_Adaptive):
    """Adam and AdamW, which differ in what decay does."""

    amsgrad: bool = setting(
        False, "AMSGrad", help="Divides by the largest average so far (Reddi et al. 2018).", advanced=True
    )

    @property
    def moments(self) -> int:
        return 3 if self.amsgrad else 2


@OPTIMISERS.register
class Adam(_AdamLike):
    """A step size for every parameter, from running averages of gradients and their squares (Kingma & Ba 2015)."""

    name: ClassVar = "adam"
    title: ClassVar = "Adam"
    target: ClassVar = "torch.optim.Adam"
    fused: ClassVar = True
    usual_rate: ClassVar = 0.001


@OPTIMISERS.register
class AdamW(_AdamLike):
    """Adam, a step size for every parameter, with decay kept apart from it (Loshchilov & Hutter 2019)."""

    name: ClassVar = "adamw"
    title: ClassVar = "AdamW"
    target: ClassVar = "torch.optim.AdamW"
    fused: ClassVar = True
    usual_rate: ClassVar = 0.003

    @property
    def decoupled(self) -> bool:
        return True


@OPTIMISERS.register
class RMSprop(Optimiser):
    """Steps divided by a running root mean square of the gradients (Hinton 2012)."""

    name: ClassVar = "rmsprop"
    title: ClassVar = "RMSprop"
    target: ClassVar = "torch.optim.RMSprop"
    usual_rate: ClassVar = 0.001

    alpha: Share = setting(0.99, "Smoothing", help="How much of the average square stays with each step.")
    momentum: Share = setting(0.0, "Momentum")
    centered: bool = setting(False, "Centred", help="Divides by the deviation of the gradients from their average.")
    eps: Small = _eps(1e-8)

    @property
    def moments(self) -> int:
        return 1 + bool(self.momentum) + self.centered

    def summary(self) -> str:
        return f"RMSprop, m {self.momentum:g}" if self.momentum else "RMSprop"


@OPTIMISERS.register
class Adagrad(Optimiser):
    """Steps divided by the root of the sum of all squared gradients (Duchi et al. 2011): they only get smaller."""

    name: ClassVar = "adagrad"
    title: ClassVar = "Adagrad"
    target: ClassVar = "torch.optim.Adagrad"
    fused: ClassVar = True
    usual_rate: ClassVar = 0.01
    moments: ClassVar = 1

    lr_decay: Annotated[float, Field(ge=0, le=1)] = setting(
        0.0, "Rate decay", help="The rate is divided by 1 + this for each step.", advanced=True
    )
    initial_accumulator_value: Annotated[float, Field(ge=0, le=100)] = setting(
        0.0, "First sum", help="What the sum of squares begins with.", advanced=True
    )
    eps: Small = _eps(1e-10)


@OPTIMISERS.register
class Adadelta(Optimiser):
    """Steps as large as those before were on average, so that hardly any rate is needed (Zeiler 2012)."""

    name: ClassVar = "adadelta"
    title: ClassVar = "Adadelta"
    target: ClassVar = "torch.optim.Adadelta"
    usual_rate: ClassVar = 1.0
    moments: ClassVar = 2

    rho: Share = setting(0.9, "Smoothing", help="How much of the average squares stays with each step.")
    eps: Small = _eps(1e-6)


@OPTIMISERS.register
class Adamax(_Adaptive):
    """Adam by the largest gradient in place of the mean square (Kingma & Ba 2015, section 7)."""

    name: ClassVar = "adamax"
    title: ClassVar = "Adamax"
    target: ClassVar = "torch.optim.Adamax"
    usual_rate: ClassVar = 0.002


@OPTIMISERS.register
class NAdam(_Adaptive):
    """Adam with the momentum of Nesterov (Dozat 2016)."""

    name: ClassVar = "nadam"
    title: ClassVar = "NAdam"
    target: ClassVar = "torch.optim.NAdam"
    usual_rate: ClassVar = 0.002

    momentum_decay: Annotated[float, Field(ge=0, le=1)] = setting(0.004, "Momentum decay", advanced=True)
    decoupled_weight_decay: bool = setting(False, "Decay apart", help=_DECOUPLED)

    @property
    def decoupled(self) -> bool:
        return self.decoupled_weight_decay


@OPTIMISERS.register
class RAdam(_Adaptive):
    """Adam that begins as plain momentum while its averages are still unsure (Liu et al. 2020)."""

    name: ClassVar = "radam"
    title: ClassVar = "RAdam"
    target: ClassVar = "torch.optim.RAdam"
    usual_rate: ClassVar = 0.001

    decoupled_weight_decay: bool = setting(False, "Decay apart", help=_DECOUPLED)

    @property
    def decoupled(self) -> bool:
        return self.decoupled_weight_decay
