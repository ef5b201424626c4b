"""What of a recipe binds a run that goes on, and what may be another from there on."""

from __future__ import annotations

from engine.errors import LayerloomError
from engine.recipe.changes import changes
from engine.recipe.recipe import Recipe

_BOUND = {
    "seed": "everything that it drew follows from it",
    "initialisation": "its weights have started",
    "ensemble": "the others are runs of their own",
}
_LENGTH = ("epochs", "patience", "device")  # they change no step, and are told where they matter


def require_same_course(before: Recipe, after: Recipe) -> None:
    """Raise `LayerloomError` for a setting that a run cannot go on with.

    Those are the seed, the initial weights, and a loss whose validation figures do not compare with those so far.
    """
    changed = changes(before, after)
    for change in changed:
        setting = change.path.partition(".")[0]
        if setting in _BOUND:
            raise LayerloomError(
                f"A resumed run keeps {change.title.lower()} {change.before}, as {_BOUND[setting]}: "
                f"leave out training.{change.path}, or train a new run."
            )
    if not before.loss.measures_like(after.loss):
        raise LayerloomError(
            f"A resumed run keeps its loss, {before.loss.title}: figures by {after.loss.title} would not compare with "
            "those so far. Train a new run."
        )


def changed_words(before: Recipe, after: Recipe) -> str:
    """A sentence on what is other from here on; "" where nothing is but how long the run goes on."""
    changed = [change.words() for change in changes(before, after) if change.path not in _LENGTH]
    return f"From here on the run has other settings: {', '.join(changed)}." if changed else ""
