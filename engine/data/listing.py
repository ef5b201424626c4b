"""All images of a data set in one line, none of them read before it is asked for."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.data.copies import Copies
from engine.data.dividing import divided
from engine.data.draws import Draws, Pass, repetitions
from engine.data.extents import by_own_range
from engine.data.images import Pixels, fit, read_image, size_of_file
from engine.data.parts import Name
from engine.data.progress import Listener
from engine.data.source import DataDescription
from engine.data.split import Division, OwnParts
from engine.layers.shape import Shape
from engine.words import thousands

if TYPE_CHECKING:
    from engine.data.anew import Anew
    from engine.data.loaded import Images
    from engine.data.settings import SplitSettings
    from engine.data.source import SourceImages

Size = tuple[int, int]
"""Height and width in pixels."""


def folded(text: str) -> str:
    """A text as a search compares it: in small letters without accents, in one Unicode form."""
    if text.isascii():
        return text.casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).casefold()


class Pictures(Protocol):
    """Where the images of a listing come from, one at a time; threads may ask at once.

    `size` and `read` raise `UnreadableImageError` for one that cannot be read, or not any more.
    """

    def size(self, place: int) -> Size:
        """How large an image is, upright."""
        ...

    def read(self, place: int, shape: Shape) -> Pixels:
        """An image brought to ``shape``."""
        ...

    def path(self, place: int) -> Path | None:
        """The file that it is; None where it is none."""
        ...


@dataclass(frozen=True, eq=False)
class Listing:
    """The images of a data set in its own order, as the names of a `LoadedData` are.

    ``labels`` ``(N,)`` are places among the classes, 0 where there are none; ``own`` are the parts that images come in.
    ``copies`` are places of images that are the same file, ``deep`` the files of more than 8 bits by theirs. ``check``
    makes the listing without those that turn out damaged once all are read; None where none can. ``load`` gives the
    images kept at a shape, each read when it is asked for; None where only the source gives them. ``look_again`` tells
    what is other by then, None if nothing is; it raises `LayerloomError`, and is None where the images cannot change.
    ``folders`` are those of classes that have another name.
    """

    description: DataDescription
    names: Sequence[Name]
    labels: NDArray[np.int64]
    pictures: Pictures
    own: OwnParts | None = None
    copies: Copies = ()
    check: Callable[[Listener | None], Listing] | None = None
    deep: Mapping[int, Path] = field(default_factory=dict)
    load: Callable[[Shape], SourceImages] | None = None
    look_again: Callable[[Listener | None], Anew | None] | None = None
    folders: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The number ``(N,)`` of each image within its class, from 1."""
        return repetitions(self.labels) + 1

    def caption(self, place: int) -> str:
        """What an image is called in short, on one line: "rust 456", its number alone where there are no classes."""
        return f"{self.label(place)}\u00a0{thousands(int(self.numbers[place]))}".lstrip()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The names that a search looks through, `folded`; "" for one that is but a number."""
        return tuple("" if isinstance(name, int) else folded(name) for name in self.names)

    def shuffled(self, places: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
        """The order ``(N,)`` of some images shuffled; it goes by their names, whatever stands beside them."""
        keys = self._keys[places]
        return np.argsort(Draws.of(Pass(seed, 0), keys, np.zeros_like(keys)).uniform(), kind="stable")

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        return np.array([name if isinstance(name, int) else crc32(os.fsencode(name)) for name in self.names], np.int64)

    def work_out(self) -> Listing:
        """The same, once all is worked out that takes a moment with many images and that others would wait for."""
        for name in ("numbers", "words", "_keys"):
            getattr(self, name)
        return self

    def divided(self, split: SplitSettings) -> Division:
        """The parts, as training divides them; raises `LayerloomError` if none are left for training."""
        return divided(self.labels, self.own, split, copies=self.copies)

    def label(self, place: int) -> str:
        """The class of an image; "" where there are none."""
        classes = self.description.classes
        return classes[self.labels[place]] if classes else ""

    def thumbnail(self, place: int, edge: int) -> Pixels:
        """An image in colour, at most ``edge`` wide and high, never enlarged; raises `UnreadableImageError`."""
        return thumbnail(self.pictures, place, edge)


def thumbnail(pictures: Pictures, place: int, edge: int) -> Pixels:
    """An image in colour, at most ``edge`` wide and high, never enlarged; raises `UnreadableImageError`."""
    height, width = pictures.size(place)
    scale = min(1.0, edge / max(height, width))
    return pictures.read(place, Shape(3, max(1, round(height * scale)), max(1, round(width * scale))))


class FilePictures:
    """Image files; those of more than 8 bits go by their own range each."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files

    def size(self, place: int) -> Size:
        return size_of_file(self._files[place])

    def read(self, place: int, shape: Shape) -> Pixels:
        return read_image(self._files[place], shape, scaling=by_own_range)

    def path(self, place: int) -> Path | None:
        return self._files[place]


class ArrayPictures:
    """Images held as an array ``(N, C, H, W)``, uint8."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels

    def size(self, place: int) -> Size:
        height, width = self._pixels.shape[2:]
        return height, width

    def read(self, place: int, shape: Shape) -> Pixels:
        return fit(np.asarray(self._pixels[place]), shape)

    def path(self, place: int) -> Path | None:
        return None


class KeptPictures(ArrayPictures):
    """Images of a source that only gives them at a shape of their own."""

    def __init__(self, images: Images, shape: Shape) -> None:
        self._images, self._shape = images, shape

    def size(self, place: int) -> Size:
        return self._shape.height, self._shape.width

    def read(self, place: int, shape: Shape) -> Pixels:
        import torch

        pixels: Pixels = self._images.read(torch.tensor([place]))[0].numpy()
        return fit(pixels, shape)
