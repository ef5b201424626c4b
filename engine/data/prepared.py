"""Data that were loaded once, for steps and a normalisation that change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from engine.data.augmentation import Step
from engine.data.augmentation.warning import Seen
from engine.data.hues import seen_in
from engine.data.listing import Listing
from engine.data.loaded import LoadedData
from engine.data.loading import Figures, load, pipeline_of
from engine.data.progress import Listener
from engine.data.settings import DataSettings
from engine.layers.shape import Shape


class Prepared:
    """Images that are read and divided, which `under` gives with other steps than those they were loaded for."""

    def __init__(
        self, settings: DataSettings, shape: Shape, *, listing: Listing | None = None, progress: Listener | None = None
    ) -> None:
        """Load them, those of a ``listing`` as it gives them; raises `LayerloomError` like `load`."""
        self._data = load(settings, shape, read=listing.load if listing else None, progress=progress)
        self._key = _key(settings, shape)
        self._figures = Figures(self._data.train.stored, self._data.train.indices, settings.stored_at(shape))

    def fits(self, settings: DataSettings, shape: Shape) -> bool:
        """Whether these are the images that ``settings`` ask for, as large as their steps need them."""
        return self._key == _key(settings, shape)

    def under(self, settings: DataSettings) -> LoadedData:
        """The data as `load` gives them for settings that they fit."""
        pipeline = pipeline_of(settings, self._data.shape, self._figures)
        splits = self._data.splits.values()
        train, validation, test = (replace(split, pipeline=pipeline, workers=settings.workers) for split in splits)
        return replace(
            self._data,
            train=replace(train, sampling=settings.sampling),
            validation=validation,
            test=test,
        )

    def seen(self, steps: Sequence[Step]) -> Seen:
        """What warnings of these steps go by; hues are measured once one of them needs them."""
        return self._with_hues if any(step.on and step.warns_of_hues for step in steps) else self._without_hues

    @cached_property
    def _with_hues(self) -> Seen:
        return seen_in(self._data)

    @cached_property
    def _without_hues(self) -> Seen:
        return seen_in(self._data, steps=())


def _key(settings: DataSettings, shape: Shape) -> tuple[object, ...]:
    return settings.source, settings.split, shape, settings.stored_at(shape)
