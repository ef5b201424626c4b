"""Images of a small data set: one uint8 tensor that lives on the training device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from engine.data.resizing import resize
from engine.layers.shape import Shape

IN_MEMORY = 512 * 2**20
"""Bytes of pixels up to which a data set is held in memory at the shape that it is kept at."""


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

    def readable(self, indices: Tensor) -> Tensor:
        """The same: what is held can be read."""
        return self.read(indices)

    def stream(
        self, batches: Sequence[Tensor], device: torch.device, *, workers: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """For each batch of indices its pixels on ``device``, and the places in the batch that were read: all."""
        pixels = self._on(device)
        every = torch.arange(0)
        for batch in batches:
            if batch.shape != every.shape:
                every = torch.arange(batch.shape[0])
            some = pixels.index_select(0, batch.to(device, non_blocking=True))
            yield resize(some, self._shape), every

    def _on(self, device: torch.device) -> Tensor:
        if device not in self._copies:
            self._copies[device] = self._pixels.to(device)
        return self._copies[device]
