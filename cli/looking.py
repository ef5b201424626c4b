"""Commands that use a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import count
from cli.options import FINE, NO, UNUSABLE, Draws, Json, Moved
from cli.terminal import answer, answer_json, answer_table, say
from engine.errors import LayerloomError


def evaluate(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders; several are averaged.")],
    split: Annotated[str, typer.Option(metavar="train|validation|test")] = "test",
    predictions: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write what is said of each image as a table.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Hold two runs against each other, in place of averaging them.")
    ] = False,
    label_errors: Annotated[
        bool, typer.Option("--label-errors", help="List images that are likely labelled wrongly, and nothing else.")
    ] = False,
    slices: Annotated[
        bool, typer.Option("--slices", help="Tell small, large, dark, bright … images, and folders, apart.")
    ] = False,
    data: Moved = "",
    draws: Draws = "",
    as_json: Json = False,
) -> None:
    """Measure a run, or the mean of what several say, on its test images or on those of another part."""
    from cli.evaluation_words import class_rows, evaluation_totals, members_report
    from cli.further_figures import answer_comparison, answer_label_errors, further_figures
    from cli.progress_bar import ProgressBar
    from engine.evaluation.ensemble import evaluate_together
    from engine.evaluation.predictions_file import predictions_table
    from engine.files import save_whole
    from engine.runs.run_data import found_words, what_changed
    from engine.tasks.class_evaluation import ClassEvaluation
    from templates.targets import open_runs

    folders = open_runs(runs)
    source = folders[0].project().data.source.moved_to(Path(data)) if data else None
    if compare or label_errors:
        if (compare and label_errors) or predictions or slices:
            raise LayerloomError("--compare and --label-errors stand alone: leave out --predictions and --slices.")
        if compare:
            answer_comparison(folders, split, moved_to=source, draws=_draws(draws), as_json=as_json)
        else:
            answer_label_errors(folders, moved_to=source, draws=_draws(draws), as_json=as_json)
        return
    with ProgressBar() as progress:
        listener = progress.listener()
        together = evaluate_together(folders, split, moved_to=source, draws=_draws(draws), progress=listener)
        further = further_figures(
            together, folders, moved_to=source, draws=_draws(draws), slices=slices, progress=listener
        )
    found, answers, images = together.evaluation, together.answers, together.data
    if predictions is not None:
        save_whole(predictions, predictions_table(answers, images, together.project).encode())
        say(f"What is said of each image is in {predictions}.")
    if data:
        say(found_words(images, folders[0]))
    for sentence in (*what_changed(images, folders[0]), *images.copies):
        say(sentence)
    members = members_report(together, folders) if len(folders) > 1 else []
    if as_json:
        drawn = {"draws": answers.draws} if answers.draws > 1 else {}
        answer_json({**found.to_json(), **further.to_json(), **drawn, **({"members": members} if members else {})})
        return
    if isinstance(found, ClassEvaluation):
        answer_table(("class", "precision", "recall", "F1", "images"), class_rows(found), numbers_from=1)
    further.answer()
    for folder, member in zip(folders, together.members, strict=True):
        if members:
            answer(f"{folder.path}: {evaluation_totals(member)}")
    averages = f", mean of {answers.draws} draws" if answers.draws > 1 else ""
    answer(f"{f'Mean of {len(members)} runs: ' if members else ''}{evaluation_totals(found)}{averages}")


def predict(
    targets: Annotated[list[str], typer.Argument(metavar="RUN... IMAGE...", help="Run folders, then image files.")],
    top: Annotated[str, typer.Option(metavar="N", help="How many classes to name.")] = "5",
    draws: Draws = "",
    as_json: Json = False,
) -> None:
    """Name the likeliest classes of image files, by the mean of several runs; one that cannot be read is told."""
    from cli.evaluation_words import reading_words
    from engine.evaluation.predicting import predict as ask
    from engine.files import is_folder
    from templates.targets import open_runs

    first = next((place for place, text in enumerate(targets) if place and not is_folder(text)), len(targets))
    runs, images = targets[:first], [Path(text) for text in targets[first:]]
    if not images:
        raise LayerloomError("Which images? Give their files after the run.")
    run, *others = open_runs(runs)
    found = ask(run, images, others=others, top=count("--top", top), draws=_draws(draws))
    if as_json:
        answer_json([prediction.to_json() for prediction in found])
    for prediction in found:
        if prediction.error:
            say(prediction.error)
        elif not as_json:
            answer(f"{prediction.image}: {', '.join(map(reading_words, prediction.readings))}")
    failed = sum(bool(prediction.error) for prediction in found)
    raise typer.Exit(UNUSABLE if failed == len(found) else NO if failed else FINE)


def _draws(text: str) -> int | None:
    """How many draws to average; None where the run says it."""
    return count("--draws", text, least=0) if text else None
