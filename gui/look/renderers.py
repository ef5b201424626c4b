"""Which widget shows what a view gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from engine.inspection.results import Result

R = TypeVar("R", bound=Result)


class Renderers:
    """For each type of result the one that shows it, whichever view it comes from."""

    def __init__(self) -> None:
        self._by_type: dict[type[Result], Callable[[Any], object]] = {}

    def register(self, kind: type[R], show: Callable[[R | None], object]) -> None:
        """Let ``show`` have what there is of a type, or None."""
        self._by_type[kind] = show

    def show(self, results: Iterable[Result]) -> None:
        """Hand each result to the one that shows its type, and None to those whose type is not there."""
        found = {type(result): result for result in results}
        for kind, show in self._by_type.items():
            show(found.get(kind))
