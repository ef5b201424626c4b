"""The workspace Train, and the commands of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import LayerloomError
from engine.recipe.device import Device
from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import TRAIN, Place, submenu
from gui.registry.session import Session
from gui.registry.workspaces import WORKSPACES, Centre, Workspace

if TYPE_CHECKING:
    from gui.train.range_test.range_test import RangeTest as Model
    from gui.train.runs.runs import Runs

DEVICE = submenu("device", "Device", Place(TRAIN, 2, 3))


@WORKSPACES.register
class TrainWorkspace(Workspace):
    """The network of the run in view beside its curves."""

    name = "train"
    title = "Train"
    icon = "mdi6.chart-line"
    keys = ("Ctrl+3",)
    order = 3
    follows_run = True
    command = "train_view"

    def make(self, session: Session) -> Centre:
        from gui.train.range_test.range_test import range_test_of
        from gui.train.workspace import TrainWorkspace as Page  # the first paint does without it

        page = session.share(Page(session.document, _runs(session)))
        session.closing.connect(session.share(range_test_of(_runs(session))).close)
        page.curves.remember(session.preferences)
        return Centre(page, page.curves.loss)

    def join(self, session: Session) -> None:
        from gui.train.front import Front

        Front(session)


@COMMANDS.register
class Train(Command):
    """Start a run, or say what is in the way."""

    name = "train"
    text = "Train"
    icon = "mdi6.play"
    keys = ("Ctrl+Enter", "Ctrl+Return")
    place = Place(TRAIN, 1, 1)

    def enabled(self, session: Session) -> bool:
        return not _runs(session).refusal

    def why_not(self, session: Session) -> str:
        return _runs(session).refusal if session.is_open else super().why_not(session)

    def run(self, session: Session) -> None:
        try:
            _runs(session).start()
        except LayerloomError as error:
            _tell(session, str(error))
        else:
            session.show_workspace(TrainWorkspace.name)


@COMMANDS.register
class Pause(Command):
    """Pause the run that trains, or let it go on."""

    name = "pause"
    text = "Pause"
    icon = "mdi6.pause"
    keys = ("Ctrl+.",)
    place = Place(TRAIN, 1, 2)
    in_vain = "Nothing is training."

    def enabled(self, session: Session) -> bool:
        return _runs(session).active is not None

    def words(self, session: Session) -> str:
        active = _runs(session).active if session.is_open else None
        return "Resume" if active is not None and active.status.paused else self.text

    def run(self, session: Session) -> None:
        _runs(session).pause_or_resume()


@COMMANDS.register
class Stop(Command):
    """End the run that trains; it can be continued."""

    name = "stop"
    text = "Stop"
    icon = "mdi6.stop"
    place = Place(TRAIN, 1, 3)
    in_vain = "Nothing is training."

    def enabled(self, session: Session) -> bool:
        return _runs(session).active is not None

    def run(self, session: Session) -> None:
        _runs(session).stop()


@COMMANDS.register
class TrainingSettings(Command):
    """Show how the next run will train."""

    name = "training_settings"
    text = "Training settings"
    icon = "mdi6.tune"
    place = Place(TRAIN, 2, 2)

    def run(self, session: Session) -> None:
        session.show_panel("training")


@COMMANDS.register
class RangeTest(Command):
    """Try which learning rates work, before a run."""

    name = "range_test"
    text = "Learning-rate range test"
    icon = "mdi6.chart-bell-curve-cumulative"
    local_keys = ("L",)
    place = Place(TRAIN, 2, 4)

    def enabled(self, session: Session) -> bool:
        return not _range_test(session).refusal

    def why_not(self, session: Session) -> str:
        return _range_test(session).refusal if session.is_open else super().why_not(session)

    def run(self, session: Session) -> None:
        session.show_panel("training")
        _range_test(session).start()


@COMMANDS.register
class TableOfRuns(Command):
    """Show all runs in a table that can be sorted, searched and exported."""

    name = "runs_table"
    text = "Table of runs"
    icon = "mdi6.table"
    place = Place(TRAIN, 2, 5)

    def run(self, session: Session) -> None:
        from gui.train.table.window import show_table  # the first paint does without it

        show_table(session)


class ChooseDevice(Command):
    """Choose where training runs."""

    choice = "device"

    def __init__(self, device: Device, order: int) -> None:
        self._device = device
        self.name, self.text = f"device_{device.value}", device.label
        self.place = Place(DEVICE, 1, order)

    def checked(self, session: Session) -> bool:
        return session.is_open and session.document.project.training.device is self._device

    def run(self, session: Session) -> None:
        settings = session.document.project.training.model_copy(update={"device": self._device})
        session.document.change_settings("Device", settings)


for _order, _device in enumerate(Device):
    COMMANDS.add(ChooseDevice(_device, _order))


def _runs(session: Session) -> Runs:
    from gui.train.runs.runs import Runs

    return session.part(Runs)


def _range_test(session: Session) -> Model:
    from gui.train.range_test.range_test import RangeTest

    return session.part(RangeTest)


def _tell(session: Session, text: str) -> None:
    """Say why a run cannot start, with what mends it, if anything does."""
    obstacle = _runs(session).obstacle
    if obstacle is None or obstacle.fix is None:
        session.tell(text)
        return
    label, fix = obstacle.fix_label, obstacle.fix
    session.tell(text, remedy=label, mend=lambda: session.document.edit(label, fix))
