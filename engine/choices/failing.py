"""An error that nobody expected, told of the choice that raised it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType

from engine.errors import LayerloomError
from engine.log import crash_words


class ChoiceFailedError(LayerloomError):
    """A choice raised what nobody expected, which is the cause of this; the sentence names the choice."""


class Blaming(AbstractContextManager[None]):
    """Raises `ChoiceFailedError` for an unexpected error within, which says who failed: "loss", "Margin".

    A class, and no generator, as every step of a training passes several.
    """

    __slots__ = ("_one", "_title")

    def __init__(self, one: str, title: str) -> None:
        self._one, self._title = one, title

    def __enter__(self) -> None:
        """Nothing is to be done before."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception | SystemExit) and not isinstance(error, LayerloomError):
            raise ChoiceFailedError(crash_words(f"The {self._one} {self._title}", error)) from error
