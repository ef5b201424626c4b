"""Where in the image before all steps the network looks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.augmentation.geometry import GeometricStep
from engine.data.augmentation.running import purposes, shapes_before
from engine.data.draws import Draws, Pass
from engine.data.loaded import Split

_A_SIDE = 8  # points, so that bent sides look bent


def outlines(split: Split, positions: NDArray[np.int64], drawn_in: Pass) -> NDArray[np.float64]:
    """The border of what the network gets of images ``(N,)``, in those before all steps.

    Points x and y ``(N, P, 2)`` in order, as parts of width and height; they may lie outside of the image.
    """
    steps, shape = split.pipeline.steps, split.pipeline.shape
    indices = split.indices[positions]
    draws = Draws.of(drawn_in, indices, np.zeros_like(indices))
    sizes = [(one.height, one.width) for one in shapes_before(steps, shape)]
    points = _border(sizes[-1]).expand(len(positions), -1, -1)
    for (before, after), step, purpose in reversed(list(zip(pairwise(sizes), steps, purposes(steps), strict=True))):
        if step.on and isinstance(step, GeometricStep):
            drawn = draws.for_(purpose)
            takes_part = torch.from_numpy(drawn.uniform() < step.probability).view(-1, 1, 1)
            points = step.source(points, step.draw(drawn), before, after).where(takes_part, points)
    return (points / points.new_tensor((sizes[0][1], sizes[0][0]))).numpy()


def _border(size: tuple[int, int]) -> Tensor:
    """Points ``(1, P, 2)`` around an image."""
    along = torch.arange(_A_SIDE, dtype=torch.float64) / _A_SIDE
    none, whole = torch.zeros_like(along), torch.ones_like(along)
    sides = ((along, none), (whole, along), (1 - along, whole), (none, 1 - along))
    points = torch.cat([torch.stack(side, dim=1) for side in sides])
    return (points * points.new_tensor((size[1], size[0]))).unsqueeze(0)
