"""The command that shows what a network receives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.arguments import augmentation, count, shape_of
from cli.options import Augment, Json
from cli.terminal import answer_json, say
from engine.errors import LayerloomError

if TYPE_CHECKING:
    from engine.data.augmentation.preview import Stage


def augment(
    data: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="A data set, or a folder with one a class.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where the pictures go.")],
    augment: Augment = None,
    images: Annotated[str, typer.Option(metavar="N", help="How many training images.")] = "6",
    seed: Annotated[str, typer.Option(metavar="N")] = "0",
    epoch: Annotated[str, typer.Option(metavar="E")] = "1",
    size: Annotated[str, typer.Option("--input", metavar="C,H,W", help="What the network takes.")] = "",
    as_json: Json = False,
) -> None:
    """Write what training images become, step by step, as the network receives it before it is normalised."""
    import numpy as np

    from engine.data.augmentation.preview import stages
    from engine.data.draws import Pass
    from engine.data.loading import load
    from engine.data.settings import DataSettings, choose
