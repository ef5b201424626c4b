"""What the settings of a recipe come to for this network and these data, in a word or two."""

from __future__ import annotations

from engine.network import Analysis
from engine.recipe.course import Course
from engine.recipe.loss import LOSSES
from engine.recipe.recipe import LeftOut
from engine.tasks.setup import Setup
from engine.words import si, thousands


def facts(setup: Setup, course: Course | None) -> dict[str, str]:
    """Facts by the paths of the settings that they are about."""
    recipe = setup.recipe
    found = {"decay_leaves_out": left_out(setup.analysis, recipe.decay_leaves_out)}
    if course is not None and course.rises:
        found["learning_rate"] = "peak"
    if recipe.weight_decay and recipe.optimiser.decoupled:
        found["weight_decay"] = "decoupled"
    if setup.classes:
        with LOSSES.blaming(recipe.loss):
            told = recipe.loss.facts(setup.classes)
        found |= {f"loss.{name}": text for name, text in told.items()}
    return found


def left_out(analysis: Analysis, what: LeftOut) -> str:
    """How many parameters decay and penalties spare: "20 872 of 134.3 M left out"."""
    learning = [node for node in analysis.nodes.values() if node.trainable_parameters and node.complete]
    every = sum(node.trainable_parameters for node in learning)
    if not every or what is LeftOut.NOTHING:
        return ""
    weights = sum(node.layer.weight_count(*(shape for shape in node.inputs if shape)) for node in learning)
    return f"{thousands(every - weights)} of {si(every)} left out"
