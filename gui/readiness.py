"""Whether the project as it is can train, and what to do if it cannot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from engine.choices import ChoiceFailedError
from engine.data.asking import described, known_of
from engine.data.augmentation.warning import Seen
from engine.data.settings import DataSettings
from engine.data.source import DataDescription, Source
from engine.data.warnings import DataWarning, Waited, waiting_warnings
from engine.errors import LayerloomError
from engine.network import Network, Problem, Severity
from engine.project import setup_of
from engine.recipe.recipe import Device
from engine.tasks.setup import Setup
from engine.words import counted, path_text
from gui.background import Job, LatestJob
from gui.document import Document
from gui.guard import border
from gui.warned import Warned

_READ_AGAIN_AFTER = 2000  # ms, data that could not be read
_PAUSE = 20  # but at least so many times as long as reading them took
_AFTER_A_FAULT = 60_000  # ms; each writes a traceback to the log


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why training cannot start, in one sentence, and perhaps the edit that would clear the way."""

    text: str
    fix_label: str = ""
    fix: Callable[[Network], object] | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What came of reading a source: what it holds, or why that is not known."""

    source: Source
    description: DataDescription | None = None
    unreadable: str = ""
    again_after: int = 0  # ms


class Readiness(QObject):
    """The problems of one document's project: of its drawing, and of network, data and recipe together.

    Data that must be read before their classes are known are read in a thread, and again from time to time while they
    cannot be. ``changed`` says that ``problems`` or ``obstacle`` are others, ``waiting_known`` that ``waited`` is.
    """

    changed = Signal()
    waiting_known = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.document = document
        self.problems: tuple[Problem, ...] = ()
        self.obstacle: Obstacle | None = None
        self.data_warnings: tuple[DataWarning, ...] = ()  # but for those of the steps
        self.setup: Setup | None = None  # what is about to train, once the data can say what they are
        self._warned = Warned()
        self._asked: tuple[Source, bool] | None = None  # a source, and whether it is usable
        self._wanted: Source | None = None  # the source being read or read last, if it must be
        self._reading: _Reading | None = None
        self._describing = LatestJob("Reading the data", self)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._read)
        self._devices: tuple[Device, ...] = ()
        self.earlier: tuple[tuple[int, DataSettings], ...] = ()  # the data of earlier runs, with their numbers
        self.waited: Waited | None = None  # how the latest run waited for its batches
        document.replaced.connect(self.check)
        document.analysed.connect(self.check)
        document.settings_changed.connect(self.check)
        self.check()

    @property
    def usable(self) -> bool:
        """Whether the data can say what they are; a source is asked once, as each fault goes to the log."""
        source = self.document.project.data.source
        if self._asked is None or self._asked[0] != source:
            self._asked = source, usable(source)
        return self._asked[1]

    @property
    def description(self) -> DataDescription | None:
        """What the source has been found to hold; None for one that need not be read, and before it is."""
        return self._reading.description if self._reading else None

    @property
    def classes(self) -> int:
        """How many classes the data have, 0 where there are none or it is not known."""
        return len(self._found.classes) if self._found else 0

    @property
    def _found(self) -> DataDescription | None:
        return self.description or (self.document.project.data.source.known if self.usable else None)

    def check(self) -> None:
        """Bring problems and obstacle up to date."""
        self._follow(self.document.project.data.source if self.usable else None)
        project = self.document.project
        waits = waiting_warnings(project.data, self.waited)
        self.data_warnings = (*self._warned.of_data(project, self._found, self.earlier), *waits)
        problems = (
            *self._problems(),
            *(Problem(one.code, one.severity, "", one.message) for one in self.data_warnings),
        )
        if problems != self.problems or self._differs():
            self.problems, self.obstacle = problems, _obstacle(self.document, problems)
            self.changed.emit()

    def _problems(self) -> tuple[Problem, ...]:
        project = self.document.project
        if not self.usable:
            self.setup = None
            return *self.document.analysis.problems, _unusable(project.data.source)
        setup = setup_of(
            project,
            self.document.analysis,
            description=self.description,
            unreadable=self._reading.unreadable if self._reading else "",
            devices=self._devices,
        )
        self.setup = replace(setup, warnings=self._warned.of_steps(project.data, setup.warnings))
        return project.task.problems(self.setup)

    def learn(self, source: Source, description: DataDescription) -> None:
        """Take over what a source holds from whoever has read it."""
        if source == self._wanted and (self._reading is None or self._reading.description != description):
            self._take(_Reading(source, description))

    def learn_division(self, settings: DataSettings, seen: Seen) -> None:
        """Take over what images there are in the parts from whoever has divided them."""
        self._warned.see(settings, seen)
        self.check()

    def learn_judgement(self, settings: DataSettings, warnings: Iterable[DataWarning]) -> None:
        """Take over what the steps deserve from whoever has seen what they draw."""
        self._warned.judge(settings, warnings)
        self.check()

    def leave_unlike(self) -> None:
        """Warn no more of unlike sizes of the classes that there are now."""
        self._warned.leave(self.document.project.data.source)
        self.check()

    def learn_devices(self, devices: Iterable[Device]) -> None:
        """Take over what devices this machine has, best first."""
        self._devices = tuple(devices)
        self.check()

    def learn_runs(self, earlier: Iterable[tuple[int, DataSettings]]) -> None:
        """Take over what earlier runs have learned from."""
        if (known := tuple(earlier)) != self.earlier:
            self.earlier = known
            self.check()

    def learn_waited(self, waited: Waited | None) -> None:
        """Take over how the latest run has waited for its batches."""
        if waited != self.waited:
            self.waited = waited
            self.check()
            self.waiting_known.emit()

    def close(self) -> None:
        """End the thread: the window closes."""
        self._again.stop()
        self._describing.close()

    def _follow(self, source: Source | None) -> None:
        """Read a source that must be read, if it is another than before."""
        wanted = None if source is None or source.known or source.missing else source
        if wanted == self._wanted:
            return
        self._stop()
        self._wanted, self._reading = wanted, None
        if wanted is not None:
            self._read()

    def _read(self) -> None:
        source = self._wanted
        assert source is not None  # the timer that reads again ends with it
        self._describing.start(lambda job: _describe(source, job), done=self._take, failed=partial(self._fail, source))

    def _stop(self) -> None:
        self._again.stop()
        self._describing.cancel()

    def _take(self, reading: _Reading) -> None:
        self._stop()
        self._reading = reading
        if reading.unreadable:
            self._again.start(reading.again_after)
        self.check()

    def _fail(self, source: Source, error: LayerloomError) -> None:
        self._take(_Reading(source, unreadable=str(error), again_after=_AFTER_A_FAULT))

    def _differs(self) -> bool:
        return _obstacle(self.document, self.problems) != self.obstacle


def readiness_of(document: Document) -> Readiness:
    """The one `Readiness` of a document."""
    return document.findChild(Readiness) or Readiness(document)


def next_step(unfinished: Problem) -> str:
    """What is not drawn yet, and what to draw: "conv1 has no input. To train, connect an output to conv1 …"."""
    return f"{unfinished.message} To train, {unfinished.hint[0].lower()}{unfinished.hint[1:]}"


def usable(source: Source) -> bool:
    """Whether a source can say what it is; the window tells once that one cannot."""

    def ask() -> bool:
        known_of(source)
        return True

    return border().ask(f"the data set '{source.title}'", ask, otherwise=False)


def _unusable(source: Source) -> Problem:
    text = f"The data set {source.title} cannot be used, because of an error in it: choose another."
    return Problem("data", Severity.ERROR, "", text)


def _obstacle(document: Document, problems: tuple[Problem, ...]) -> Obstacle | None:
    """What blocks training: the errors of the drawing in one sentence, or else what else blocks it first."""
    errors = document.analysis.errors
    if errors:
        nodes = dict.fromkeys(path_text(problem.node) for problem in errors if problem.node)
        where = f": {', '.join(nodes)}" if nodes else ""
        verb = "blocks" if len(errors) == 1 else "block"
        return Obstacle(f"{counted(len(errors), 'error')} {verb} training{where}.")
    first = next((problem for problem in problems if problem.severity.blocks), None)
    if first is None:
        return None
    text = next_step(first) if first.severity is Severity.UNFINISHED else first.message
    fix = first.fixes[0] if first.fixes else None
    return Obstacle(text, fix.label, fix.edit) if fix else Obstacle(text)


def _describe(source: Source, job: Job) -> _Reading:
    """Read what a source holds; a job that is cancelled ends at the next file or two."""

    began = time.monotonic()
    try:
        return _Reading(source, described(source, progress=lambda _: job.check()))
    except ChoiceFailedError:
        raise
    except LayerloomError as error:
        taken = int(1000 * (time.monotonic() - began))
        return _Reading(source, unreadable=str(error), again_after=max(_READ_AGAIN_AFTER, taken * _PAUSE))
