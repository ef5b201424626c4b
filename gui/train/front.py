"""When Train shows what is before a run, and when the run."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from gui.registry.session import Session
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
        self._runs.started.connect(lambda: session.give_way(_SETTINGS, to=_RUNS))
        session.document.replaced.connect(self._begin_anew)
        later = Qt.ConnectionType.QueuedConnection  # once it is known whether runs are being read
        self._runs.listed.connect(self._decide, later)

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
