"""Displacements that vary smoothly over an image."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_BASIS = (((1, 4, 1, 0), (-3, 0, 3, 0), (3, -6, 3, 0), (-1, 3, -3, 1)), 6)  # rows: powers of the place between knots


def displacement(points: Tensor, knots: NDArray[np.generic], sides: tuple[int, int]) -> Tensor:
    """How far points ``(N, P, 2)`` of an image of ``sides`` (width, height) move, in pixels.

    ``knots`` are ``(N, K + 2, K + 2, 2)`` displacements by rows and columns, K of them along each side and one more
    beyond, as parts of their distance; between them they go over as a uniform cubic B-spline (de Boor 1978).
    """
    given = torch.from_numpy(np.ascontiguousarray(knots)).to(points)
    spaces = given.shape[1] - 3
    unit = points.new_tensor(sides) / spaces
    place = (points / unit).clamp(0, spaces)
    first = place.floor().clamp(max=spaces - 1)
    weights = _weights(place - first)  # (N, P, 2, 4)
    first = first.long()
    image = torch.arange(len(given), device=points.device).view(-1, 1)
    total = torch.zeros_like(points.expand(len(given), -1, -1))
    for row in range(4):
        for column in range(4):
            some = given[image, first[..., 1] + row, first[..., 0] + column]
            total = total + some * (weights[..., 1, row] * weights[..., 0, column]).unsqueeze(-1)
    return total * unit


def _weights(between: Tensor) -> Tensor:
    """Weights of four knots in a row at places 0 to 1 between the middle two."""
    rows, divisor = _BASIS
    powers = torch.stack([between**power for power in range(4)], dim=-1)
    return powers @ powers.new_tensor(rows) / divisor
