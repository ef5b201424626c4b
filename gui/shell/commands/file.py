"""The menu File."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import FILE, MENUS, Menu, Place
from gui.registry.session import Session
from gui.shell.export import export_python
from gui.shell.files import Files
from gui.shell.session import window_of


@COMMANDS.register
class New(Command):
    """Open an empty network."""

    name = "new"
    text = "New empty network"
    icon = "mdi6.plus"
    keys = ("Ctrl+N",)
    place = Place(FILE, 1, 1)
    on_start = 1
    needs_project = False

    def run(self, session: Session) -> None:
        session.part(Files).new()


@COMMANDS.register
class Open(Command):
    """Ask for a project file and open it."""

    name = "open"
    text = "Open…"
    icon = "mdi6.folder-open-outline"
    keys = ("Ctrl+O",)
    place = Place(FILE, 1, 2)
    on_start = 2
    needs_project = False

    def run(self, session: Session) -> None:
        session.part(Files).open()


class OpenRecent(Menu):
    """The files that were open last."""

    fills_itself = True

    def fill(self, menu: QMenu, session: Session) -> None:
        files = session.part(Files)
        for path in files.recent.paths():
            action = menu.addAction(path.name, partial(files.open_file, path))
            action.setToolTip(str(path))
        menu.addSeparator()
        menu.addAction("Clear the list", files.recent.clear)


MENUS.add(OpenRecent("recent", "Open recent", place=Place(FILE, 1, 3)))


@COMMANDS.register
class NewFromFolder(Command):
    """Ask for an image folder and learn from it."""

    name = "new_from_folder"
    text = "Start from an image folder…"
    icon = "mdi6.folder-image"
    place = Place(FILE, 1, 4)
    on_start = 3
    needs_project = False

    def run(self, session: Session) -> None:
        preferences, title = session.preferences, "Choose a folder with a sub-folder for each class"
        name = QFileDialog.getExistingDirectory(session.window, title, str(preferences.folder))
        if name:
            preferences.folder = Path(name)
            window_of(session).use_folder(Path(name))


@COMMANDS.register
class Templates(Command):
    """Bring the templates into view."""

    name = "templates"
    text = "Templates…"
    icon = "mdi6.view-grid-outline"
    keys = ("Ctrl+T",)
    place = Place(FILE, 1, 5)
    needs_project = False

    def run(self, session: Session) -> None:
        if session.is_open:
            session.show_panel("templates")
        else:
            window_of(session).start.search.setFocus()


@COMMANDS.register
class Save(Command):
    """Save to the project's file, asking for one the first time."""

    name = "save"
    text = "Save"
    icon = "mdi6.content-save-outline"
    keys = ("Ctrl+S",)
    place = Place(FILE, 2, 1)

    def run(self, session: Session) -> None:
        session.part(Files).save()


@COMMANDS.register
class SaveAs(Command):
    """Ask for a file and save to it."""

    name = "save_as"
    text = "Save as…"
    keys = ("Ctrl+Shift+S",)
    place = Place(FILE, 2, 2)

    def run(self, session: Session) -> None:
        session.part(Files).save_as()


@COMMANDS.register
class ExportPython(Command):
    """Ask for a file and write the network as a PyTorch module."""

    name = "export_python"
    text = "Export Python…"
    icon = "mdi6.export-variant"
    keys = ("Ctrl+E",)
    place = Place(FILE, 2, 3)

    def run(self, session: Session) -> None:
        export_python(window_of(session))


@COMMANDS.register
class Close(Command):
    """Close the project, or the window if there is none."""

    name = "close"
    text = "Close"
    keys = ("Ctrl+W",)
    place = Place(FILE, 3, 1)
    needs_project = False

    def run(self, session: Session) -> None:
        if session.is_open:
            session.part(Files).close()
        else:
            session.window.close()


@COMMANDS.register
class Quit(Command):
    """Close the window."""

    name = "quit"
    text = "Quit"
    keys = ("Ctrl+Q",)
    place = Place(FILE, 3, 2)
    needs_project = False

    def run(self, session: Session) -> None:
        session.window.close()
