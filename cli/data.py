"""The command that lists data sets, tells what one holds, and downloads it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Json
from cli.terminal import answer, answer_json, answer_table, say


def data(
    name: Annotated[str, typer.Argument(metavar="[NAME|FOLDER]", help="One data set, or a folder of images.")] = "",
    download: Annotated[bool, typer.Option("--download", help="Download it, or go on with that.")] = False,
    files: Annotated[
        list[Path] | None, typer.Option("--file", metavar="FILE", help="One of its files, got in another way.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the data sets with where they are; tell what one holds, or download it."""
    from cli.data_words import set_rows, sets_report

    if name:
        _tell_of(name, files or [], download=download, as_json=as_json)
        return
    if download or files:
        raise typer.BadParameter("Name the data set.")
    found = sets_report()
    if as_json:
        answer_json(found)
        return
    answer_table(("data set", "title", "images", "classes", "where"), set_rows(found))


def _tell_of(name: str, files: list[Path], *, download: bool, as_json: bool) -> None:
    from cli.data_words import class_rows, description_report, description_words
    from cli.progress_bar import ProgressBar
    from engine.data.asking import described, fetched, taken
    from engine.data.settings import choose

    settings = choose(name)
    with ProgressBar() as progress:
        if files:
            taken(settings.source, files, progress=progress.listener())
        elif download:
            fetched(settings.source, progress=progress.listener())
        found = described(settings.source, progress=progress.listener())
    if as_json:
        answer_json(description_report(settings, found))
        return
    answer_table(("class", "images"), class_rows(found), numbers_from=1)
    answer(description_words(settings.source, found))
    for sentence in description_report(settings, found)["notes"]:
        say(sentence)
