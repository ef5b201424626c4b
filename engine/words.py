"""Numbers as people read them: thin spaces between thousands, three digits and an SI prefix in summaries."""

from __future__ import annotations

from engine.layers.numbers import thousands

__all__ = ["counted", "memory", "path", "si", "thousands"]


def si(number: float) -> str:
    """Three significant digits with an SI prefix: "11.7 M", "462 M", "84"."""
    for limit, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit * 0.9995:
            figure = number / limit
            return f"{figure:.{2 if figure < 9.995 else 1 if figure < 99.95 else 0}f} {prefix}"
    return f"{number:.3g}"


def memory(size: int) -> str:
    """Bytes with a decimal prefix: "12.8 MB"."""
    return f"{si(size)}B" if size >= 1000 else f"{size} B"


def path(name: str) -> str:
    """A node's path as a person reads it: "layer2 › 0 › conv1"."""
    return name.replace(".", " › ")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 layer", "68 layers"."""
    return f"{thousands(number)} {one if number == 1 else many or one + 's'}"
