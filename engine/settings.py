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
) -> Any:
    """A field with what a form needs: its words, its unit, a help line, and whether it hides under More.

    ``labels`` are what people call its values, where these are words; of a number, those that stand for something else.
    """
    extra: dict[str, Any] = {"unit": unit, "advanced": advanced}
    if labels:
        extra["labels"] = dict(labels)
    return Field(default, title=title, description=help or None, json_schema_extra=extra)
