"""Recipes by name: those of the program, and a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import settings_by_path
from cli.options import Recipe, Target, With
from cli.terminal import say

if TYPE_CHECKING:
    from engine.recipe.presets import Preset
    from engine.recipe.recipe import Recipe as RecipeValue

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the recipe is called.")]


def preset_called(name: str | None) -> Preset | None:
    """The recipe that ``--recipe`` names, None without; raises `LayerloomError`."""
    from engine.recipe.own_presets import OwnPresets

    return None if name is None else OwnPresets().find(name)


def usual_rate_words(recipe: RecipeValue, values: Mapping[str, str]) -> str:
    """What to say where ``values`` name an optimiser that usually takes another rate than the one that stays."""
    named = {"training.optimiser", "training.optimiser.name"} & values.keys()
    rate = recipe.learning_rate
    if not named or "training.learning_rate" in values or recipe.usual_rate == rate:
        return ""
    usual = f"{recipe.usual_rate:g}"
    return f"The learning rate stays {rate:g}; with {recipe.optimiser.title} its usual rate is {usual}: --lr {usual}"


def keep_recipe(target: Target, name: Name, recipe: Recipe = None, settings: With = None) -> None:
    """Keep the training settings of a target as a recipe of your own, for --recipe NAME."""
    from engine.recipe.own_presets import OwnPresets
    from templates.targets import load_target

    project = load_target(target, preset=preset_called(recipe), values=settings_by_path(settings))
    own = OwnPresets()
    kept = own.keep(name, project.training)
    say(f"The recipe '{kept.name}' is kept in {own.folder}.")


def remove_recipe(name: Name) -> None:
    """Remove a recipe of your own."""
    from engine.recipe.own_presets import OwnPresets

    OwnPresets().remove(name)
    say(f"The recipe '{name}' is removed.")
