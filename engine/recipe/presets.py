"""Recipes to begin with, and which of them a recipe is nearest to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.choices import Choice, Registry
from engine.recipe.changes import Change, changes
from engine.recipe.recipe import Recipe
from engine.words import counted, power_text, thousands

OF_THE_PERSON = ("device", "seed")
"""The settings that a preset leaves as they are."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Values of a recipe under a name; those that it does not name are as they are by themselves."""

    name: str
    title: str
    values: Mapping[str, Any]
    help: str = ""

    def applied(self, recipe: Recipe) -> Recipe:
        """The preset on the device and with the seed of ``recipe``."""
        kept = {name: getattr(recipe, name) for name in OF_THE_PERSON}
        return Recipe.model_validate({**self.values, **kept})

    def lines(self) -> tuple[str, str]:
        """What it sets, on two lines of a card: "SGD 1e-2, batch 128", "90 epochs, plateau"."""
        recipe = self.applied(Recipe())
        size = thousands(recipe.batch_size)
        batch = f"{size} × {recipe.accumulate}" if recipe.accumulate > 1 else f"batch {size}"  # as wide as a card is
        first = f"{recipe.optimiser.title} {power_text(recipe.learning_rate, 2)}, {batch}"
        return first, f"{counted(recipe.epochs, 'epoch')}, {recipe.schedule.name.replace('_', ' ')}"

    def to_json(self) -> dict[str, Any]:
        """As `Choice.to_json` gives it, with the values of all settings."""
        values = self.applied(Recipe()).model_dump(mode="json", exclude=set(OF_THE_PERSON))
        return {"name": self.name, "title": self.title, "help": self.help, "settings": {}, "values": values}


class RecipePreset(Choice):
    """A preset that comes with the program: it declares nothing but values of a recipe."""

    values: ClassVar[Mapping[str, Any]]

    @classmethod
    def preset(cls) -> Preset:
        """What it declares."""
        return Preset(cls.name, cls.title, cls.values, cls.help())

    @classmethod
    def to_json(cls) -> dict[str, Any]:
        return cls.preset().to_json()


RECIPES: Registry[RecipePreset] = Registry("recipes", one="recipe")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The preset that a recipe differs least from, and how."""

    preset: Preset
    changes: tuple[Change, ...]

    def words(self) -> str:
        """As the foot of a form has it: "Modern, 2 changes"."""
        return f"{self.preset.title}, {counted(len(self.changes), 'change') if self.changes else 'unchanged'}"


def nearest(recipe: Recipe, own: Iterable[Preset] = ()) -> Nearest:
    """The preset with the fewest changes to ``recipe``, among those of the program and ``own`` ones."""
    known = (*(kind.preset() for kind in RECIPES.values()), *own)
    found = (Nearest(preset, changes(preset.applied(recipe), recipe)) for preset in known)
    return min(found, key=lambda one: len(one.changes))


@RECIPES.register
class QuickStart(RecipePreset):
    """A few epochs of AdamW with a cosine, for small networks and a first look."""

    name: ClassVar = "quick_start"
    title: ClassVar = "Quick start"
    values: ClassVar = {}


@RECIPES.register
class AlexNet2012(RecipePreset):
    """SGD with momentum, the rate divided by 10 when validation stops improving (Krizhevsky et al. 2012, section 5)."""

    name: ClassVar = "alexnet_2012"
    title: ClassVar = "AlexNet 2012"
    aliases: ClassVar = ("alexnet",)
    values: ClassVar = {
        "epochs": 90,
        "batch_size": 128,
        "optimiser": {"name": "sgd", "momentum": 0.9},
        "learning_rate": 0.01,
        "schedule": {"name": "plateau", "factor": 0.1},
        "weight_decay": 5e-4,
        "initialisation": "alexnet_2012",
    }


@RECIPES.register
class Modern(RecipePreset):
    """AdamW with one cycle, label smoothing and averaged weights, as small convolutional networks are trained today."""

    name: ClassVar = "modern"
    title: ClassVar = "Modern"
    values: ClassVar = {
        "epochs": 30,
        "batch_size": 64,
        "optimiser": {"name": "adamw"},
        "learning_rate": 0.003,
        "schedule": {"name": "one_cycle"},
        "weight_decay": 0.05,
        "loss": {"name": "cross_entropy", "label_smoothing": 0.1},
        "average": 0.98,
    }
