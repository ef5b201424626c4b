"""Where the runs of a document live, and reading them back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import platformdirs

from engine.errors import LayerloomError
from engine.files import is_folder
from engine.locks import is_held
from engine.log import log_crash, log_note
from engine.project import SUFFIX
from engine.runs.labels import Label, keep_label, read_label
from engine.runs.run_folder import OF_PROJECT, RunFolder, lock_file, runs_beside
from engine.words import counted
from gui.background import Job
from gui.document import Document
from gui.train.runs.run import Run
from gui.train.runs.status import RunStatus

_NUMBER = re.compile(r"run-(\d+)")


def runs_folder(document: Document) -> Path:
    """``<project>-runs`` beside a saved project; a folder of its own among the user's data for one never saved."""
    if document.path is not None:
        return runs_beside(document.path)
    return _of_unsaved() / document.key


def left_behind_words(place: Path, now: Path) -> str:
    """That the runs in ``place`` stay with its project, which now has its runs elsewhere; "" if there are none."""
    count, within = len(numbers(place)), f"{place.parent.name}/" if place.parent != now.parent else ""
    file = f"{within}{place.name.removesuffix(OF_PROJECT)}{SUFFIX}"
    verb, them = ("stays", "it") if count == 1 else ("stay", "them")
    where = f"with {file}, in {within}{place.name}: open that file to see {them}."
    return f"{counted(count, 'run')} {verb} {where}" if count else ""


def is_of_unsaved(place: Path) -> bool:
    """Whether a place for runs belongs to projects that were never saved."""
    return place.parent == _of_unsaved()


def places_of_unsaved() -> list[Path]:
    """The places for runs of projects that were never saved; each is called by its document's key."""
    return [place for place in _of_unsaved().glob("*") if is_folder(place)]


def run_path(place: Path, number: int) -> Path:
    """The folder of a run in a place for runs."""
    return place / f"run-{number}"


def numbers(place: Path) -> list[int]:
    """The numbers of the folders in ``place`` that are named like runs, ascending."""
    if not is_folder(place):
        return []
    found = (_NUMBER.fullmatch(path.name) for path in place.iterdir())
    return sorted(int(match[1]) for match in found if match)


def next_number(place: Path, runs: Iterable[Run]) -> int:
    """The number of the next run in ``place``, beside ``runs``, of which some may have no folder."""
    return max([run.number for run in runs] + numbers(place), default=0) + 1


class Found(NamedTuple):
    """The runs of a place, newest first, and what is said of those that cannot be read; "" if all can."""

    runs: list[Run]
    refusal: str = ""


def run_folders(place: Path) -> list[RunFolder]:
    """The runs in ``place``, the oldest first."""
    paths = (run_path(place, number) for number in numbers(place))
    return [RunFolder(path) for path in paths if RunFolder.is_run(path)]


def load_runs(place: Path, job: Job) -> Found:
    """Every run that can be read in ``place``; called in a `Job`."""
    runs: list[Run] = []
    reasons: list[str] = []
    problems: list[str] = []
    for number in reversed(numbers(place)):
        job.check()
        path = run_path(place, number)
        if not RunFolder.is_run(path):
            continue
        try:
            run, lost = _load_run(number, path)
            runs.append(run)
            if lost:
                problems.append(f"{counted(lost, 'line')} of the figures of run {run.title} cannot be read.")
        except Exception as error:  # noqa: BLE001 - whatever is damaged in one must not hide the others; it stays there
            log = log_crash(f"the run {path} is not shown", error)
            known = isinstance(error, LayerloomError)
            reasons.append(str(error) if known else f"The details of {path.name} are in {log}.")
    if reasons:
        problems.insert(0, f"{counted(len(reasons), 'run')} cannot be shown. {reasons[0]}")
    return Found(runs, " ".join(problems))


def rename(run: Run, name: str) -> None:
    """Give a run a name that lasts; raises `LayerloomError` if it cannot be written."""
    keep_label(run.folder, Label(name, run.note))
    run.name = name


def keep_name(run: Run) -> None:
    """Let the name that a run was begun with last, as far as it can be written."""
    try:
        rename(run, run.name)
    except LayerloomError as error:
        log_note(str(error))


def annotate(run: Run, note: str) -> None:
    """Give a run a note that lasts; raises `LayerloomError` if it cannot be written."""
    keep_label(run.folder, Label(run.name, note))
    run.note = note


def delete(run: Run) -> None:
    """Remove a run's folder with its weights; raises `LayerloomError` if the system does not let go of it."""
    if is_held(lock_file(run.folder)):
        raise LayerloomError(f"{run.title} is being trained by another Layerloom: stop it there first.")
    try:
        if run.folder.exists():
            shutil.rmtree(run.folder)
    except OSError as error:
        raise LayerloomError(f"{run.folder} cannot be deleted: {error.strerror or error}.") from error


def move_runs(source: Path, target: Path) -> None:
    """Bring the runs of one place to another, where they get numbers after those that are there.

    Raises `LayerloomError` if the system does not let them; those that did not come stay where they are.
    """
    following = max(numbers(target), default=0) + 1
    try:
        target.mkdir(parents=True, exist_ok=True)
        for number in numbers(source):
            shutil.move(run_path(source, number), run_path(target, following))
            following += 1
    except (OSError, shutil.Error) as error:
        raise LayerloomError(f"The runs in {source} cannot be moved to {target}: {error}.") from error


def _load_run(number: int, path: Path) -> tuple[Run, int]:
    """A run, and how many lines of its events are lost."""
    folder = RunFolder(path)
    if not is_held(folder.lock_file):
        folder.remove_leftovers()
    run = Run(number, path, folder.project())
    kept = read_label(path)
    run.name, run.note = kept.name, kept.note
    run.record = folder.record
    run.member = run.record.member
    for event in folder.events():
        run.take(event)
    if run.status.active:  # the program ended before the run did
        run.status = RunStatus.STOPPED
    return run, folder.lines_lost


def _of_unsaved() -> Path:
    return platformdirs.user_data_path("layerloom", appauthor=False) / "runs"
