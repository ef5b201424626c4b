"""Images of a large folder: decoded by worker processes while the network trains."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from engine.data.images import Pixels, UnreadableImageError, read_image
from engine.data.intensity import Scaling, by_kind
from engine.data.workers import reading
from engine.errors import LayerloomError
from engine.layers.shape import Shape

_KILLED = "A process that read the images was ended, as the system does where memory is full. Make room, then resume."

Batch = tuple[Tensor, Tensor]
"""Pixels of the images that could be read, and their places in the batch."""


class DiskImages:
    """Files decoded anew in each pass; one that turns out damaged is left out of its batch.

    The workers start with the first pass and end when this object goes: starting them takes seconds. Of those that are
    not streamed, so many as take ``kept`` bytes are remembered.
    """

    def __init__(self, files: Sequence[Path], shape: Shape, *, scaling: Scaling = by_kind, kept: int = 0) -> None:
        self._files = _Files(files, shape, scaling)
        self._image = lru_cache(kept // shape.elements)(self._files.__getitem__)
        self._batches: list[list[int]] = []
        self._loaders: dict[tuple[torch.device, int], DataLoader[Pixels | None]] = {}

    def read(self, indices: Tensor) -> Tensor:
        """Pixels of some images, uint8 ``(N, C, H, W)``; a damaged file gives a black image."""
        pixels, kept = self._read(indices)
        return pixels.new_zeros((len(indices), *self._files.shape)).index_copy_(0, kept, pixels)

    def readable(self, indices: Tensor) -> Tensor:
        """The same without those that are damaged."""
        return self._read(indices)[0]

    def _read(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        return _collate([self._image(int(index)) for index in indices], self._files.shape)

    def stream(
        self, batches: Sequence[Tensor], device: torch.device, *, workers: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """For each batch of indices its pixels on ``device``, and the places in the batch that were read.

        ``workers`` processes read them; 0 leaves it to the machine how many. One pass at a time: a new one ends the one
        before. Raises `LayerloomError` if a worker is killed.
        """
        self._batches[:] = [batch.tolist() for batch in batches]
        for pixels, kept in _while_workers_live(self._loader(device, reading(workers))):
            yield pixels.to(device, non_blocking=True), kept

    def _loader(self, device: torch.device, workers: int) -> DataLoader[Pixels | None]:
        if (device, workers) not in self._loaders:
            self._loaders[device, workers] = DataLoader(
                self._files,
                batch_sampler=self._batches,
                collate_fn=partial(_collate, shape=self._files.shape),
                num_workers=workers,
                worker_init_fn=_quiet,
                pin_memory=device.type == "cuda",
                persistent_workers=True,
                multiprocessing_context="spawn",  # forking a process that runs threads and CUDA can deadlock
            )
        return self._loaders[device, workers]


class _Files(Dataset[Pixels | None]):
    def __init__(self, files: Sequence[Path], shape: Shape, scaling: Scaling) -> None:
        self._paths = [os.fspath(file) for file in files]
        self._scaling = scaling
        self.shape = shape

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> Pixels | None:
        try:
            return read_image(self._paths[index], self.shape, scaling=self._scaling)
        except UnreadableImageError:
            return None


def _quiet(_: int) -> None:
    """Keep a worker from writing warnings on the terminal: Pillow's speak to programmers."""
    warnings.simplefilter("ignore")


def _while_workers_live(loader: Iterable[Batch]) -> Iterator[Batch]:
    """What the workers read; raises `LayerloomError` for one that is gone."""
    with _killed_told():
        batches = iter(loader)  # which asks for the first ones
    while True:
        with _killed_told():
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


@contextmanager
def _killed_told() -> Iterator[None]:
    """Say in words that a worker is gone: the ``RuntimeError`` is torch's, as workers raise none themselves."""
    try:
        yield
    except RuntimeError as error:
        raise LayerloomError(_KILLED) from error


def _collate(images: list[Pixels | None], shape: Shape) -> tuple[Tensor, Tensor]:
    kept = [place for place, image in enumerate(images) if image is not None]
    pixels = np.array([image for image in images if image is not None], np.uint8).reshape(-1, *shape)
    return torch.from_numpy(pixels), torch.tensor(kept, dtype=torch.int64)
