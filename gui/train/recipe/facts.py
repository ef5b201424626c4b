"""What the settings of a recipe come to for this network and these data, in a word or two."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from engine.choices import ChoiceFailedError
from engine.network import Analysis
from engine.recipe.course import Course
from engine.recipe.loss import LOSSES
from engine.recipe.recipe import LeftOut, Recipe
from engine.tasks.setup import Setup
from engine.words import counted, si, thousands
from gui.train.estimate.words import Length

if TYPE_CHECKING:
    from engine.training.estimate import Estimate

_AN_ENSEMBLE = 3  # runs, as an example


def facts(setup: Setup, course: Course | None) -> dict[str, str]:
    """Facts by the paths of the settings that they are about."""
    recipe = setup.recipe
    found = {"decay_leaves_out": left_out(setup.analysis, recipe.decay_leaves_out)}
    if course is not None and course.rises:
        found["learning_rate"] = "peak"
    if recipe.weight_decay and recipe.optimiser.decoupled:
        found["weight_decay"] = "decoupled"
    if setup.classes:
        with suppress(ChoiceFailedError), LOSSES.blaming(recipe.loss):  # training tells what is wrong with it
            found |= {f"loss.{name}": text for name, text in recipe.loss.facts(setup.classes).items()}
    return found


def hints(recipe: Recipe, found: Estimate | None) -> dict[str, str]:
    """What is said below settings, by their paths; ``found`` is what a run takes, where that is known."""
    runs = recipe.ensemble if recipe.ensemble > 1 else _AN_ENSEMBLE
    length = Length.of(found, runs) if found else None
    takes = f" {counted(runs, 'run')} take {length.words}." if length else ""
    return {"ensemble": f"Seeds {recipe.seed}, {recipe.seed + 1}, …; their predictions are averaged.{takes}"}


def left_out(analysis: Analysis, what: LeftOut) -> str:
    """How many parameters decay and penalties spare: "20 872 of 134.3 M left out"."""
    every = analysis.trainable_parameters
    if not every or what is LeftOut.NOTHING:
        return ""
    return f"{thousands(every - analysis.trainable_weights)} of {si(every)} left out"
