"""Geometric steps in a row, carried out by taking samples of the images once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.data.augmentation.geometry import Drawn, GeometricStep, MatrixStep, Outside, Size

_FINEST = 4  # samples a pixel, each way: what shrinks more than this is rare, and costs as much again
_AT_ONCE = 2**22  # samples that are taken together: bounds the memory for their places to some 100 MB


@dataclass(frozen=True, eq=False)
class Move:
    """A geometric step with what was drawn for each image, which images take part ``(N,)``, and the size it gives."""

    step: GeometricStep
    values: Drawn
    takes_part: NDArray[np.bool_]
    after: Size

    def of(self, some: NDArray[np.int64]) -> Move:
        """The same for some of the images."""
        values = {name: value[some] for name, value in self.values.items()}
        return Move(self.step, values, self.takes_part[some], self.after)


def through(points: Tensor, matrices: NDArray[np.float64]) -> Tensor:
    """Points ``(N, P, 2)``, or ``(1, P, 2)`` that are alike for all, brought through matrices ``(N, 3, 3)``."""
    # Element by element: a matrix product may round differently in a batch of another size.
    m = torch.from_numpy(matrices).to(points).unsqueeze(-1)  # (N, 3, 3, 1)
    x, y = points.unbind(2)
    brought = torch.stack([m[:, row, 0] * x + m[:, row, 1] * y + m[:, row, 2] for row in (0, 1)], dim=2)
    if (matrices[:, 2] == (0, 0, 1)).all():
        return brought
    return brought / (m[:, 2, 0] * x + m[:, 2, 1] * y + m[:, 2, 2]).unsqueeze(2)


def moved(pixels: Tensor, moves: Sequence[Move]) -> Tensor:
    """Images ``(N, C, H, W)`` after steps in a row, of which each sees what the one before gives.

    What a step finds outside of the image that it is given is what it says of it, also where the steps before had
    more to show there. Samples are bilinear, and several a pixel in an image that the steps shrink.
    """
    before = (pixels.shape[2], pixels.shape[3])
    sizes: list[Size] = [before, *(move.after for move in moves)]
    samples = _samples(moves, sizes, len(pixels))
    found = pixels.new_empty((*pixels.shape[:2], *sizes[-1]))
    for fine in np.unique(samples):
        at_once = max(1, _AT_ONCE // (sizes[-1][0] * sizes[-1][1] * fine**2))
        alike = np.flatnonzero(samples == fine)
        for some in np.split(alike, range(at_once, len(alike), at_once)):
            chosen = torch.from_numpy(some).to(pixels.device)
            found[chosen] = _sampled(pixels[chosen], [move.of(some) for move in moves], sizes, int(fine))
    return found


def _samples(moves: Sequence[Move], sizes: Sequence[Size], count: int) -> NDArray[np.int64]:
    """How many samples, each way, an image ``(N,)`` needs for a pixel, so that it skips none of those before."""
    shrinking = np.ones(count)
    for move, before in zip(moves, sizes, strict=False):
        shrinking *= np.where(move.takes_part, move.step.shrinking(move.values, before, move.after), 1)
    return np.rint(shrinking).clip(1, _FINEST).astype(np.int64)


def _sampled(pixels: Tensor, moves: Sequence[Move], sizes: Sequence[Size], fine: int) -> Tensor:
    way = _Way(_middles(sizes[-1], fine, pixels.device))
    for move, before in zip(reversed(moves), sizes[-2::-1], strict=True):
        way.back(move, before)
    height, width = (size * fine for size in sizes[-1])
    found = way.of(pixels).view(len(pixels), pixels.shape[1], height, width)
    return functional.avg_pool2d(found, fine) if fine > 1 else found


def _middles(size: Size, fine: int, device: torch.device) -> Tensor:
    """Where ``(1, P, 2)`` an image of a size is looked at: in the middles of its pixels, or of their parts."""
    y, x = (torch.arange(0.5, length * fine, device=device).div_(fine) for length in size)
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1).view(1, -1, 2)


@dataclass(eq=False)
class _Way:
    """The way of samples back through the steps.

    ``points`` lie in the image after those steps that are still to come; ``seen`` is how much of each sample comes
    from within all images on the way, and ``beyond`` what comes from outside of them.
    """

    points: Tensor
    matrix: NDArray[np.float64] | None = field(default=None)
    seen: Tensor | None = None
    beyond: Tensor | None = None

    def back(self, move: Move, before: Size) -> None:
        """Follow the samples into the image that a step was given."""
        if isinstance(move.step, MatrixStep):
            still = ~move.takes_part
            matrix = move.step.matrices(move.values, before, move.after)
            matrix = np.where(still[:, None, None], np.eye(3), matrix) if still.any() else matrix
            self.matrix = matrix if self.matrix is None else matrix @ self.matrix
        else:
            self._arrive()
            left = torch.from_numpy(move.takes_part).to(self.points.device).view(-1, 1, 1)
            self.points = move.step.source(self.points, move.values, before, move.after).where(left, self.points)
        outside = move.step.outside()
        if outside:
            self._arrive()
            self._leave(outside, before)

    def _arrive(self) -> None:
        """Bring the points through the matrices that were put together."""
        if self.matrix is not None:
            self.points, self.matrix = through(self.points, self.matrix), None

    def _leave(self, outside: Outside, size: Size) -> None:
        """Settle what lies outside of an image of a size."""
        most = self.points.new_tensor((size[1], size[0]))
        if outside.border == "edge":
            self.points = self.points.clamp(min=torch.zeros_like(most), max=most)
        elif outside.border == "reflect":
            self.points = most - (self.points.remainder(2 * most) - most).abs()
        else:
            within = torch.minimum(self.points, most - self.points).add(0.5).clamp_(0, 1).prod(dim=2)
            if outside.fill:
                lost = (1 - within) if self.seen is None else self.seen * (1 - within)
                self.beyond = lost * outside.fill + (0 if self.beyond is None else self.beyond)
            self.seen = within if self.seen is None else self.seen * within

    def of(self, pixels: Tensor) -> Tensor:
        """The samples ``(N, C, P)`` of images."""
        self._arrive()
        most = self.points.new_tensor((pixels.shape[3], pixels.shape[2]))
        places = (self.points * (2 / most) - 1).unsqueeze(1).expand(len(pixels), -1, -1, -1)
        found = functional.grid_sample(pixels, places, padding_mode="border", align_corners=False).squeeze(2)
        if self.seen is not None:
            found = found * self.seen.unsqueeze(1)
        return found if self.beyond is None else found + self.beyond.unsqueeze(1)
