"""Values as JSON can say them."""

from __future__ import annotations

import math
from typing import Any


def json_value(value: Any) -> Any:
    """The same with lists for tuples, and null for a number that is NaN or infinite, as JSON knows no such number."""
    if isinstance(value, dict):
        return {key: json_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
