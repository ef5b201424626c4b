"""An error in a method that Qt calls is told like any other and never ends the program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import ParamSpec, TypeVar

from shiboken6 import Shiboken

P = ParamSpec("P")
T = TypeVar("T")


def keep_errors_whole() -> None:
    """Let an error leave our versions of Qt's methods only after it was caught, in all classes made from now on.

    Where Python code had Qt call such a method (`QStackedWidget.setCurrentWidget` a page's ``showEvent``), PySide reads
    the arguments of the error to add a note. Up to Python 3.11 one that C code raised (an index out of range, a widget
    that is gone) has none until it is caught: PySide 6.8 to 6.11 read what is not there and end the program, with no
    word but a fault in the line that called Qt.
    """
    if sys.version_info < (3, 12) and "__init_subclass__" not in vars(Shiboken.Object):
        Shiboken.Object.__init_subclass__ = classmethod(_make)  # type: ignore[assignment, arg-type]


def _make(cls: type, **arguments: object) -> None:
    super(Shiboken.Object, cls).__init_subclass__(**arguments)  # type: ignore[misc]
    for name, value in [*vars(cls).items()]:
        if isinstance(value, FunctionType) and not name.startswith("__") and _is_of_qt(cls, name):
            setattr(cls, name, _catching(value))


def _is_of_qt(cls: type, name: str) -> bool:
    return any(name in vars(base) for base in cls.__mro__[1:] if base.__module__.startswith("PySide6."))


def _catching(method: Callable[P, T]) -> Callable[P, T]:
    @wraps(method)
    def call(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return method(*arguments, **named)
        except BaseException:  # noqa: TRY203 - gives it its arguments
            raise

    return call
