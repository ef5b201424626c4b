"""Whether the project as it is can train, and what to do if it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.data.source import DataDescription, Source
from engine.errors import LayerloomError
from engine.network import Network, Problem, Severity
from engine.project import setup_of
from engine.recipe.recipe import Device
from engine.words import counted, path_text
from gui.background import Job
from gui.document import Document


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why training cannot start, in one sentence, and perhaps the edit that would clear the way."""

    text: str
    fix_label: str = ""
    fix: Callable[[Network], object] | None = None


class Readiness(QObject):
    """The problems of one document's project: of its drawing, and of network, data and recipe together.

    Data that must be read before their classes are known are read in a thread. ``changed`` says that ``problems`` or
    ``obstacle`` are others.
    """

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.document = document
        self.problems: tuple[Problem, ...] = ()
        self.obstacle: Obstacle | None = None
        self._found: tuple[Source | None, DataDescription | None] = (None, None)  # of a source that had to be read
        self._counting: Job | None = None
        self._devices: tuple[Device, ...] = ()
        document.replaced.connect(self.check)
        document.analysed.connect(self.check)
        document.settings_changed.connect(self.check)
        self.check()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that block training."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)

    def check(self) -> None:
        """Bring problems and obstacle up to date."""
        project = self.document.project
        source = project.data.source
        found = self._found[1] if self._found[0] == source else None
        if source.known is None and not source.missing and self._found[0] != source and self._counting is None:
            self._counting = Job(lambda job: _describe(source, job), self)
            self._counting.done.connect(self._take_found)
            self._counting.start()
        setup = setup_of(project, self.document.analysis, description=found, devices=self._devices)
        problems = project.task.problems(setup)
        if problems != self.problems or self._differs():
            self.problems, self.obstacle = problems, _obstacle(self.document, problems)
            self.changed.emit()

    def learn(self, source: Source, description: DataDescription) -> None:
        """Take over what a source holds from whoever has read it."""
        if source.known is None and self._found != (source, description):
            self._found = (source, description)
            self.check()

    def learn_devices(self, devices: Iterable[Device]) -> None:
        """Take over what devices this machine has, best first."""
        self._devices = tuple(devices)
        self.check()

    def close(self) -> None:
        """End the thread: the window closes."""
        if self._counting is not None:
            self._counting.cancel()
            self._counting.join()

    def _differs(self) -> bool:
        return _obstacle(self.document, self.problems) != self.obstacle

    def _take_found(self, found: tuple[Source, DataDescription | None]) -> None:
        self._found, self._counting = found, None
        self.check()


def readiness_of(document: Document) -> Readiness:
    """The one `Readiness` of a document."""
    return document.findChild(Readiness) or Readiness(document)


def _obstacle(document: Document, problems: tuple[Problem, ...]) -> Obstacle | None:
    """What blocks training: the errors of the drawing in one sentence, or else the first other error."""
    errors = document.analysis.errors
    if errors:
        nodes = dict.fromkeys(path_text(problem.node) for problem in errors if problem.node)
        where = f": {', '.join(nodes)}" if nodes else ""
        verb = "blocks" if len(errors) == 1 else "block"
        return Obstacle(f"{counted(len(errors), 'error')} {verb} training{where}.")
    first = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
    if first is None:
        return None
    fix = first.fixes[0] if first.fixes else None
    return Obstacle(first.message, fix.label, fix.edit) if fix else Obstacle(first.message)


def _describe(source: Source, job: Job) -> tuple[Source, DataDescription | None]:
    """What a source that must be read holds; None where it cannot be, which training will say better."""
    try:
        return source, source.describe()
    except LayerloomError:
        return source, None
    finally:
        job.check()
