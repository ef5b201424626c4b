"""Commands that use a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import count, looks_asked
from cli.options import FINE, NO, UNUSABLE, Draws, Json, Moved, ReportFile, TenCrop
from cli.terminal import answer, answer_json, answer_table, say
from engine.errors import LayerloomError


def evaluate(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders; several are averaged.")],
    split: Annotated[str, typer.Option(metavar="train|validation|test")] = "test",
    predictions: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write what is said of each image as a table.")
    ] = None,
    data: Moved = "",
    draws: Draws = "",
    ten_crop: TenCrop = "",
    report: ReportFile = None,
    as_json: Json = False,
) -> None:
    """Measure a run, or the mean of what several say, on its test images or on those of another part."""
    from cli.evaluation_words import class_rows, evaluation_totals, members_report
    from cli.progress_bar import ProgressBar
    from engine.evaluation.ensemble import evaluate_together
    from engine.evaluation.predictions_file import predictions_table
    from engine.evaluation.report.writing import require_report_file, write_report
    from engine.files import save_whole
    from engine.runs.run_data import found_words, what_changed
    from engine.tasks.class_evaluation import ClassEvaluation
    from templates.targets import open_runs

    if report is not None:
        require_report_file(report)
    folders, looks = open_runs(runs), looks_asked(draws, ten_crop)
    source = folders[0].project().data.source.moved_to(Path(data)) if data else None
    with ProgressBar() as progress:
        together = evaluate_together(folders, split, moved_to=source, looks=looks, progress=progress.listener())
        if report is not None:
            write_report(report, folders, moved_to=source, together=together, progress=progress.listener())
            say(f"The report is in {report}.")
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
        answer_json({**found.to_json(), **answers.looks.to_figures(), **({"members": members} if members else {})})
        return
    if isinstance(found, ClassEvaluation):
        answer_table(("class", "precision", "recall", "F1", "images"), class_rows(found), numbers_from=1)
    for folder, member in zip(folders, together.members, strict=True):
        if members:
            answer(f"{folder.path}: {evaluation_totals(member)}")
    averages = f", {answers.looks.summary()}" if answers.looks.views > 1 else ""
    answer(f"{f'Mean of {len(members)} runs: ' if members else ''}{evaluation_totals(found)}{averages}")


def predict(
    targets: Annotated[list[str], typer.Argument(metavar="RUN... IMAGE...", help="Run folders, then image files.")],
    top: Annotated[str, typer.Option(metavar="N", help="How many classes to name.")] = "5",
    draws: Draws = "",
    ten_crop: TenCrop = "",
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
    found = ask(run, images, others=others, top=count("--top", top), looks=looks_asked(draws, ten_crop))
    if as_json:
        answer_json([prediction.to_json() for prediction in found])
    for prediction in found:
        if prediction.error:
            say(prediction.error)
        elif not as_json:
            answer(f"{prediction.image}: {', '.join(map(reading_words, prediction.readings))}")
    failed = sum(bool(prediction.error) for prediction in found)
    raise typer.Exit(UNUSABLE if failed == len(found) else NO if failed else FINE)
