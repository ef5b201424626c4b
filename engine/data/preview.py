"""What a data set holds, before any network trains on it; needs no torch unless a set must be downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.catalogue import CATALOGUE, FOLDER, data_set
from engine.data.downloads import is_downloaded
from engine.data.folder import ImageFolder, Unreadable, scan_folder
from engine.data.images import Pixels, UnreadableImageError, fit, read_image
from engine.data.progress import Listener
from engine.data.settings import DataSettings
from engine.data.sources import raw_images
from engine.layers.shape import Shape


@dataclass(frozen=True, slots=True)
class DataDescription:
    """A data set in figures: ``counts`` are images a class; ``shape`` is None where images differ in size."""

    title: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    shape: Shape | None
    ready: bool = True  # False: it must be downloaded first
    download_bytes: int = 0
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def images(self) -> int:
        """Number of images in all."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """Small pictures of some images of each class: uint8 ``(N, 3, edge, edge)``, with labels ``(N,)``."""

    pixels: Pixels
    labels: NDArray[np.int64]


def describe(settings: DataSettings, *, progress: Listener | None = None) -> DataDescription:
    """Describe a data set without loading it; a folder is scanned, which ``progress`` may call off.

    Raises `LayerloomError` for data that cannot be learned from.
    """
    if settings.name == FOLDER:
        folder = scan_folder(Path(settings.folder), progress=progress)
        counts = np.bincount(folder.labels, minlength=len(folder.classes)).tolist()
        return DataDescription(folder.path.name, folder.classes, tuple(counts), None, unreadable=folder.unreadable)
    known = data_set(settings.name)
    return DataDescription(
        known.title,
        known.classes,
        known.counts,
        known.shape,
        ready=is_downloaded(settings.name),
        download_bytes=known.download_bytes,
    )


def class_count(settings: DataSettings) -> int:
    """How many classes a data set has; raises `LayerloomError`."""
    return len((CATALOGUE.get(settings.name) or describe(settings)).classes)


def thumbnails(
    settings: DataSettings, *, per_class: int = 8, edge: int = 48, progress: Listener | None = None
) -> Thumbnails:
    """The first ``per_class`` images of each class, small; downloads a set that is not there yet."""
    shape = Shape(3, edge, edge)
    if settings.name == FOLDER:
        return _of_folder(scan_folder(Path(settings.folder), progress=progress), per_class, shape)
    raw = raw_images(settings.name, progress=progress)
    chosen = _first(raw.labels, per_class)
    return Thumbnails(np.stack([fit(raw.pixels[index], shape) for index in chosen]), raw.labels[chosen])


def _of_folder(folder: ImageFolder, per_class: int, shape: Shape) -> Thumbnails:
    pixels, labels = [], []
    for index in _first(folder.labels, per_class):
        try:
            pixels.append(read_image(folder.files[index], shape))
        except UnreadableImageError:
            continue  # loading the set lists it
        labels.append(folder.labels[index])
    return Thumbnails(np.array(pixels, np.uint8).reshape(-1, *shape), np.array(labels, np.int64))


def _first(labels: NDArray[np.int64], per_class: int) -> NDArray[np.int64]:
    return np.concatenate([np.flatnonzero(labels == label)[:per_class] for label in np.unique(labels)])
