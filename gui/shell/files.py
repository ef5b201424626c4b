"""Opening and saving: one document at a time, and nothing lost without a question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.data.user_folder import source_of
from engine.errors import LayerloomError
from engine.network import analyse
from engine.network.layout import is_laid_out, tidy
from engine.project import SUFFIX, Project, load_project, save_project
from gui.background import Job
from gui.document import Document
from gui.preferences import Preferences
from gui.shell.leaving import Leave, ask_to_leave
from gui.start.recent import RecentFiles

if TYPE_CHECKING:
    from engine.runs.run_folder import RunFolder

_FILTER = "Layerloom project (*.loom)"


class Files(QObject):
    """The file commands of one window. What fails is told by ``failed`` and leaves everything as it was.

    ``training`` is set by the window: it names the run that trains, "" if none does.
    """

    opened = Signal()
    closed = Signal()
    failed = Signal(str)
    busy = Signal(str)  # what is being opened; "" when done

    def __init__(self, document: Document, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self.document = document
        self.recent = RecentFiles(preferences, self)
        self._preferences = preferences
        self._window = window
        self._job: Job | None = None
        self.training: Callable[[], str] = lambda: ""

    # Opening

    def new(self) -> None:
        """Open an empty network."""
        if self.may_leave():
            self.cancel()
            self._show(Project(), None)

    def open(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open", str(self._preferences.folder), _FILTER)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Open a project file."""
        if self.may_leave():
            self._preferences.folder = path.parent
            self._open(lambda: load_project(path), path, f"Opening {path.name}")

    def open_run(self, run: RunFolder) -> None:
        """Open a copy of the project that a run trained; the run keeps its own."""
        if self.may_leave():
            self._open(run.project, None, f"Opening {run.path.name}")

    def open_template(
        self, name: str, options: dict[str, Any] | None = None, then: Callable[[], object] | None = None
    ) -> None:
        """Draw a template, and go on with ``then`` when it is there."""
        if self.may_leave():
            self._open(lambda: _project_from(name, options or {}), None, "Drawing the template", then)

    def open_template_for(self, name: str, folder: Path, then: Callable[[], object] | None = None) -> None:
        """Draw a template that tells the classes of an image folder apart, and go on with ``then`` when it is there."""
        if self.may_leave():
            self._open(lambda: _project_for(name, folder), None, f"Looking at {folder.name}", then)

    def use_folder(self, folder: Path) -> None:
        """Let the open project learn from an image folder, divided as before."""
        data = self.document.project.data.from_source(source_of(folder))
        self.document.change_settings("Choose the image folder", data)

    def restore(self, project: Project, path: Path | None) -> None:
        """Open a project that was rescued: it counts as not saved."""
        self.cancel()
        self.document.replace(project, path, modified=True)
        self.opened.emit()

    # Saving

    def save(self) -> bool:
        """Save to the project's file, asking for one the first time; False if that did not happen."""
        path = self.document.path
        return self.save_to(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it."""
        suggestion = self._preferences.folder / self.document.title
        name, _ = QFileDialog.getSaveFileName(self._window, "Save as", str(suggestion), _FILTER)
        if not name:
            return False
        path = Path(name)
        return self.save_to(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    def save_to(self, path: Path) -> bool:
        """Save to a file; if that fails, the document stays open and modified."""
        try:
            save_project(self.document.project, path)
        except LayerloomError as error:
            self.failed.emit(str(error))
            return False
        self._preferences.folder = path.parent
        self.recent.add(path)
        self.document.mark_saved(path)
        return True

    # Closing

    def close(self) -> bool:
        """Close the document; False if the user keeps it."""
        if not self.may_leave():
            return False
        self.cancel()
        self.document.replace(Project())
        self.closed.emit()
        return True

    def may_leave(self) -> bool:
        """Whether the open project may go: it is saved and nothing trains, or the user says so."""
        unsaved, training = self.document.title if self.document.modified else "", self.training()
        if not (unsaved or training):
            return True
        answer = ask_to_leave(self._window, unsaved=unsaved, training=training)
        return self.save() if answer is Leave.SAVE else answer is Leave.GO

    # Work off the GUI thread

    def _open(
        self, make: Callable[[], Project], path: Path | None, text: str, then: Callable[[], object] | None = None
    ) -> None:
        self.cancel()
        left = self.document.undo_stack.index()

        def work(_: Job) -> Project:
            project = make()
            if not is_laid_out(project.network):
                tidy(project.network, project.view.flow, analyse(project.network))
            return project

        def show(project: Project) -> None:
            self.busy.emit("")
            if self.document.undo_stack.index() != left and not self.may_leave():  # it was edited meanwhile
                return
            self._show(project, path)
            if then is not None:
                then()

        self.busy.emit(text)
        self._job = Job(work, self)
        self._job.done.connect(show)
        self._job.failed.connect(self._tell_failure)
        self._job.start()

    def cancel(self) -> None:
        """Give up on what is being opened."""
        if self._job is not None and self._job.running:
            self._job.cancel()
            self.busy.emit("")

    def _tell_failure(self, error: LayerloomError) -> None:
        self.busy.emit("")
        self.failed.emit(str(error))

    def _show(self, project: Project, path: Path | None) -> None:
        self.document.replace(project, path)
        if path is not None:
            self.recent.add(path)
        self.opened.emit()


def _project_from(name: str, options: dict[str, Any]) -> Project:
    from templates import build

    return Project(build(name, **options))


def _project_for(name: str, folder: Path) -> Project:
    from templates.targets import load_target

    return load_target(name, data=str(folder.absolute()), fit_classes=True)
