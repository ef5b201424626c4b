"""What training minimises; one class a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from engine.choices import Choice, Registry

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


LOSSES: Registry[Loss] = Registry("losses", one="loss")


@LOSSES.register
class CrossEntropy(Loss):
    """−log of the probability that the softmax of the scores gives to the true class."""

    name: ClassVar = "cross_entropy"
    title: ClassVar = "Cross-entropy"
    targets: ClassVar = "classes"
    takes_scores: ClassVar = True

    def of(self, outputs: Tensor, targets: Tensor, *, reduction: Reduction = "mean") -> Tensor:
        from torch.nn import functional

        return functional.cross_entropy(outputs, targets, reduction=reduction)
