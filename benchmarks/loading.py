"""Streaming a folder of photographs from disk: against torchvision's folder in a loader, and against one process."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from benchmarks.timing import compared, seconds
from engine.data.disk_images import DiskImages
from engine.data.images import read_image
from engine.data.workers import reading
from engine.layers.shape import Shape
from engine.torchvision_compat import torchvision

SHAPE, SIZE = Shape(3, 224, 224), (500, 375)  # px, as most photographs of ImageNet have
IMAGES, BATCH, ROUNDS = 768, 64, 3


def run() -> dict[str, Any]:
    """``ratio`` is torchvision's time over ours with as many workers: 1 is equally fast, more is faster than it.

    ``of_all_workers`` is how many images come beside those that one process reads, for each worker: 1 says that every
    worker is busy all the time. Starting the workers is left out, as they stay for all passes of a training.
    """
    return measured(IMAGES, rounds=ROUNDS)


def measured(count: int, *, rounds: int) -> dict[str, Any]:
    """The same for so many images."""
    workers = reading(0)
    with tempfile.TemporaryDirectory() as place:
        files = _photographs(Path(place), count)
        ours, theirs = _ours(files, workers), _theirs(Path(place), count, workers)
        ours()
        theirs()
        theirs_s, ours_s, ratio = compared(theirs, ours, rounds=rounds, clock=seconds)
        alone_s, _, beside = compared(
            lambda: [read_image(file, SHAPE) for file in files], ours, rounds=1, clock=seconds
        )
    return {
        "ratio": round(ratio, 2),
        "target": 1,
        "of_all_workers": round(beside / workers, 2),
        "images_a_second": round(count / ours_s),
        "torchvision_images_a_second": round(count / theirs_s),
        "one_process_images_a_second": round(count / alone_s),
        "workers": workers,
        "torch": torch.__version__,
    }


def _photographs(place: Path, count: int) -> list[Path]:
    """JPEG files that look as smooth as photographs, in the folders of two classes."""
    coarse = np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8)
    stream, files = io.BytesIO(), []
    Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC).save(stream, "JPEG", quality=90)
    for number in range(count):
        files.append(place / f"{number % 2}" / f"{number:05d}.jpg")
        files[-1].parent.mkdir(exist_ok=True)
        files[-1].write_bytes(stream.getvalue())
    return files


def _ours(files: list[Path], workers: int) -> Callable[[], int]:
    images, batches = DiskImages(files, SHAPE), torch.split(torch.arange(len(files)), BATCH)
    return lambda: _counted(pixels for pixels, _ in images.stream(batches, torch.device("cpu"), workers=workers))


def _theirs(place: Path, count: int, workers: int) -> Callable[[], int]:
    loader = DataLoader(
        _Folder(place, count),
        batch_size=BATCH,
        num_workers=workers,
        persistent_workers=True,
        multiprocessing_context="spawn",
    )
    return lambda: _counted(loader)


class _Folder(Dataset[torch.Tensor]):
    """torchvision's folder, made in the worker: spawning one with it would import it before it is mended."""

    def __init__(self, place: Path, count: int) -> None:
        self.place, self.count = place, count

    def __len__(self) -> int:
        return self.count

    @cached_property
    def images(self) -> Any:
        torchvision()
        from torchvision.datasets import ImageFolder
        from torchvision.transforms import v2

        return ImageFolder(self.place, v2.Compose([v2.Resize(tuple(SHAPE[1:])), v2.PILToTensor()]))

    def __getitem__(self, index: int) -> torch.Tensor:
        pixels: torch.Tensor = self.images[index][0]
        return pixels


def _alone(files: list[Path]) -> None:
    for file in files:
        read_image(file, SHAPE)


def _counted(batches: Iterable[torch.Tensor]) -> int:
    return sum(map(len, batches))
