"""Whether images fit into memory."""

from __future__ import annotations

from engine.layers.shape import Shape
from engine.words import counted, memory

_EACH = 5  # bytes of a pixel value: as it is kept, and as a float


def no_room_for(images: int, shape: Shape, *, free: int | None) -> str:
    """Why so many images of a shape surely do not fit into the ``free`` memory, as a sentence; "" where they may."""
    needed = images * shape.elements * _EACH
    if free is None or needed <= free:
        return ""
    take = "takes" if images == 1 else "take"
    return f"{counted(images, 'image')} of {shape} {take} {memory(needed)} of memory, but {memory(free)} are free."
