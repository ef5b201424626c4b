"""Arithmetic of colours on batches ``(N, 3, H, W)`` or ``(N, 1, H, W)``, float32 from 0 to 255."""

from __future__ import annotations

import torch
from torch import Tensor

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601


def an_image(values: Tensor) -> Tensor:
    """Values ``(N,)`` so that each goes with its image."""
    return values.view(-1, 1, 1, 1)


def brightened(pixels: Tensor, factor: Tensor) -> Tensor:
    """Pixel values times a factor ``(N,)``."""
    return (pixels * an_image(factor)).clamp_(0, 255)


def contrasted(pixels: Tensor, factor: Tensor) -> Tensor:
    """The distance of values to the mean grey value of their image, times a factor ``(N,)``."""
    means = pixels.mean(dim=3, keepdim=True).mean(dim=2, keepdim=True)  # at once, it would round by the batch's size
    return _away_from(grey(means), pixels, factor)


def saturated(pixels: Tensor, factor: Tensor) -> Tensor:
    """The distance of colours to their grey value, times a factor ``(N,)``."""
    return _away_from(grey(pixels), pixels, factor)


def _away_from(middle: Tensor, pixels: Tensor, factor: Tensor) -> Tensor:
    """The distance of pixel values to others, times a factor ``(N,)``; half again as fast as an interpolation."""
    share = an_image(factor)
    return pixels.mul(share).add_(middle * (1 - share)).clamp_(0, 255)


def grey(pixels: Tensor) -> Tensor:
    """Grey values ``(N, 1, H, W)``."""
    if pixels.shape[1] == 1:
        return pixels
    red, green, blue = pixels.unbind(1)
    return (_LUMA[0] * red + _LUMA[1] * green + _LUMA[2] * blue).unsqueeze(1)


def hue_turned(pixels: Tensor, degrees: Tensor) -> Tensor:
    """Colours of another hue and the same saturation and value, as in HSV (Smith 1978), turned by angles ``(N,)``.

    Each channel is the value less the chroma times a weight: that is 1 within a sixth of the circle around the hue
    opposite to the channel's own, and falls to 0 within the next.
    """
    value = pixels.amax(1, keepdim=True)
    chroma = value - pixels.amin(1, keepdim=True)
    hue = _hue(pixels, value, chroma).add_(an_image(degrees) / 60)
    hue -= (hue / 6).floor_().mul_(6)
    opposite = hue.new_tensor((3, 5, 1)).view(1, 3, 1, 1)  # sixths of the circle from red
    weights = (hue - opposite).abs_().sub_(3).abs_().sub_(1).clamp_(0, 1)
    turned = torch.sub(value, weights.mul_(chroma), out=weights)
    return turned if degrees.all() else turned.where(an_image(degrees) != 0, pixels)


def _hue(pixels: Tensor, value: Tensor, chroma: Tensor) -> Tensor:
    """Hues ``(N, 1, H, W)`` in sixths of the circle from red; 0 for greys."""
    red, green, blue = (pixels[:, channel : channel + 1] for channel in range(3))
    is_red, is_green = value == red, value == green
    between = torch.where(is_red, green - blue, torch.where(is_green, blue - red, red - green))
    start = torch.where(is_red, 0.0, torch.where(is_green, 2.0, 4.0))
    return between.div_(chroma.clamp(min=1e-6)).add_(start)
