"""The command that looks for a learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import augmentation, count, settings_by_path
from cli.opening import to_train
from cli.options import FINE, NO, Augment, Data, Json, Recipe, Set, Target, With
from cli.terminal import answer, answer_json, answer_table

if TYPE_CHECKING:
    from engine.project import Project
    from engine.training.range_result import RangeResult

_LEAST, _MOST = 20, 100_000  # batches


def find_lr(
    target: Target,
    options: Set = None,
    data: Data = "",
    recipe: Recipe = None,
    settings: With = None,
    augment: Augment = None,
    batches: Annotated[str, typer.Option(metavar="N", help="How many batches at most.")] = "200",
    as_json: Json = False,
) -> None:
    """Suggest a learning rate: train on a copy of the weights while the rate rises from 1e-6 to 10."""
    most = count("--batches", batches, least=_LEAST, most=_MOST)
    project = to_train(target, options, data=data, recipe=recipe, values=settings_by_path(settings))
    if augment:
        project.data = project.data.model_copy(update={"steps": augmentation(augment)})
    found = _find(project, most)
    if as_json:
        names = ("rates", "losses", "suggested", "lowest", "diverges", "usable")
        answer_json({name: getattr(found, name) for name in names})
    else:
        answer(found.words)
        answer_table(("rate", "loss", ""), _rows(found, project.training.learning_rate), numbers_from=0)
    raise typer.Exit(NO if found.suggested is None else FINE)


def _find(project: Project, batches: int) -> RangeResult:
    from cli.progress_bar import ProgressBar
    from cli.signals import stopping_on_signals
    from engine.data.progress import Progress
    from engine.runs.finding_rate import find_rate
    from engine.training.control import Control

    control = Control()
    with stopping_on_signals(control), ProgressBar() as shown:
        tell = shown.listener(lambda: not control.stopped)
        return find_rate(
            project,
            batches=batches,
            progress=tell,
            heard=lambda step: tell(Progress("Range test", step.batch, step.batches, "batches")),
        )


def _rows(found: RangeResult, now: float) -> list[tuple[str, str, str]]:
    """The smoothed loss at every power of ten that was reached, and at the rates that mean something."""
    import numpy as np

    from engine.words import power_text

    meant = {"set now": now, "suggested": found.suggested, "lowest": found.lowest, "diverges": found.diverges}
    marked = {rate: what for what, rate in meant.items() if rate is not None}
    if found.suggested == now:
        marked[now] = "suggested, and set now"
    powers = {float(f"1e{power}"): "" for power in range(-6, 2)}
    reached = {rate: what for rate, what in sorted((powers | marked).items()) if rate <= found.rates[-1] or what}
    losses = np.interp(np.log(list(reached)), np.log(found.rates), found.smoothed, right=np.nan)
    rows = zip(reached.items(), losses, strict=True)
    return [(power_text(rate, 2), "" if np.isnan(loss) else f"{loss:.4g}", what) for (rate, what), loss in rows]
