"""All registries of choices."""

from __future__ import annotations

import difflib
from typing import Any

from engine.choices import Registry
from engine.data import published_sets, synset_folder, user_folder  # noqa: F401 - they register the sources
from engine.data.augmentation import AUGMENTATION
from engine.data.looks import LOOKS
from engine.data.normalise import NORMALISATIONS
from engine.data.sampling import SAMPLING
from engine.data.source import SOURCES
from engine.errors import LayerloomError
from engine.inspection.damages import DAMAGES
from engine.inspection.interventions import INTERVENTIONS
from engine.inspection.views import VIEWS
from engine.recipe.initialisations import INITIALISATIONS
from engine.recipe.losses import LOSSES
from engine.recipe.metrics import METRICS
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.presets import RECIPES
from engine.recipe.schedules import SCHEDULES
from engine.tasks.task import TASKS

REGISTRIES: tuple[Registry[Any], ...] = (
    OPTIMISERS,
    SCHEDULES,
    LOSSES,
    INITIALISATIONS,
    METRICS,
    RECIPES,
    AUGMENTATION,
    NORMALISATIONS,
    SAMPLING,
    SOURCES,
    TASKS,
    VIEWS,
    INTERVENTIONS,
    DAMAGES,
    LOOKS,
)


def registries(title: str = "") -> tuple[Registry[Any], ...]:
    """All of them, or the one called ``title``; raises `LayerloomError` if there is none."""
    if not title:
        return REGISTRIES
    named = {registry.title: registry for registry in REGISTRIES}
    if title not in named:
        near = difflib.get_close_matches(title, named, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(named)}."
        raise LayerloomError(f"There is no registry '{title}'. {hint}")
    return (named[title],)
