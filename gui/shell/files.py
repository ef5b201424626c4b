"""Opening and saving: one document at a time, and nothing lost without a question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.errors import LayerloomError
from engine.files import fingerprint, is_there, remove_leftovers
from gui.background import Job, LatestJob
from gui.document import Document, empty_project
from gui.preferences import Preferences
from gui.shell.changed_file import Overwrite, ask_to_overwrite, ask_to_replace
from gui.shell.leaving import Leave, ask_to_leave
from gui.start.recent import RecentFiles
from gui.start.unsaved import Unsaved

if TYPE_CHECKING:  # the first paint does without them
    from engine.project import Project
    from engine.runs.run_folder import RunFolder

_FILTER = "Layerloom project (*.loom)"


class Files(QObject):
    """The file commands of one window. What fails is told by ``failed`` and leaves everything as it was.

    ``training`` is set by the window: it names the run that trains, "" if none does.
    """

    opened = Signal()
    closed = Signal()
    saved = Signal(object)  # the `Path`
    failed = Signal(str)
    changed_by_others = Signal(str)  # the name of the open file
    busy = Signal(str)  # what is being opened; "" when done

    def __init__(self, document: Document, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self.document = document
        self.recent = RecentFiles(preferences, self)
        self._preferences = preferences
        self._window = window
        self._opening = LatestJob("Opening the project", self)
        self._looking = LatestJob("Looking at the file", self)
        self._told = ""  # the content of the open file, changed by others, that was told of last
        self.training: Callable[[], str] = lambda: ""

    # Opening

    def new(self) -> None:
        """Open an empty network."""
        if self.may_leave():
            self.cancel()
            self._show(empty_project())

    def open(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open", str(self._preferences.folder), _FILTER)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Open a project file."""
        if self.may_leave():
            self._preferences.folder = path.parent
            self._open(partial(_read, path), path, f"Opening {path.name}")

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
        from engine.data.user_folder import source_of

        data = self.document.project.data.from_source(source_of(folder))
        self.document.change_settings("Choose the image folder", data)

    def restore(self, work: Unsaved) -> bool:
        """Go on with unsaved work, whose project can be read; False if the user keeps what is open."""
        assert work.project is not None
        if not self.may_leave():
            return False
        self.cancel()
        origin, modified = work.origin, work.folder is not None
        self.document.replace(work.project, work.path, content=origin.content, key=origin.key, modified=modified)
        self.opened.emit()
        return True

    def reload(self) -> None:
        """Read the open project's file anew; what was changed here is dropped."""
        path = self.document.path
        if path is not None:
            self._open(partial(_read, path), path, f"Opening {path.name}")

    def look_at_disk(self) -> None:
        """See whether another program changed the open project's file, and tell once."""
        path, known = self.document.path, self.document.content
        if path is None or known is None:
            return

        def compare(content: str | None) -> None:
            if content not in (None, self._told, known) and self.document.content == known:
                self._told = content or ""
                self.changed_by_others.emit(path.name)

        self._looking.start(lambda _: fingerprint(path), done=compare, failed=self._tell_failure)

    # Saving

    def save(self) -> bool:
        """Save to the project's file, asking for one the first time; False if that did not happen."""
        path, known = self.document.path, self.document.content
        if path is None:
            return self.save_as()
        if known is None or fingerprint(path) in (None, known):
            return self.save_to(path)
        answer = ask_to_overwrite(self._window, path.name)
        if answer is Overwrite.RELOAD:
            self.reload()
        if answer is Overwrite.SAVE_AS:
            return self.save_as()
        return answer is Overwrite.SAVE and self.save_to(path)

    def save_as(self) -> bool:
        """Ask for a file and save to it."""
        from engine.project import SUFFIX

        document = self.document
        suggestion = self._preferences.folder / (document.path.name if document.path else document.file_name(SUFFIX))
        name, _ = QFileDialog.getSaveFileName(self._window, "Save as", str(suggestion), _FILTER)
        if not name:
            return False
        path = Path(name)
        if path.suffix != SUFFIX:  # the dialog has asked about the name alone
            path = path.with_name(path.name + SUFFIX)
            if is_there(path) and not ask_to_replace(self._window, path.name):
                return False
        return self.save_to(path)

    def save_to(self, path: Path) -> bool:
        """Save to a file; if that fails, the document stays open and modified.

        The network is called as the file is, unless it was given another name than the file of before.
        """
        from engine.project import save_project

        network, before = self.document.network, self.document.network.name
        if self.document.path is None or before == self.document.path.stem:
            network.name = path.stem.encode(errors="replace").decode()  # a system may take bytes that are no text
        try:
            save_project(self.document.project, path)
        except LayerloomError as error:
            network.name = before
            self.failed.emit(str(error))
            return False
        self._preferences.folder = path.parent
        self.recent.add(path)
        self.document.mark_saved(path, fingerprint(path))
        self.saved.emit(path)
        return True

    # Closing

    def close(self) -> bool:
        """Close the document; False if the user keeps it."""
        if not self.may_leave():
            return False
        self.cancel()
        self.document.replace(empty_project())
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

        def work(_: Job) -> tuple[Project, str | None]:
            content = fingerprint(path) if path is not None else None  # first: what is written meanwhile is another
            if path is not None:
                remove_leftovers(path)
            return _laid_out(make()), content

        def show(opened: tuple[Project, str | None]) -> None:
            self.busy.emit("")
            if self.document.undo_stack.index() != left and not self.may_leave():  # it was edited meanwhile
                return
            self._show(opened[0], path, opened[1])
            if then is not None:
                then()

        self.busy.emit(text)
        self._opening.start(work, done=show, failed=self._tell_failure)

    def cancel(self) -> None:
        """Give up on what is being opened."""
        self._looking.cancel()
        if self._opening.running:
            self._opening.cancel()
            self.busy.emit("")

    def _tell_failure(self, error: LayerloomError) -> None:
        self.busy.emit("")
        self.failed.emit(str(error))

    def _show(self, project: Project, path: Path | None = None, content: str | None = None) -> None:
        self.document.replace(project, path, content=content)
        if path is not None:
            self.recent.add(path)
        self.opened.emit()


def _read(path: Path) -> Project:
    from engine.project import load_project

    return load_project(path)


def _laid_out(project: Project) -> Project:
    from engine.network import analyse
    from engine.network.layout import is_laid_out, tidy

    if not is_laid_out(project.network):
        tidy(project.network, project.view.flow, analyse(project.network))
    return project


def _project_from(name: str, options: dict[str, Any]) -> Project:
    from engine.project import Project
    from templates import build

    return Project(build(name, **options))


def _project_for(name: str, folder: Path) -> Project:
    from templates.targets import load_target

    return load_target(name, data=str(folder.absolute()), fit_classes=True)
