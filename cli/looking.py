"""Commands that use a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import count
from cli.options import FINE, NO, UNUSABLE, Draws, Json, Moved, Run
from cli.terminal import answer, answer_json, answer_table, say


def evaluate(
    run: Run,
    split: Annotated[str, typer.Option(metavar="train|validation|test")] = "test",
    predictions: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write what is said of each image as a table.")
    ] = None,
    data: Moved = "",
    draws: Draws = "",
    as_json: Json = False,
) -> None:
    """Measure a run on its test images, or on those of another part."""
    from cli.evaluation_words import class_rows, evaluation_totals
    from cli.progress_bar import ProgressBar
    from engine.evaluation.evaluating import answers_of
    from engine.evaluation.predictions_file import predictions_table
    from engine.files import save_whole
    from engine.runs.run_data import found_words, load_run_data, what_changed
    from engine.tasks.class_evaluation import ClassEvaluation
    from templates.targets import open_run

    folder = open_run(run)
    project = folder.project()
    source = project.data.source.moved_to(Path(data)) if data else project.data.source
    with ProgressBar() as progress:
        images = load_run_data(folder, moved_to=source, progress=progress.listener())
        answers = answers_of(folder, split, data=images, draws=_draws(draws), progress=progress.listener())
    found = project.task.evaluate(answers, project.training)
    if predictions is not None:
        save_whole(predictions, predictions_table(answers, images, project).encode())
        say(f"What is said of each image is in {predictions}.")
    if data:
        say(found_words(images, folder))
    for sentence in (*what_changed(images, folder), *images.copies):
        say(sentence)
    if as_json:
        answer_json({**found.to_json(), **({"draws": answers.draws} if answers.draws > 1 else {})})
        return
    if isinstance(found, ClassEvaluation):
        answer_table(("class", "precision", "recall", "F1", "images"), class_rows(found), numbers_from=1)
    averages = f", mean of {answers.draws} draws" if answers.draws > 1 else ""
    answer(f"{evaluation_totals(found)}{averages}")


def predict(
    run: Run,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...")],
    top: Annotated[str, typer.Option(metavar="N", help="How many classes to name.")] = "5",
    draws: Draws = "",
    as_json: Json = False,
) -> None:
    """Name the likeliest classes of image files; one that cannot be read leaves the others their answers."""
    from cli.evaluation_words import reading_words
    from engine.evaluation.predicting import predict as ask
    from templates.targets import open_run

    found = ask(open_run(run), images, top=count("--top", top), draws=_draws(draws))
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
