"""Displacements that vary smoothly over an image."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_BASIS = (((1, 4, 1, 0), (-3, 0, 3, 0), (3, -6, 3, 0), (-1, 3, -3, 1)), 6)  # rows: powers of the place between knots


def displacement(points: Tensor, knots: NDArray[np.float64], sides: tuple[int, int]) -> Tensor:
    """How far points ``(N, H, W, 2)`` of an image of ``sides`` (width, height) move, in pixels.

    ``knots`` are ``(N, K + 2, K + 2, 2)`` displacements by rows and columns, K of them along each side and one more
    beyond, as parts of their distance; between them they go over as a uniform cubic B-spline (de Boor 1978).
    """
    given = torch.from_numpy(np.ascontiguousarray(knots)).to(points)
    spaces = given.shape[1] - 3
    unit = points.new_tensor(sides) / spaces
    place = (points / unit).clamp(0, spaces)
    if _is_grid(place):
        return _on_grid(place[0, 0, :, 0], place[0, :, 0, 1], given) * unit
    first = place.floor().clamp(max=spaces - 1)
    weights = _weights(place - first)  # (N, H, W, 2, 4)
    first = first.long()
    image = torch.arange(len(given), device=points.device).view(-1, *[1] * (points.ndim - 2))
    total = torch.zeros_like(points.expand(len(given), *points.shape[1:]))
    for row in range(4):
        for column in range(4):
            some = given[image, first[..., 1] + row, first[..., 0] + column]
            total = total + some * (weights[..., 1, row] * weights[..., 0, column]).unsqueeze(-1)
    return total * unit


def _is_grid(place: Tensor) -> bool:
    """Whether places are the same for all images, with x alike in every row and y alike in every column."""
    alike = len(place) == 1 and place.ndim == 4
    return alike and bool((place[..., 0] == place[:, :1, :, 0]).all() and (place[..., 1] == place[:, :, :1, 1]).all())


def _on_grid(x: Tensor, y: Tensor, knots: Tensor) -> Tensor:
    """What knots come to ``(N, H, W, 2)`` at places x ``(W,)`` and y ``(H,)``, element by element."""
    across, down = _dense(x, knots.shape[2]), _dense(y, knots.shape[1])  # (W, K), (H, K)
    rows = sum(knots[:, :, None, knot] * across[:, knot, None] for knot in range(across.shape[1]))
    assert isinstance(rows, Tensor)
    found = torch.zeros((len(knots), len(y), len(x), 2), device=x.device)
    for knot in range(down.shape[1]):
        found.addcmul_(rows[:, knot, None], down[:, knot, None, None])
    return found


def _dense(place: Tensor, knots: int) -> Tensor:
    """The weights of all knots ``(P, K)`` at places ``(P,)``."""
    first = place.floor().clamp(max=knots - 4)
    weights = _weights(place - first)
    return place.new_zeros((len(place), knots)).scatter_(1, first.long()[:, None] + torch.arange(4), weights)


def _weights(between: Tensor) -> Tensor:
    """Weights of four knots in a row at places 0 to 1 between the middle two."""
    rows, divisor = _BASIS
    powers = [between**power for power in range(4)]
    weights = [
        sum((power * row[knot] for power, row in zip(powers, rows, strict=True)), between * 0) for knot in range(4)
    ]
    return torch.stack(weights, dim=-1) / divisor
