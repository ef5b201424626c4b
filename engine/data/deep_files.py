"""The files of a data set that hold more than 8 bits, which wait for the range that they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.data.decoding import ranges_of, scaled
from engine.data.extents import CommonRange
from engine.data.images import Pixels, UnreadableImageError
from engine.data.intensity import Intensities
from engine.data.loaded import Images
from engine.data.progress import Listener
from engine.layers.shape import Shape


@dataclass(frozen=True, slots=True)
class DeepFiles:
    """``files`` are the deep ones by their places in the set; ``on`` gives all images of the set, those on ranges."""

    files: Mapping[int, Path]
    on: Callable[[Intensities], Images]

    def ranges_of(self, places: Iterable[int], *, progress: Listener | None) -> tuple[CommonRange, ...]:
        """The range of some images of the set for each depth; none where none of them is deep."""
        return ranges_of(self.files, places, progress=progress)


def rescale(pixels: Pixels, files: Mapping[int, Path], intensities: Intensities, *, progress: Listener | None) -> None:
    """Read the deep ``files`` again and put them on their ranges, in their places of ``pixels`` ``(N, C, H, W)``."""
    again = scaled(list(files.values()), Shape(*pixels.shape[1:]), intensities, progress=progress)
    for place, image in zip(files, again, strict=True):
        if not isinstance(image, UnreadableImageError):  # it was read a moment ago
            pixels[place] = image
