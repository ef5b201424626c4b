"""Places in the dumped values of settings: a field, one of an entry of a list, a setting of the choice that is there.

"split.seed", "optimiser.momentum", "steps.2.angle".
"""

from __future__ import annotations

from typing import Any


def value_at(settings: Any, path: str) -> Any:
    """What stands at a place."""
    for step in path.split("."):
        settings = settings[_key(settings, step)]
    return settings


def with_value(settings: Any, path: str, value: Any) -> Any:
    """The same with another value at a place."""
    step, _, rest = path.partition(".")
    key = _key(settings, step)
    inner = with_value(settings[key], rest, value) if rest else value
    if isinstance(settings, dict):
        return {**settings, key: inner}
    return (*settings[:key], inner, *settings[key + 1 :])


def _key(settings: Any, step: str) -> Any:
    return step if isinstance(settings, dict) else int(step)
