"""A machine without a desktop: what Qt misses there, said in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import LayerloomError

_PACKAGES = (
    "On Debian and Ubuntu: apt-get install libegl1 libgl1 libfontconfig1 libdbus-1-3 libxkbcommon0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1"
)
_UNUSABLE = 2  # the exit code


@contextmanager
def libraries_of_the_desktop() -> Iterator[None]:
    """Import what loads Qt in here: a system library that is not there is named.

    Raises `LayerloomError`.
    """
    try:
        yield
    except ImportError as error:
        library = str(error).partition(":")[0]
        if ".so" not in library:
            raise
        raise LayerloomError(
            f"The window needs the system library {library}, which cannot be loaded. {_PACKAGES}."
        ) from error


def exit_if_no_screen(fatal: str) -> None:
    """End with a sentence if Qt's last words ``fatal`` say that it found no screen; Qt would abort the process."""
    if "platform plugin" in fatal:
        sys.stderr.write(
            f"There is no screen to open the window on, or a library to draw on it is missing. {_PACKAGES}." + "\n"
        )
        os._exit(_UNUSABLE)
