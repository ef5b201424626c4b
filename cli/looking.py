"""Commands that use a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import count, looks_asked
from cli.options import FINE, NO, UNUSABLE, Draws, Json, Moved, ReportFile, TenCrop
from cli.terminal import answer, answer_json, say
from engine.errors import LayerloomError
from engine.files import readable


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
    ten_crop: TenCrop = "",
    report: ReportFile = None,
    as_json: Json = False,
) -> None:
    """Measure a run, or the mean of what several say, on its test images or on those of another part."""
    from cli.evaluating import Asked, answer_evaluation
    from cli.further_figures import answer_comparison, answer_label_errors

    asked = Asked.of(runs, split, data=data, looks=looks_asked(draws, ten_crop), as_json=as_json)
    if (compare or label_errors) and (predictions or slices or (compare and label_errors)):
        raise LayerloomError("--compare and --label-errors stand alone: leave out --predictions and --slices.")
    if label_errors and report:
        raise LayerloomError("A report lists suspected labels in any case: leave out --label-errors.")
    if label_errors and split != "test":
        raise LayerloomError("--label-errors judges all images that did not train: leave out --split.")
    if compare:
        answer_comparison(asked, report)
    elif label_errors:
        answer_label_errors(asked)
    else:
        answer_evaluation(asked, predictions, report, slices=slices)


def predict(
    targets: Annotated[
        list[str], typer.Argument(metavar="RUN... IMAGE...", help="Run folders, then image files or folders.")
    ],
    top: Annotated[str, typer.Option(metavar="N", help="How many classes to name.")] = "5",
    draws: Draws = "",
    ten_crop: TenCrop = "",
    as_json: Json = False,
) -> None:
    """Name the likeliest classes of image files, by the mean of several runs; one that cannot be read is told."""
    from cli.evaluation_words import reading_words
    from engine.data.image_names import images_at
    from engine.evaluation.predicting import predict as ask
    from templates.targets import open_runs

    first = next((place for place, text in enumerate(targets) if place and not _is_run(text)), len(targets))
    runs, images = targets[:first], [image for text in targets[first:] for image in images_at(Path(text))]
    if not images:
        raise LayerloomError("Which images? Give files or folders of them after the run.")
    run, *others = open_runs(runs)
    found = ask(run, images, others=others, top=count("--top", top), looks=looks_asked(draws, ten_crop))
    if as_json:
        answer_json([prediction.to_json() for prediction in found])
    for prediction in found:
        if prediction.error:
            say(prediction.error)
        elif not as_json:
            answer(f"{readable(prediction.image)}: {', '.join(map(reading_words, prediction.readings))}")
    failed = sum(bool(prediction.error) for prediction in found)
    raise typer.Exit(UNUSABLE if failed == len(found) else NO if failed else FINE)


def _is_run(text: str) -> bool:
    """Whether a target is taken for a run, or several: a folder is, unless there are images instead."""
    from engine.data.image_names import images_at
    from engine.runs.ensembles import members_in
    from engine.runs.run_folder import RunFolder

    folder = Path(text)
    return folder.is_dir() and (RunFolder.is_run(folder) or bool(members_in(folder)) or not images_at(folder))
