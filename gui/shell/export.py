"""Export Python: the network as a file that needs only torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from engine.errors import LayerloomError
from engine.files import save_whole

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow


def export_python(window: MainWindow) -> None:
    """Ask for a file and write the source; what fails is told in the window."""
    suggestion = window.preferences.folder / window.document.file_name(".py")
    name, _ = QFileDialog.getSaveFileName(window, "Export Python", str(suggestion), "Python (*.py)")
    if name:
        write_source(window, Path(name))


def write_source(window: MainWindow, path: Path) -> None:
    """Write the network's source to ``path`` and say so."""
    from engine.compiling.source import python_source  # the first paint does without it

    try:
        save_whole(path, python_source(window.document.network).text.encode())
    except LayerloomError as error:
        window.tell(str(error))
    else:
        window.tell(f"{path.name} holds the network: build() returns an nn.Module.", kind="info")
