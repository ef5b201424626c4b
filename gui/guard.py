"""What Qt calls must not raise: an error that nobody expected is told, and the rest of the window goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable


class Guard:
    """Runs the work of one part of the window; an error in it goes to `sys.excepthook` and no further.

    An exception that leaves a method which Qt calls (``showEvent``) is raised again in whatever Python code made Qt
    call it, and cuts that off in the middle. Worse, PySide reads its arguments to add a note: under Python 3.11 an
    exception that C code raised (an index out of range) has none yet, and the program ends without a word.
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
