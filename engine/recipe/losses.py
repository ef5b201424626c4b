"""The losses that compare with classes; one class each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple, Self

from pydantic import Field, PrivateAttr

from engine.layers import Layer
from engine.recipe.loss import LOSSES, Loss, Reduction, fitted_loss
from engine.recipe.sections import Section
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["LOSSES", "Loss", "Reduction", "fitted_loss"]

LabelSmoothing = Annotated[float, Field(ge=0, lt=1)]
_SMOOTHING_HELP = (
    "While training, the true class has the probability 1 − ε + ε/K among K classes, and every other ε/K. "
    "Validation and test losses are without."
)


def _smoothing(default: float) -> float:
    """The setting that gives every class a share of the target."""
    made: float = setting(default, "Label smoothing", help=_SMOOTHING_HELP, section=Section.REGULARISATION)
    return made


class _Fit(NamedTuple):
    """What a loss has in training alone: what an image of each class counts, () where all count 1, and smoothing."""

    weights: tuple[float, ...] = ()
    smoothing: float = 0.0


class ClassLoss(Loss):
    """A loss of images that belong to classes; where images are mixed, each counts as far as it is of a class."""

    targets: ClassVar = "classes"

    label_smoothing: LabelSmoothing = _smoothing(0.0)
    class_weights: bool = setting(
        False,
        "Class weights",
        help="While training, an image counts the more the fewer its class has, so that all classes count alike. "
        "Validation and test losses are without.",
    )

    _fit: _Fit = PrivateAttr(_Fit())  # one, as pydantic takes long to find any that is private

    def each(self, outputs: Tensor, shares: Tensor) -> Tensor:
        """The loss of each image ``(N,)``: ``outputs`` ``(N, K)``, and the shares of as many classes.

        For a single output they are ``(N, 1)``, the shares of the second class.
        """
        raise TypeError(f"{type(self).__name__} does not declare each")

    def of(self, outputs: Tensor, targets: Tensor, *, reduction: Reduction = "mean") -> Tensor:
        """The sum over images is divided, for the mean, by what they count together."""
        shares = _shares(outputs, targets)
        classes = shares.shape[1]
        weights, smoothing = self._fit
        smoothed = shares * (1 - smoothing) + smoothing / classes
        single = outputs.shape[1] == 1
        losses = self.each(outputs, smoothed[:, 1:] if single else smoothed)
        if not weights:
            return losses.mean() if reduction == "mean" else losses.sum()
        counted = shares @ shares.new_tensor(weights)
        total = (counted * losses).sum()
        return total / counted.sum() if reduction == "mean" else total

    def weight_of(self, targets: Tensor) -> float:
        if not self._fit.weights:
            return len(targets)
        import torch

        weights = targets.new_tensor(self._fit.weights, dtype=torch.float32)
        return (weights[targets] if targets.ndim == 1 else targets @ weights).sum().item()

    def fitted(self, counts: Sequence[int]) -> Self:
        """With smoothing, and weights n / (K · n_c) for n images of K classes, of which class c has n_c.

        The weights are King and Zeng's (2001), the smoothing Szegedy et al.'s (2016, section 7).
        """
        fitted, weights = self.model_copy(), _Fit().weights
        if self.class_weights:
            share = sum(counts) / max(1, sum(count > 0 for count in counts))
            weights = tuple(share / count if count else 0.0 for count in counts)
        fitted._fit = _Fit(weights, self.label_smoothing)
        return fitted

    def summary(self) -> str:
        return f"{self.title}, ε {self.label_smoothing:g}" if self.label_smoothing else self.title

    def only_in_training(self, classes: int) -> tuple[str, ...]:
        found = ["class weights"] if self.class_weights else []
        if self.label_smoothing:
            true, other = self._smoothed(classes)
            target = f"the target is {true:.4g} for the true class, {other:.4g} for others"
            found.append(f"label smoothing {self.label_smoothing:g} ({target})")
        return tuple(found)

    def facts(self, classes: int) -> dict[str, str]:
        return {"label_smoothing": f"true class {self._smoothed(classes)[0]:.4g}"} if self.label_smoothing else {}

    def _smoothed(self, classes: int) -> tuple[float, float]:
        """The target of the true class, and that of every other."""
        other = self.label_smoothing / max(2, classes)
        return 1 - self.label_smoothing + other, other

    @property
    def class_weighting(self) -> tuple[float, ...]:
        return self._fit.weights

    def with_class_weights(self, *, on: bool = True) -> Self:
        return self.model_copy(update={"class_weights": on})


def _shares(outputs: Tensor, targets: Tensor) -> Tensor:
    """How far each image is of each class ``(N, K)``; two of them for a single output."""
    from torch.nn import functional

    if targets.ndim == 1:
        targets = functional.one_hot(targets, max(2, outputs.shape[1]))
    return targets.to(outputs.dtype)


@LOSSES.register
class CrossEntropy(ClassLoss):
    """−log of the probability that the softmax of the scores gives to the true class."""

    name: ClassVar = "cross_entropy"
    title: ClassVar = "Cross-entropy"
    takes_scores: ClassVar = True

    def of(self, outputs: Tensor, targets: Tensor, *, reduction: Reduction = "mean") -> Tensor:
        import torch

        weights, smoothing = self._fit
        return torch.nn.functional.cross_entropy(
            outputs,
            targets,
            weight=outputs.new_tensor(weights) if weights else None,
            reduction=reduction,
            label_smoothing=smoothing,
        )

    def weight_of(self, targets: Tensor) -> float:
        """As torch has it, mixed images count 1 each in the mean, whatever their classes do."""
        return super().weight_of(targets) if targets.ndim == 1 else len(targets)


@LOSSES.register
class BinaryCrossEntropy(ClassLoss):
    """Cross-entropy of a yes or no: the sigmoid of one output is the probability of the second of two classes.

    With an output a class, each is a yes or no of its own (one against the rest), and the loss is their mean.
    """

    name: ClassVar = "binary_cross_entropy"
    title: ClassVar = "Binary cross-entropy"
    aliases: ClassVar = ("bce",)
    takes_scores: ClassVar = True
    one_output: ClassVar = True

    def each(self, outputs: Tensor, shares: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.binary_cross_entropy_with_logits(outputs, shares, reduction="none").mean(dim=1)

    def applies(self, layer: Layer) -> bool:
        return layer.decides

    def outputs_for(self, classes: int) -> tuple[int, ...]:
        return (1, 2) if classes == 2 else (classes,)

    def scores(self, outputs: Tensor) -> Tensor:
        import torch

        return torch.cat([-outputs, outputs], dim=1) if outputs.shape[1] == 1 else outputs

    def probabilities(self, outputs: Tensor, *, given: bool) -> Tensor:
        return self.scores(outputs).sigmoid()

    def averaged(self, outputs: Sequence[Tensor], *, given: bool) -> Tensor:
        import torch
        from torch.nn import functional

        stacked = torch.stack(list(outputs))
        yes, no = (functional.logsigmoid(sign * stacked).logsumexp(dim=0) for sign in (1, -1))
        return yes - no


@LOSSES.register
class KLDivergence(ClassLoss):
    """How far the softmax of the scores is from the true class with label smoothing: Σ q·log(q / p).

    Without smoothing, as for validation images, it equals cross-entropy.
    """

    name: ClassVar = "kl_divergence"
    title: ClassVar = "KL divergence"
    aliases: ClassVar = ("kl",)
    takes_scores: ClassVar = True

    label_smoothing: LabelSmoothing = _smoothing(0.1)

    def each(self, outputs: Tensor, shares: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.kl_div(outputs.log_softmax(dim=1), shares, reduction="none").sum(dim=1)


class Distance(ClassLoss):
    """Compares the outputs as they are drawn: with 1 for the true class and 0 for every other."""

    one_output: ClassVar = True

    def fades_behind(self, layer: Layer) -> bool:
        return layer.has_limits and layer.has_gradient

    def note(self, *, after_softmax: bool) -> str:
        if after_softmax:
            return f"The final softmax stays: {self.title} compares probabilities with 1 for the true class, else 0."
        return f"{self.title} compares what the network gives, without a softmax, with 1 for the true class, else 0."

    def scores(self, outputs: Tensor) -> Tensor:
        import torch

        return torch.cat([1 - outputs, outputs], dim=1) if outputs.shape[1] == 1 else outputs

    def probabilities(self, outputs: Tensor, *, given: bool) -> Tensor:
        """Those nearest to the outputs, which they are of themselves behind a softmax; the order of classes stays.

        That is max(z − τ, 0) with the τ by which they add up to 1 (Duchi et al. 2008, figure 1).
        """
        import torch

        scores = self.scores(outputs)
        falling = scores.sort(dim=1, descending=True).values
        places = torch.arange(1, scores.shape[1] + 1, device=scores.device, dtype=scores.dtype)
        bounds = (falling.cumsum(dim=1) - 1) / places
        last = (falling > bounds).sum(dim=1, keepdim=True) - 1
        return (scores - bounds.gather(1, last)).clamp(min=0)

    def averaged(self, outputs: Sequence[Tensor], *, given: bool) -> Tensor:
        return sum(outputs[1:], outputs[0]) / len(outputs)


@LOSSES.register
class MeanSquared(Distance):
    """The mean of the squared differences between the outputs and 1 for the true class, 0 for every other.

    Behind a softmax this is Brier's score (1950), and learns slowly where the network is surely wrong.
    """

    name: ClassVar = "mse"
    title: ClassVar = "Mean squared error"
    aliases: ClassVar = ("mean_squared", "mean_squared_error")

    def each(self, outputs: Tensor, shares: Tensor) -> Tensor:
        return (outputs - shares).square().mean(dim=1)


@LOSSES.register
class MeanAbsolute(Distance):
    """The mean of the absolute differences between the outputs and 1 for the true class, 0 for every other.

    It minds outliers, such as wrong labels, less than squares do.
    """

    name: ClassVar = "mae"
    title: ClassVar = "Mean absolute error"
    aliases: ClassVar = ("mean_absolute", "mean_absolute_error")

    def each(self, outputs: Tensor, shares: Tensor) -> Tensor:
        return (outputs - shares).abs().mean(dim=1)
