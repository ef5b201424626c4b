"""Runs to come: an immutable list of projects as they were when they were queued, and the folder that keeps it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, NamedTuple
from uuid import uuid4

from pydantic import Field, ValidationError

from engine.errors import LayerloomError
from engine.files import is_file, read_whole, reason_of, write_whole
from engine.project import SUFFIX, Project, load_project, save_project
from engine.reasons import first_reason
from engine.settings import Settings
from engine.words import counted

_LIST = "queue.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A run to come. Its ``project`` is its own: nobody changes it, and nothing of the open one follows it.

    ``copy_of`` is the ``key`` of the entry that it was copied from, or the number of the run that came of that one.
    ``run`` is the number of the run that was begun for it, 0 before; ``failure`` says why that failed.
    """

    key: str
    project: Project
    name: str = ""
    copy_of: str = ""
    run: int = 0
    failure: str = ""

    @classmethod
    def of(cls, project: Project, *, name: str = "", copy_of: str = "") -> Entry:
        """A new entry of the project as it is now."""
        return cls(uuid4().hex[:12], replace(project, network=project.network.copy()), name, copy_of)

    def copy(self, name: str = "") -> Entry:
        """A new entry like it, which no run was begun for."""
        return Entry.of(self.project, name=name or self.name, copy_of=self.key)

    @property
    def trainings(self) -> int:
        """How many runs it takes: those of an ensemble, or one."""
        return self.project.training.ensemble


@dataclass(frozen=True, slots=True)
class Queue:
    """Runs to come, the first one first, and what becomes of them; changing it gives another.

    ``stops_at_failure`` waits after a run that failed; ``stops_behind`` ends a run early that is behind the others,
    those that ``begun`` are the numbers of.
    """

    entries: tuple[Entry, ...] = ()
    stops_at_failure: bool = False
    stops_behind: bool = False
    begun: tuple[int, ...] = ()

    @property
    def trainings(self) -> int:
        """How many runs there are to come, each of an ensemble counted."""
        return sum(entry.trainings for entry in self.entries)

    @property
    def next(self) -> Entry | None:
        """The entry whose turn it is: the first that has not failed."""
        return next((entry for entry in self.entries if not entry.failure), None)

    def place(self, key: str) -> int:
        """Where an entry stands; raises ``KeyError``."""
        places = {entry.key: place for place, entry in enumerate(self.entries)}
        return places[key]

    def of_run(self, number: int) -> Entry | None:
        """The entry that a run was begun for."""
        return next((entry for entry in self.entries if entry.run == number), None)

    def added(self, entries: Iterable[Entry], place: int | None = None) -> Queue:
        """With entries at a place, or at the end."""
        at = len(self.entries) if place is None else place
        begun = self.begun if self.entries else ()
        return replace(self, entries=(*self.entries[:at], *entries, *self.entries[at:]), begun=begun)

    def moved(self, key: str, place: int) -> Queue:
        """With an entry at another place."""
        entry = self.entries[self.place(key)]
        others = tuple(other for other in self.entries if other is not entry)
        return replace(self, entries=(*others[:place], entry, *others[place:]))

    def with_entries(self, entries: tuple[Entry, ...]) -> Queue:
        """With these entries in place of its own."""
        return replace(self, entries=entries)

    def without(self, key: str) -> Queue:
        """Without an entry."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.key != key))

    def changed(self, key: str, **values: object) -> Queue:
        """With other values of an entry."""
        entries = tuple(replace(entry, **values) if entry.key == key else entry for entry in self.entries)  # type: ignore[arg-type]
        return replace(self, entries=entries)

    def with_run(self, key: str, number: int) -> Queue:
        """With a run begun for an entry, of which its copies are copies from now on."""
        copies = tuple(replace(entry, copy_of=str(number)) if entry.copy_of == key else entry for entry in self.entries)
        begun = self.begun if number in self.begun else (*self.begun, number)
        return replace(self, entries=copies, begun=begun).changed(key, run=number, failure="")


class _Listed(Settings):
    key: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    name: str = ""
    copy_of: str = ""
    run: Annotated[int, Field(ge=0)] = 0
    failure: str = ""


class _File(Settings):
    stops_at_failure: bool = False
    stops_behind: bool = False
    begun: tuple[int, ...] = ()
    entries: tuple[_Listed, ...] = ()


class Kept(NamedTuple):
    """The queue of a folder, and what is said of entries that cannot be read; "" if all can."""

    queue: Queue
    refusal: str = ""


class QueueFolder:
    """A queue on disk::

    queue.json                       the order, names and choices
    queue/0123456789ab.loom          the project of the entry of that key
    """

    def __init__(self, place: Path) -> None:
        """``place`` is the folder that the runs are kept in; it need not exist."""
        self.place = place
        self._kept: dict[str, Project] = {}  # what stands in the files of entries, by their keys
        self._damaged = False

    def load(self) -> Kept:
        """What is kept; an entry that cannot be read stays on disk.

        Raises `LayerloomError` for a damaged list, which goes aside when another one is kept.
        """
        file = self.place / _LIST
        if not is_file(file):
            return Kept(Queue())
        try:
            listed = _File.model_validate_json(read_whole(file))
        except OSError as error:
            raise LayerloomError(f"{file} cannot be read: {reason_of(error)}.") from error
        except ValidationError as error:
            self._damaged = True
            raise LayerloomError(f"{file} is damaged. {first_reason(error, 'Its content')}") from error
        entries, reasons = [], []
        for one in listed.entries:
            try:
                self._kept[one.key] = project = load_project(self._file(one.key))
            except LayerloomError as error:
                reasons.append(str(error))
            else:
                entries.append(Entry(project=project, **one.model_dump()))
        refusal = f"{counted(len(reasons), 'queued run')} cannot be shown. {reasons[0]}" if reasons else ""
        return Kept(Queue(tuple(entries), listed.stops_at_failure, listed.stops_behind, listed.begun), refusal)

    def save(self, queue: Queue) -> None:
        """Keep it whole; raises `LayerloomError`, and then what was kept before is there."""
        file = self.place / _LIST
        listed = tuple(
            _Listed(key=one.key, name=one.name, copy_of=one.copy_of, run=one.run, failure=one.failure)
            for one in queue.entries
        )
        content = _File(
            stops_at_failure=queue.stops_at_failure,
            stops_behind=queue.stops_behind,
            begun=queue.begun,
            entries=listed,
        )
        if content == _File() and not is_file(file):
            return
        try:
            self._file("").parent.mkdir(parents=True, exist_ok=True)
            if self._damaged:
                file.replace(file.with_suffix(".damaged"))
                self._damaged = False
            for entry in queue.entries:
                if self._kept.get(entry.key) is not entry.project:
                    save_project(entry.project, self._file(entry.key))
                    self._kept[entry.key] = entry.project
            write_whole(file, (content.model_dump_json(indent=2) + "\n").encode())
            for key in self._kept.keys() - {entry.key for entry in queue.entries}:
                self._file(key).unlink(missing_ok=True)
                del self._kept[key]
        except OSError as error:
            raise LayerloomError(f"The queue cannot be kept in {self.place}: {reason_of(error)}.") from error

    def project_files(self) -> list[Path]:
        """The projects of the entries that are kept, in their order, as far as the list can be read."""
        try:
            listed = _File.model_validate_json(read_whole(self.place / _LIST))
        except (OSError, ValidationError):
            return []
        return [file for one in listed.entries if is_file(file := self._file(one.key))]

    def remove(self) -> None:
        """Remove what is kept, where another place has it now."""
        (self.place / _LIST).unlink(missing_ok=True)
        shutil.rmtree(self._file("").parent, ignore_errors=True)

    def _file(self, key: str) -> Path:
        return self.place / "queue" / f"{key}{SUFFIX}"
