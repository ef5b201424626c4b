"""What a layer makes of given input shapes, remembered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.layers import Layer, Reads, Relaid, Shape, ShapeMismatch


@dataclass(frozen=True, slots=True)
class Measure:
    """Output shape and cost of a layer for one image, and what it reads; without an output, why not."""

    output: Shape | None
    parameters: int = 0
    multiply_adds: int = 0
    reads: tuple[Reads | Relaid | None, ...] = ()
    mismatch: ShapeMismatch | None = None


@lru_cache(maxsize=16_384)
def measure(layer: Layer, shapes: tuple[Shape, ...]) -> Measure:
    """Output shape and cost, or the mismatch that the layer raises; the same for equal layers and shapes."""
    try:
        output = layer.output_shape(*shapes)
        return Measure(output, layer.parameter_count(*shapes), layer.multiply_adds(*shapes), layer.readings(*shapes))
    except ShapeMismatch as mismatch:
        return Measure(None, mismatch=mismatch.with_traceback(None))
