"""Images ready for training: three parts that give normalised batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.augmentation import Covariance
from engine.data.augmentation.mixtures import mixed, partners
from engine.data.draws import Draws, Pass, repetitions
from engine.data.images import Pixels
from engine.data.intensity import Intensities
from engine.data.lanes import Lanes
from engine.data.normalise import Normalisation
from engine.data.parts import Name, Parts
from engine.data.pipeline import Pipeline
from engine.data.resizing import resize
from engine.data.sampling import SAMPLING, Plain, Sampling
from engine.data.source import Unreadable
from engine.data.split import steps_in_pass
from engine.data.targets import Targets
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.words import counted


class Images(Protocol):
    """Where pixels come from, at the shape that they are kept at."""

    def read(self, indices: Tensor) -> Tensor:
        """Pixels of some images, uint8 ``(N, C, H, W)``, in the memory of the CPU; one that cannot be read is black."""
        ...

    def readable(self, indices: Tensor) -> Tensor:
        """The same for those alone that can be read, which may be none."""
        ...

    def stream(self, batches: Sequence[Tensor], device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """For each batch of indices its pixels on ``device``, and the places in the batch that could be read."""
        ...


@dataclass(frozen=True)
class Split:
    """Some of the images of a data set: training, validation or test.

    ``indices`` are their places in ``stored``; ``targets`` are theirs, one an entry.
    """

    stored: Images
    indices: NDArray[np.int64]
    targets: Targets
    pipeline: Pipeline
    sampling: Sampling = field(default_factory=Plain)

    def __len__(self) -> int:
        return len(self.indices)

    def steps(self, batch_size: int) -> int:
        """Number of batches in one pass."""
        return steps_in_pass(len(self), batch_size)

    def batches(self, batch_size: int, *, device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """All images in order, as they are: normalised float32 ``(N, C, H, W)`` with their targets, on ``device``."""
        for pixels, positions in self.located(batch_size, device=device):
            yield pixels, self.targets.batch(positions, device)

    def located(self, batch_size: int, *, device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """The same with the position of each image in this split, on the CPU, in place of its target."""
        for pixels, positions in self._read(Lanes(torch.arange(len(self))), batch_size, device=device):
            yield self.pipeline(pixels), positions

    def at_test_time(
        self, batch_size: int, *, device: torch.device, seed: int
    ) -> Iterator[tuple[Iterator[Tensor], Tensor]]:
        """As `located`, but each batch of images one time after another in each draw of the steps that is averaged."""
        for pixels, positions in self._read(Lanes(torch.arange(len(self))), batch_size, device=device):
            yield self.pipeline.at_test_time(pixels, self.indices[positions.numpy()], seed), positions

    def averaging(self, draws: int) -> Split:
        """The same images, of which so many draws are averaged at test time."""
        return replace(self, pipeline=replace(self.pipeline, draws=draws))

    def training_batches(
        self, batch_size: int, *, device: torch.device, drawn_in: Pass, start: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """One pass of training: images as they are sampled, shuffled, augmented and mixed, else as `batches`.

        The first ``start`` batches are left out. Where images are mixed, targets are shares of the classes ``(N, K)``.
        Where a single image is left that can be read of several, it is left out too, as batch norm over a vector takes
        none alone, unless ``batch_size`` says so.
        """
        sample = self.sample(drawn_in)
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(drawn_in.order_seed))
        order = torch.from_numpy(sample)[order]
        draws = Draws.of(drawn_in, self.indices[order.numpy()], repetitions(order.numpy()))
        lanes = Lanes.of(order, partners(self.pipeline.steps, draws, sample), draws)
        for pixels, entries in self._read(lanes, batch_size, device=device, start=start):
            if len(lanes.first(entries)) < min(2, batch_size, len(self)):
                continue
            targets = self.targets.batch(lanes.order[entries], device)
            if not self.pipeline.steps:
                yield self.pipeline(pixels), targets
                continue
            pixels, targets = self.pipeline.augmented(pixels, targets, lanes.draws(entries))
            if lanes.count > 1:
                shares = self.targets.shares(targets)
                images, theirs = lanes.apart(pixels, entries), lanes.apart(shares, entries)
                pixels, targets = mixed(self.pipeline.steps, images, theirs, draws.of_some(lanes.first(entries)))
            yield self.pipeline.normalisation(pixels), targets

    def sample(self, drawn_in: Pass) -> NDArray[np.int64]:
        """The positions ``(N,)`` of the images of a pass of training, in no order."""
        with SAMPLING.blaming(self.sampling):
            return self.sampling.of(self.targets.strata, drawn_in)

    def _read(
        self, lanes: Lanes, batch_size: int, *, device: torch.device, start: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of pixels as they are kept, with the entries of all ``lanes`` that they are.

        An image that turns out unreadable is left out of its batch, and where that leaves one alone of several, it
        joins the batch before or after.
        """
        if not len(lanes):
            return iter(())
        chunks = [
            lanes.beside(chunk) for chunk in torch.arange(len(lanes)).tensor_split(self.steps(batch_size))[start:]
        ]
        indices = torch.from_numpy(self.indices)[lanes.order]
        streamed = self.stored.stream([indices[chunk] for chunk in chunks], device)
        read = ((pixels, entries[kept]) for entries, (pixels, kept) in zip(chunks, streamed, strict=False))
        batches = ((pixels, entries) for pixels, entries in read if len(lanes.first(entries)))
        return batches if batch_size == 1 else _none_alone(batches, lanes)

    def images(self, positions: Sequence[int] | NDArray[np.int64]) -> Pixels:
        """Pixels of some images of this split as the network would get them, uint8 ``(N, C, H, W)``."""
        indices = torch.from_numpy(self.indices[np.asarray(positions, dtype=np.int64)])
        return resize(self.stored.read(indices), self.pipeline.shape).numpy()


def _none_alone(batches: Iterator[tuple[Tensor, Tensor]], lanes: Lanes) -> Iterator[tuple[Tensor, Tensor]]:
    """The same batches, but for one of a single image, which joins the one after it, or before it as the last."""
    held: tuple[Tensor, Tensor] | None = None
    for batch in batches:
        if held is None:
            held = batch
        elif min(len(lanes.first(held[1])), len(lanes.first(batch[1]))) == 1:
            held = torch.cat((held[0], batch[0])), torch.cat((held[1], batch[1]))
        else:
            yield held
            held = batch
    if held is not None:
        yield held


@dataclass(frozen=True)
class LoadedData:
    """A data set on its way into a network that takes ``shape``.

    ``names`` are those of all images, which the splits are parts of, and ``fingerprints`` tell files apart. ``skipped``
    are the files that could not be read. Where the ``parts`` were given, ``unassigned`` images belong to none of them,
    and ``gone`` ones are not there any more; ``new_classes`` were not learned, ``missing_classes`` were.
    ``intensities`` are the ranges of those of more than 8 bits. ``notes`` are sentences on how the images were found,
    ``copies`` on those that are in more than one part; ``copied`` says how many images of each other part are copies of
    training images. ``colour`` says whether they are in colour, None where that is not known, and ``colours`` how those
    of the training images vary, where a step asked for it.
    """

    title: str
    train: Split
    validation: Split
    test: Split
    parts: Parts
    names: Sequence[Name] = ()
    fingerprints: tuple[str, ...] = ()
    skipped: tuple[Unreadable, ...] = ()
    unassigned: int = 0
    gone: int = 0
    new_classes: tuple[str, ...] = ()
    missing_classes: tuple[str, ...] = ()
    intensities: Intensities | None = None
    notes: tuple[str, ...] = ()
    colour: bool | None = None
    copies: tuple[str, ...] = ()
    copied: Mapping[str, int] = field(default_factory=dict)
    colours: Covariance | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, where there are any."""
        return self.train.targets.classes

    @property
    def shape(self) -> Shape:
        """What one image is for the network."""
        return self.train.pipeline.shape

    @property
    def normalisation(self) -> Normalisation:
        """Mean and standard deviation a channel, 0 to 1."""
        return self.train.pipeline.normalisation

    @property
    def splits(self) -> dict[str, Split]:
        """The splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def require(self, part: str) -> None:
        """Raise `LayerloomError` if a part has no images, or none any more."""
        if len(self.splits[part]):
            return
        had = len(self.parts.to_json()[part])
        if had:
            raise LayerloomError(f"The {part} split of {self.title} had {counted(had, 'image')}: all are missing now.")
        raise LayerloomError(f"The {part} split of {self.title} has no images.")
