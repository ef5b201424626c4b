"""One project as several that differ in one setting: which settings there are, and values for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args

from pydantic.fields import FieldInfo

from engine.choices import Choice, Registry
from engine.errors import LayerloomError
from engine.project.project import Project
from engine.project.values import with_values
from engine.recipe.changes import compared, number_said, said
from engine.settings import Settings
from engine.words import counted

MOST = 50
"""So many runs at most come of one setting."""
_LEFT_OUT = ("data.source", "data.workers")  # the one is another task, the other changes no figure
_PARTS = ("training", "data")
_SLACK = 1 + 1e-9  # what multiplying again and again may have lost


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting that can vary: its path and title, and the ``words`` that it may be; those that have none are numbers.

    ``words`` are pairs of what is written and what people call it.
    """

    path: str
    title: str
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Varied:
    """A project with another value, and the name that says it: "learning rate 0.01"."""

    project: Project
    name: str


def variables(project: Project) -> tuple[Variable, ...]:
    """The settings of training and data that can vary, in their order; of choices those of what is chosen now."""
    return tuple(variable for part in _PARTS for variable in _variables(getattr(project, part), part))


def varied(project: Project, path: str, values: Sequence[str]) -> tuple[Varied, ...]:
    """The project once with each value of a setting; raises `LayerloomError` for values that cannot be, or twice."""
    if not values:
        raise LayerloomError("No values yet: type some, such as 0.1, 0.03, 0.01.")
    if len(values) > MOST:
        raise LayerloomError(f"{counted(len(values), 'value')} are too many: {MOST} runs at most come of one setting.")
    found: list[Varied] = []
    part, _, setting = path.partition(".")
    for text in values:
        made = with_values(project, {path: text})
        row = next(row for row in compared((getattr(made, part),)) if row.path == setting)
        title = f"{row.title[:1].lower()}{row.title[1:]}"
        name = f"{title} {row.words[0]}"
        if any(getattr(made, part) == getattr(other.project, part) for other in found):
            raise LayerloomError(f"The {name} is there twice.")
        exact = any(name == other.name for other in found)  # words have six digits
        found.append(Varied(made, f"{title} {text.strip()}" if exact else name))
    return tuple(found)


def stepped(first: float, last: float, factor: float) -> tuple[str, ...]:
    """Numbers from ``first`` on, each ``factor`` times the one before or one of ``factor`` parts, up to ``last``.

    Raises `LayerloomError` where they lead nowhere.
    """
    if first <= 0 or last <= 0:
        raise LayerloomError("A range with a factor begins and ends above 0: give the values as a list.")
    if factor <= 1:
        raise LayerloomError(f"The factor is {number_said(factor)}, but a number above 1 is needed.")
    found, step = [first], factor if last > first else 1 / factor
    while len(found) <= MOST and (found[-1] * step <= last * _SLACK if step > 1 else found[-1] * step >= last / _SLACK):
        found.append(found[-1] * step)
    return tuple(f"{value:.10g}" for value in found)


def _variables(settings: Settings, part: str) -> Iterator[Variable]:
    titles = {row.path: row.title for row in compared((settings,))}
    for path, field, value in _fields(settings, ""):
        words = _words(field, value)
        if f"{part}.{path}" not in _LEFT_OUT and (words or _is_number(value)):
            chosen = titles.get(path.rpartition(".")[0])
            yield Variable(f"{part}.{path}", f"{chosen} › {titles[path].lower()}" if chosen else titles[path], words)


def _fields(settings: Settings, way: str) -> Iterator[tuple[str, FieldInfo, Any]]:
    for name, field in type(settings).model_fields.items():
        value, path = getattr(settings, name), f"{way}{name}"
        if not isinstance(value, Settings) or isinstance(value, Choice):
            yield path, field, value
        if isinstance(value, Settings):
            yield from _fields(value, f"{path}.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _words(field: FieldInfo, value: object) -> tuple[tuple[str, str], ...]:
    """What a setting of a few values may be, each as it is written and as people call it."""
    if isinstance(value, bool):
        return (("on", "On"), ("off", "Off"))
    if isinstance(value, Enum):
        return tuple((str(one.value), said(one)) for one in type(value))
    registry, optional = _registry(field)
    if registry is None or isinstance(value, tuple):
        return ()
    none = (("none", "Automatic"),) if optional else ()
    return (*none, *((name, kind.title) for name, kind in registry.items()))


def _registry(field: FieldInfo) -> tuple[Registry[Choice] | None, bool]:
    parts = get_args(field.annotation)
    notes = [*field.metadata, *(note for part in parts for note in getattr(part, "__metadata__", ()))]
    return next((note for note in notes if isinstance(note, Registry)), None), type(None) in parts
