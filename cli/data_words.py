"""Data sets as the command line reports them."""

from __future__ import annotations

from typing import Any

from engine.data.asking import availability, known_of
from engine.data.data_words import description_notes, memory_words
from engine.data.settings import DataSettings
from engine.data.source import SOURCES, Availability, DataDescription, Source
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.words import counted, thousands

Rows = list[tuple[str, ...]]

_USUAL = Shape(3, 224, 224)
"""What networks for photographs take: the shape for which memory is told where images differ in size."""


def sets_report() -> list[dict[str, Any]]:
    """Every data set with what it holds, as far as that is known, and where it is, or why it cannot be used."""
    return [{"name": kind.name, "title": kind.title, **_facts(kind())} for kind in SOURCES.values()]


def _facts(source: Source) -> dict[str, Any]:
    try:
        known, where = known_of(source), _where(availability(source))
    except LayerloomError as error:
        return {"error": str(error)}
    return {
        "images": known.images if known else None,
        "classes": len(known.classes) if known else None,
        **where,
    }


def _where(found: Availability) -> dict[str, Any]:
    return {"state": found.state, "bytes": found.in_all, "bytes_here": found.here, "where": found.words}


def set_rows(report: list[dict[str, Any]]) -> Rows:
    """Name, title, images, classes and where each data set of a `sets_report` is."""
    return [
        (one["name"], one["title"], _number(one.get("images")), _number(one.get("classes")), _where_words(one))
        for one in report
    ]


def _where_words(one: dict[str, Any]) -> str:
    return str(one.get("error") or one["where"])


def _number(value: int | None) -> str:
    return "" if value is None else thousands(value)


def description_report(settings: DataSettings, found: DataDescription) -> dict[str, Any]:
    """What a data set holds; ``memory`` is what its pixels take at its own shape, or at the usual one."""
    shape = found.shape or _USUAL
    return {
        "name": settings.source.name,
        "title": found.title,
        "images": found.images,
        "classes": dict(zip(found.classes, found.counts, strict=True)),
        "parts": {"validation": found.validation, "test": found.test},
        "shape": list(found.shape) if found.shape else None,
        **_where(availability(settings.source)),
        "unreadable": len(found.unreadable),
        "memory": {"shape": list(shape), "bytes": found.bytes_at(shape)},
        "notes": [*description_notes(found, settings.split), memory_words(found, shape)],
    }


def class_rows(found: DataDescription) -> Rows:
    """Each class with its images."""
    return [(name, thousands(count)) for name, count in zip(found.classes, found.counts, strict=True)]


def description_words(source: Source, found: DataDescription) -> str:
    """A data set in one line."""
    facts = [counted(found.images, "image"), counted(len(found.classes), "class", "classes")]
    facts += [str(found.shape)] if found.shape else []
    own = {"validation": found.validation, "test": found.test}
    facts += [f"{thousands(count)} of them {part} images" for part, count in own.items() if count]
    return f"{found.title}: {', '.join(facts)}; {availability(source).words}"
