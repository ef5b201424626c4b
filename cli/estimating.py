"""The command that says what a training will take before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from cli.arguments import pairs, settings_by_path
from cli.options import FINE, NO, Data, Json, Recipe, Set, Target, With
from cli.recipes import preset_called
from cli.terminal import answer, answer_json, answer_table

if TYPE_CHECKING:
    from engine.training.estimate import Estimate


def estimate(
    target: Target,
    options: Set = None,
    data: Data = "",
    recipe: Recipe = "",
    settings: With = None,
    as_json: Json = False,
) -> None:
    """Say what memory training will hold, by part, and the largest batch that fits."""
    from engine.training.estimate import estimate as found_for
    from engine.words import memory, thousands
    from templates.targets import load_target

    values, preset = settings_by_path(settings), preset_called(recipe)
    project = load_target(target, pairs(options), data=data, fit_classes=True, values=values, preset=preset)
    found = found_for(project.network, project.training)
    if as_json:
        answer_json(_report(found))
    else:
        rows = [(part.title, part.note, memory(part.bytes)) for part in found.parts]
        answer_table(
            ("part", "of", "memory"), [*rows, ("Total", _capacity(found), memory(found.bytes))], numbers_from=2
        )
        if found.largest_batch is not None:
            answer(f"The largest batch that leaves a tenth free: {thousands(found.largest_batch)}.")
    raise typer.Exit(FINE if found.fits else NO)


def _capacity(found: Estimate) -> str:
    from engine.words import memory

    return f"of {memory(found.capacity)} on {found.device}" if found.capacity else f"on {found.device}"


def _report(found: Estimate) -> dict[str, Any]:
    return {
        "device": found.device,
        "batch_size": found.batch_size,
        "parts": [{"name": part.name, "title": part.title, "bytes": part.bytes} for part in found.parts],
        "bytes": found.bytes,
        "capacity": found.capacity,
        "fits": found.fits,
        "largest_batch": found.largest_batch,
    }
