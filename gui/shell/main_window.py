"""The window: menus, toolbar, start screen or workbench, message bar and status bar."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from engine.files import is_folder, is_there
from engine.log import log_file
from gui.background import Job
from gui.data.declared import DataWorkspace
from gui.document import Document
from gui.guard import border
from gui.preferences import Preferences
from gui.registry.session import Tone
from gui.shell.actions import Actions
from gui.shell.command_palette import CommandPalette
from gui.shell.files import Files
from gui.shell.menu_bar import MenuBar
from gui.shell.parts import focus_next
from gui.shell.recovery import Recovery
from gui.shell.scaling import MINIMUM_SIZE
from gui.shell.session import WindowSession
from gui.start.gallery import Gallery
from gui.start.start_screen import DEMO, StartScreen
from gui.start.unsaved import Unsaved
from gui.start.warm_up import WarmUp
from gui.style.style import styled_at_once
from gui.widgets import layouts
from gui.widgets.busy_bar import BusyBar
from gui.widgets.keyboard import Keyboard
from gui.widgets.logo import window_icon
from gui.widgets.message_bar import MessageBar, Remedy
from gui.widgets.pages import Pages

if TYPE_CHECKING:
    from gui.shell.workspace_view import WorkspaceView

FIRST_SIZE = QSize(1600, 1000)
_WORKSPACES = "gui.shell.workspace_view"  # imported behind the first paint


class MainWindow(QMainWindow):
    """One document at a time: the start screen while there is none, else a `WorkspaceView`.

    The workspaces are made after the first paint (or when a document first needs them): nothing of them shows on
    the start screen.
    """

    painted = Signal()  # once, when the first paint is done

    def __init__(self, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.preferences = preferences or Preferences()
        self.document = Document(parent=self)
        self.session = WindowSession(self)
        self.actions_ = Actions(self.session)
        self.files = self.session.share(Files(self.document, self.preferences, self))
        self.gallery = self.session.share(Gallery(self))
        self.recovery = Recovery(self.document, self)
        self.warm_up = WarmUp(_WORKSPACES, self)
        self.view: WorkspaceView | None = None
        self._asks = True
        self._failure = ""  # of opening or saving, as it was told last
        self._has_painted = False
        self.setWindowIcon(window_icon())
        self.setMinimumSize(MINIMUM_SIZE)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self._lay_out()
        self._connect()
        self.actions_.refresh()
        self._keyboard = Keyboard(self, self._middle)
        self._restore_geometry()
        self.show_title()

    @property
    def has_document(self) -> bool:
        """Whether a document is open, and not the start screen."""
        return self._pages.currentWidget() is not self.start

    # Opening

    def open_target(self, target: str, options: dict[str, Any] | None = None) -> None:
        """Open a project file or the project of a run, or draw a template by its name, perhaps with options."""
        from engine.project import SUFFIX  # the first paint does without them
        from engine.runs.run_folder import RunFolder

        path = Path(target)
        if RunFolder.is_run(path):
            self.files.open_run(RunFolder(path.absolute()))
        elif path.suffix == SUFFIX or is_there(path):
            self.files.open_file(path.absolute())
        else:
            self.files.open_template(target, options)

    def train_demo(self) -> None:
        """Open LeNet-5 with the bundled digits and train it, no question asked."""
        self.files.open_template(DEMO, then=self._train)

    def workspaces(self) -> WorkspaceView:
        """The workspaces, made now if they are not there yet."""
        if self.view is None:
            from gui.shell.workspace_view import WorkspaceView

            with styled_at_once():
                self.view = WorkspaceView(self)
            self._pages.addWidget(self.view.centre)
        return self.view

    def add_toolbar(self, toolbar: QWidget) -> None:
        """Place the toolbar below the menus."""
        self._top.addWidget(toolbar)

    def tell(self, text: str, *remedies: Remedy, kind: Tone = "error") -> None:
        """Show a sentence across the top of the centre."""
        self.messages.tell(text, *remedies, kind=kind)

    def tell_crash(self, text: str) -> None:
        """Say that something unexpected went wrong, with the way to its details."""
        self.tell(text, Remedy("Open the log", _open_log))

    def _tell_failure(self, text: str) -> None:
        self._failure = text
        self.tell(text)

    def _confirm(self, path: Path) -> None:
        """Say that a project is saved, and where; that it could not be is over."""
        self.messages.retract(self._failure)
        if self.has_document:
            self.workspaces().status.announce(f"Saved {path.name} in {path.parent}")

    def _tell_left_out(self, text: str) -> None:
        self.messages.tell(text, Remedy("Open the log", _open_log), stays=True)

    def parts(self) -> tuple[QWidget, ...]:
        """The parts that F6 goes through: menu, toolbar, left, centre, right, bottom."""
        if self.view is None or not self.has_document:
            return (self.menu, self.start)
        docks = self.view.bench.docks
        return (self.menu, self.view.toolbar, docks["left"], self.view.centre, docks["right"], docks["bottom"])

    def cycle_parts(self, step: int) -> None:
        """Move the keyboard to another part of the window, as many on as ``step``."""
        focus_next(self.parts(), self.focusWidget(), step)

    def restore(self, work: Unsaved) -> None:
        """Go on with work that was never saved, or say why that cannot be."""
        if work.project is None:
            self._offer_unsaved([work])
        elif self.files.restore(work) and work.folder is not None:
            self.recovery.adopt(work.folder)

    def find_command(self) -> None:
        """Open the command palette."""
        CommandPalette(self.actions_, self).open_over(self)

    def apply_preferences(self) -> None:
        """Take over what the preferences say."""
        if self.view is not None:
            self.view.apply_preferences()

    # Making

    def _lay_out(self) -> None:
        self.menu = MenuBar(self.actions_)
        self._top = layouts.column(None, self.menu)
        top = QWidget()
        top.setLayout(self._top)
        self.setMenuWidget(top)
        self.messages = MessageBar()
        self.start = StartScreen(self.gallery, self.files.recent, self.warm_up)
        self._pages = Pages()
        self._pages.setMinimumSize(1, 1)  # what is in front decides, not the largest of all pages
        self._pages.addWidget(self.start)
        centre = QWidget()
        column = layouts.column(centre, self.messages)
        column.addWidget(self._pages, 1)
        self.setCentralWidget(centre)
        self._busy = BusyBar(centre)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

    def _connect(self) -> None:
        border().forget()
        border().left_out.connect(self._tell_left_out)
        border().refused.connect(self.tell)
        self.document.title_changed.connect(self.show_title)
        self.files.training = self._training
        self.files.opened.connect(self._show_document)
        self.files.closed.connect(self._show_start)
        self.files.saved.connect(self._confirm)
        self.files.failed.connect(self._tell_failure)
        self.files.busy.connect(self._show_busy)
        self.start.command.connect(self._run_command)
        self.files.changed_by_others.connect(self._tell_change_by_others)
        self.recovery.found.connect(self._offer_unsaved)
        self.start.recent_chosen.connect(self.files.open_file)
        self.start.unsaved_chosen.connect(self.restore)
        self.start.template_chosen.connect(self.files.open_template)
        self.start.demo_chosen.connect(self.train_demo)
        self.painted.connect(self.gallery.load)
        self.painted.connect(self.warm_up.start)
        self.warm_up.workspaces_loaded.connect(self.workspaces)
        self.warm_up.failed.connect(self.tell)

    def _offer_unsaved(self, found: list[Unsaved]) -> None:
        """Offer the first of what was left; the others stand among the recent files."""
        for work in found[:1]:
            discard = Remedy("Discard", partial(self._discard, work))
            if work.project is None:
                self.tell(f"Changes that were not saved are in {work.folder}. {work.problem}", discard)
                continue
            text = f"Layerloom ended unexpectedly with changes to {work.title} that were not saved."
            self.tell(text, Remedy("Restore", partial(self.restore, work)), discard, kind="warning")

    def _discard(self, work: Unsaved) -> None:
        work.forget()
        self.start.recent.refresh()

    def _tell_change_by_others(self, name: str) -> None:
        path = self.document.path
        if path is not None:
            remedy = Remedy("Reload", partial(self.files.open_file, path))
            self.tell(f"{name} was changed by another program.", remedy, kind="warning")

    def _run_command(self, name: str) -> None:
        self.actions_[name].trigger()

    # Showing

    def _show_document(self) -> None:
        self.gallery.rest()
        view = self.workspaces()
        self.messages.clear()
        if not self.has_document:
            self._pages.setCurrentWidget(view.centre)
            view.open()
        view.show_fresh()
        self.menu.show_document(True)
        self.session.changed.emit()
        self.show_title()

    def _show_start(self) -> None:
        self.workspaces().close()
        self._pages.setCurrentWidget(self.start)
        self._keyboard.bring_home()
        self.menu.show_document(False)
        self.session.changed.emit()
        self.show_title()

    def _middle(self) -> QWidget:
        """What has the keyboard while nobody has put it elsewhere."""
        return self.view.bench.middle() if self.view is not None and self.has_document else self.start

    def show_title(self) -> None:
        """Name the document, and say whether it is edited or a run trains."""
        training = self.view is not None and self.view.runs.active is not None
        state = " — training" if training else " — edited" if self.document.modified else ""
        title = self.document.title + state if self.has_document else ""
        self.menu.set_title(title or "Layerloom")
        self.setWindowTitle(f"{title} — Layerloom" if title else "Layerloom")

    def _show_busy(self, text: str) -> None:
        self._busy.set_busy(bool(text))

    def _train(self) -> None:
        self.workspaces().train()

    # Window events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.view is not None:
            self.view.follow_size()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self._has_painted:
            if self.isActiveWindow():
                self.files.look_at_disk()
            else:
                self.recovery.keep()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.open_dropped(path)

    def open_dropped(self, path: Path) -> None:
        """Open a project file, or learn from an image folder."""
        if is_folder(path):
            self.use_folder(path)
        else:
            self.files.open_file(path)

    def use_folder(self, folder: Path) -> None:
        """Make an image folder the data of the open project; without one, of a fresh LeNet-5 with its classes."""
        if self.has_document:
            self.files.use_folder(folder)
            self._show_data()
        else:
            self.files.open_template_for(DEMO, folder, then=self._show_data)

    def _show_data(self) -> None:
        self.workspaces().show_workspace(DataWorkspace.name)

    def close_at_once(self) -> None:
        """Close without a question, as signals to the program ask; unsaved work is offered at the next start."""
        self._asks = False
        self.recovery.keep_now()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks and not self.files.may_leave():
            event.ignore()
            return
        self._keep_geometry()
        self.hide()  # what cannot be called off may take a while to end
        for job in self.findChildren(Job):
            job.cancel()
        self.files.cancel()
        self.warm_up.stop()
        self.gallery.stop()
        self.start.recent.stop()
        self.session.close()
        self.recovery.end(keep=not self._asks)
        event.accept()

    def _training(self) -> str:
        run = self.view.runs.active if self.view is not None else None
        return run.title if run is not None else ""

    def _restore_geometry(self) -> None:
        geometry = self.preferences.state("window")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))

    def _keep_geometry(self) -> None:
        self.preferences.keep_state("window", self.saveGeometry())
        if self.view is not None:
            self.view.keep_arrangement()


def _dropped(event: QDropEvent) -> Path | None:
    """The project file or folder in a drag, if that is what it carries."""
    from engine.project import SUFFIX

    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and (is_folder(path) or path.suffix == SUFFIX) else None


def _open_log() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file())))
