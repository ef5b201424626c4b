"""Where settings differ, one by one: those of a recipe, or any others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.choices import Choice
from engine.settings import Settings
from engine.words import thousands

Words = Mapping[str, Callable[[Any], str]]
"""How the value at a path is said, where not as any other of its type."""


@dataclass(frozen=True, slots=True)
class Change:
    """A setting by its path, what people call it, and both values in words."""

    path: str
    title: str
    before: str
    after: str

    def words(self) -> str:
        """As part of a sentence: "Learning rate 0.01 (was 0.003)"."""
        return f"{self.title} {self.after} (was {self.before})"


@dataclass(frozen=True, slots=True)
class Compared:
    """A setting of several by its path, what people call it, and what each has there, in words.

    ``alike`` has the place of the first that has the same value: unlike values may have the same words.
    """

    path: str
    title: str
    words: tuple[str, ...]
    alike: tuple[int, ...]

    @property
    def same(self) -> bool:
        """Whether all have the same value."""
        return not any(self.alike)


def changes(before: Settings, after: Settings, *, words: Words | None = None) -> tuple[Change, ...]:
    """Every setting in which two differ; of a choice that stayed the same, those of its own."""
    rows = compared((before, after), words=words)
    return tuple(Change(row.path, row.title, *row.words) for row in rows if not row.same)


def compared(
    several: Sequence[Settings], *, words: Words | None = None, say: Callable[[Any], str] | None = None
) -> tuple[Compared, ...]:
    """Every setting of settings of one class; those of a choice follow it where all have chosen the same.

    ``say`` words the values, `said` unless told otherwise.
    """
    return tuple(_Rows(words or {}, say or said).between(several))


def in_brief(value: Any) -> str:
    """A value in a narrow column: of a choice its title alone."""
    return value.title if isinstance(value, Choice) else said(value)


class _Rows:
    """Compares settings; values are said as ``words`` have it for their path, or else as ``say`` does."""

    def __init__(self, words: Words, say: Callable[[Any], str]) -> None:
        self._words, self._say = words, say

    def between(self, several: Sequence[Settings], way: str = "", of: str = "") -> Iterator[Compared]:
        for name, field in type(several[0]).model_fields.items():
            values, path = [getattr(one, name) for one in several], f"{way}{name}"
            plain = field.title or name.replace("_", " ").capitalize()
            title = f"{of} {plain.lower()}" if of else plain
            if not isinstance(values[0], Settings) or len({*map(type, values)}) > 1:
                say = self._words.get(path, self._say)
                yield Compared(path, title, tuple(map(say, values)), tuple(map(values.index, values)))
                continue
            if isinstance(values[0], Choice):
                yield Compared(path, title, (values[0].title,) * len(values), (0,) * len(values))
            yield from self.between(values, f"{path}.", "" if isinstance(values[0], Choice) else title)


def said(value: Any) -> str:
    """A value as people read it."""
    match value:
        case None:
            return "automatic"
        case Choice():
            return value.summary()
        case bool():
            return "on" if value else "off"
        case int():
            return thousands(value)
        case float():
            return number_said(value)
        case tuple():
            return ", ".join(map(said, value)) or "none"
        case str() if "/" in value or "\\" in value:  # a path, not a word
            return value
    return str(getattr(value, "label", str(value).replace("_", " ")))


def number_said(value: float) -> str:
    """A number as people write it: "0.061", "5e-4"."""
    small = 0 < abs(value) < 1e-3
    mantissa, _, exponent = f"{value:{'.5e' if small else 'g'}}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if small else mantissa
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
