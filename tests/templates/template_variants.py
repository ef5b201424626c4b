"""All templates with all their variants: every choice and flag of every template, taken from the options."""

from __future__ import annotations

import itertools
from typing import Any

from engine.errors import LayerloomError
from templates import TEMPLATES, Template


def combinations(template: Template) -> list[dict[str, Any]]:
    """Every combination of choices and flags that the template does not refuse."""
    axes = []
    for option in template.options.values():
        if option.kind == "choice":
            axes.append([(option.name, choice) for choice in option.choices or ()])
        elif option.kind == "flag":
            axes.append([(option.name, False), (option.name, True)])
    return [dict(combination) for combination in itertools.product(*axes) if allowed(template, dict(combination))]


def allowed(template: Template, options: dict[str, Any]) -> bool:
    """Whether the options go together."""
    try:
        template.build(**options)
    except LayerloomError:
        return False
    return True


VARIANTS = [(template.name, options) for template in TEMPLATES.values() for options in combinations(template)]


def label(value: Any) -> str:
    """A test's name for a template's name or its options."""
    return value if isinstance(value, str) else ",".join(f"{k}={v}" for k, v in value.items())
