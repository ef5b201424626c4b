"""Why a value does not fit its setting, in one sentence with the setting's title and numbers."""

from __future__ import annotations

import difflib
import reprlib
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from engine.errors import LayerloomError
from engine.words import thousands

OF_SETTING: Final = "of_setting"
"""The type of a custom error whose ``rest`` is what is said of a setting after its title: "has an upper end only"."""

_MOST_TOLD = 12  # names of settings in a sentence
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "a text",
    "tuple": "a list",
    "list": "a list",
    "too_": "a list of another length",
    "dict": "an object",
    "model": "an object",
}


def reason(error: LayerloomError | ValidationError, model: type[BaseModel]) -> str:
    """The first thing that is wrong with settings: "Output channels is 1 000 000 000, at most 1 000 000 fits."."""
    if isinstance(error, LayerloomError):
        return str(error)
    first = error.errors(include_url=False)[0]
    meant = ""
    if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
        near = difflib.get_close_matches(str(first["loc"][0]), model.model_fields, n=1)
        there = f" There are {', '.join(model.model_fields)}." if 1 < len(model.model_fields) <= _MOST_TOLD else ""
        meant = f" Did you mean '{near[0]}'?" if near else there
    return first_reason(error, _title(model, first["loc"])) + meant


def _title(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """What people call the setting at a place, or the last one on the way there that is a setting at all."""
    title, inner = "", model
    for step in location:
        field = inner.model_fields.get(str(step))
        if field is None:
            return title or str(step)
        title = field.title or str(step)
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return title
        inner = field.annotation
    return title


def first_reason(error: ValidationError, title: str) -> str:
    """The first thing that is wrong, said of a value called ``title``."""
    first = error.errors(include_url=False)[0]
    if len(first["loc"]) > 1 and isinstance(first["loc"][-1], int) and first["type"] == "missing":
        return f"{title} takes another number."
    return _sentence(str(first["type"]), title or "The value", first.get("ctx", {}), first["input"]) or (
        f"{title}: {first['msg'][:1].lower()}{first['msg'][1:]}."
    )


def _sentence(code: str, title: str, context: dict[str, Any], value: object) -> str:
    match code:
        case "greater_than_equal":
            return f"{title} is {_shown(value)}, at least {_shown(context['ge'])} is needed."
        case "greater_than":
            return f"{title} is {_shown(value)}, more than {_shown(context['gt'])} is needed."
        case "less_than_equal":
            return f"{title} is {_shown(value)}, at most {_shown(context['le'])} fits."
        case "less_than":
            return f"{title} is {_shown(value)}, less than {_shown(context['lt'])} is needed."
        case "too_long" if context.get("field_type") == "List":
            return f"{title} has more than {_shown(context['max_length'])} entries."
        case "string_too_long":
            return f"{title} is {_shown(value)}, at most {_shown(context['max_length'])} characters fit."
        case "extra_forbidden":
            return f"There is nothing called '{title}' here."
        case "missing":
            return f"{title} is missing."
        case "literal_error" | "enum":
            return f"{title} is {_shown(value)}, but it is one of {context['expected']}."
        case "value_error":
            return str(context["error"])
        case "of_setting":
            return f"{title} {context['rest']}."
        case "finite_number":
            return f"{title} is not a finite number."
    kind = next((word for start, word in _KINDS.items() if code.startswith(start)), "")
    return f"{title} is {_shown(value)}, but {kind} is needed." if kind else ""


def _shown(value: object) -> str:
    if isinstance(value, bool | None):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int):
        return thousands(value) if abs(value) < 10**18 else "a number of more than 18 digits"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return "an object"
    return reprlib.repr(value)
