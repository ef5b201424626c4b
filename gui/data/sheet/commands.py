"""What can be done with an image of the sheet, by its menu."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from gui.registry.commands import Commands, LocalCommand, Spot

if TYPE_CHECKING:
    from gui.data.sheet.view import SheetView

IMAGE = "image"
"""The menu of an image."""


class SheetCommand(LocalCommand["SheetView"]):
    """A command for the current image."""


SHEET_COMMANDS: Commands[SheetCommand] = Commands("command of the sheet", name_of=lambda command: command.name)


@SHEET_COMMANDS.register
class Enlarge(SheetCommand):
    """Show the image at its own size."""

    name = "enlarge_image"
    text = "Large view"
    icon = "mdi6.magnify-plus-outline"
    local_keys = ("Return",)
    spots = (Spot(IMAGE, 1, 1),)

    def act(self, subject: SheetView) -> None:
        subject.enlarge()


@SHEET_COMMANDS.register
class Mark(SheetCommand):
    """Mark the image for the preview, or take its mark away."""

    name = "mark_image"
    text = "Mark for the preview"
    icon = "mdi6.numeric-1-circle-outline"
    local_keys = ("Space",)
    spots = (Spot(IMAGE, 1, 2),)

    def act(self, subject: SheetView) -> None:
        subject.toggle_mark()

    def face(self, subject: SheetView, part: str) -> tuple[str, str]:
        return self.icon, "Take its mark away" if subject.grid.current in subject.data.marked.images else self.text


class _OfFile(SheetCommand):
    in_vain = "The images of this data set are no files."

    def possible(self, subject: SheetView) -> bool:
        return subject.current_file() is not None


@SHEET_COMMANDS.register
class OpenInFileManager(_OfFile):
    """Show the folder of the image's file."""

    name = "open_in_file_manager"
    text = "Open in the file manager"
    icon = "mdi6.folder-open-outline"
    spots = (Spot(IMAGE, 2, 1),)

    def act(self, subject: SheetView) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(_file(subject).parent)))


@SHEET_COMMANDS.register
class CopyPath(_OfFile):
    """Copy the path of the image's file."""

    name = "copy_image_path"
    text = "Copy path"
    icon = "mdi6.content-copy"
    spots = (Spot(IMAGE, 2, 2),)

    def act(self, subject: SheetView) -> None:
        QApplication.clipboard().setText(str(_file(subject)))


def _file(subject: SheetView) -> Path:
    file = subject.current_file()
    assert file is not None  # possible says so
    return file
