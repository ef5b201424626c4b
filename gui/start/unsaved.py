"""Work that stands in no file of its user's: what a window left that ended badly, and runs of projects never saved."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from engine.errors import LayerloomError
from engine.files import is_folder, read_whole, write_whole
from engine.locks import is_held
from engine.log import log_crash

if TYPE_CHECKING:  # the first paint does without them
    from engine.project import Project
    from gui.start.origin import Origin

_PROJECT, _ORIGIN, _LOCK = "project.loom", "origin.json", "lock"


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A project to go on with; ``folder`` is where its changes were kept aside, None if it only left ``runs`` behind.

    ``project`` is None where that cannot be read, and ``problem`` says why.
    """

    title: str
    when: datetime
    origin: Origin
    project: Project | None
    folder: Path | None = None
    runs: int = 0
    problem: str = ""

    @property
    def path(self) -> Path | None:
        """The file that it was opened from."""
        return Path(self.origin.path) if self.origin.path else None

    def forget(self) -> None:
        """Remove what was kept aside."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def place_of(key: str) -> Path:
    """The folder in which the changes of one document are kept aside."""
    return _root() / key


def lock_file(folder: Path) -> Path:
    """What the window holds that keeps changes in ``folder``."""
    return folder / _LOCK


def keep_aside(folder: Path, project: Project, origin: Origin) -> None:
    """Write a project into ``folder``; raises `LayerloomError`."""
    from engine.project import save_project

    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / _ORIGIN, origin.model_dump_json().encode())
    except OSError as error:
        raise LayerloomError(f"Unsaved work cannot be kept aside: {error}.") from error
    save_project(project, folder / _PROJECT)


def rescued() -> list[Unsaved]:
    """The unsaved work of windows that are gone, the latest first; it stays where it is, even if it cannot be read."""
    folders = [folder for folder in _root().glob("*") if is_folder(folder) and not is_held(lock_file(folder))]
    found = [work for folder in folders if (work := _rescue(folder)) is not None]
    return sorted(found, key=lambda work: work.when, reverse=True)


def unsaved_work() -> list[Unsaved]:
    """What `rescued` finds, and after it the projects never saved with runs, or with some queued, the latest first."""
    found = rescued()
    known = {work.origin.key for work in found}
    left = [work for work in _with_runs() if work.origin.key not in known]
    return found + sorted(left, key=lambda work: work.when, reverse=True)


def _rescue(folder: Path) -> Unsaved | None:
    """What was kept in a folder; None if its window ended before there was anything, and then the folder goes."""
    from engine.project import load_project

    file = folder / _PROJECT
    if not file.exists():
        shutil.rmtree(folder, ignore_errors=True)
        return None
    origin, project, problem = _origin_in(folder), None, ""
    try:
        project = load_project(file)
    except LayerloomError as error:
        problem = str(error)
    path = Path(origin.path) if origin.path else None
    title = path.name if path else project.network.name if project else folder.name
    return Unsaved(title, _changed(file), origin, project, folder=folder, problem=problem)


def _origin_in(folder: Path) -> Origin:
    """Where a kept project comes from; nothing of it is known where its file is damaged."""
    from pydantic import ValidationError

    from gui.start.origin import Origin

    try:
        values = json.loads(read_whole(folder / _ORIGIN))
        origin = Origin.model_validate(values)
        os.fsencode(origin.path)  # what cannot stand on a disk did not come from one
        return origin if "\0" not in origin.path else Origin()
    except (OSError, ValueError, ValidationError, RecursionError):
        return Origin()


def _with_runs() -> Iterator[Unsaved]:
    from engine.project import load_project
    from engine.runs.queue import QueueFolder
    from gui.start.origin import Origin
    from gui.train.runs.places import places_of_unsaved, run_folders

    for place in places_of_unsaved():
        runs = run_folders(place)
        files = [run.project_file for run in runs] or QueueFolder(place).project_files()
        if not files:
            continue
        try:
            project = load_project(files[-1])
        except LayerloomError as error:
            log_crash(f"the runs in {place} are not offered", error)
            continue
        yield Unsaved(project.network.name, _changed(files[-1]), Origin(key=place.name), project, runs=len(runs))


def _changed(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime).astimezone()


def _root() -> Path:
    return user_state_path("layerloom") / "recovery"
