"""Settings of a project by their paths in its file: ``training.optimiser.momentum``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.project.project import Project, ViewSettings
from engine.reasons import reason
from engine.recipe.recipe import Recipe

_PARTS = ("data", "training", "view")
S = TypeVar("S", bound=BaseModel)
_NOTHING = ("none", "null")


def with_values(project: Project, values: Mapping[str, str]) -> Project:
    """The project with some settings changed to what a person typed, by their paths; its network is the same one.

    Naming a choice (``training.optimiser=sgd``) gives it its usual settings, unless it is the one that was chosen
    already; all other settings stay. Raises `LayerloomError` for a path or a value that cannot be.
    """
    saved = {part: getattr(project, part).model_dump(mode="json") for part in _PARTS}
    for path, text in values.items():
        part, *steps = path.split(".")
        if part not in _PARTS or not steps or not all(steps):
            begin = f"paths begin with {', '.join(_PARTS)}, such as data.split.test"
            raise LayerloomError(f"'{path}' is no setting: {begin}.")
        _put(saved[part], path, steps, text)
    return replace(
        project,
        data=_made(DataSettings, saved["data"]),
        training=_made(Recipe, saved["training"]),
        view=_made(ViewSettings, saved["view"]),
    )


def _put(settings: dict[str, Any], path: str, steps: list[str], text: str) -> None:
    *way, last = steps
    for step in way:
        inner = settings.get(step)
        if not isinstance(inner, dict):
            raise LayerloomError(f"'{path}' is no setting: '{step}' holds nothing by name.")
        settings = inner
    before = settings.get(last)
    if text.lower() in _NOTHING and (before is None or isinstance(before, dict)):
        settings[last] = None
    elif isinstance(before, dict) and "name" in before:
        settings[last] = before if before["name"] == text else {"name": text}
    elif last == "name" and settings.get("name") != text:
        settings.clear()
        settings["name"] = text
    else:
        settings[last] = text


def _made(model: type[S], saved: dict[str, Any]) -> S:
    try:
        return model.model_validate(saved)
    except ValidationError as error:
        raise LayerloomError(reason(error, model)) from error
