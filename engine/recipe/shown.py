"""What the figures of a run are of, where a recipe has other things in it than a loss and weights."""

from __future__ import annotations

from collections.abc import Iterator

from engine.recipe.recipe import Recipe


def shown_words(recipe: Recipe) -> Iterator[str]:
    """Sentences for people on what training and validation show."""
    penalties = [name for name, weight in (("L1", recipe.l1), ("L2", recipe.l2)) if weight]
    if penalties:
        named = " and ".join(penalties)
        noun = "penalty" if len(penalties) == 1 else "penalties"
        yield f"The losses shown are without the {named} {noun}, which the gradients alone have."
    if recipe.average:
        yield (
            "Averaged weights validate and are kept; the figures of the training images are those of the weights that "
            "learn."
        )
