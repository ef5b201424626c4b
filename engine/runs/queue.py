"""Runs to come: an immutable list of projects as they were when they were queued, and the folder that keeps it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, NamedTuple, Self
from uuid import uuid4

from pydantic import Field, ValidationError

from engine.errors import LayerloomError
from engine.files import is_file, is_there, numbered, read_whole, reason_of, write_whole
from engine.locks import waited_for
from engine.project import SUFFIX, Project, load_project, save_project
from engine.reasons import first_reason
from engine.settings import Settings
from engine.words import counted

_LIST, _LOCK = "queue.json", "queue.lock"
_PATIENCE = 2.0  # seconds to wait for another window that writes the list
_CHOSEN = ("stops_at_failure", "stops_behind", "begun")


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

    def merged(self, theirs: Queue, *, before: Queue) -> Queue:
        """This one with what ``theirs`` has become since both were as ``before``; where both changed, this one has it.

        Entries that were added there come last.
        """
        old, own, other = ({entry.key: entry for entry in queue.entries} for queue in (before, self, theirs))
        kept = (other.get(key) if old.get(key) == entry else entry for key, entry in own.items())
        added = (entry for key, entry in other.items() if key not in own and key not in old)
        same = [name for name in _CHOSEN if getattr(self, name) == getattr(before, name)]
        entries = (*filter(None, kept), *added)
        return replace(self, entries=entries, **{name: getattr(theirs, name) for name in same})


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

    @classmethod
    def of(cls, queue: Queue, others: tuple[_Listed, ...]) -> Self:
        """A queue as its list has it, with what else is listed."""
        listed = (_Listed(**{name: getattr(one, name) for name in _Listed.model_fields}) for one in queue.entries)
        return cls(
            stops_at_failure=queue.stops_at_failure,
            stops_behind=queue.stops_behind,
            begun=queue.begun,
            entries=(*listed, *others),
        )


class Kept(NamedTuple):
    """The queue of a folder, and what is said of entries that cannot be read; "" if all can."""

    queue: Queue
    refusal: str = ""


class DamagedListError(LayerloomError):
    """What should be the list of a queue is something else."""


class _Mark(NamedTuple):
    """A project as it stands in a file, and what tells that file from one that replaced it."""

    project: Project
    of: tuple[int, int]


class QueueFolder:
    """A queue on disk, which several windows may change::

    queue.json                       the order, names and choices
    queue/0123456789ab.loom          the project of the entry of that key
    """

    def __init__(self, place: Path) -> None:
        """``place`` is the folder that the runs are kept in; it need not exist."""
        self.place = place
        self._marks: dict[str, _Mark] = {}  # what stands in the files of entries, by their keys
        self._before = Queue()  # as it was when it was read or kept last

    def load(self) -> Kept:
        """What is kept; an entry that cannot be read stays on disk.

        Raises `LayerloomError` for a damaged list, which goes aside when another one is kept.
        """
        self._before, unread = self._read()
        reasons = list(unread.values())
        refusal = f"{counted(len(reasons), 'queued run')} cannot be shown. {reasons[0]}" if reasons else ""
        return Kept(self._before, refusal)

    def save(self, queue: Queue) -> Queue:
        """Keep it whole, with what others have added, changed or taken out since it was read here; what is kept now.

        Raises `LayerloomError`, and then what was kept before is there.
        """
        file = self.place / _LIST
        if queue == Queue() and not is_file(file):
            return queue
        try:
            self._file("").parent.mkdir(parents=True, exist_ok=True)
            with waited_for(self.place / _LOCK, seconds=_PATIENCE):
                try:
                    theirs, unread = self._read()
                except DamagedListError:
                    aside = numbered(file.with_suffix(".damaged"))
                    file.replace(next(path for path in aside if not is_there(path)))
                    theirs, unread = self._before, {}  # nobody took anything out
                self._write(queue.merged(theirs, before=self._before), unread)
        except TimeoutError as error:
            raise LayerloomError(f"The queue in {self.place} is in use by another Layerloom: try again.") from error
        except OSError as error:
            raise LayerloomError(f"The queue cannot be kept in {self.place}: {reason_of(error)}.") from error
        return self._before

    def _write(self, queue: Queue, unread: Iterable[_Listed]) -> None:
        for entry in queue.entries:
            mark = self._marks.get(entry.key)
            if mark is None or mark.project is not entry.project:
                file = self._file(entry.key)
                save_project(entry.project, file)
                self._marks[entry.key] = _Mark(entry.project, _stamp(file))
        others = tuple(one for one in unread if is_there(self._file(one.key)))
        write_whole(self.place / _LIST, (_File.of(queue, others).model_dump_json(indent=2) + "\n").encode())
        for key in self._marks.keys() - {entry.key for entry in queue.entries}:
            self._file(key).unlink(missing_ok=True)
            del self._marks[key]
        self._before = queue

    def _read(self) -> tuple[Queue, dict[_Listed, str]]:
        """What is kept, and why some of what is listed cannot be read; raises `LayerloomError`."""
        file = self.place / _LIST
        try:
            listed = _File.model_validate_json(read_whole(file)) if is_file(file) else _File()
        except OSError as error:
            raise LayerloomError(f"{file} cannot be read: {reason_of(error)}.") from error
        except ValidationError as error:
            raise DamagedListError(f"{file} is damaged. {first_reason(error, 'Its content')}") from error
        entries, unread = [], {}
        for one in listed.entries:
            try:
                entries.append(Entry(project=self._project(one.key), **one.model_dump()))
            except LayerloomError as error:
                unread[one] = str(error)
        return Queue(tuple(entries), listed.stops_at_failure, listed.stops_behind, listed.begun), unread

    def _project(self, key: str) -> Project:
        """The project of an entry, the same object while its file is the same; raises `LayerloomError`."""
        file, mark = self._file(key), self._marks.get(key)
        if mark is None or not is_file(file) or mark.of != _stamp(file):
            mark = self._marks[key] = _Mark(load_project(file), _stamp(file))
        return mark.project

    def project_files(self) -> list[Path]:
        """The projects of the entries that are kept, in their order, as far as the list can be read."""
        try:
            listed = _File.model_validate_json(read_whole(self.place / _LIST))
        except (OSError, ValidationError):
            return []
        return [file for one in listed.entries if is_file(file := self._file(one.key))]

    def remove(self) -> None:
        """Remove what was kept here, where another place has it now; what others queued since then stays."""
        with suppress(LayerloomError, OSError):
            if not self.save(Queue()).entries:
                (self.place / _LIST).unlink(missing_ok=True)
                shutil.rmtree(self._file("").parent, ignore_errors=True)

    def _file(self, key: str) -> Path:
        return self.place / "queue" / f"{key}{SUFFIX}"


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_ino, status.st_mtime_ns
