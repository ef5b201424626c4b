"""Settings typed as one line: ``out_channels=64, kernel_size=3x5``."""

from __future__ import annotations

import difflib
import re
from typing import Any

from pydantic import ValidationError

from engine.errors import LayerloomError
from engine.layers import Layer
from engine.reasons import reason
from gui.widgets.values import from_text, kinds_of

_PART = re.compile(r"\s*(\w+)\s*=\s*(.*?)\s*(?=,\s*\w+\s*=|$)")


def typed_layer(layer: Layer, text: str) -> Layer:
    """``layer`` with the settings that a line names, those it does not name at their defaults.

    Raises `LayerloomError` with the reason in one sentence.
    """
    kinds = {kind.name: kind for kind in kinds_of(type(layer))}
    settings: dict[str, Any] = {}
    for name, value in _parts(text):
        if name not in kinds:
            near = difflib.get_close_matches(name, kinds, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise LayerloomError(f"{layer.title} has no setting '{name}'.{hint}")
        settings[name] = from_text(kinds[name], value)
    try:
        return type(layer).model_validate(settings)
    except ValidationError as error:
        raise LayerloomError(reason(error, type(layer))) from error


def _parts(text: str) -> list[tuple[str, str]]:
    place, parts = 0, []
    while place < len(text.rstrip()):
        part = _PART.match(text, place)
        if part is None:
            raise LayerloomError("Type settings as name=value, with commas between them.")
        parts.append((part[1], part[2]))
        place = part.end() + 1
    return parts
