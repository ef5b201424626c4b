"""What the commands share: their arguments, and the exit codes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import new_place

FINE, NO, UNUSABLE = 0, 1, 2

Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="A project file, the folder of a run, or a template's name.")
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")]
Json = Annotated[bool, typer.Option("--json", help="Machine output.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="An option of the template.")]
SetA = Annotated[list[str] | None, typer.Option("--set-a", metavar="KEY=VALUE", help="An option of the first alone.")]
SetB = Annotated[list[str] | None, typer.Option("--set-b", metavar="KEY=VALUE", help="An option of the second alone.")]
Out = Annotated[
    Path,
    typer.Option("-o", "--output", metavar="FILE", help="The file to write.", parser=partial(new_place, "-o")),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="PATH=VALUE", help="A setting by its path in the file: training.optimiser=sgd."),
]
Recipe = Annotated[
    str | None,
    typer.Option("--recipe", metavar="NAME", help="The training settings of that name; see choices recipes."),
]
Augment = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STEP[:KEY=LOW..HIGH,...]|PRESET", help="A change of training images; see choices augmentation."
    ),
]
Draws = Annotated[
    str,
    typer.Option(metavar="N", help="Average over N draws of the augmentation; as many as the run says if left out."),
]
TenCrop = Annotated[
    str,
    typer.Option(
        "--ten-crop",
        metavar="[SIZE]",
        help="Average over four corners, the centre and their mirror images, cut from images of that size in px; the "
        "size that the run keeps them at if left out.",
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE.html|FILE.pdf",
        help="Write figures, images and all that is needed to repeat them as a report.",
        parser=partial(new_place, "--report"),
    ),
]
Moved = Annotated[
    str, typer.Option("--data", metavar="FOLDER", help="Where the images of the run are now, if they were moved.")
]
Data = Annotated[
    str, typer.Option("--data", metavar="NAME|FOLDER", help="A data set, or a folder with one sub-folder a class.")
]
