"""What training minimises; one class a loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import PrivateAttr

from engine.choices import Choice, Registry
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

Reduction = Literal["mean", "sum"]


class Loss(Choice):
    """How far outputs are from their targets.

    ``targets`` names what it compares with: "classes" are class numbers ``(N,)``. ``takes_scores`` says that it
    applies the softmax by itself, so that one at the end of the network is left out.
    """

    targets: ClassVar[str]
    takes_scores: ClassVar[bool] = False

    def of(self, outputs: Tensor, targets: Tensor, *, reduction: Reduction = "mean") -> Tensor:
        """The loss of a batch, a scalar: over its images the mean, or the sum.

        ``outputs`` ``(N, …)`` are float32 in training and float64 in an evaluation.
        """
        raise TypeError(f"{type(self).__name__} does not declare of")

    def fitted(self, counts: Sequence[int]) -> Self:
        """The loss that is minimised, with what it takes from how many training images each class has.

        Validation and evaluation go without, so that the figures of runs compare.
        """
        return self

    @property
    def class_weighting(self) -> tuple[float, ...]:
        """What the images of each class count, once it is fitted; () where all count alike."""
        return ()

    def with_class_weights(self, *, on: bool = True) -> Loss | None:
        """The same loss in which every class counts as much as each other, or not; None without such a setting."""
        return None


LOSSES: Registry[Loss] = Registry("losses", one="loss")


def fitted_loss(loss: Loss, counts: Sequence[int]) -> Loss:
    """`Loss.fitted`; raises `ChoiceFailedError`, which names the loss, for an error that nobody expected."""
    with LOSSES.blaming(loss):
        return loss.fitted(counts)


@LOSSES.register
class CrossEntropy(Loss):
    """−log of the probability that the softmax of the scores gives to the true class."""

    name: ClassVar = "cross_entropy"
    title: ClassVar = "Cross-entropy"
    targets: ClassVar = "classes"
    takes_scores: ClassVar = True

    class_weights: bool = setting(
        False,
        "Class weights",
        help="While training, an image counts the more the fewer its class has, so that all classes count alike. "
        "Validation and test losses are without.",
    )

    _weights: tuple[float, ...] = PrivateAttr(())

    def of(self, outputs: Tensor, targets: Tensor, *, reduction: Reduction = "mean") -> Tensor:
        from torch.nn import functional

        weights = outputs.new_tensor(self._weights) if self._weights else None
        return functional.cross_entropy(outputs, targets, weight=weights, reduction=reduction)

    def fitted(self, counts: Sequence[int]) -> Self:
        """With weights n / (K · n_c) for n images of K classes, of which class c has n_c (King and Zeng 2001)."""
        if not self.class_weights:
            return self
        share = sum(counts) / max(1, sum(count > 0 for count in counts))
        fitted = self.model_copy()
        fitted._weights = tuple(share / count if count else 0.0 for count in counts)
        return fitted

    @property
    def class_weighting(self) -> tuple[float, ...]:
        return self._weights

    def with_class_weights(self, *, on: bool = True) -> CrossEntropy:
        return self.model_copy(update={"class_weights": on})
