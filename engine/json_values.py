"""Values as JSON can say them."""

from __future__ import annotations

import math
from dataclasses import is_dataclass
from typing import Any


def json_value(value: Any) -> Any:
    """The same with lists for tuples, and null for a number that is NaN or infinite, as JSON knows no such number.

    A dataclass is what its fields are.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_dataclass(value):
        return {name: json_value(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {key: json_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(inner) for inner in value]
    return value
