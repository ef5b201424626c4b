"""The workspace Data, and the commands that bring images into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import COMMANDS, Command, Tool
from gui.registry.menus import TRAIN, Place
from gui.registry.session import Session
from gui.registry.workspaces import WORKSPACES, Centre, Workspace

if TYPE_CHECKING:
    from gui.data.panel import DataSetPanel


@WORKSPACES.register
class DataWorkspace(Workspace):
    """The images that the network learns from, and what it receives of them."""

    name = "data"
    title = "Data"
    icon = "mdi6.database-outline"
    keys = ("Ctrl+2",)
    order = 2
    left_width, right_width = 288, 384
    narrow_left_width, narrow_right_width = 240, 320
    hides_bottom = tells_classes = True

    def make(self, session: Session) -> Centre:
        from gui.data.workspace import make_centre  # the first paint does without it

        return make_centre(session)


@COMMANDS.register
class ChooseData(Command):
    """Show what the network learns from."""

    name = "choose_data"
    text = "Choose a data set"
    icon = "mdi6.database-outline"
    place = Place(TRAIN, 4, 1)

    def run(self, session: Session) -> None:
        session.show_workspace(DataWorkspace.name)


@COMMANDS.register
class OpenFolder(Command):
    """Ask for a folder of images and learn from it."""

    name = "open_image_folder"
    text = "Learn from a folder…"
    icon = "mdi6.folder-image"
    place = Place(TRAIN, 4, 2)
    tool = Tool(1, "Open folder…", workspace=DataWorkspace.name, framed=True)

    def run(self, session: Session) -> None:
        session.show_workspace(DataWorkspace.name)
        _panel(session).ask_for_another()


@COMMANDS.register
class ScanAgain(Command):
    """Read the data set anew, as its files may have changed."""

    name = "scan_again"
    text = "Scan the data again"
    icon = "mdi6.history"
    place = Place(TRAIN, 4, 3)
    tool = Tool(2, "Scan again", workspace=DataWorkspace.name)

    def run(self, session: Session) -> None:
        from gui.data.data_set import DataSet

        session.show_workspace(DataWorkspace.name)
        session.part(DataSet).read_again()


def _panel(session: Session) -> DataSetPanel:
    from gui.data.panel import DataSetPanel

    return session.part(DataSetPanel)
