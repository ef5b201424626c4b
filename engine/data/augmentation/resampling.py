"""Geometric steps in a row, carried out by taking samples of the images once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.data.augmentation.geometry import (
    Border,
    Drawn,
    GeometricStep,
    MatrixStep,
    Outside,
    Size,
    scaling,
    shifting,
)

_FINEST = 4  # samples a pixel, each way: what shrinks more than this is rare, and costs as much again
_AT_ONCE = 2**22  # samples that are taken together: bounds the memory for their places to some 100 MB
_PADDING: dict[Border, str] = {"constant": "zeros", "edge": "border", "reflect": "reflection"}  # torch's names


@dataclass(frozen=True, eq=False)
class Move:
    """A geometric step with what was drawn for each image, which images take part ``(N,)``, and the size it gives."""

    step: GeometricStep
    values: Drawn
    takes_part: NDArray[np.bool_]
    after: Size

    def needed(self, before: Size) -> Move:
        """The same without the images that it leaves as they are, which samples would blur by rounding."""
        stays = self.step.stays(self.values, before, self.after)
        return replace(self, takes_part=self.takes_part & ~stays) if stays.any() else self

    def of(self, some: NDArray[np.int64]) -> Move:
        """The same for some of the images."""
        values = {name: value[some] for name, value in self.values.items()}
        return Move(self.step, values, self.takes_part[some], self.after)


def through(points: Tensor, matrices: NDArray[np.float64]) -> Tensor:
    """Points ``(N, …, 2)``, or ``(1, …, 2)`` that are alike for all, brought through matrices ``(N, 3, 3)``."""
    return _brought(matrices, points[..., 0], points[..., 1])


def _brought(matrices: NDArray[np.float64], x: Tensor, y: Tensor) -> Tensor:
    """Points of which x and y are given, in any shapes ``(N, …)`` that go together, brought through matrices.

    It is done element by element: a product of matrices may round differently in a batch of another size.
    """
    m = torch.from_numpy(matrices).to(x).view(-1, 9, *[1] * (x.ndim - 1))
    rows = [m[:, place] * x + (m[:, place + 1] * y + m[:, place + 2]) for place in (0, 3)]
    if (matrices[:, 2] == (0, 0, 1)).all():
        return torch.stack(rows, dim=-1)
    below = m[:, 6] * x + (m[:, 7] * y + m[:, 8])
    return torch.stack([row / below for row in rows], dim=-1)


def moved(pixels: Tensor, moves: Sequence[Move]) -> Tensor:
    """Images ``(N, C, H, W)`` after steps in a row, of which each sees what the one before gives.

    What a step finds outside of the image that it is given is what it says of it, also where the steps before had
    more to show there. Samples are bilinear, and several a pixel in an image that the steps shrink.
    """
    before = (pixels.shape[2], pixels.shape[3])
    sizes: list[Size] = [before, *(move.after for move in moves)]
    moves = [move.needed(size) for move, size in zip(moves, sizes, strict=False)]
    samples = _samples(moves, sizes, len(pixels))
    parts = [
        (some, int(fine))
        for fine in np.unique(samples)
        for some in _few(np.flatnonzero(samples == fine), sizes[-1], fine)
    ]
    if len(parts) == 1:
        return _sampled(pixels, moves, sizes, parts[0][1]) if parts[0][1] else pixels
    found = pixels.new_empty((*pixels.shape[:2], *sizes[-1]))
    for some, fine in parts:
        chosen = torch.from_numpy(some).to(pixels.device)
        found[chosen] = (
            _sampled(pixels[chosen], [move.of(some) for move in moves], sizes, fine) if fine else pixels[chosen]
        )
    return found


def _samples(moves: Sequence[Move], sizes: Sequence[Size], count: int) -> NDArray[np.int64]:
    """How many samples, each way, an image ``(N,)`` needs for a pixel, so that it skips none of those before.

    None where no step moves the image: it stays as it is, bit for bit.
    """
    shrinking = np.ones(count)
    for move, before in zip(moves, sizes, strict=False):
        shrinking *= np.where(move.takes_part, move.step.shrinking(move.values, before, move.after), 1)
    stays = len(set(sizes)) == 1 and ~np.any([move.takes_part for move in moves], axis=0)
    return np.where(stays, 0, np.rint(shrinking).clip(1, _FINEST)).astype(np.int64)


def _few(images: NDArray[np.int64], size: Size, fine: int) -> list[NDArray[np.int64]]:
    """Images in lots as large as memory allows."""
    at_once = max(1, _AT_ONCE // (size[0] * size[1] * max(fine, 1) ** 2))
    return np.split(images, range(at_once, len(images), at_once))


def _sampled(pixels: Tensor, moves: Sequence[Move], sizes: Sequence[Size], fine: int) -> Tensor:
    way = _Way(sizes[-1], fine, pixels.device)
    for move, before in zip(reversed(moves), sizes[-2::-1], strict=True):
        way.back(move, before)
    found = way.of(pixels)
    return functional.avg_pool2d(found, fine) if fine > 1 else found


class _Way:
    """The way of samples back through the steps.

    ``points`` ``(N, H, W, 2)`` lie in the image after those steps that are still to come, once they are brought through
    ``matrix``; ``seen`` is how much of each sample comes from within all images on the way, and ``beyond`` what comes
    from outside of them. ``outside`` is what stands around the image that was reached last, for those ``(N,)`` that
    took part in the step that was given it.
    """

    def __init__(self, size: Size, fine: int, device: torch.device) -> None:
        y, x = (torch.arange(0.5, length * fine, device=device).div_(fine) for length in size)
        self.x, self.y = x.view(1, 1, -1), y.view(1, -1, 1)
        self.points: Tensor | None = None
        self.matrix = np.eye(3)[None]
        self.seen: Tensor | None = None
        self.beyond: Tensor | None = None
        self.outside: tuple[Outside, Size, NDArray[np.bool_]] | None = None

    def back(self, move: Move, before: Size) -> None:
        """Follow the samples into the image that a step was given."""
        self._leave()
        if isinstance(move.step, MatrixStep):
            matrix = move.step.matrices(move.values, before, move.after)
            self.matrix = np.where(move.takes_part[:, None, None], matrix, np.eye(3)) @ self.matrix
        else:
            points = self._arrived()
            source = move.step.source(points, move.values, before, move.after)
            self.points = _those(move.takes_part, source, points)
        outside = move.step.outside()
        self.outside = (outside, before, move.takes_part) if outside else None

    def _arrived(self) -> Tensor:
        """The points, brought through the matrices that were put together."""
        if self.points is None:
            self.points = _brought(self.matrix, self.x, self.y)
        elif (self.matrix != np.eye(3)).any():
            self.points = through(self.points, self.matrix)
        self.matrix = np.eye(3)[None]
        return self.points

    def _leave(self) -> None:
        """Settle what lies outside of the image that was reached last, before the way leads further back."""
        if self.outside is None:
            return
        (border, fill), size, took_part = self.outside
        points = self._arrived()
        most = points.new_tensor((size[1], size[0]))
        if border == "edge":
            self.points = points.clamp(min=torch.zeros_like(most), max=most)
        elif border == "reflect":
            rounds = (points / (2 * most)).floor_()  # faster than the remainder
            self.points = most - (points - rounds.mul_(2 * most)).sub_(most).abs_()
        else:
            within = torch.minimum(points, most - points).add_(0.5).clamp_(0, 1).prod(dim=-1)
            within = _those(took_part, within, 1)
            if fill:
                lost = (1 - within) if self.seen is None else self.seen * (1 - within)
                self.beyond = lost * fill + (0 if self.beyond is None else self.beyond)
            self.seen = within if self.seen is None else self.seen * within

    def of(self, pixels: Tensor) -> Tensor:
        """The samples ``(N, C, H, W)`` of images."""
        height, width = pixels.shape[2:]
        self.matrix = shifting(-1, -1) @ scaling(2 / width, 2 / height) @ self.matrix
        places = self._arrived().expand(len(pixels), -1, -1, -1)
        (border, fill), _, took_part = self.outside or (Outside("edge", 0), None, np.ones(1, bool))
        shift = fill if _PADDING[border] == "zeros" else 0
        if not took_part.all():
            outermost = 1 - 1 / places.new_tensor((width, height))  # the middles of the pixels at the edge
            places = _those(took_part, places, places.clamp(min=-outermost, max=outermost))
        pixels = pixels - shift if shift else pixels
        found = functional.grid_sample(pixels, places, padding_mode=_PADDING[border], align_corners=False)
        found = found + shift if shift else found
        if self.seen is not None:
            found = found * self.seen.unsqueeze(1)
        return found if self.beyond is None else found + self.beyond.unsqueeze(1)


def _those(took_part: NDArray[np.bool_], values: Tensor, others: Tensor | float) -> Tensor:
    """Values ``(N, …)`` of the images that took part in a step, of the rest what they are else."""
    if took_part.all():
        return values
    return values.where(torch.from_numpy(took_part).to(values.device).view(-1, *[1] * (values.ndim - 1)), others)
