"""The status bar: what is wrong at the left, what is in view at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStatusBar, QWidget

from engine.network import Severity, of_severity
from engine.words import counted, shape_text, thousands
from gui.document import Document
from gui.draw.severity import severity_icon
from gui.readiness import readiness_of
from gui.registry.workspaces import Workspace
from gui.style.appearance import appearance
from gui.style.style import STATUS_HEIGHT, role
from gui.train.runs.run import Run
from gui.train.runs.status import RunStatus
from gui.train.runs.words import pace_text
from gui.widgets.elided_label import ElidedLabel

_MESSAGE_TIME = 6000  # ms
_NOUNS = {
    Severity.ERROR: ("error",),
    Severity.UNFINISHED: ("unfinished", "unfinished"),
    Severity.WARNING: ("warning",),
}


_NO_OBSTACLE = "Warnings do not block training"


class StatusBar(QStatusBar):
    """What was done, counts of problems (a click opens Problems), one sentence, and the facts of the drawing."""

    problems_clicked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._readiness = readiness_of(document)
        self.setSizeGripEnabled(False)
        self.setFixedHeight(STATUS_HEIGHT)
        self.counts = {severity: _count_button(severity) for severity in Severity}
        self.sentence = ElidedLabel()
        self.done_sign, self.done = QLabel(), QLabel()
        role(self.done, "ok")
        for button in self.counts.values():
            button.clicked.connect(self.problems_clicked)
        self.addWidget(_row(self.done_sign, self.done, *self.counts.values(), self.sentence, wide=self.sentence), 1)
        self.selected, self.checked, self.input = QLabel(), QLabel(), QLabel()
        self.addPermanentWidget(_row(self.selected, self.checked, self.input))
        self._run: Run | None = None
        self._edits = False  # whether the workspace in front is one to draw in
        self._tells_classes = False
        self._workspace = ""
        self._paces: dict[str, str] = {}  # how fast workspaces work, by their names
        self._done: dict[str, str] = {}  # what is done in workspaces, by their names
        self._news = ""
        self._news_time = QTimer(self, singleShot=True, interval=_MESSAGE_TIME)
        self._news_time.timeout.connect(self.forget)
        for made_other in (document.undo_stack.indexChanged, document.replaced):
            made_other.connect(self.forget)
        document.analysed.connect(self.refresh)
        self._readiness.changed.connect(self.refresh)
        document.selection_changed.connect(self.refresh)
        appearance().changed.connect(self.refresh)
        self.refresh()

    def show_run(self, run: Run | None) -> None:
        """Tell of the run that goes on, or of none."""
        self._run = run if run is not None and run.status.active else None
        self.refresh()

    def announce(self, text: str) -> None:
        """Show a sentence beside the counts for a few seconds, unless what it is about is over before."""
        self._news = text
        self._news_time.start()
        self.refresh()

    def retract(self, text: str) -> None:
        """Show a sentence no longer, if it is still there."""
        if text == self._news:
            self.forget()

    def show_workspace(self, workspace: Workspace) -> None:
        """Tell of another workspace."""
        self._edits, self._workspace = workspace.edits, workspace.name
        self._tells_classes = workspace.tells_classes
        self.forget()

    def show_pace(self, workspace: str, text: str) -> None:
        """Say how fast a workspace works, in place of the checking of shapes, whenever it is in front."""
        self._paces[workspace] = text
        self.refresh()

    def show_done(self, workspace: str, text: str) -> None:
        """Say first of all what is done in a workspace, whenever it is in front."""
        self._done[workspace] = text
        self.refresh()

    def forget(self) -> None:
        """Show no announcement any more: the drawing, the project or the workspace is another."""
        self._news = ""
        self.refresh()

    def refresh(self) -> None:
        """Show the document as it is now."""
        self.done.setText(self._done.get(self._workspace, ""))
        self.done_sign.setPixmap(appearance().icon("mdi6.check-circle", "ok").pixmap(14, 14))
        for part in (self.done_sign, self.done):
            part.setVisible(bool(self.done.text()))
        for severity, button in self.counts.items():
            count = len(of_severity(self._readiness.problems, severity))
            button.setVisible(count > 0)
            button.setText(counted(count, *_NOUNS[severity]))
            button.setIcon(severity_icon(severity))
        self.sentence.setText(self._sentence())
        layers = len(self._document.network)
        selected = sum(len(self._document.network.members(n)) or 1 for n in self._document.selection.names)
        self.selected.setText(f"{thousands(selected)} selected of {counted(layers, 'layer')}" if selected else "")
        pace = self._paces.get(self._workspace) or (self._check_time() if layers else "")
        self.checked.setText(pace_text(self._run) if self._run else pace)
        self.input.setText(self._input())

    def _sentence(self) -> str:
        if self._news:
            return self._news
        if self._run is not None:
            paused = self._run.status is RunStatus.PAUSED
            return f"{'Paused' if paused else 'Training'} {self._run.title}"
        if self._edits and not len(self._document.network):
            return "Press Tab to add a layer"
        obstacle = self._readiness.obstacle
        if obstacle is not None:
            return obstacle.text
        return _NO_OBSTACLE if of_severity(self._readiness.problems, Severity.WARNING) else ""

    def _check_time(self) -> str:
        return f"Shapes checked in {self._document.check_time * 1000:.0f} ms"

    def _input(self) -> str:
        inputs = self._document.network.inputs
        nodes = self._document.analysis.nodes
        taken = " · ".join(f"Input {shape_text(nodes[name].output)}" for name in inputs if name in nodes)
        classes = self._readiness.classes if self._tells_classes else 0
        return f"{taken}, {counted(classes, 'class', 'classes')}" if taken and classes else taken


def _count_button(severity: Severity) -> QPushButton:
    button = QPushButton()
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    role(button, f"count-{severity.value}")
    return button


def _row(*widgets: QWidget, wide: QWidget | None = None) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(8, 0, 8, 0)
    row.setSpacing(16)
    for widget in widgets:
        row.addWidget(widget, int(widget is wide))
    return box
