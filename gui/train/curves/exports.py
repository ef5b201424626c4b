"""The way out of the curves: as a picture, as tables, as TensorBoard reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.errors import LayerloomError
from engine.files import save_whole
from engine.runs.run_folder import RunFolder
from engine.words import counted
from gui.background import LatestJob
from gui.train.curves.curve_data import as_csv
from gui.train.runs.runs import Runs
from gui.widgets.pictures import as_png


class CurvesExport(QObject):
    """Asks where to, and writes what the charts show; ``told`` says what came of it, and whether it failed."""

    told = Signal(str, bool)

    def __init__(self, runs: Runs, charts: QWidget) -> None:
        super().__init__(charts)
        self._runs, self._charts = runs, charts
        self._job = LatestJob("Exporting the curves", self)

    # What is written where

    def picture(self, path: str) -> None:
        """Save the charts as they look as a PNG file; raises `LayerloomError` if it cannot be written."""
        save_whole(Path(path), as_png(self._charts.grab()))

    def steps(self, path: str) -> None:
        """Save every step and epoch of the shown runs as a CSV file; raises `LayerloomError` like `picture`."""
        save_whole(Path(path), as_csv(list(self._runs.shown)).encode())

    def epochs(self, path: str) -> None:
        """Save one row an epoch of the shown runs as a CSV file."""
        from engine.runs.export import epochs_csv  # slow to import, and rare

        folders = self._folders()
        self._start(lambda: save_whole(Path(path), epochs_csv(folders).encode()), Path(path).name, folders)

    def tensorboard(self, path: str) -> None:
        """Write event files of the shown runs into a folder."""
        from engine.runs.export import write_tensorboard

        folders = self._folders()
        self._start(lambda: write_tensorboard(folders, Path(path)), path, folders)

    def _folders(self) -> list[RunFolder]:
        return [RunFolder(run.folder) for run in self._runs.shown if RunFolder.is_run(run.folder)]

    def _start(self, write: Callable[[], object], where: str, folders: Sequence[RunFolder]) -> None:
        words = f"{counted(len(folders), 'run')} exported to {where}."
        self._job.start(
            lambda _: write(),
            done=lambda _: self.told.emit(words, False),
            failed=lambda error: self.told.emit(str(error), True),
        )

    # Asking

    def ask_for_picture(self) -> None:
        """Ask for a file, and save the charts there."""
        self._ask(self.picture, "Save the curves", "curves.png", "Pictures (*.png)")

    def ask_for_steps(self) -> None:
        """Ask for a file, and save every step there."""
        self._ask(self.steps, "Save every step", "steps.csv", "Tables (*.csv)")

    def ask_for_epochs(self) -> None:
        """Ask for a file, and save the epochs there."""
        self._ask(self.epochs, "Save the epochs", "epochs.csv", "Tables (*.csv)")

    def ask_for_tensorboard(self) -> None:
        """Ask for a folder, and write event files there."""
        self._try(self.tensorboard, QFileDialog.getExistingDirectory(self._charts, "Write for TensorBoard"))

    def _ask(self, export: Callable[[str], None], title: str, name: str, kinds: str) -> None:
        path, _ = QFileDialog.getSaveFileName(self._charts, title, name, kinds)
        self._try(export, path)

    def _try(self, export: Callable[[str], None], path: str) -> None:
        if not path:
            return
        try:
            export(path)
        except LayerloomError as error:
            self.told.emit(str(error), True)
