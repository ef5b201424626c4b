"""The command line; without arguments it opens the window.

Machine output is one JSON document (``train``: one a line) on standard output with ``--json``. Exit codes: 0 fine,
1 the answer is no, 2 the input cannot be used; then standard error says why in one sentence.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any

import typer

from cli import (
    augmenting,
    data,
    estimating,
    exporting,
    finding_rate,
    inside,
    lists,
    looking,
    networks,
    recipes,
    relabelling,
    training,
    window,
)
from cli.arguments import with_sizes
from cli.options import FINE, NO, UNUSABLE
from cli.terminal import say
from engine.data.progress import CancelledError
from engine.errors import LayerloomError

_UsageError: Any = typer.BadParameter.__base__  # Typer carries a Click of its own since 0.20, so it is found from there


class _Commands(typer.core.TyperGroup):
    """The commands; anything else that stands first is what the window shall open."""

    def parse_args(self, context: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and not args[0].startswith("-")):
            args = ["open", *args]
        args = with_sizes(args)
        parsed: list[str] = super().parse_args(context, args)
        return parsed


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    help="Draw, train and look inside.",
)

app.command("open", hidden=True)(window.open_window)
for command in (
    lists.templates,
    lists.layers,
    lists.choices,
    data.data,
    networks.new,
    networks.summary,
    networks.check,
    networks.compare,
    networks.export,
    window.screenshot,
    estimating.estimate,
    finding_rate.find_lr,
    training.train,
    exporting.export_run,
    recipes.keep_recipe,
    recipes.remove_recipe,
    augmenting.augment,
    looking.evaluate,
    looking.predict,
    relabelling.relabel,
    inside.look,
    inside.features,
):
    app.command()(command)


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. Whatever happens, people get one sentence and the log file the rest."""
    try:
        code = app(arguments, standalone_mode=False)
    except (CancelledError, KeyboardInterrupt):
        say("Stopped.")
        return NO
    except LayerloomError as error:
        say(getattr(error, "in_terminal", str(error)))
        return NO if getattr(error, "code", "") in ("network", "out_of_memory") else UNUSABLE
    except _UsageError as error:
        say(f"{error.format_message()} See python main.py --help.")
        return UNUSABLE
    except BrokenPipeError:
        # Whoever read the output has gone; without this Python would complain while it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except Exception as error:  # noqa: BLE001 - the last place where a traceback can become a sentence
        from engine.log import log_crash

        path = log_crash("a command crashed", error)
        say(f"Something went wrong inside Layerloom ({type(error).__name__}). The details are in {path}.")
        return UNUSABLE
    return code if isinstance(code, int) else FINE


def main() -> None:
    """What ``python main.py`` and the installed command run."""
    gc.set_threshold(50_000, *gc.get_threshold()[1:])  # modules that load make much and drop nothing
    warnings.simplefilter("ignore")  # they speak to programmers; tests turn them into errors
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks × shows a question mark, and goes on
    code = run_command()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
