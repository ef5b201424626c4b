"""What all settings values share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """A frozen, checked value whose fields a form can show; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)  # most stay unused


def setting(
    default: Any,
    title: str,
    *,
    unit: str = "",
    help: str = "",  # noqa: A002
    advanced: bool = False,
    labels: Mapping[str, str] | None = None,
    section: str = "",
    row: str = "",
    when_on: float | None = None,
    track: tuple[float, float] | None = None,
) -> Any:
    """A field with what a form needs: its words, its unit, a help line, and whether it hides under More.

    ``labels`` are what people call its values, where these are words; of a number, those that stand for something else.
    In a form with sections it stands in ``section``, where one field after another with the same ``row`` shares a row
    of that name. One that 0 switches off says what it is ``when_on``. A number with a ``track`` is moved on a line from
    one of its ends to the other.
    """
    extra: dict[str, Any] = {"unit": unit, "advanced": advanced}
    if labels:
        extra["labels"] = dict(labels)
    extra |= {key: value for key, value in (("section", section), ("row", row)) if value}
    if when_on is not None:
        extra["when_on"] = when_on
    if track is not None:
        extra["track"] = track
    return Field(default, title=title, description=help or None, json_schema_extra=extra)
