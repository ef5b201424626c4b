"""What the commands about a training work on: a target with the data, the recipe and the settings that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cli.arguments import pairs
from cli.recipes import preset_called

if TYPE_CHECKING:
    from engine.project import Project


def to_train(
    target: str, options: Sequence[str] | None, *, data: str, recipe: str | None, values: Mapping[str, str]
) -> Project:
    """The project of a target, as it would train; a template gives as many classes as its data have."""
    from templates.targets import load_target

    return load_target(target, pairs(options), data=data, fit_classes=True, values=values, preset=preset_called(recipe))
