"""What all settings values share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """A frozen, checked value whose fields a form can show; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)  # most stay unused


def setting(default: Any, title: str, *, unit: str = "", help: str = "", advanced: bool = False) -> Any:  # noqa: A002
    """A field with what a form needs: its words, its unit, a help line, and whether it hides under More."""
    return Field(
        default,
        title=title,
        description=help or None,
        json_schema_extra={"unit": unit, "advanced": advanced},
    )
