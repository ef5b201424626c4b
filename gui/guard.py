"""What Qt calls must not raise: an error that nobody expected is told, and the rest of the window goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from engine.log import log_crash

T = TypeVar("T")


class Guard:
    """Runs the work of one part of the window; an error in it goes to `sys.excepthook` and no further.

    An exception that leaves a method which Qt calls (``showEvent``) is raised again in whatever Python code made Qt
    call it, and cuts that off in the middle.
    """

    def __init__(self) -> None:
        self._told = ""

    def run(self, work: Callable[[], object]) -> None:
        """Do ``work``; the same error is told again only after it went well in between."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - it must not reach Qt
            words = repr(error)
            if words != self._told:
                self._told = words
                sys.excepthook(type(error), error, error.__traceback__)
        else:
            self._told = ""


class Border(QObject):
    """Where the window calls what commands, menus, panels and workspaces declare: a fault costs its owner alone.

    There is one for the application, `border`. ``left_out`` carries a sentence about all that has failed, whenever
    something else does; ``refused`` carries the sentence with which a command refused what it was asked to do.
    """

    left_out = Signal(str)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._failed: dict[str, None] = {}

    def forget(self) -> None:
        """Tell everything anew: another window opens."""
        self._failed.clear()

    def ask(self, what: str, work: Callable[[], T], *, otherwise: T) -> T:
        """What ``work`` gives, or ``otherwise`` where it raises; ``what`` is told once: "the panel 'Size'"."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - whatever an outside declaration raises
            if what not in self._failed:
                self._failed[what] = None
                log_crash(f"{what} is left out", error)
                self.left_out.emit(
                    f"Left out because of an error: {', '.join(self._failed)}. The log holds the details; "
                    "mend what declares it, or start without it."
                )
            return otherwise

    def do(self, work: Callable[[], object]) -> None:
        """Do what a command stands for; an error that is no refusal goes to `sys.excepthook`."""
        Guard().run(lambda: self._do(work))

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except LayerloomError as error:
            self.refused.emit(str(error))


@cache
def border() -> Border:
    """The one of the application."""
    return Border()
