"""The commands of the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import COMMANDS, Command, Tool
from gui.registry.menus import TRAIN, Place
from gui.registry.session import Session
from gui.train.declared import TrainWorkspace

if TYPE_CHECKING:
    from gui.train.queue.run_queue import RunQueue
    from gui.train.runs.runs import Runs


@COMMANDS.register
class AddToQueue(Command):
    """Queue the project as it is now."""

    name = "add_to_queue"
    text = "Add to queue"
    icon = "mdi6.playlist-plus"
    keys = ("Ctrl+Shift+Enter", "Ctrl+Shift+Return")
    place = Place(TRAIN, 3, 1)
    tool = Tool(1, "Add to queue", workspace=TrainWorkspace.name, framed=True)

    def enabled(self, session: Session) -> bool:
        return _runs(session).obstacle is None

    def why_not(self, session: Session) -> str:
        obstacle = _runs(session).obstacle if session.is_open else None
        return obstacle.text if obstacle else super().why_not(session)

    def run(self, session: Session) -> None:
        from gui.train.front import show_queued

        show_queued(session, _queue(session).add_form())


@COMMANDS.register
class TrainQueue(Command):
    """Train what is queued, one run after another."""

    name = "train_queue"
    text = "Train the queue"
    icon = "mdi6.playlist-play"
    place = Place(TRAIN, 3, 2)

    in_vain = "Nothing is queued."

    def enabled(self, session: Session) -> bool:
        return _queue(session).training or _queue(session).queue.next is not None

    def words(self, session: Session) -> str:
        return "Pause the queue" if session.is_open and _queue(session).training else self.text

    def run(self, session: Session) -> None:
        queue = _queue(session)
        if queue.training:
            queue.wait()
        else:
            queue.train()
            session.show_workspace(TrainWorkspace.name)


@COMMANDS.register
class CopySettings(Command):
    """Let the form show the settings of the run in view."""

    name = "copy_settings"
    text = "Copy settings"
    icon = "mdi6.content-copy"
    place = Place(TRAIN, 3, 3)
    tool = Tool(2, "Copy settings", workspace=TrainWorkspace.name, whole=True)
    in_vain = "There is no run yet."

    def enabled(self, session: Session) -> bool:
        return _runs(session).current is not None

    def words(self, session: Session) -> str:
        run = _runs(session).current if session.is_open else None
        return f"{self.text} of run {run.number}" if run else self.text

    def run(self, session: Session) -> None:
        run = _runs(session).current
        if run is not None:
            label = f"Copy the settings of run {run.number}"
            session.document.change_several_settings(label, run.settings, run.project.data)
            session.announce(f"The form shows the settings of run {run.number}; Undo brings back its own")


def _runs(session: Session) -> Runs:
    from gui.train.runs.runs import Runs

    return session.part(Runs)


def _queue(session: Session) -> RunQueue:
    from gui.train.queue.run_queue import RunQueue

    return session.part(RunQueue)
