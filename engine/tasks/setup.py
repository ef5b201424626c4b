"""A network, its data and its recipe, as one asks whether they go together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.data.source import Source
from engine.network import Analysis, Network
from engine.recipe.recipe import Device, Recipe


@dataclass(frozen=True, slots=True)
class Setup:
    """What is about to train.

    ``analysis`` is that of ``network``. None stands for what is not known yet: how many ``classes`` and training
    ``images`` the data have, the ``device`` that will train, and how many bytes of memory are ``free``.
    """

    network: Network
    analysis: Analysis
    source: Source
    recipe: Recipe
    classes: int | None = None
    images: int | None = None
    device: Device | None = None
    free: int | None = None
