"""Why a value is refused, as one sentence under its field."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from engine.errors import LayerloomError
from gui.words import thousands


def reason(error: LayerloomError | ValidationError, model: type[BaseModel]) -> str:
    """The first thing that is wrong, in the words of the form."""
    if isinstance(error, LayerloomError):
        return str(error)
    first = error.errors()[0]
    field = model.model_fields.get(str(first["loc"][0])) if first["loc"] else None
    title = (field.title if field else None) or "The value"
    return _sentence(str(first["type"]), title, first.get("ctx", {}), str(first["msg"]))


def _sentence(code: str, title: str, context: dict[str, Any], message: str) -> str:
    match code:
        case "greater_than_equal":
            return f"{title} is at least {_number(context['ge'])}."
        case "greater_than":
            return f"{title} is more than {_number(context['gt'])}."
        case "less_than_equal":
            return f"{title} is at most {_number(context['le'])}."
        case "less_than":
            return f"{title} is less than {_number(context['lt'])}."
        case "int_type" | "int_from_float" | "int_parsing" | "int_parsing_size":
            return f"{title} is a whole number."
        case "float_type" | "float_parsing" | "finite_number":
            return f"{title} is a number."
        case "literal_error" | "enum":
            return f"{title} is one of {context['expected']}."
        case "value_error":
            return str(context["error"])
        case "too_short" | "too_long" | "tuple_type" | "missing":
            return f"{title} takes two numbers, such as 3×3."
    return f"{title}: {message[:1].lower()}{message[1:]}."


def _number(value: float) -> str:
    return thousands(value) if isinstance(value, int) else f"{value:g}"
