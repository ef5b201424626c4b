"""Which images a project learns from, as a value; needs no torch."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated

from pydantic import Field

from engine.data import published_sets, synset_folder  # noqa: F401 - they register sources
from engine.data.augmentation import AUGMENTATION, Step, storage_shape
from engine.data.normalise import NORMALISATIONS, Normalise, ThisDataSet
from engine.data.published import Digits
from engine.data.sampling import SAMPLING, Plain, Sampling
from engine.data.source import SOURCES, DataDescription, Source
from engine.data.user_folder import source_of
from engine.data.workers import MOST_WORKERS
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.settings import Settings, setting

Fraction = Annotated[float, Field(ge=0.0, le=0.8)]


class SplitSettings(Settings):
    """How images are divided into training, validation and test images.

    ``validation`` and ``test`` are fractions of all images; a set that ships its own test images keeps them.
    ``stratified`` gives each part every class in its share of the whole.
    """

    validation: Fraction = setting(0.15, "Validation")
    test: Fraction = setting(0.15, "Test")
    seed: Annotated[int, Field(ge=0)] = setting(0, "Seed")
    stratified: bool = setting(True, "Every class in its share")
    copies_together: bool = setting(
        False,
        "Copies in one part",
        help="All copies of an image, byte for byte, train if one of them does, and else validate if one does.",
    )


class DataSettings(Settings):
    """A source of images, how it is split, and what becomes of the images before the network gets them.

    ``steps`` change training images alone.
    """

    source: Annotated[Source, SOURCES] = setting(Digits(), "Data set")
    split: SplitSettings = SplitSettings()
    steps: tuple[Annotated[Step, AUGMENTATION], ...] = setting((), "Augmentation")
    normalise: Annotated[Normalise, NORMALISATIONS] = setting(ThisDataSet(), "Normalisation")
    test_time: Annotated[int, Field(ge=0, le=100)] = setting(
        0,
        "Also at test time",
        unit="draws",
        help="What is said of validation and test images is the mean over so many draws of the steps, without those "
        "that mix or erase; 0 and 1 take the images as they are.",
    )
    sampling: Annotated[Sampling, SAMPLING] = setting(Plain(), "Sampling")
    workers: Annotated[int, Field(ge=0, le=MOST_WORKERS)] = setting(
        0,
        "Workers",
        help="How many read and augment batches while others train; 0 leaves it to the computer. Images stay the same.",
        labels={"0": "Automatic"},
    )

    def from_source(self, source: Source) -> DataSettings:
        """The same settings with another source."""
        return self.model_copy(update={"source": source})

    def with_step(self, place: int, step: Step) -> DataSettings:
        """The same settings with another step at a place."""
        return self.model_copy(update={"steps": (*self.steps[:place], step, *self.steps[place + 1 :])})

    def stored_at(self, input_shape: Shape) -> Shape:
        """The shape at which images are kept for a network that takes ``input_shape``."""
        return storage_shape(self.steps, input_shape)

    def training_images(self, found: DataDescription) -> int:
        """How many of the images of its source, as described, will train."""
        from engine.data.split import training_images

        own = found.validation + found.test
        counts = found.counts if found.classes and self.split.stratified and not own else (found.images - own,)
        return training_images(counts, **self._cut_from(found))

    def training_counts(self, found: DataDescription) -> tuple[int, ...]:
        """How many images of each class will train, as far as the description of its source tells.

        That is exact where all parts are cut from it class by class; else each class is taken to have its share.
        """
        from engine.data.split import training_counts

        return training_counts(found.counts, **self._cut_from(found))

    def _cut_from(self, found: DataDescription) -> dict[str, float]:
        """The fractions of the parts that do not come as such."""
        split = self.split
        return {"validation": 0 if found.validation else split.validation, "test": 0 if found.test else split.test}


def choose(text: str, settings: DataSettings | None = None) -> DataSettings:
    """``settings`` with the data that ``text`` names: a data set, or the path of a folder.

    Raises `LayerloomError` if it is neither.
    """
    settings = settings or DataSettings()
    named = SOURCES.get(text)
    if named is not None and named.takes_folder:
        raise LayerloomError(f"Which folder? Give its path in place of the word '{text}'.")
    if named is not None:
        return settings.from_source(named())
    path = Path(os.path.expanduser(text))  # noqa: PTH111 - Path's own raises for a home that is not there
    if os.path.exists(path) or len(path.parts) > 1:  # noqa: PTH110 - Path's own raises for a name that is too long
        return settings.from_source(source_of(text).from_here())
    names = [name for name, source in SOURCES.items() if not source.takes_folder]
    near = difflib.get_close_matches(text, names, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"Data sets are {', '.join(names)}."
    raise LayerloomError(f"'{text}' is neither a data set nor a folder. {hint}")
