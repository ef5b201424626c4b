"""How a template did in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from templates import Template  # they take a while to import


def error_text(template: Template) -> str:
    """The published top-5 error with what it was measured with, or ""."""
    if template.top5 is None:
        return ""
    note = f" ({template.top5_note})" if template.top5_note else ""
    return f"Top-5 error on ImageNet: {template.top5:g} %{note}"
