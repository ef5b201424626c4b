"""Makes what the network receives of some images with the code that trains; called in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.asking import described, is_here
from engine.data.augmentation.step import AUGMENTATION, Step
from engine.data.augmentation.warning import Values
from engine.data.images import UnreadableImageError
from engine.data.listing import Listing
from engine.data.progress import Progress
from engine.data.settings import DataSettings
from engine.data.warnings import data_warnings
from engine.errors import LayerloomError
from engine.files import readable
from engine.layers.shape import Shape
from engine.words import number_text, thousands
from gui.background import Job
from gui.data.received.receipt import Cell, Column, Judgement, Pixels, Receipt, Row

if TYPE_CHECKING:  # what comes with torch
    from engine.data.augmentation.preview import Stage
    from engine.data.loaded import LoadedData, Split
    from engine.data.prepared import Prepared

_PHOTO = Shape(3, 224, 224)  # what networks for photographs take, where nothing else is known
_NORMALISE = Column("Normalise", "mdi6.function-variant")
_RESIZE = Column("Resize", "mdi6.resize")
_EDGE = 282  # px of an original, twice what is drawn at most, for dense screens
_WHOLE = np.array(((0, 0), (1, 0), (1, 1), (0, 1)), float)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made: for which images of the data set, drawn with which seed, and as at test time or not.

    ``shape`` is what the network takes, None where nothing is drawn yet. Training reads batches of ``batch_size``.
    ``listing`` has the images as they are in their files, and how they are numbered, where it is known.
    """

    settings: DataSettings
    shape: Shape | None
    images: tuple[int, ...]
    seed: int
    test_time: bool = False
    batch_size: int = 64
    class_weights: bool = False
    listing: Listing | None = None


class Maker:
    """Keeps the images that it has read, for wishes with other steps."""

    def __init__(self) -> None:
        self.kept: Prepared | None = None

    def make(self, wish: Wish, job: Job) -> Receipt:
        """What the network receives; raises `LayerloomError` where the data cannot be had."""
        data = self.prepared(wish, job).under(wish.settings)
        job.check()
        start = perf_counter()
        made = _Making(data, wish)
        columns, rows = made.at_test_time() if wish.test_time else made.in_training()
        took = perf_counter() - start
        job.check()
        found = data.normalisation
        return Receipt(columns, rows, found.mean, found.std, made.drawn, wish.settings.source, took)

    def judge(self, wish: Wish, drawn: Mapping[int, Values], job: Job) -> Judgement:
        """What there is to warn of where ``drawn`` is what is shown, and what the steps cost."""
        from engine.data.augmentation.cost import seconds_a_batch
        from engine.data.draws import Pass

        prepared = self.prepared(wish, job)
        warnings = data_warnings(
            wish.settings, prepared.seen(wish.settings.steps), drawn=drawn, class_weights=wish.class_weights
        )
        job.check()
        train = prepared.under(wish.settings).train
        adds = seconds_a_batch(train, wish.batch_size, Pass(wish.seed, 1)) if _acts(wish.settings) else 0.0
        return Judgement(wish.settings, warnings, adds, wish.batch_size)

    def prepared(self, wish: Wish, job: Job) -> Prepared:
        """The images that a wish is about, read anew only if they are others than before."""
        from engine.data.prepared import Prepared

        if not is_here(wish.settings.source):
            title = wish.settings.source.title
            raise LayerloomError(f"{title} is not on this computer yet: download it first.")
        shape = wish.shape or described(wish.settings.source).shape or _PHOTO
        kept = self.kept
        if kept is None or not kept.fits(wish.settings, shape):
            told = partial(_tell, job)
            kept = Prepared(wish.settings, shape, listing=wish.listing, progress=told)
            self.kept = kept
        return kept


def _tell(job: Job, progress: Progress) -> None:
    job.report(progress.words)


def _acts(settings: DataSettings) -> bool:
    return any(step.on for step in settings.steps)


class _Making:
    """Columns and rows of the images that stand in a part of the data."""

    def __init__(self, data: LoadedData, wish: Wish) -> None:
        self._data, self._wish = data, wish
        self._train, self._listing = data.train, wish.listing
        self.drawn: dict[int, Values] = {}  # by the place of the step

    def in_training(self) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
        """Those of a pass of training; images of other parts are left as they are."""
        from engine.data.augmentation.outlines import outlines
        from engine.data.augmentation.preview import normalised, stages
        from engine.data.draws import Pass

        found = [(image, _position(self._train, image)) for image in self._wish.images]
        trained = [(image, position) for image, position in found if position is not None]
        positions, drawn_in = np.array([position for _, position in trained], np.int64), Pass(self._wish.seed, 1)
        before, *made = stages(self._train, positions, drawn_in)
        final = normalised(self._train, made[-1] if made else before)
        borders = outlines(self._train, positions, drawn_in)
        if trained:
            self.drawn = {stage.place: dict(stage.values) for stage in made if stage.place is not None}
        columns = tuple(_column(stage.step, stage.place) for stage in made if stage.step)
        rows: dict[int, Row] = {}
        for entry, (image, position) in enumerate(trained):
            cells = (*(self._cell(stage, entry) for stage in made), _normal(final[entry]))
            label, name = self._words_of(self._train, position)
            original = self._original(image, _levels(before.pixels[entry]))
            rows[image] = Row(image, label, name, original, borders[entry], cells)
        others = (self._evaluated(image, len(columns)) for image, position in found if position is None)
        rows |= {row.image: row for row in others if row}
        return (*columns, _NORMALISE), tuple(rows[image] for image in self._wish.images if image in rows)

    def at_test_time(self) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
        """Those of an evaluation."""
        rows = (self._evaluated(image) for image in self._wish.images)
        return (_RESIZE, _NORMALISE), tuple(row for row in rows if row)

    def _evaluated(self, image: int, steps: int | None = None) -> Row | None:
        """An image as an evaluation gives it, which ``steps`` leave alone; None if it is in no part."""
        from engine.data.augmentation.preview import normalised, unaugmented

        for part, split in self._data.splits.items():
            position = _position(split, image)
            if position is None:
                continue
            before, stage = unaugmented(split, np.array([position]))
            pixels, last = _levels(stage.pixels[0]), _normal(normalised(split, stage)[0])
            alone = Cell(pixels, (part, "image"), skipped=True)
            cells = (Cell(pixels, (str(self._data.shape),)),) if steps is None else (alone,) * steps
            original = self._original(image, _levels(before.pixels[0]))
            return Row(image, *self._words_of(split, position), original, _WHOLE, (*cells, last))
        return None

    def _original(self, image: int, stored: Pixels) -> Pixels:
        """An image in its own proportions, or as it is kept where these are not known."""
        listing = self._listing
        if listing is None or image >= len(listing) or listing.names[image] != self._data.names[image]:
            return stored
        try:
            return listing.thumbnail(image, _EDGE)
        except UnreadableImageError:
            return stored

    def _cell(self, stage: Stage, entry: int) -> Cell:
        pixels = _levels(stage.pixels[entry])
        if stage.step is None or not stage.takes_part[entry]:
            return Cell(pixels, ("skipped",), skipped=True)
        with AUGMENTATION.blaming(stage.step):
            told, partners = stage.step.told(stage.values, entry), stage.partners
        lines = told.lines
        if partners is not None:
            label, name = self._words_of(self._train, int(partners[entry]))
            lines = (*lines, *filter(None, (f"of {label}" if label else "of", name)))
        values = tuple((name, float(stage.values[name][entry])) for name in told.names)
        return Cell(pixels, lines, told.doubtful, values=values)

    def _words_of(self, split: Split, position: int) -> tuple[str, str]:
        """The class of an image, and its number or the end of its path."""
        classes, image = split.targets.classes, int(split.indices[position])
        label, name = readable(classes[int(split.targets.strata[position])]) if classes else "", self._data.names[image]
        if self._listing is not None and image < len(self._listing):
            return label, thousands(int(self._listing.numbers[image]))
        return label, thousands(name) if isinstance(name, int) else readable(PurePosixPath(name).stem)


def _column(step: Step, place: int | None) -> Column:
    return Column(step.title, step.icon, -1 if place is None else place)


def _position(split: Split, image: int) -> int | None:
    """Where an image of the data set stands in a part."""
    found = np.flatnonzero(split.indices == image)
    return int(found[0]) if len(found) else None


def _levels(pixels: NDArray[np.float32]) -> Pixels:
    return pixels.round().clip(0, 255).astype(np.uint8)


def _normal(values: NDArray[np.float32]) -> Cell:
    """What the network gets, its least value as black and its greatest as white."""
    low, high = float(values.min()), float(values.max())
    shown = (values - low) / (high - low) * 255 if high > low else np.zeros_like(values)
    return Cell(_levels(shown), (number_text(low, 2), f"to {number_text(high, 2)}"))
