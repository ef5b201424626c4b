"""The field types that settings are made of, with the words and units that the inspector shows.

A layer's field is one of these types with a default::

    out_channels: Count = setting(32, "Output channels", unit="maps")
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from engine.settings import setting

__all__ = [
    "LARGEST",
    "Count",
    "NonNegativeSize",
    "Padding",
    "Padding2",
    "PositiveSize",
    "Probability",
    "Size2",
    "setting",
]

LARGEST = 1_000_000  # beyond this no layer fits any machine; a typing slip is refused before it costs memory


def _pair(value: Any) -> Any:
    """Let one number stand for both directions."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value, value)
    return tuple(value) if isinstance(value, list) else value


Count = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
"""How many of something: channels, features, classes."""

PositiveSize = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
NonNegativeSize = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]

Size2 = Annotated[tuple[PositiveSize, PositiveSize], BeforeValidator(_pair)]
"""Rows and columns, each at least 1; one number stands for both."""

Padding2 = Annotated[tuple[NonNegativeSize, NonNegativeSize], BeforeValidator(_pair)]
"""Rows and columns added on each side, each at least 0; one number stands for both."""

Padding = Padding2 | Literal["same"]
"""A `Padding2`, or "same": as much as keeps ⌈N / stride⌉ rows and columns."""

Probability = Annotated[float, Field(ge=0, lt=1)]
"""A probability below 1."""
