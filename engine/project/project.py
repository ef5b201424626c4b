"""A project: the network, its data, how it trains and how it is viewed; and its file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ValidationError

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.files import is_file, reason_of, write_whole
from engine.network.encoding import NetworkEntry, decode, encode
from engine.network.layout import Flow
from engine.network.network import Network
from engine.project.data_places import FROM_HERE, found_from, place_from
from engine.project.migrations import MIGRATIONS, VERSION
from engine.project.reading import ProjectFileError, read_object
from engine.reasons import first_reason
from engine.recipe.recipe import Recipe
from engine.settings import Settings
from engine.tasks import TASKS, Classification, Task
from engine.words import abridged

__all__ = [
    "SUFFIX",
    "Flow",
    "Project",
    "ProjectFileError",
    "ViewSettings",
    "load_project",
    "project_from_dict",
    "project_to_dict",
    "save_project",
]

SUFFIX = ".loom"


class ViewSettings(Settings):
    """How the drawing is shown; saved with it."""

    flow: Flow = Flow.FOLDED


@dataclass
class Project:
    """Everything a ``.loom`` file holds."""

    network: Network = field(default_factory=Network)
    data: DataSettings = field(default_factory=DataSettings)
    training: Recipe = field(default_factory=Recipe)
    view: ViewSettings = field(default_factory=ViewSettings)
    task: Task = field(default_factory=Classification)


class _ProjectEntry(Settings):
    format: Literal["layerloom"]
    version: int
    network: NetworkEntry
    task: Annotated[Task, TASKS] = Classification()
    data: DataSettings = DataSettings()
    training: Recipe = Recipe()
    view: ViewSettings = ViewSettings()
    data_from_here: str = ""


def load_project(path: Path) -> Project:
    """The project in a file; raises `ProjectFileError` with one sentence and leaves the file as it is.

    Where its folder of images moved along with it, it is the one that it learns from.
    """
    document = read_object(path)
    try:
        project = project_from_dict(document)
        project.data = found_from(path, project.data, document.get(FROM_HERE, ""))
    except ProjectFileError as error:
        raise ProjectFileError(f"{path.name} {abridged(str(error))}") from error
    except LayerloomError as error:
        raise ProjectFileError(f"{path.name} cannot be opened. {abridged(str(error))}") from error
    return project


def save_project(project: Project, path: Path) -> None:
    """Write a project whole or not at all; raises `ProjectFileError`, and then the old file is as it was."""
    values = {**project_to_dict(project), **place_from(path, project.data)}
    kept = " The file there is unchanged." if is_file(path) else ""
    try:
        _checked(values)
        write_whole(path, f"{_text(values)}\n".encode())
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise ProjectFileError(f"{path.name} could not be saved: half a character, {half}, is in it.{kept}") from error
    except OSError as error:
        raise ProjectFileError(f"{path.name} could not be saved: {reason_of(error)}.{kept}") from error
    except LayerloomError as error:
        raise ProjectFileError(f"{path.name} could not be opened again if it were saved. {error}{kept}") from error


def project_to_dict(project: Project) -> dict[str, Any]:
    """A project as the JSON values that its file holds."""
    return {
        "format": "layerloom",
        "version": VERSION,
        "network": encode(project.network),
        "task": TASKS.saved(project.task),
        "data": project.data.model_dump(mode="json"),
        "training": project.training.model_dump(mode="json"),
        "view": project.view.model_dump(mode="json"),
    }


def project_from_dict(document: dict[str, Any]) -> Project:
    """The project that such values describe, brought up from older versions; raises `LayerloomError`."""
    entry = _checked(_migrated(document))
    return Project(decode(entry.network), entry.data, entry.training, entry.view, entry.task)


def _migrated(document: dict[str, Any]) -> dict[str, Any]:
    version = document.get("version")
    if document.get("format") != "layerloom" or type(version) is not int or version < 1:
        raise ProjectFileError("is not a Layerloom project.")
    if version > VERSION:
        raise ProjectFileError(
            f"was written by a newer Layerloom: its version is {version}, this one reads up to {VERSION}."
        )
    for older in range(version, VERSION):
        document = MIGRATIONS[older](document)
    return document


def _checked(document: dict[str, Any]) -> _ProjectEntry:
    try:
        return _ProjectEntry.model_validate(document)
    except ValidationError as error:
        location = [str(part) for part in error.errors(include_url=False)[0]["loc"]]
        raise LayerloomError(first_reason(error, " › ".join(location))) from error


def _holds_more(value: dict[str, Any] | list[Any]) -> bool:
    """Whether there are lists or objects in it, and not only a few words and numbers."""
    return any(isinstance(inner, dict | list) for inner in (value.values() if isinstance(value, dict) else value))


def _text(value: object, depth: int = 0) -> str:
    """JSON with one line for each node and edge, so that two versions of a file compare line by line."""
    if value and isinstance(value, dict | list) and (depth < 2 or (depth == 2 and _holds_more(value))):
        indent = "\n" + "  " * (depth + 1)
        if isinstance(value, dict):
            lines = [f"{json.dumps(key)}: {_text(inner, depth + 1)}" for key, inner in value.items()]
        else:
            lines = [_text(inner, depth + 1) for inner in value]
        start, end = "{}" if isinstance(value, dict) else "[]"
        return start + indent + f",{indent}".join(lines) + "\n" + "  " * depth + end
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
