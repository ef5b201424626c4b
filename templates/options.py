"""The options of a template: declared in its signature, offered by the gallery and the command line."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from engine.errors import LayerloomError


class Between(NamedTuple):
    """The least and the largest value of a number, noted in its annotation."""

    least: float
    most: float


Classes = Annotated[int, Between(1, 100_000)]
"""How many classes the network tells apart."""

Sizes = Annotated[tuple[int, ...], Between(1, 100_000)]
"""One or more sizes, as ``256, 128``."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: what the command line calls it, what a form says, and which values it takes.

    ``kind`` is "choice", "flag", "integer", "number" or "sizes"; ``choices`` is there for choices alone.
    """

    name: str
    title: str
    default: Any
    kind: str
    choices: tuple[Any, ...] | None = None
    least: float | None = None
    most: float | None = None

    def check(self, value: Any) -> Any:
        """The value itself, read from text if need be; raises `LayerloomError` with what would work."""
        found = self._read(value)
        if found is None:
            raise LayerloomError(f"{self.name} cannot be {value}: {self._allowed()}.")
        return found

    def _read(self, value: Any) -> Any:
        match self.kind:
            case "choice":
                return next((choice for choice in self.choices or () if str(choice) == str(value)), None)
            case "flag":
                return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
                    str(value).lower()
                )
            case "sizes":
                parts = value.split(",") if isinstance(value, str) else value
                parts = (parts,) if isinstance(parts, int) else parts
                sizes = tuple(self._number(part, int) for part in parts)
                return None if None in sizes or not sizes else sizes
            case "integer":
                return self._number(value, int)
            case _:
                return self._number(value, float)

    def _number(self, value: Any, kind: type[int] | type[float]) -> int | float | None:
        try:
            number = kind(value)
        except (TypeError, ValueError, OverflowError):
            return None
        exact = isinstance(value, str) or number == value
        within = (self.least is None or number >= self.least) and (self.most is None or number <= self.most)
        return number if exact and within and not isinstance(value, bool) else None

    def _allowed(self) -> str:
        if self.kind == "choice":
            return "it is one of " + ", ".join(str(choice) for choice in self.choices or ())
        if self.kind == "flag":
            return "it is true or false"
        words = {"integer": "a whole number", "sizes": "whole numbers with commas between, each"}
        span = f" from {self.least:g} to {self.most:g}" if self.least is not None else ""
        return f"it is {words.get(self.kind, 'a number')}{span}"


def option_from(name: str, annotation: Any, default: Any) -> Option:
    """The option that an annotated parameter declares."""
    title = name.replace("_", " ").capitalize()
    least = most = None
    if get_origin(annotation) is Annotated:
        annotation, (least, most) = get_args(annotation)
    if get_origin(annotation) is Literal:
        return Option(name, title, default, "choice", get_args(annotation))
    if isinstance(annotation, types.GenericAlias):
        return Option(name, title, default, "sizes", None, least, most)
    kinds: dict[Any, str] = {bool: "flag", int: "integer", float: "number"}
    return Option(name, title, default, kinds[annotation], None, least, most)
