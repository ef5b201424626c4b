"""Images ready for training: three parts that give normalised batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.ahead import made_ahead
from engine.data.augmentation import Covariance
from engine.data.augmentation.mixtures import mixed, partners
from engine.data.draws import Draws, Pass, repetitions
from engine.data.images import Pixels
from engine.data.intensity import Intensities
from engine.data.lanes import Lanes
from engine.data.looks import Looks
from engine.data.normalise import Normalisation
from engine.data.parts import Name, Parts
from engine.data.pipeline import Pipeline
from engine.data.resizing import resize
from engine.data.sampling import SAMPLING, Plain, Sampling
from engine.data.source import Unreadable
from engine.data.split import steps_in_pass
from engine.data.targets import Targets
from engine.data.turns import Turns
from engine.data.workers import making
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

    def stream(
        self, batches: Sequence[Tensor], device: torch.device, *, workers: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """For each batch of indices its pixels on ``device``, and the places in the batch that could be read.

        ``workers`` says how many may read at once, where reading takes long; 0 leaves it to the images.
        """
        ...


class TrainingBatch(NamedTuple):
    """Normalised float32 ``(N, C, H, W)`` and their targets.

    ``passed`` counts the images of the pass that have had their turn with it, those that could not be read included:
    who begins there gets the batches that follow.
    """

    pixels: Tensor
    targets: Tensor
    passed: int


class _Some(NamedTuple):
    """Pixels as they are kept, the entries of an order that they are, and what `TrainingBatch` says of ``passed``."""

    pixels: Tensor
    entries: Tensor
    passed: int


@dataclass(frozen=True)
class Split:
    """Some of the images of a data set: training, validation or test.

    ``indices`` are their places in ``stored``; ``targets`` are theirs, one an entry. ``turns`` are those of the
    training that began with them, where they are not all the same any more. ``workers`` says how many hands prepare
    batches, 0 leaves it to the machine.
    """

    stored: Images
    indices: NDArray[np.int64]
    targets: Targets
    pipeline: Pipeline
    turns: Turns | None = None
    sampling: Sampling = field(default_factory=Plain)
    workers: int = 0

    def __len__(self) -> int:
        return len(self.indices)

    def steps(self, batch_size: int) -> int:
        """Number of batches in one pass of training."""
        return steps_in_pass(self._turns.count, batch_size)

    def batches(self, batch_size: int, *, device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """All images in order, as they are: normalised float32 ``(N, C, H, W)`` with their targets, on ``device``."""
        for pixels, positions in self.located(batch_size, device=device):
            yield pixels, self.targets.batch(positions, device)

    def located(self, batch_size: int, *, device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """The same with the position of each image in this split, on the CPU, in place of its target."""
        for some in self._read(Lanes(torch.arange(len(self))), batch_size, device=device):
            yield self.pipeline(some.pixels), some.entries

    def at_test_time(
        self, batch_size: int, *, device: torch.device, seed: int
    ) -> Iterator[tuple[Iterator[Tensor], Tensor]]:
        """As `located`, but each batch of images one time after another in each of its views that are averaged."""
        for some in self._read(Lanes(torch.arange(len(self))), batch_size, device=device):
            yield self.pipeline.at_test_time(some.pixels, self.indices[some.entries.numpy()], seed), some.entries

    def seen(self, looks: Looks) -> Split:
        """The same images, looked at in another way at test time; raises `LayerloomError` where that shows nothing."""
        return replace(self, pipeline=self.pipeline.seen(looks))

    def training_batches(
        self, batch_size: int, *, device: torch.device, drawn_in: Pass, passed: int = 0
    ) -> Iterator[TrainingBatch]:
        """One pass of training: images as they are sampled, shuffled, augmented and mixed, else as `batches`.

        The first ``passed`` images are left out. Where images are mixed, targets are shares of the classes ``(N, K)``.
        Where a single image is left that can be read of several, it is left out too, as batch norm over a vector takes
        none alone, unless ``batch_size`` says so. Batches are augmented while those before them train.
        """
        if not len(self):
            return
        sample = self.sample(drawn_in)
        shuffled = torch.randperm(len(sample), generator=torch.Generator().manual_seed(drawn_in.order_seed))
        order = torch.from_numpy(sample)[shuffled]
        draws = Draws.of(drawn_in, self._turns.numbers[order.numpy()], repetitions(order.numpy()))
        lanes = Lanes.of(order, partners(self.pipeline.steps, draws, sample), draws)
        read = self._read(lanes, batch_size, device=device, passed=passed)
        least = min(2, batch_size, len(sample))
        enough = (some for some in read if lanes.first(some.entries).shape[0] >= least)
        acts = any(step.on for step in self.pipeline.steps)
        make = partial(self._trained_on, lanes=lanes, draws=draws, device=device)
        yield from made_ahead(enough, make, workers=making(self.workers) if acts else 0)

    def _trained_on(self, some: _Some, *, lanes: Lanes, draws: Draws, device: torch.device) -> TrainingBatch:
        """What training makes of some images; ``draws`` are those of all lanes' first images."""
        pixels, entries, passed = some
        targets = self.targets.batch(lanes.order.index_select(0, entries), device)
        if not self.pipeline.steps:
            return TrainingBatch(self.pipeline(pixels), targets, passed)
        pixels, targets = self.pipeline.augmented(pixels, targets, lanes.draws(entries))
        if lanes.count > 1:
            shares = self.targets.shares(targets)
            images, theirs = lanes.apart(pixels, entries), lanes.apart(shares, entries)
            pixels, targets = mixed(self.pipeline.steps, images, theirs, draws.of_some(lanes.first(entries)))
        return TrainingBatch(self.pipeline.normalisation(pixels), targets, passed)

    def sample(self, drawn_in: Pass) -> NDArray[np.int64]:
        """The positions of the images of a pass of training, in no order; -1 is one that is not there any more."""
        with SAMPLING.blaming(self.sampling):
            places = self.sampling.of(self._turns.by_place(self.targets.strata), drawn_in)
        return self._turns.by_place(np.arange(len(self)))[places]

    @property
    def _turns(self) -> Turns:
        return self.turns or Turns.of(self.indices)

    def _read(self, lanes: Lanes, batch_size: int, *, device: torch.device, passed: int = 0) -> Iterator[_Some]:
        """Batches of pixels with the entries of all ``lanes`` that they are, after the ``passed`` first images.

        An image that turns out unreadable is left out of its batch, and where that leaves one alone of several, it
        joins the batch before or after.
        """
        if not len(lanes):
            return iter(())
        order = lanes.order
        whole = bool((order >= 0).all())
        stored = torch.from_numpy(self.indices).index_select(0, order.clamp(min=0))
        asked, wanted, done = [], [], 0
        for chunk in torch.arange(len(lanes)).tensor_split(steps_in_pass(len(lanes), batch_size)):
            done += chunk.shape[0]
            if done <= passed:
                continue
            entries = lanes.beside(chunk[chunk >= passed] if passed else chunk)
            there = entries if whole else entries[order.index_select(0, entries) >= 0]
            if lanes.first(there).shape[0]:
                asked.append((there, done))
                wanted.append(stored.index_select(0, there))
        streamed = self.stored.stream(wanted, device, workers=self.workers)
        batches = _those_read(asked, streamed, lanes)
        return batches if batch_size == 1 else _none_alone(batches, lanes)

    def images(self, positions: Sequence[int] | NDArray[np.int64]) -> Pixels:
        """Pixels of some images of this split as the network would get them, uint8 ``(N, C, H, W)``."""
        indices = torch.from_numpy(self.indices[np.asarray(positions, dtype=np.int64)])
        return resize(self.stored.read(indices), self.pipeline.shape).numpy()


def _those_read(
    asked: Sequence[tuple[Tensor, int]], streamed: Iterator[tuple[Tensor, Tensor]], lanes: Lanes
) -> Iterator[_Some]:
    """What came of the entries that were asked for, without those that could not be read."""
    for (entries, passed), (pixels, kept) in zip(asked, streamed, strict=False):
        read = entries if kept.shape == entries.shape else entries[kept]
        if read is entries or lanes.first(read).shape[0]:
            yield _Some(pixels, read, passed)


def _none_alone(batches: Iterator[_Some], lanes: Lanes) -> Iterator[_Some]:
    """The same batches, but for one of a single image, which joins the one after it, or before it as the last."""
    held: _Some | None = None
    for batch in batches:
        if held is None:
            held = batch
        elif 1 in (lanes.first(held.entries).shape[0], lanes.first(batch.entries).shape[0]):
            both = (torch.cat((held.pixels, batch.pixels)), torch.cat((held.entries, batch.entries)))
            held = _Some(*both, batch.passed)
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
    of the training images vary, where a step asked for it. ``folders`` are those of classes that have another name.
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
    folders: Mapping[str, str] = field(default_factory=dict)

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

    def part(self, name: str) -> Split:
        """The images of a part that has some; raises `LayerloomError` for one that has none, or is none."""
        if name not in self.splits:
            raise LayerloomError(f"There is no split '{name}': choose train, validation or test.")
        self.require(name)
        return self.splits[name]

    def require(self, part: str) -> None:
        """Raise `LayerloomError` if a part has no images, or none any more."""
        if len(self.splits[part]):
            return
        had = len(self.parts.to_json()[part])
        if had:
            raise LayerloomError(f"The {part} split of {self.title} had {counted(had, 'image')}: all are missing now.")
        raise LayerloomError(f"The {part} split of {self.title} has no images.")
