"""The shape of a value that flows along an edge."""

from __future__ import annotations

import math

from engine.words import counted


class Shape(tuple[int, ...]):
    """Sizes of one value without the batch axis: ``(C, H, W)`` for a map, ``(N,)`` for a vector."""

    __slots__ = ()

    def __new__(cls, *sizes: int) -> Shape:
        return super().__new__(cls, sizes)

    def __getnewargs__(self) -> tuple[int, ...]:
        return tuple(self)

    @property
    def channels(self) -> int:
        """Number of feature maps ``C`` of a map, or of features ``N`` of a vector."""
        return self[0]

    @property
    def height(self) -> int:
        """Rows ``H`` of a map."""
        return self[1]

    @property
    def width(self) -> int:
        """Columns ``W`` of a map."""
        return self[2]

    @property
    def is_map(self) -> bool:
        """Whether this is ``(C, H, W)``."""
        return len(self) == 3

    @property
    def is_vector(self) -> bool:
        """Whether this is ``(N,)``."""
        return len(self) == 1

    @property
    def elements(self) -> int:
        """Number of values for one image."""
        return math.prod(self)

    @property
    def said(self) -> str:
        """What it is inside a sentence: "64×56×56", "4 096 features"."""
        return counted(self[0], "feature") if self.is_vector else str(self)

    def __str__(self) -> str:
        return "×".join(str(size) for size in self)
