"""The runs of the open project: the one that trains, those that did, and which are looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from engine.project import Project
from engine.recipe.recipe import Recipe
from engine.runs.ensembles import Training, trainings
from engine.runs.run_folder import RunFolder
from engine.runs.runner import Runner
from engine.training.events import EpochDone, Event, Started
from gui.background import LatestJob
from gui.document import Document
from gui.readiness import Obstacle, readiness_of
from gui.train.runs import places as run_places
from gui.train.runs.ensembles import Ensembles
from gui.train.runs.home import Home
from gui.train.runs.moved_data import MovedData
from gui.train.runs.run import Run
from gui.train.runs.run_bridge import RunBridge
from gui.train.runs.sample import RunSample
from gui.train.runs.shown import with_colour
from gui.train.runs.status import RunStatus


class Runs(QObject):
    """Starts, steers and remembers runs; a run works on a copy of the project, so editing never touches it.

    ``current`` is the run in view, ``active`` the one that trains. ``shown`` are the runs in the charts with the
    index of their colour. The ``…_due`` signals say when to draw what a run tells (see `RunBridge`).
    """

    listed = Signal()  # runs came, went or were renamed
    viewed = Signal()  # another run is in view
    shown_changed = Signal()  # other runs are in the charts
    started = Signal(object)
    progressed = Signal(object)  # four times a second
    epoch_done = Signal(object)
    finished = Signal(object)  # finished, stopped or failed
    state_changed = Signal(object)  # its status is another
    curves_due = Signal()
    badges_due = Signal()
    thumbnails_due = Signal()
    chips_due = Signal()
    next_named = Signal()
    queue_asked = Signal(object, str)  # a `Project` that shall be queued, and a name for its run
    failed = Signal(str)  # why runs cannot be listed or moved
    closed = Signal()  # threads end now: the window closes

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.all: list[Run] = []  # newest first
        self.current: Run | None = None
        self.active: Run | None = None
        self.shown: dict[Run, int] = {}
        self.next_name = ""  # of the next run of the document's project
        self.queued = False  # whether another run is to begin once the one that trains has ended
        self.readiness = readiness_of(document)
        self._runner: Runner | None = None
        self.home = Home(document, self)
        self._loading = LatestJob("Reading the runs", self)
        self.sample = RunSample(self)
        self.moved_data = MovedData(self)
        self.ensembles = Ensembles(self)
        self._bridge = RunBridge(self)
        self._follow()
        self.reload()

    def _follow(self) -> None:
        self._bridge.arrived.connect(self._take)
        self._bridge.curves.connect(self.curves_due)
        self._bridge.badges.connect(self.badges_due)
        self._bridge.badges.connect(self._tell_progress)
        self._bridge.thumbnails.connect(self.thumbnails_due)
        self._bridge.chips.connect(self.chips_due)
        self.moved_data.found.connect(self._follow_data)
        self.listed.connect(self._tell_waited)
        self.listed.connect(lambda: self.readiness.learn_runs((run.number, run.project.data) for run in self.all[::-1]))
        self.document.replaced.connect(self._open_other)
        self.document.title_changed.connect(self._follow_file)
        self.home.changed.connect(self.reload)
        self.home.failed.connect(self.failed)

    @property
    def obstacle(self) -> Obstacle | None:
        """What blocks training the document's project now."""
        return self.readiness.obstacle

    @property
    def refusal(self) -> str:
        """Why a run of the document's project cannot start now; "" if it can."""
        return self.busy_with or (self.obstacle.text if self.obstacle else "")

    @property
    def busy_with(self) -> str:
        """Why no run can start now, whatever it is to train; "" if one can."""
        if self.active is not None:
            return f"{self.active.title} is still training: stop it first."
        if self.home.moving:
            return "The runs are being moved beside the project: try again when they are there."
        return ""

    @property
    def more_follow(self) -> bool:
        """Whether another run begins by itself once the one that trains has ended."""
        return self.queued or bool(self.ensembles.coming)

    @property
    def place(self) -> Path:
        """The folder that the runs are in."""
        return self.home.place

    @property
    def loading(self) -> bool:
        """Whether old runs are still being read."""
        return self._loading.running or self.home.moving

    # Training

    def name_next(self, name: str) -> None:
        """Say what the next run of the document's project will be called."""
        self.next_name = name
        self.next_named.emit()

    def take_name(self) -> str:
        """The name of the next run, which the one after it will not have."""
        name = self.next_name.strip()
        self.name_next("")
        return name

    def start(self, *, project: Project | None = None, settings: Recipe | None = None, name: str = "") -> Run:
        """Train a copy of the document's project, or of ``project``, perhaps with other training settings.

        Of an ensemble it is the first run, which the others follow. Raises `LayerloomError` with the reason if that
        cannot be.
        """
        self._refuse_while_busy()
        if project is None:
            if self.obstacle is not None:
                raise LayerloomError(self.obstacle.text)
            name = name or self.take_name()
        source = project or self.document.project
        copy = replace(source, network=source.network.copy(), training=settings or source.training)
        first, *others = trainings(copy)
        run = self.begin(first, name=name)
        self.ensembles.follow(run, others)
        return run

    def begin(self, training: Training, *, name: str = "") -> Run:
        """Begin a new run; raises `LayerloomError` while another trains or the runs are being moved."""
        self._refuse_while_busy()
        number = run_places.next_number(self.place, self.all)
        run = Run(number, run_places.run_path(self.place, number), training.project, member=training.member)
        run.name = name
        self.all.insert(0, run)
        self._begin(run, resume=False)
        self.listed.emit()
        return run

    def continue_run(self, run: Run, *, epochs: int | None = None) -> None:
        """Go on with a run that stopped, from its last checkpoint; ``epochs`` in all, if they should be others.

        What is left of its ensemble follows, unless it does more epochs alone. Raises `LayerloomError` if another run
        trains or the runs are being moved.
        """
        self._refuse_while_busy()
        others = self.ensembles.left_of(run) if epochs is None else ()
        if epochs is not None:
            run.project.training = run.settings.model_copy(update={"epochs": epochs})
        self._begin(run, resume=True)
        self.ensembles.follow(run, others)

    def pause(self) -> None:
        """Let the active run wait after its current batch."""
        if self._runner is not None and self.active and self.active.status is RunStatus.RUNNING:
            self._runner.pause()
            self._set_status(RunStatus.PAUSED)

    def set_learning_rate(self, rate: float) -> None:
        """Let the active run go on at another learning rate; raises `LayerloomError` for one that cannot be."""
        if self._runner is not None and self.active:
            self._runner.set_learning_rate(rate)

    def resume(self) -> None:
        """Let the active run go on."""
        if self._runner is not None and self.active and self.active.status is RunStatus.PAUSED:
            self._runner.resume()
            self._set_status(RunStatus.RUNNING)

    def pause_or_resume(self) -> None:
        """Let the active run wait, or go on if it waits."""
        if self.active is not None and self.active.status is RunStatus.PAUSED:
            self.resume()
        else:
            self.pause()

    def stop(self) -> None:
        """End the active run after its current batch; it can be continued."""
        if self._runner is not None:
            self._runner.stop()

    def watch(self, node: str, image: NDArray[np.uint8]) -> None:
        """Let the active run show the output of ``node`` for ``image``, uint8 (C, H, W), now and after each epoch."""
        if self._runner is not None:
            self._runner.watch(node, image)

    def end(self) -> None:
        """Stop the active run and wait for it; it can be continued."""
        self.ensembles.forget()
        if self._runner is not None:
            self._runner.stop()
            self._runner.join()
            self._bridge.drain()

    def shutdown(self) -> None:
        """Stop everything and wait for it: the window closes."""
        self.end()
        self.closed.emit()
        self.sample.close()  # after the run's last words, which would set it to work again
        self.readiness.close()
        self.moved_data.close()
        self._loading.close()
        self.home.close()

    # The list

    def view(self, run: Run | None) -> None:
        """Bring a run into view."""
        if run is not self.current:
            self.current = run
            self.viewed.emit()

    def show_in_charts(self, run: Run, shown: bool = True) -> None:
        """Draw a run's curves, or do not; beyond six the oldest gives way."""
        if shown and run not in self.shown:
            self._give_colour(run)
        elif not shown:
            self.shown.pop(run, None)
        self.shown_changed.emit()

    def rename(self, run: Run, name: str) -> None:
        """Call a run something else; raises `LayerloomError` if that cannot be kept."""
        run_places.rename(run, name.strip())
        self.listed.emit()

    def annotate(self, run: Run, note: str) -> None:
        """Note something on a run; raises `LayerloomError` if that cannot be kept."""
        run_places.annotate(run, note.strip())
        self.listed.emit()

    def delete(self, run: Run) -> None:
        """Delete a run with its weights; raises `LayerloomError` if it trains or its folder cannot go."""
        if run is self.active:
            raise LayerloomError(f"{run.title} is training: stop it first.")
        run_places.delete(run)
        place = self.all.index(run)
        self.all.remove(run)
        self.shown.pop(run, None)
        if run is self.current:
            self.view(self.all[min(place, len(self.all) - 1)] if self.all else None)
        self.listed.emit()
        self.shown_changed.emit()

    def reload(self) -> None:
        """Read the runs of this document from their folders, off the window's thread."""
        place = self.place
        self._loading.start(
            lambda job: run_places.load_runs(place, job), done=self._take_found, failed=self._tell_failure
        )

    # What happens

    def _refuse_while_busy(self) -> None:
        if self.busy_with:
            raise LayerloomError(self.busy_with)

    def _begin(self, run: Run, *, resume: bool) -> None:
        run.status = RunStatus.PREPARING
        self._runner = Runner(run.project, run.folder, resume=resume, member=run.member)
        self.active = run
        self.shown.pop(run, None)
        self._give_colour(run, first=True)
        self._bridge.follow(self._runner.events)
        self._runner.start()
        self.view(run)
        self.shown_changed.emit()
        self.started.emit(run)
        self.state_changed.emit(run)

    def _take(self, event: Event) -> None:
        run = self.active
        if run is None:
            return
        before = run.status
        run.take(event)
        if isinstance(event, EpochDone):
            self._tell_waited()
            self.epoch_done.emit(run)
        if isinstance(event, Started):
            run.record = RunFolder(run.folder).record
            if run.name:
                run_places.keep_name(run)
        if run.status is not before:
            self.state_changed.emit(run)
        if not run.status.active:
            self._end(run)

    def _end(self, run: Run) -> None:
        if self._runner is not None:
            self._runner.join()  # it does nothing after its last event
        self._runner, self.active = None, None
        self.finished.emit(run)
        self.state_changed.emit(run)
        self._move_in()

    def _set_status(self, status: RunStatus) -> None:
        if self.active is not None:
            self.active.status = status
            self.state_changed.emit(self.active)

    def _follow_data(self, run: Run) -> None:
        """Another folder holds the images of ``run`` now."""
        self.state_changed.emit(run)
        self.chips_due.emit()

    def _tell_waited(self) -> None:
        self.readiness.learn_waited(next((run.waited for run in self.all if run.waited), None))

    def _tell_progress(self) -> None:
        if self.active is not None:
            self.progressed.emit(self.active)

    def _give_colour(self, run: Run, *, first: bool = False) -> None:
        self.shown = with_colour(self.shown, run, first=first)

    def _take_found(self, found: run_places.Found) -> None:
        self._take_list(found.runs)
        if found.refusal:
            self.failed.emit(found.refusal)

    def _take_list(self, runs: list[Run]) -> None:
        kept = [run for run in self.all if run is self.active]
        self.all = kept + [run for run in runs if not kept or run.number != kept[0].number]
        self.shown = {run: index for run, index in self.shown.items() if run in self.all}
        if self.current not in self.all:
            self.current = None
            self.view(self.all[0] if self.all else None)
        if self.current is not None and not self.shown:
            self._give_colour(self.current, first=True)
        self.viewed.emit()
        self.listed.emit()
        self.shown_changed.emit()

    # The document

    def _follow_file(self) -> None:
        self.home.look()
        self._move_in()

    def _move_in(self) -> None:
        """Follow the document to another file, once nothing trains."""
        if self.active is None:
            self.home.follow()

    def _open_other(self) -> None:
        self.end()
        self.name_next("")
        self.home.begin_anew()
        self._take_list([])
        self.reload()

    def _tell_failure(self, error: LayerloomError) -> None:
        self.failed.emit(str(error))
