"""Parts of images as masks."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def within(rectangle: Mapping[str, Tensor], size: tuple[int, int]) -> Tensor:
    """Which pixels ``(N, 1, H, W)`` have their middle in rectangles, that are given as parts of the sides ``(N,)``."""
    sides = (("top", "height", size[0]), ("left", "width", size[1]))
    rows, columns = (_between(rectangle[start], rectangle[extent], length) for start, extent, length in sides)
    return (rows[:, :, None] & columns[:, None, :]).unsqueeze(1)


def _between(start: Tensor, extent: Tensor, length: int) -> Tensor:
    middles = (torch.arange(length, device=start.device) + 0.5) / length
    return (middles >= start[:, None]) & (middles < (start + extent)[:, None])
