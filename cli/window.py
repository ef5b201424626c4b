"""Commands that open the window."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Annotated

import typer

from cli.arguments import pairs
from cli.options import Out, Set, Target
from cli.terminal import say
from engine.errors import LayerloomError
from engine.files import is_there


def open_window(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="[FILE|TEMPLATE]")] = "",
) -> None:
    """Open the window, with a project or a template in it."""
    if target:
        require_target(target, _commands(context))
    from gui.shell.desktop import libraries_of_the_desktop

    with libraries_of_the_desktop():
        from gui.app import run
    raise typer.Exit(run(target or None))


def screenshot(context: typer.Context, target: Target, output: Out, options: Set = None) -> None:
    """Draw the window off screen with the target in it."""
    from gui.shell.desktop import libraries_of_the_desktop

    with libraries_of_the_desktop():
        from gui.app import screenshot as draw
    require_target(target, _commands(context))
    draw(target, output, options=pairs(options))
    say(f"The window is in {output}.")


def require_target(target: str, commands: Iterable[str]) -> None:
    """Tell of a slip here, before any window shows; ``commands`` are names that may have been meant."""
    from templates import TEMPLATES
    from templates.targets import load_target

    near = difflib.get_close_matches(target, list(commands), n=1)
    if near and target not in TEMPLATES and not is_there(target):
        raise LayerloomError(f"There is no command, file or template '{target}'. Did you mean '{near[0]}'?")
    load_target(target)


def _commands(context: typer.Context) -> Iterable[str]:
    """The names of all commands."""
    group = context.parent.command if context.parent is not None else None
    return tuple(getattr(group, "commands", ()))
