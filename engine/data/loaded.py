"""Images ready for training: three splits that give normalised batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.images import Pixels
from engine.data.source import Unreadable
from engine.layers.shape import Shape


class Images(Protocol):
    """Where pixels come from, already brought to the network's input shape."""

    def read(self, indices: Tensor) -> Tensor:
        """Pixels of some images, uint8 ``(N, C, H, W)``, in the memory of the CPU."""
        ...

    def stream(self, batches: Sequence[Tensor], device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """For each batch of indices its pixels, uint8 ``(N, C, H, W)``, and the indices that could be read."""
        ...


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation a channel of the training images, on the scale 0 to 1."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    _constants: dict[torch.device, tuple[Tensor, Tensor]] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, pixels: Tensor) -> Tensor:
        """uint8 pixels ``(N, C, H, W)`` as float32 with mean 0 and standard deviation 1 a channel."""
        if pixels.device not in self._constants:
            mean, std = (
                torch.tensor(values, device=pixels.device).view(1, -1, 1, 1) * 255 for values in (self.mean, self.std)
            )
            self._constants[pixels.device] = mean, std
        mean, std = self._constants[pixels.device]
        return pixels.float().sub_(mean).div_(std)


@dataclass(frozen=True)
class Split:
    """Some of the images of a data set: training, validation or test; ``labels`` are their targets."""

    pixels: Images
    indices: NDArray[np.int64]
    labels: NDArray[np.generic]
    normalisation: Normalisation

    def __len__(self) -> int:
        return len(self.indices)

    def steps(self, batch_size: int) -> int:
        """Number of batches in one pass."""
        return -(-len(self) // batch_size)

    def batches(
        self, batch_size: int, *, device: torch.device, generator: torch.Generator | None = None, start: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """One pass: normalised float32 ``(N, C, H, W)`` with labels ``(N,)``, both on ``device``.

        Shuffled if there is a ``generator``. Batches differ by at most one image, so that from three a batch none is
        left with a single image, which batch norm could not take. The first ``start`` batches are left out.
        """
        labels = torch.from_numpy(self.labels).to(device)
        for pixels, positions in self.located(batch_size, device=device, generator=generator, start=start):
            yield pixels, labels[positions.to(device)]

    def located(
        self, batch_size: int, *, device: torch.device, generator: torch.Generator | None = None, start: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """One pass like `batches`, with the position of each image in this split, on the CPU, in place of its label.

        An image that turns out unreadable is left out of its batch.
        """
        if not len(self):
            return
        order = torch.randperm(len(self), generator=generator) if generator else torch.arange(len(self))
        chunks = order.tensor_split(self.steps(batch_size))[start:]
        indices = torch.from_numpy(self.indices)
        streamed = self.pixels.stream([indices[chunk] for chunk in chunks], device)
        for positions, (pixels, kept) in zip(chunks, streamed, strict=False):
            if len(kept):
                yield self.normalisation(pixels), positions[kept]

    def images(self, positions: Sequence[int] | NDArray[np.int64]) -> Pixels:
        """Pixels of some images of this split, uint8 ``(N, C, H, W)``."""
        return self.pixels.read(torch.from_numpy(self.indices[np.asarray(positions, dtype=np.int64)])).numpy()

    def counts(self, classes: int) -> tuple[int, ...]:
        """Images of each class."""
        return tuple(np.bincount(self.labels.astype(np.int64), minlength=classes).tolist())


@dataclass(frozen=True)
class LoadedData:
    """A data set at a network's input shape. ``skipped`` are the files that could not be read."""

    title: str
    classes: tuple[str, ...]
    shape: Shape
    train: Split
    validation: Split
    test: Split
    normalisation: Normalisation
    skipped: tuple[Unreadable, ...] = ()

    @property
    def mean(self) -> tuple[float, ...]:
        """Mean a channel of the training images, 0 to 1."""
        return self.normalisation.mean

    @property
    def std(self) -> tuple[float, ...]:
        """Standard deviation a channel of the training images, 0 to 1."""
        return self.normalisation.std

    @property
    def splits(self) -> dict[str, Split]:
        """The splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def normalised_by(self, normalisation: Normalisation) -> LoadedData:
        """The same images, normalised by the figures of an earlier training."""
        train, validation, test = (
            replace(split, normalisation=normalisation) for split in (self.train, self.validation, self.test)
        )
        return replace(self, train=train, validation=validation, test=test, normalisation=normalisation)

    @property
    def skipped_files(self) -> tuple[Path, ...]:
        """The files that could not be read."""
        return tuple(entry.path for entry in self.skipped)
