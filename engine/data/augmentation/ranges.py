"""Ranges that a step draws its values from."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from engine.reasons import OF_SETTING


def _upwards(ends: tuple[float, float]) -> tuple[float, float]:
    low, high = ends
    if low > high:
        raise _said(f"has its lower end {low:g} above its upper end {high:g}")
    return ends


def _two_ends(value: object) -> object:
    if isinstance(value, list | tuple) and len(value) == len(("low", "high")):
        return value
    given = f"has {len(value)} ends" if isinstance(value, list | tuple) else f"is {value!r}"
    raise _said(f"{given}, but a lower and an upper end are needed")


def _said(rest: str) -> PydanticCustomError:
    return PydanticCustomError(OF_SETTING, "{rest}", {"rest": rest})


_Degrees = Annotated[float, Field(ge=-180, le=180)]
_Slant = Annotated[float, Field(ge=-60, le=60)]
_Share = Annotated[float, Field(gt=0, le=1)]
_Offset = Annotated[float, Field(ge=-1, le=1)]
_Size = Annotated[float, Field(ge=0.1, le=10)]
_Strength = Annotated[float, Field(ge=0, le=10)]
_Levels = Annotated[float, Field(ge=-255, le=255)]
_Bend = Annotated[float, Field(ge=-0.33, le=1)]  # below −1/3 the corners would fold back over the image

Degrees = Annotated[tuple[_Degrees, _Degrees], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""Angles, −180 to 180."""
Slant = Annotated[tuple[_Slant, _Slant], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""Angles of a shear, −60 to 60."""
Share = Annotated[tuple[_Share, _Share], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""Parts of a whole, more than 0 and up to 1."""
Offset = Annotated[tuple[_Offset, _Offset], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""Parts of the width or height, −1 to 1."""
Factors = Annotated[tuple[_Size, _Size], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""Factors of a size or a ratio, 0.1 to 10."""
Strength = Annotated[tuple[_Strength, _Strength], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""Factors of a colour value, 0 to 10."""
Levels = Annotated[tuple[_Levels, _Levels], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""Differences of pixel values, −255 to 255."""
Bend = Annotated[tuple[_Bend, _Bend], BeforeValidator(_two_ends), AfterValidator(_upwards)]
"""How a lens bends lines, −0.33 to 1."""


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
