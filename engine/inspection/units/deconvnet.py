"""What in an image a unit answered to, projected back (Zeiler & Fergus, Visualizing and Understanding CNNs, 2014, 2.1).

All answers but one are set to 0, and what is left goes backwards through the network: through each activation by
rectifying it, through each pool by the switches of that very image, through each layer that learns by its transpose.
That is a gradient in which a rectifier lets through what is positive in the signal, in place of what was positive in
the image. Where windows of a pool overlap, and one pixel was the maximum of several, what returns to it is added; the
paper does not say. Batch norm, shortcuts, means and concatenations are linear and use their transposes; whatever else
stands between, such as response normalisation or a smooth activation, uses the one of its derivative.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, autograd

from engine.data.images import Pixels
from engine.data.progress import Progress
from engine.errors import LayerloomError
from engine.inspection.fitting import computed
from engine.inspection.lens import Lens
from engine.inspection.rectifying import changing_rectifiers
from engine.inspection.results import Projection
from engine.inspection.rewriting import Target
from engine.inspection.units.answers import grid_of
from engine.inspection.units.rules import rules_of
from engine.network.reach import reach_of
from engine.words import counted, path_text

_MOST_VALUES = 2**23  # of the widest node, of the images that are projected at once
_MOST_IMAGES = 64


def project(
    lens: Lens,
    node: str,
    images: Pixels,
    units: Sequence[int],
    cells: Sequence[tuple[int, int]] | None = None,
) -> Iterator[Progress | list[Projection]]:
    """Project the answers of some units back, each to an image of its own; the list comes last, in their order.

    ``images`` are ``(n, C, H, W)``, uint8, of the size that the network takes, ``units`` are ``n`` numbers. Without
    ``cells``, ``n`` rows and columns, each unit's strongest cell is taken, the first of equal ones. Raises
    `LayerloomError` for a unit that is not there.
    """
    back, found = Backwards(lens, node), list[Projection]()
    for first in range(0, len(units), back.at_once):
        yield Progress("Projecting back", first, len(units), "patches")
        some = slice(first, first + back.at_once)
        found += back(lens.prepared(images[some]), units[some], cells[some] if cells else None)
    yield found


class Backwards:
    """The way back from a node to the image, ready for any number of images."""

    def __init__(self, lens: Lens, node: str) -> None:
        self.node, self._output = node, computed(lens, node)
        self._reach = reach_of(lens.network, node, analysis=lens.analysis)
        self._rules = rules_of(lens.network, node, lens.analysis)
        self._tapped = lens.by_rules(BACKWARDS).part((node,))
        self.at_once = images_at_once(lens)

    def __call__(
        self, images: Tensor, units: Sequence[int], cells: Sequence[tuple[int, int]] | None = None
    ) -> list[Projection]:
        """The answers of ``n`` units, each to its own image of ``(n, C, H, W)``, normalised, projected back."""
        with torch.inference_mode(False), torch.enable_grad():
            batch = images.detach().clone().requires_grad_()
            given = self._tapped(batch)[self.node].reshape(len(batch), self._output[0], -1)
            require_units(self.node, units, self._output[0])
            mine = given[torch.arange(len(units)), torch.tensor(units)]
            places = mine.argmax(dim=1) if cells is None else _numbered(cells, grid_of(self._output)).to(mine.device)
            answers = mine.gather(1, places[:, None])[:, 0]
            require_numbers(self.node, answers)
            back = slope_of(answers, batch, answers.detach())
        numbers, values = places.cpu().tolist(), back.float().cpu().numpy()
        return [
            self._projection(unit, place, answer, value)
            for unit, place, answer, value in zip(units, numbers, answers.tolist(), values, strict=True)
        ]

    def _projection(self, unit: int, cell: int, answer: float, values: NDArray[np.float32]) -> Projection:
        row, column = divmod(cell, grid_of(self._output)[1])
        return Projection(self.node, unit, row, column, answer, self._reach.at(row, column), values, self._rules)


def slope_of(values: Tensor, images: Tensor, signal: Tensor | None = None) -> Tensor:
    """What a ``signal`` at some values becomes on its way back; 0 where a layer between has no derivative."""
    if not values.requires_grad:
        return torch.zeros_like(images)
    return autograd.grad(values, images, signal, allow_unused=True, materialize_grads=True)[0]


def _numbered(cells: Sequence[tuple[int, int]], grid: tuple[int, int]) -> Tensor:
    return torch.tensor([row * grid[1] + column for row, column in cells])


class _Rectified(autograd.Function):
    """Gives ``y``, whatever it was made of; backwards it rectifies the signal: a share of what is below 0 stays."""

    @staticmethod
    def forward(ctx: Any, _: Tensor, y: Tensor, share: Tensor) -> Tensor:
        ctx.share = share
        return y.clone()

    @staticmethod
    def backward(ctx: Any, signal: Tensor) -> tuple[Tensor, None, None]:
        return signal.clamp(min=0) + ctx.share * signal.clamp(max=0), None, None


def _rectifying(target: Target) -> Target:
    """What is called in place of a rectifier: what it does to the values of the image it does to the signal."""

    def rectify(x: Tensor, *others: Any, **keywords: Any) -> Any:
        with torch.no_grad():
            y, below = (target(of, *others, **keywords) for of in (x, -torch.ones_like(x)))
        return _Rectified.apply(x, y, -below)  # type: ignore[no-untyped-call]

    return rectify


BACKWARDS = changing_rectifiers(_rectifying)
"""The rule of a deconvnet."""


def images_at_once(lens: Lens) -> int:
    """How many images go through the network and back together, so that their values fit in memory."""
    widest = max(node.activation_elements for node in lens.analysis.nodes.values())
    return max(1, min(_MOST_IMAGES, _MOST_VALUES // widest))


def require_numbers(node: str, answers: Tensor) -> None:
    """Raise `LayerloomError` where a node answers what is no number."""
    if not bool(answers.isfinite().all()):
        raise LayerloomError(f"{path_text(node)} gives NaN or infinity, which says nothing: train it again.")


def require_units(node: str, units: Sequence[int], count: int) -> None:
    """Raise `LayerloomError` for a unit that a node does not have."""
    wrong = next((unit for unit in units if not 0 <= unit < count), None)
    if wrong is not None:
        raise LayerloomError(f"{path_text(node)} has no unit {wrong}: it has {counted(count, 'unit')}, counted from 0.")
