"""What training minimises, as those see it who train, measure and predict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from engine.choices import Choice, Registry
from engine.layers import Layer

if TYPE_CHECKING:
    from torch import Tensor

Reduction = Literal["mean", "sum"]


class Loss(Choice):
    """How far outputs are from their targets.

    ``targets`` names what it compares with: "classes" are class numbers ``(N,)``, or the shares of all classes
    ``(N, K)`` where images are mixed. ``takes_scores`` says that it applies the softmax by itself, so that one at the
    end of the network is left out. ``one_output`` says that it also tells two classes apart by a single output, which
    stands for the second.
    """

    targets: ClassVar[str]
    takes_scores: ClassVar[bool] = False
    one_output: ClassVar[bool] = False

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

    def only_in_training(self, classes: int) -> tuple[str, ...]:
        """What the loss has while training alone, among so many classes, in words: "class weights"."""
        return ()

    def facts(self, classes: int) -> dict[str, str]:
        """What a few of its settings come to among so many classes, in a word or two, by their names."""
        return {}

    def weight_of(self, targets: Tensor) -> float:
        """By what the mean over a batch divides: its images, or what these count together."""
        return len(targets)

    @property
    def class_weighting(self) -> tuple[float, ...]:
        """What the images of each class count, once it is fitted; () where all count alike."""
        return ()

    def with_class_weights(self, *, on: bool = True) -> Loss | None:
        """The same loss in which every class counts as much as each other, or not; None without such a setting."""
        return None

    def measures_like(self, other: Loss) -> bool:
        """Whether figures of validation images by both compare."""
        return type(self) is type(other)

    # What the outputs of a network that is trained with it mean

    def applies(self, layer: Layer) -> bool:
        """Whether it does by itself what such a layer does at the end of a network, which is then left out."""
        return self.takes_scores and layer.gives_probabilities

    def fades_behind(self, layer: Layer) -> bool:
        """Whether its gradients fade where such a layer at the end of a network is surely wrong."""
        return False

    def note(self, *, after_softmax: bool) -> str:
        """What people should know of what it compares, where no layer is left out; "" where nothing surprises."""
        return ""

    def outputs_for(self, classes: int) -> tuple[int, ...]:
        """The numbers of outputs by which it tells so many classes apart, the usual one first."""
        return (2, 1) if self.one_output and classes == 2 else (classes,)

    def scores(self, outputs: Tensor) -> Tensor:
        """A number for each class ``(N, K)``, the larger the likelier."""
        return outputs

    def probabilities(self, outputs: Tensor, *, given: bool) -> Tensor:
        """How likely each class is ``(N, K)``, by the softmax; ``given`` says that outputs have been through one."""
        return outputs if given else outputs.softmax(dim=1)

    def averaged(self, outputs: Sequence[Tensor], *, given: bool) -> Tensor:
        """The outputs that stand for several of the same images: those whose probabilities are the mean of theirs."""
        import torch

        if given:
            return torch.stack(list(outputs)).mean(dim=0)
        logarithms = torch.stack([scores.log_softmax(dim=1) for scores in outputs])
        return logarithms.logsumexp(dim=0) - math.log(len(outputs))


LOSSES: Registry[Loss] = Registry("losses", one="loss")


def fitted_loss(loss: Loss, counts: Sequence[int]) -> Loss:
    """`Loss.fitted`; raises `ChoiceFailedError`, which names the loss, for an error that nobody expected."""
    with LOSSES.blaming(loss):
        return loss.fitted(counts)
