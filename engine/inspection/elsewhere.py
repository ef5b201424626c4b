"""What a network gives for other images than the one that is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.compiling.taps import Tapped
from engine.data.images import Pixels
from engine.data.part_words import SPOKEN

if TYPE_CHECKING:
    from engine.inspection.lens import Lens


class OfOtherImages:
    """What the network of a lens gives, unaltered; it is kept with the lens until other weights are loaded."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens.own

    def means(self, node: str, part: str) -> Tensor:
        """The mean of each unit over a part of the images and all places: ``(1, C, 1, 1)`` or ``(1, N)``."""
        return self._lens.kept_for(("means", node, part), lambda: self._means(node, part))

    def of_image(self, node: str, image: str) -> Tensor:
        """What a node gives for an image, by its file or by the name that the lens knows it by."""
        lens = self._lens
        pixels = lens.pictures[image] if image in lens.pictures else lens.read(Path(image))
        return lens.kept_for(("values", node, pixels.shape, pixels.tobytes()), lambda: self._of_image(node, pixels))

    def _means(self, node: str, part: str) -> Tensor:
        lens, tapped = self._lens, Tapped(self._lens.module, (node,))
        images = lens.images
        total, values, count = torch.zeros(()), torch.zeros(()), 0
        task = f"Measuring means over {SPOKEN[part]} images"
        with torch.no_grad():
            for values, _ in images.each(
                images.part(part), lambda batch: tapped(batch)[node], device=lens.device, task=task
            ):
                total = total + values.double().sum(dim=(0, *range(2, values.ndim)), keepdim=True)
                count += values.numel() // values.shape[1]
            return (total / count).to(values.dtype)

    def _of_image(self, node: str, pixels: Pixels) -> Tensor:
        lens = self._lens
        with torch.no_grad():
            return lens.values(lens.prepare(pixels), (node,))[node].clone()
