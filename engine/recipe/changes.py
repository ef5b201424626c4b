"""Where two recipes differ, setting by setting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.choices import Choice
from engine.recipe.recipe import Recipe
from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Change:
    """A setting by its path in the recipe, what people call it, and both values in words."""

    path: str
    title: str
    before: str
    after: str

    def words(self) -> str:
        """As part of a sentence: "Learning rate 0.01 (was 0.003)"."""
        return f"{self.title} {self.after} (was {self.before})"


def changes(before: Recipe, after: Recipe) -> tuple[Change, ...]:
    """Every setting in which two recipes differ; of a choice that stayed the same, those of its own."""
    return tuple(_between(before, after, ""))


def _between(before: Settings, after: Settings, way: str) -> Iterator[Change]:
    for name, field in type(before).model_fields.items():
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if isinstance(old, Settings) and type(old) is type(new):
            yield from _between(old, new, f"{way}{name}.")
        else:
            yield Change(f"{way}{name}", field.title or name, _said(old), _said(new))


def _said(value: Any) -> str:
    """A value as people read it."""
    match value:
        case None:
            return "automatic"
        case Choice():
            return value.summary()
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(map(_said, value)) or "none"
    return str(getattr(value, "label", value))
