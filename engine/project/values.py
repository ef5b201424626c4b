"""Settings of a project by their paths in its file: ``training.optimiser.momentum``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.project.project import Project, ViewSettings
from engine.reasons import reason
from engine.recipe.recipe import Recipe

_PARTS: dict[str, type[BaseModel]] = {"data": DataSettings, "training": Recipe, "view": ViewSettings}
S = TypeVar("S", bound=BaseModel)
_NOTHING = ("none", "null")
_SOURCE = "data.source"
_RATE = "training.learning_rate"


def with_values(project: Project, values: Mapping[str, str]) -> Project:
    """The project with some settings changed to what a person typed, by their paths; its network is the same one.

    Naming a choice (``training.optimiser=sgd``) gives it its usual settings, unless it is the one that was chosen
    already; all other settings stay, the learning rate too. Raises `LayerloomError` for a path or a value that cannot
    be.
    """
    saved = {part: getattr(project, part).model_dump(mode="json") for part in _PARTS}
    for path, text in sorted(values.items(), key=_depth):
        part, *steps = path.split(".")
        if part not in _PARTS or not steps or not all(steps):
            near = difflib.get_close_matches(part, _PARTS, n=1) if steps and part not in _PARTS else []
            begin = f"paths begin with {', '.join(_PARTS)}, such as data.split.test."
            meant = f" Did you mean '{'.'.join((near[0], *steps))}'?" if near else ""
            raise LayerloomError(f"'{path}' is no setting: {begin}{meant}")
        if path == _RATE:  # it holds for all of the run, and for what is left of one that goes on
            saved[part]["rate_changes"] = []
        if _put(saved[part], path, steps, text):
            saved[part] = _made(_PARTS[part], saved[part]).model_dump(mode="json")
    data = _made(DataSettings, saved["data"])
    if any(path.startswith(_SOURCE) for path in values):
        data = data.model_copy(update={"source": data.source.from_here()})
    return replace(
        project,
        data=data,
        training=_made(Recipe, saved["training"]),
        view=_made(ViewSettings, saved["view"]),
    )


def _depth(item: tuple[str, str]) -> int:
    """Choices are named before their settings are, in whichever order they were typed."""
    return item[0].removesuffix(".name").count(".")


def _put(settings: dict[str, Any], path: str, steps: list[str], text: str) -> bool:
    """Change one setting; tells whether another choice was named, whose usual settings are still to be filled in."""
    *way, last = steps
    for step in way:
        inner = settings.get(step)
        if not isinstance(inner, dict):
            raise LayerloomError(f"'{path}' is no setting: '{step}' holds nothing by name.")
        settings = inner
    before = settings.get(last)
    named = last == "name" or before is None or isinstance(before, dict)
    if text.lower() in _NOTHING and (before is None or isinstance(before, dict)):
        settings[last] = None
    elif isinstance(before, dict) and "name" in before:
        settings[last] = before if before["name"] == text else {"name": text}
    elif isinstance(before, list):
        settings[last] = [] if text.lower() in _NOTHING else _listed(text)
    elif last not in settings:
        raise LayerloomError(f"'{path}' is no setting{_instead(path, last, settings)}")
    elif last == "name" and settings["name"] != text:
        settings.clear()
        settings["name"] = text
    else:
        settings[last] = text
    return named


def _listed(text: str) -> list[str] | list[list[str]]:
    """What is listed with commas; a list of lists is ``200,0.001;400,0.0001`` or ``[[200,0.001],[400,0.0001]]``."""
    text = re.sub(r"\]\s*,\s*\[|\]\s*\]", ";", text)
    rows = [row for row in text.split(";") if row.strip()]
    listed = [[item.strip(" \"'") for item in row.strip("[]() ").split(",")] for row in rows if row.strip("[]() ")]
    return listed if ";" in text else listed[0] if listed else []


def _instead(path: str, wrong: str, settings: Mapping[str, Any]) -> str:
    """The setting that was meant, or all there are."""
    near = difflib.get_close_matches(wrong, settings, n=1)
    if near:
        return f". Did you mean '{path.removesuffix(wrong)}{near[0]}'?"
    there = [name for name in settings if name != "name"]
    whose = settings.get("name", path.rpartition(".")[0])
    return f": {whose} has {', '.join(there) or 'none'}."


def _made(model: type[S], saved: dict[str, Any]) -> S:
    try:
        return model.model_validate(saved)
    except ValidationError as error:
        raise LayerloomError(reason(error, model)) from error
