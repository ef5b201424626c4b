"""Numbers and shapes as the window writes them."""

from __future__ import annotations

from engine.layers import Shape
from engine.words import counted, memory, si, thousands
from engine.words import path as path_text

__all__ = ["counted", "memory", "path_text", "shape_text", "si", "thousands"]


def shape_text(shape: Shape | None) -> str:
    """A shape as a wire shows it: "64×56×56", or "?" where none is known."""
    return "?" if shape is None else str(shape)
