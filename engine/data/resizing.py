"""Batches of images brought to another shape."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from engine.layers.shape import Shape

_AT_ONCE, _MOST_VALUES = 4096, 2**26  # images and pixels resized together: bounds the float copies to some 300 MB


def resize(pixels: Tensor, shape: Shape) -> Tensor:
    """Images ``(N, C, H, W)`` brought to ``shape``: channels repeated or mixed to grey, sizes resized bilinearly.

    They are uint8, which is rounded, or float32 from 0 to 255.
    """
    if tuple(pixels.shape[1:]) == tuple(shape):
        return pixels
    at_once = min(_AT_ONCE, max(1, _MOST_VALUES // max(shape.elements, pixels[:1].numel(), 1)))
    return torch.cat([_resize_some(some, shape) for some in torch.split(pixels, at_once)])


def _resize_some(pixels: Tensor, shape: Shape) -> Tensor:
    values = pixels.float()
    if values.shape[1] == 3 and shape.channels == 1:
        weights = torch.tensor((0.299, 0.587, 0.114), device=values.device).view(1, 3, 1, 1)  # ITU-R BT.601 luma
        values = (values * weights).sum(dim=1, keepdim=True)
    if values.shape[2:] != torch.Size(shape[1:]):
        values = functional.interpolate(values, shape[1:], mode="bilinear", align_corners=False, antialias=True)
    if not pixels.is_floating_point():
        values = values.round_().clamp_(0, 255).to(torch.uint8)
    return values.expand(-1, shape.channels, -1, -1).contiguous()
