"""When Train shows what is before a run, and when the run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from engine.project import Project
from engine.runs.queue import Entry
from gui.guard import border
from gui.registry.commands import COMMANDS
from gui.registry.session import Session
from gui.train.queue.run_queue import RunQueue
from gui.train.range_test.range_test import RangeTest
from gui.train.runs.runs import Runs
from gui.train.workspace import TrainWorkspace

_SETTINGS, _RUNS = "training", "runs"  # the panels


class Front(QObject):
    """The settings come to the front in a project without runs, and give way to the run that starts."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._page, self._runs = session, session.part(TrainWorkspace), session.part(Runs)
        self._decided = False  # what this project begins with
        session.front_changed.connect(self._follow)
        self._test = session.part(RangeTest)
        self._begin, self._cancel = self._key("L", self._try_rates), self._key("Esc", self._test.cancel)
        self._test.changed.connect(self._enable_keys)
        self._enable_keys()
        self._page.before.template_wanted.connect(lambda: COMMANDS["templates"].run(session))
        self._page.before.problems_wanted.connect(lambda: session.show_panel("problems"))
        session.follow(self._test.changed)
        self._runs.started.connect(lambda: session.give_way(_SETTINGS, to=_RUNS))
        self._runs.queue_asked.connect(self._queue)
        session.document.replaced.connect(self._begin_anew)
        later = Qt.ConnectionType.QueuedConnection  # once it is known whether runs are being read
        self._runs.listed.connect(self._decide, later)

    def _key(self, keys: str, act: Callable[[], None]) -> QShortcut:
        """Answer keys wherever the keyboard is on the page."""
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        return QShortcut(QKeySequence(keys), self._page, act, context=context)

    def _enable_keys(self) -> None:
        self._begin.setEnabled(self._test.going is None)
        self._cancel.setEnabled(self._test.going is not None)  # else it is for the charts

    def _try_rates(self) -> None:
        command = COMMANDS["range_test"]
        if command.usable(self._session):
            border().do(lambda: command.run(self._session))

    def _queue(self, project: Project, name: str) -> None:
        entry = Entry.of(project, name=name)
        self._session.part(RunQueue).add([entry])
        show_queued(self._session, entry)

    def _follow(self) -> None:
        self._page.show_before_run(self._session.is_in_front(_SETTINGS))

    def _begin_anew(self) -> None:
        self._decided = False
        self._session.give_way(_SETTINGS, to=_RUNS)

    def _decide(self) -> None:
        if self._decided or self._runs.loading or self._session.closed:
            return
        self._decided = True
        if not self._runs.all:
            self._session.give_way(_RUNS, to=_SETTINGS)


def show_queued(session: Session, entry: Entry) -> None:
    """Show an entry that came into the queue, and say which run it will be."""
    session.show_panel("queue")
    session.announce(f"Queued as run {session.part(RunQueue).numbers()[entry.key]}")
