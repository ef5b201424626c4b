"""From `DataSettings` to images ready for training."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.catalogue import FOLDER, data_set
from engine.data.disk_images import DiskImages
from engine.data.folder import ImageFolder, Unreadable, gather, scan_folder
from engine.data.images import Pixels, UnreadableImageError, read_image
from engine.data.loaded import Images, LoadedData, Normalisation, Split
from engine.data.memory_images import MemoryImages, resize
from engine.data.progress import Listener, Progress, tell
from engine.data.settings import DataSettings
from engine.data.sources import raw_images
from engine.data.split import Division, divide
from engine.errors import LayerloomError
from engine.layers.shape import Shape

IN_MEMORY = 512 * 2**20
"""Bytes of pixels up to which a data set is held in memory at the network's input shape."""

_SAMPLE_BYTES = 64 * 2**20  # pixels from which mean and standard deviation are taken
_SMALLEST_SAMPLE = 256  # images
_FLAT = 1e-4  # a standard deviation below this is rounding, not contrast
_DECODE_AT_ONCE = 256


def load(settings: DataSettings, input_shape: Shape, *, progress: Listener | None = None) -> LoadedData:
    """Read, divide and measure a data set for a network that takes ``input_shape``, ``(C, H, W)`` with C 1 or 3.

    Raises `LayerloomError` in one sentence when the data cannot be had or learned from.
    """
    if input_shape.channels not in (1, 3):
        raise LayerloomError(f"The input takes {input_shape.channels} channels, images have 1 or 3.")
    source = (
        _load_folder(settings, input_shape, progress)
        if settings.name == FOLDER
        else _load_set(settings, input_shape, progress)
    )
    division = _divide(source, settings)
    if not len(division.train):
        raise LayerloomError("No images are left for training: make the validation and test parts smaller.")
    normalisation = _measure(source.images, division.train)
    train, validation, test = (
        Split(source.images, indices, source.labels[indices], normalisation)
        for indices in (division.train, division.validation, division.test)
    )
    return LoadedData(source.title, source.classes, input_shape, train, validation, test, normalisation, source.skipped)


@dataclass(frozen=True, slots=True)
class _Source:
    """All images of a data set in one line; the last ``tests`` are its own test images."""

    title: str
    classes: tuple[str, ...]
    images: Images
    labels: NDArray[np.int64]
    tests: int = 0
    skipped: tuple[Unreadable, ...] = ()


def _load_set(settings: DataSettings, shape: Shape, progress: Listener | None) -> _Source:
    known = data_set(settings.name)
    raw = raw_images(settings.name, progress=progress)
    pixels = torch.from_numpy(raw.pixels)
    if len(pixels) * shape.elements <= IN_MEMORY:
        tell(progress, Progress("Resizing images", 0, len(pixels), "images"))
        pixels = resize(pixels, shape)
    return _Source(known.title, known.classes, MemoryImages(pixels, shape), raw.labels, raw.tests)


def _load_folder(settings: DataSettings, shape: Shape, progress: Listener | None) -> _Source:
    if not settings.folder:
        raise LayerloomError("No folder is chosen: choose one with a sub-folder for each class.")
    folder = scan_folder(Path(settings.folder), progress=progress)
    if len(folder.files) * shape.elements > IN_MEMORY:
        images: Images = DiskImages(folder.files, shape)
        return _Source(folder.path.name, folder.classes, images, folder.labels, skipped=folder.unreadable)
    pixels, folder = _decode(folder, shape, progress)
    return _Source(
        folder.path.name,
        folder.classes,
        MemoryImages(torch.from_numpy(pixels), shape),
        folder.labels,
        skipped=folder.unreadable,
    )


def _decode(folder: ImageFolder, shape: Shape, progress: Listener | None) -> tuple[Pixels, ImageFolder]:
    """Pixels of all files that can be read, and the folder with those files alone."""
    pixels = np.empty((len(folder.files), *shape), dtype=np.uint8)
    read: list[int] = []
    unreadable = list(folder.unreadable)

    def decode(index: int) -> Pixels | UnreadableImageError:
        try:
            return read_image(folder.files[index], shape)
        except UnreadableImageError as error:
            return error

    with ThreadPoolExecutor() as pool:  # Pillow decodes and resizes without holding the interpreter
        for start in range(0, len(folder.files), _DECODE_AT_ONCE):
            tell(progress, Progress("Reading images", start, len(folder.files), "images"))
            indices = range(start, min(start + _DECODE_AT_ONCE, len(folder.files)))
            for index, image in zip(indices, pool.map(decode, indices), strict=True):
                if isinstance(image, UnreadableImageError):
                    unreadable.append(Unreadable(folder.files[index], image.reason))
                else:
                    pixels[len(read)] = image
                    read.append(index)
    owners = [folder.classes[folder.labels[index]] for index in read]
    readable = gather(folder.path, [folder.files[index] for index in read], owners, unreadable)
    return pixels[: len(read)], readable


def _divide(source: _Source, settings: DataSettings) -> Division:
    own_tests = source.tests
    training = len(source.labels) - own_tests
    division = divide(
        source.labels[:training],
        validation=settings.validation,
        test=0 if own_tests else settings.test,
        seed=settings.seed,
    )
    if own_tests:
        return Division(division.train, division.validation, np.arange(training, len(source.labels)))
    return division


def _measure(images: Images, indices: NDArray[np.int64]) -> Normalisation:
    """Mean and standard deviation a channel of (a fair sample of) the training images; 1 where all values are equal."""
    one = images.read(torch.from_numpy(indices[:1]))
    most = max(_SAMPLE_BYTES // one.nbytes, _SMALLEST_SAMPLE)
    chosen = torch.from_numpy(indices[:: -(-len(indices) // most)])
    sums = torch.zeros(one.shape[1], dtype=torch.float64)
    squares = torch.zeros_like(sums)
    for some in torch.split(chosen, _DECODE_AT_ONCE):
        values = images.read(some).double().div_(255)
        sums += values.sum(dim=(0, 2, 3))
        squares += values.square_().sum(dim=(0, 2, 3))
    count = len(chosen) * one[0, 0].numel()
    mean = sums / count
    std = (squares / count - mean.square()).clamp(min=0).sqrt()
    return Normalisation(tuple(mean.tolist()), tuple(value if value > _FLAT else 1.0 for value in std.tolist()))
