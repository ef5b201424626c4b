"""Ranges that a step draws its values from."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field


def _upwards(ends: tuple[float, float]) -> tuple[float, float]:
    if ends[0] > ends[1]:
        raise ValueError(f"its lower end {ends[0]:g} is above its upper end {ends[1]:g}")
    return ends


Upwards = AfterValidator(_upwards)
_Degrees = Annotated[float, Field(ge=-180, le=180)]
_Slant = Annotated[float, Field(ge=-60, le=60)]
_Share = Annotated[float, Field(gt=0, le=1)]
_Offset = Annotated[float, Field(ge=-1, le=1)]
_Size = Annotated[float, Field(ge=0.1, le=10)]
_Strength = Annotated[float, Field(ge=0, le=10)]
_Levels = Annotated[float, Field(ge=-255, le=255)]

Degrees = Annotated[tuple[_Degrees, _Degrees], Upwards]
"""Angles, −180 to 180."""
Slant = Annotated[tuple[_Slant, _Slant], Upwards]
"""Angles of a shear, −60 to 60."""
Share = Annotated[tuple[_Share, _Share], Upwards]
"""Parts of a whole, more than 0 and up to 1."""
Offset = Annotated[tuple[_Offset, _Offset], Upwards]
"""Parts of the width or height, −1 to 1."""
Factors = Annotated[tuple[_Size, _Size], Upwards]
"""Factors of a size or a ratio, 0.1 to 10."""
Strength = Annotated[tuple[_Strength, _Strength], Upwards]
"""Factors of a colour value, 0 to 10."""
Levels = Annotated[tuple[_Levels, _Levels], Upwards]
"""Differences of pixel values, −255 to 255."""


SIZES = (0.25, 1.75)
"""The ends of the line on which people move factors of a size."""
STRENGTHS = (0.0, 2.0)
"""The same for factors of a colour value."""


def span(
    default: tuple[float, float],
    title: str,
    *,
    neutral: float,
    track: tuple[float, float],
    unit: str = "",
    advanced: bool = False,
) -> Any:
    """A setting that holds a range; ``neutral`` is the value that changes nothing, or the end nearest to it.

    ``track`` are the ends of the line on which people move it; what is typed may lie beyond. Parts of a whole have the
    ``unit`` %.
    """
    extra: dict[str, Any] = {"unit": unit, "advanced": advanced, "neutral": neutral, "track": list(track)}
    return Field(default, title=title, json_schema_extra=extra)
