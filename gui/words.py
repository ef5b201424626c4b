"""Numbers and shapes as the window writes them."""

from __future__ import annotations

from engine.layers import Shape
from engine.words import counted, memory, si, thousands

__all__ = ["block_path_text", "counted", "memory", "path_text", "shape_text", "si", "thousands"]


def path_text(name: str) -> str:
    """A node's path as a person reads it: "layer2 › block 0 › conv1"."""
    *blocks, last = name.split(".")
    return " › ".join((*map(_block_word, blocks), last))


def block_path_text(prefix: str) -> str:
    """A block's path as a person reads it: "layer2 › block 0"."""
    return " › ".join(map(_block_word, prefix.split(".")))


def _block_word(part: str) -> str:
    return f"block {part}" if part.isdigit() else part


def shape_text(shape: Shape | None) -> str:
    """A shape as a wire shows it: "64×56×56", or "?" where none is known."""
    return "?" if shape is None else str(shape)
