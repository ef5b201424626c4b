"""The command that writes the figures of runs for other programs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import say
from engine.errors import LayerloomError
from engine.words import counted


def export_run(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders.")],
    csv: Annotated[str, typer.Option(metavar="FILE", help="A table with one row an epoch.")] = "",
    tensorboard: Annotated[str, typer.Option(metavar="DIR", help="A folder of event files for each run.")] = "",
) -> None:
    """Write the figures of runs as a table, or as TensorBoard reads them."""
    from engine.files import save_whole
    from engine.runs.export import epochs_csv, write_tensorboard
    from templates.targets import open_run

    if not csv and not tensorboard:
        raise LayerloomError("Where shall the figures go? Give --csv FILE, --tensorboard DIR, or both.")
    folders = [open_run(run) for run in runs]
    if csv:
        save_whole(Path(csv), epochs_csv(folders).encode())
        say(f"The epochs of {counted(len(folders), 'run')} are in {csv}.")
    if tensorboard:
        write_tensorboard(folders, Path(tensorboard))
        said = f"The figures of {counted(len(folders), 'run')} are in {tensorboard}"
        say(f"{said}; look at them with: tensorboard --logdir {shlex.quote(tensorboard)}")
