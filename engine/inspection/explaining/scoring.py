"""The score that is explained, and its gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import LayerloomError
from engine.inspection.explaining.evidence import Explained
from engine.inspection.fitting import require_class
from engine.inspection.lens import Lens
from engine.layers.shape import Shape


def class_scores(
    lens: Lens, image: Tensor, nodes: Sequence[str] = (), *, of: int | None = None
) -> tuple[Tensor, Explained, Mapping[str, Tensor]]:
    """The scores ``(N, K)`` before the softmax, the class ``of``, or the predicted one, and the values of some nodes.

    Raises `LayerloomError` unless there is one finite score a class.
    """
    scores, values = lens.scores_and_values(image, nodes)
    if scores.ndim != 2:
        shape = "×".join(map(str, scores.shape[1:]))
        raise LayerloomError(f"What is explained is the score of a class, but the network gives {shape} values.")
    require_finite(scores)
    first = scores[0].detach()
    predicted = int(first.argmax())
    number = predicted if of is None else of
    require_class(lens, number)
    return scores, Explained(number, float(first[number]), number == predicted), values


def require_finite(scores: Tensor) -> None:
    """Raise `LayerloomError` for scores that compare with nothing."""
    if not bool(torch.isfinite(scores).all()):
        raise LayerloomError("The scores are NaN or infinite: with these weights there is nothing to explain.")


def gradients(score: Tensor, by: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """How the score changes with each value of some tensors; 0 where it does not depend on it."""
    if not by or not score.requires_grad:
        return tuple(torch.zeros_like(one) for one in by)
    found = torch.autograd.grad(score, by, allow_unused=True)
    return tuple(
        torch.zeros_like(one) if gradient is None else gradient for gradient, one in zip(found, by, strict=True)
    )


def array_of(tensor: Tensor) -> NDArray[np.float32]:
    """The values as they are."""
    return tensor.detach().float().cpu().numpy()


def is_map(value: Tensor) -> bool:
    """Whether a node gives maps ``(N, C, H, W)``."""
    return Shape(*value.shape[1:]).is_map
