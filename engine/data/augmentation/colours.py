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
    return torch.lerp(grey(means), pixels, an_image(factor)).clamp_(0, 255)


def saturated(pixels: Tensor, factor: Tensor) -> Tensor:
    """The distance of colours to their grey value, times a factor ``(N,)``."""
    return torch.lerp(grey(pixels), pixels, an_image(factor)).clamp_(0, 255)


def grey(pixels: Tensor) -> Tensor:
    """Grey values ``(N, 1, H, W)``."""
    if pixels.shape[1] == 1:
        return pixels
    red, green, blue = pixels.unbind(1)
    return (_LUMA[0] * red + _LUMA[1] * green + _LUMA[2] * blue).unsqueeze(1)


def hue_turned(pixels: Tensor, degrees: Tensor) -> Tensor:
    """Colours of another hue and the same saturation and value, as in HSV (Smith 1978), turned by angles ``(N,)``.

    Each channel of a colour is its value less its chroma times a function of the hue, which needs no cases.
    """
    value, least = pixels.amax(1, keepdim=True), pixels.amin(1, keepdim=True)
    chroma = value - least
    hue = _hue(pixels, value, chroma) + an_image(degrees) / 60
    sixths = (hue + hue.new_tensor((5, 3, 1)).view(1, 3, 1, 1)).remainder_(6)
    return value - chroma * torch.minimum(sixths, 4 - sixths).clamp_(0, 1)


def _hue(pixels: Tensor, value: Tensor, chroma: Tensor) -> Tensor:
    """Hues ``(N, 1, H, W)`` in sixths of the circle from red; 0 for greys."""
    red, green, blue = (pixels[:, channel : channel + 1] for channel in range(3))
    safe = chroma.where(chroma > 0, 1)
    hue = torch.where(
        value == red,
        (green - blue) / safe,
        torch.where(value == green, 2 + (blue - red) / safe, 4 + (red - green) / safe),
    )
    return hue.where(chroma > 0, 0)
