"""What a training will hold and how long it takes, said before its first step."""

from __future__ import annotations

from dataclasses import dataclass

from engine.recipe.recipe import Recipe
from engine.training.footprint import Footprint
from engine.words import thousands

KEPT_FREE = 0.1
"""The share of a device's memory that the largest batch leaves to others."""
_VALUE = 4  # bytes: weights are float32


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that memory is held for; ``note`` says in what form."""

    name: str
    title: str
    note: str
    bytes: int


def memory_parts(found: Footprint, recipe: Recipe, *, runtime: int = 0) -> tuple[Part, ...]:
    """What each thing takes at the batch size of ``recipe``; ``runtime`` is what the device's libraries hold anyway."""
    moments, learned = recipe.optimiser.moments, found.gradients // _VALUE
    values = f"{moments} value{'s' if moments > 1 else ''} a weight"
    parts = (
        Part("weights", "Weights", f"float32, {thousands(found.weights // _VALUE)} × 4 B", found.weights),
        Part("copies", "16-bit copy", "for the forward and backward pass", found.copies),
        Part("gradients", "Gradients", "float32", found.gradients),
        Part("optimiser", recipe.optimiser.title, values, moments * learned * _VALUE),
        Part("activations", "Activations", f"batch {recipe.batch_size}", found.activations(recipe.batch_size)),
        Part("runtime", "Libraries of the device", "measured", runtime),
    )
    return tuple(part for part in parts if part.bytes)


def largest_batch(found: Footprint, recipe: Recipe, *, total: int, runtime: int = 0) -> int:
    """The largest batch that leaves a tenth of a device with ``total`` bytes free; 0 if not even one image fits."""
    fixed = sum(part.bytes for part in memory_parts(found, recipe, runtime=runtime) if part.name != "activations")
    room = int(total * (1 - KEPT_FREE)) - fixed - found.working
    return max(0, room // found.an_image)
