"""An error that nobody expected, told of the choice that raised it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import LayerloomError
from engine.log import crash_words


class ChoiceFailedError(LayerloomError):
    """A choice raised what nobody expected, which is the cause of this; the sentence names the choice."""


@contextmanager
def blaming(who: str) -> Iterator[None]:
    """Raise `ChoiceFailedError` for an unexpected error within; ``who`` begins its sentence: "The loss Margin"."""
    try:
        yield
    except LayerloomError:
        raise
    except (Exception, SystemExit) as error:
        raise ChoiceFailedError(crash_words(who, error)) from error
