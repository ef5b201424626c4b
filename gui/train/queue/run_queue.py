"""The queue of the open project: it is changed here, kept beside the runs, and trained one run after another."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import LayerloomError
from engine.locks import is_held
from engine.runs.ensembles import Training
from engine.runs.queue import Entry, Kept, Queue, QueueFolder
from engine.runs.run_folder import lock_file
from engine.training.behind import AT_EPOCH, median_ahead
from engine.words import thousands
from gui.background import LatestJob
from gui.guard import border
from gui.train.runs import places
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.status import RunStatus
from gui.train.runs.words import loss_text, turn_of_member


class RunQueue(QObject):
    """Runs to come, the first one first; ``changed`` says that the ``queue`` or what is said of it is another.

    ``training`` says that one run follows another, ``active`` is the key of the entry that trains. A run that is
    stopped lets the queue wait with its entry, which goes on from there; so does closing the window. What is ``told``
    is why it waits, or what it ended early.
    """

    changed = Signal()
    failed = Signal(str)  # why the queue cannot be read or kept

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs = runs
        self.queue = Queue()
        self.training = False
        self.active = ""
        self.told = ""
        self._turns = 0  # entries that had theirs since training began
        self._behind: tuple[Run, str] | None = None  # the run that was stopped for it, and what is said of that
        self._folder = QueueFolder(runs.place)
        self._is_kept = True  # whether what is there is all that there is
        self._left: QueueFolder | None = None  # where it was before the project was saved for the first time
        self._loading, self._looking = (LatestJob("Reading the queue", self) for _ in range(2))
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(lambda: border().do(self._go_on))
        runs.started.connect(self._tell_turn)
        runs.finished.connect(self._take_end)
        runs.listed.connect(self._follow_place)
        runs.epoch_done.connect(self._look_behind)
        runs.document.replaced.connect(self._begin_anew)
        self._load()

    # Reading

    @property
    def loading(self) -> bool:
        """Whether what was queued before is still being read."""
        return self._loading.running

    def numbers(self) -> dict[str, int]:
        """The number of the run that each entry began or will be, by its key; an ensemble takes several."""
        following, found = places.next_number(self.runs.place, self.runs.all), {}
        for entry in self.queue.entries:
            begun = self.begun(entry)
            found[entry.key] = entry.run or following
            left = self.runs.ensembles.left_of(begun) if begun else ()
            following += sum(isinstance(one, Training) for one in left) if begun else entry.trainings
        return found

    def entry(self, key: str) -> Entry:
        """The entry of that key; raises ``KeyError``."""
        return self.queue.entries[self.queue.place(key)]

    def _has(self, key: str) -> bool:
        return any(entry.key == key for entry in self.queue.entries)

    def title(self, entry: Entry) -> str:
        """What an entry is called: its name, or that of its network."""
        return entry.name or entry.project.network.name

    def is_form(self, entry: Entry) -> bool:
        """Whether the settings of the open project are those of an entry."""
        return (entry.project.training, entry.project.data) == (
            self.runs.document.project.training,
            self.runs.document.project.data,
        )

    @property
    def turn(self) -> str:
        """Which run of the queue trains: "run 2 of 4 in the queue"; "" while none does."""
        if not self.active:
            return ""
        to_come = sum(not entry.failure for entry in self.queue.entries) - 1  # without the one that trains
        return f"run {thousands(self._turns)} of {thousands(self._turns + to_come)} in the queue"

    # Changing

    def add(self, entries: Iterable[Entry], *, after: str = "") -> None:
        """Queue entries after another one, or at the end, also where that one has left the queue."""
        place = self.queue.place(after) + 1 if self._has(after) else None
        self._put(self.queue.added(entries, place))

    def add_form(self, name: str = "") -> Entry:
        """Queue the open project as it is now; raises `LayerloomError` where it could not be trained."""
        if self.runs.obstacle is not None:
            raise LayerloomError(self.runs.obstacle.text)
        entry = Entry.of(self.runs.document.project, name=name or self.runs.take_name())
        self.add([entry])
        return entry

    def move(self, key: str, place: int) -> None:
        """Bring an entry, if it is still there, to another place; the one that trains stays the first."""
        first = 1 if self.active else 0
        if key != self.active and self._has(key):
            self._put(self.queue.moved(key, min(max(place, first), len(self.queue.entries) - 1)))

    def remove(self, key: str) -> None:
        """Take an entry out; raises `LayerloomError` for the one that trains."""
        self._refuse_active(key, "stop it first")
        self._put(self.queue.without(key))

    def put_back(self, entry: Entry, *, after: str = "") -> None:
        """Queue an entry again that was removed, after the one that it stood after, if that is still there."""
        place = self.queue.place(after) + 1 if self._has(after) else 0 if not after and not self.active else None
        self._put(self.queue.added([entry], place))

    def rename(self, key: str, name: str) -> None:
        """Call an entry something else."""
        self._put(self.queue.changed(key, name=name.strip()))

    def update(self, key: str) -> None:
        """Give an entry the settings of the form; it begins anew, with its own network. Raises `LayerloomError`."""
        self._refuse_active(key, "its settings are in use")
        open_one, own = self.runs.document.project, self.entry(key).project
        project = replace(own, training=open_one.training, data=open_one.data)
        self._put(self.queue.changed(key, project=project, run=0, failure=""))

    def try_again(self, key: str) -> None:
        """Let an entry that failed have its turn again, in a new run."""
        self._put(self.queue.changed(key, run=0, failure=""))

    def fill_form(self, key: str) -> None:
        """Let the form show the settings of an entry, as one undo step of the open project."""
        project = self.entry(key).project
        label = f"Show the settings of {self.title(self.entry(key))}"
        self.runs.document.change_several_settings(label, project.training, project.data)

    def choose(self, *, stops_at_failure: bool | None = None, stops_behind: bool | None = None) -> None:
        """Say what becomes of the queue after a run that failed, and of runs that are behind the others."""
        at_failure = self.queue.stops_at_failure if stops_at_failure is None else stops_at_failure
        behind = self.queue.stops_behind if stops_behind is None else stops_behind
        self._put(replace(self.queue, stops_at_failure=at_failure, stops_behind=behind))

    # Training

    def train(self) -> None:
        """Train one entry after another, once the run that trains now has ended."""
        if not self.training and not self.active:
            self._turns = 0
        self.training, self.told = True, ""
        self._show_state()
        self._timer.start()

    def wait(self) -> None:
        """Let the run that trains go on, and no other begin after it."""
        self.training = False
        self._show_state()

    def close(self) -> None:
        """The window closes."""
        self._timer.stop()
        self._loading.close()
        self._looking.close()

    def _go_on(self) -> None:
        runs = self.runs
        if not self.training or self.active or self.loading or runs.busy_with or runs.ensembles.coming:
            return
        self._keep()  # another window may have queued or trained some
        entry = self.queue.next
        if entry is None:
            self.training = False
            self._show_state()
            return
        self._turns += 1
        self.active = entry.key  # before the run is told of
        self.queue = self.queue.moved(entry.key, 0)
        try:
            run = self._begin(entry)
        except LayerloomError as error:
            self.active = ""
            self._put(self.queue.changed(entry.key, failure=str(error)))
            self._timer.start()
        else:
            self._put(self.queue.with_run(entry.key, run.number))

    def _begin(self, entry: Entry) -> Run:
        """Begin the run of an entry, or go on with what it began."""
        begun = self.begun(entry)
        if begun is None:
            if entry.run and is_held(lock_file(places.run_path(self.runs.place, entry.run))):
                raise LayerloomError(f"Run {entry.run} is training in another Layerloom.")
            return self.runs.start(project=entry.project, name=entry.name)
        if begun.resumable:
            self.runs.continue_run(begun)
        elif self.runs.ensembles.left_of(begun):
            self.runs.ensembles.complete(begun)
        else:
            return self.runs.start(project=entry.project, name=entry.name)
        return begun

    def _tell_turn(self, run: Run) -> None:
        run.turn = self.turn or turn_of_member(run)

    def begun(self, entry: Entry) -> Run | None:
        """The run that was begun for an entry."""
        return next((run for run in self.runs.all if run.number == entry.run), None)

    def _take_end(self, run: Run) -> None:
        """What becomes of the queue when a run has ended, whoever began it."""
        entry = self._entry_of(run)
        if not self.runs.ensembles.coming:
            if entry is not None or not self._has(self.active):  # another window may have taken it out
                self.active = ""
            if entry is not None:
                self._settle(entry, run)
        self._show_state()
        if self.training:
            self._timer.start()

    def _settle(self, entry: Entry, run: Run) -> None:
        behind, self._behind = self._behind, None
        failed = next((one for one in (run, *self.runs.ensembles.runs_of(run)) if one.failure), None)
        if failed is not None and failed.failure is not None:
            failure = f"{failed.failure.message} {failed.failure.hint}".strip()
            self._put(self.queue.changed(entry.key, failure=failure))
            if self.queue.stops_at_failure:
                self._wait_after(failed, "failed")
        elif run.status is RunStatus.FINISHED:
            self._put(self.queue.without(entry.key))
        elif behind is not None and behind[0] is run:
            self.told = behind[1]
            self._put(self.queue.without(entry.key))
        else:
            self._wait_after(run, "was stopped")

    def _wait_after(self, run: Run, how: str) -> None:
        if self.training:
            self.training, self.told = False, f"The queue waits: run {run.number} {how}."

    def _entry_of(self, run: Run) -> Entry | None:
        """The entry that a run, or another of its ensemble, was begun for."""
        numbers = {other.number for other in (run, *self.runs.ensembles.runs_of(run))}
        return next((entry for entry in self.queue.entries if entry.run in numbers), None)

    def _look_behind(self, run: Run) -> None:
        """Stop a run of the queue after some epochs if it is behind the others that were trained from it."""
        asked = self.queue.stops_behind and self.active and run.member is None
        if not (asked and len(run.epochs) == AT_EPOCH < run.total_epochs):
            return
        others = [other for other in self.runs.all if other.number in self.queue.begun and other is not run]
        own, alike = _loss(run), [other for other in others if _measured_by(other) == _measured_by(run)]
        middle = median_ahead(own, [_loss(other) for other in alike])
        if middle is not None:
            losses = f"its validation loss {loss_text(own, 3)} is above {loss_text(middle, 3)}"
            words = f"Run {run.number} was ended after epoch {AT_EPOCH}: {losses}, the median of the others there."
            self._behind = run, words
            self.runs.stop()

    # Keeping

    def _refuse_active(self, key: str, why: str) -> None:
        if key == self.active:
            raise LayerloomError(f"{self.title(self.entry(key))} is training: {why}.")

    def _put(self, queue: Queue) -> None:
        if queue != self.queue:
            self.queue = queue
            self._keep()
        self._show_state()

    def _show_state(self) -> None:
        waiting = [entry for entry in self.queue.entries if not entry.failure and entry.key != self.active]
        self.runs.queued = self.training and bool(waiting)
        self.changed.emit()

    def _keep(self) -> bool:
        """Write it down, and tell whether that was possible; while what is there is being read it waits for that."""
        if self.loading:
            return False
        try:
            self.queue = self._folder.save(self.queue)
        except LayerloomError as error:
            self._is_kept = False
            self.failed.emit(str(error))
        else:
            self._is_kept = True
        return self._is_kept

    def _load(self) -> None:
        folder = self._folder
        self._loading.start(lambda _: folder.load(), done=self._take_kept, failed=self._tell_failure)

    def look_again(self) -> None:
        """Read it anew: another window may have changed it."""
        if self._is_kept and not self.loading:
            folder = QueueFolder(self._folder.place)
            take = partial(self._take_changed, self.queue, folder)
            self._looking.start(lambda _: folder.load(), done=take, failed=lambda error: self.failed.emit(str(error)))

    def _take_changed(self, before: Queue, folder: QueueFolder, kept: Kept) -> None:
        if folder.place == self._folder.place and self.queue == before != kept.queue:  # what is done here goes first
            self.queue, self._folder = kept.queue, folder
            self._show_state()

    def _take_kept(self, kept: Kept) -> None:
        """Add what is kept in this place to what is queued already."""
        own = {entry.key for entry in self.queue.entries}
        kept_before = tuple(entry for entry in kept.queue.entries if entry.key not in own)
        self.queue = (self.queue if own else kept.queue).with_entries((*self.queue.entries, *kept_before))
        if kept.refusal:
            self.failed.emit(kept.refusal)
        self._settle_in()

    def _tell_failure(self, error: LayerloomError) -> None:
        self.failed.emit(str(error))
        self._settle_in()

    def _settle_in(self) -> None:
        """Keep here what came along from another place, and nothing there."""
        left, self._left = self._left, None
        if self.queue.entries and self._keep() and left is not None:
            left.remove()
        self._forget_lost()
        self._show_state()
        self._timer.start()

    def _forget_lost(self) -> None:
        """Forget runs that are not there any more, or never came to be: another may get their number."""
        if self.loading or self.runs.loading:
            return
        there, queue = {run.number for run in self.runs.all}, self.queue
        for entry in queue.entries:
            if entry.run not in there and entry.key != self.active:
                queue = queue.changed(entry.key, run=0)
        self._put(queue)

    def _begin_anew(self) -> None:
        self.training, self.active, self.told, self.queue = False, "", "", Queue()
        self._folder, self._left = QueueFolder(self.runs.place), None
        self._load()
        self._show_state()

    def _follow_place(self) -> None:
        """Follow the runs to another folder; the queue of a project saved for the first time goes along."""
        before, place = self._folder, self.runs.place
        if place != before.place:
            self._left = before if places.is_of_unsaved(before.place) else None
            self._folder = QueueFolder(place)
            self._load()
        else:
            self._forget_lost()
            self._timer.start()
        self.changed.emit()


def _loss(run: Run) -> float:
    """The validation loss of a run where runs are compared; NaN where there is none."""
    loss = run.metric("validation_loss", AT_EPOCH)
    return math.nan if loss is None else loss


def _measured_by(run: Run) -> tuple[object, ...]:
    """What runs whose losses compare have in common."""
    data = run.project.data
    return (run.settings.loss, data.source, data.split)
