"""Images of a small data set: one uint8 tensor that lives on the training device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from engine.layers.shape import Shape

IN_MEMORY = 512 * 2**20
"""Bytes of pixels up to which a data set is held in memory at the network's input shape."""

_AT_ONCE = 4096  # images resized together: bounds the float copies to a few hundred MB


class MemoryImages:
    """Pixels held as they came; those too large to hold resized are resized batch by batch on the device."""

    def __init__(self, pixels: Tensor, shape: Shape) -> None:
        """``pixels`` is uint8 ``(N, C, H, W)`` of any size; ``shape`` is what batches shall have."""
        self._pixels = pixels
        self._shape = shape
        self._copies: dict[torch.device, Tensor] = {}

    def read(self, indices: Tensor) -> Tensor:
        """Pixels of some images, uint8 ``(N, C, H, W)``, in the memory of the CPU."""
        return resize(self._pixels[indices], self._shape)

    def stream(self, batches: Sequence[Tensor], device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """For each batch of indices its pixels on ``device``, and the places in the batch that were read: all."""
        pixels = self._on(device)
        for batch in batches:
            yield resize(pixels[batch.to(device)], self._shape), torch.arange(len(batch))

    def _on(self, device: torch.device) -> Tensor:
        if device not in self._copies:
            self._copies[device] = self._pixels.to(device)
        return self._copies[device]


def resize(pixels: Tensor, shape: Shape) -> Tensor:
    """uint8 ``(N, C, H, W)`` brought to ``shape``: channels repeated or mixed to grey, sizes resized bilinearly."""
    if pixels.shape[1:] == torch.Size(shape):
        return pixels
    return torch.cat([_resize_some(some, shape) for some in torch.split(pixels, _AT_ONCE)])


def _resize_some(pixels: Tensor, shape: Shape) -> Tensor:
    values = pixels.float()
    if values.shape[1] == 3 and shape.channels == 1:
        weights = torch.tensor((0.299, 0.587, 0.114), device=values.device).view(1, 3, 1, 1)  # ITU-R BT.601 luma
        values = (values * weights).sum(dim=1, keepdim=True)
    if values.shape[2:] != torch.Size(shape[1:]):
        values = functional.interpolate(values, shape[1:], mode="bilinear", align_corners=False, antialias=True)
    values = values.round_().clamp_(0, 255).to(torch.uint8)
    return values.expand(-1, shape.channels, -1, -1).contiguous()
