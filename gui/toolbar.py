"""The toolbar: workspaces, what one does in them, and at the right always data, device and Train."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gui.actions import Actions
from gui.appearance import appearance
from gui.style import TOOLBAR_HEIGHT, role
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.training_strip import TrainingStrip

WORKSPACES = (
    Segment("draw", "Draw", "mdi6.vector-polyline"),
    Segment("train", "Train", "mdi6.chart-line"),
    Segment("look_inside", "Look inside", "mdi6.eye-outline"),
    Segment("evaluate", "Evaluate", "mdi6.target"),
)
_HISTORY = ("undo", "redo")
_EDITING = {"add_layer": "Add layer", "tidy": "Tidy layout", "group": "Group"}


class MainToolbar(QWidget):
    """Fixed below the menus: workspaces, editing, the run that goes on, chips, Train."""

    workspace_chosen = Signal(object)
    data_clicked = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "tool-row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(TOOLBAR_HEIGHT)
        self._actions = actions
        self.workspaces = Segmented(WORKSPACES)
        self.workspaces.chosen.connect(self.workspace_chosen)
        self._line = _line()
        self._history = [self._tool(name) for name in _HISTORY]
        self._editing = [self._tool(name) for name in _EDITING]
        self.training = TrainingStrip(actions)
        self.data = Chip("mdi6.database-outline", "Data set")
        self.data.clicked.connect(self.data_clicked)
        self.device = Chip("mdi6.memory", "Device")
        self.device.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.train = QPushButton("Train")
        role(self.train, "primary")
        self.train.setIconSize(QSize(18, 18))
        self.train.clicked.connect(actions["train"].trigger)
        self._lay_out()
        appearance().changed.connect(self._show_icons)
        self._show_icons()
        self.show_training(active=False, workspace="draw")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 1)
        row.setSpacing(8)
        left = (self.workspaces, self._line, *self._history, *self._editing, self.training)
        for widget in left:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        for widget in (self.data, self.device, self.train):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_training(self, *, active: bool, workspace: str) -> None:
        """Arrange the buttons for a workspace, with a run going on or not."""
        for tool in (*self._editing, self._line, *self._history):
            tool.setVisible(workspace == "draw")
        self.training.setVisible(active)
        self.training.set_compact(workspace != "train")
        self.train.setVisible(not active)
        self.data.setVisible(not active)

    def set_trainable(self, reason: str, *, active: bool) -> None:
        """Enable Train, or say in its tooltip why it cannot be used."""
        self.train.setEnabled(not reason)
        self.train.setToolTip(reason or "Train (Ctrl+Enter)")
        self._actions["train"].setEnabled(not reason and not active)
        self._show_icons()

    def _tool(self, name: str) -> QWidget:
        action = self._actions[name]
        button = QToolButton()
        button.setDefaultAction(action)
        button.setIconSize(QSize(18, 18))
        if name not in _EDITING:
            return button
        button.setText(_EDITING[name])
        role(button, "toolbar")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return _with_key(button, "Tab") if name == "add_layer" else button

    def _show_icons(self) -> None:
        token = "on_primary" if self.train.isEnabled() else "faint"
        self.train.setIcon(appearance().icon("mdi6.play", token))


class Chip(QToolButton):
    """An icon, a strong word and a faint one, in a thin border."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAccessibleName(name)
        role(self, "toolchip")
        self._icon_label = QLabel()
        self._strong = QLabel()
        role(self._strong, "heading")
        self._faint = QLabel()
        role(self._faint, "label")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(6)
        for label in (self._icon_label, self._strong, self._faint):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)
        appearance().changed.connect(self._show_icon)
        self._show_icon()

    def set_words(self, strong: str, faint: str = "", tip: str = "") -> None:
        """Show what it stands for."""
        self._strong.setText(strong)
        self._faint.setText(faint)
        self._faint.setVisible(bool(faint))
        self.setToolTip(tip)
        self.setAccessibleDescription(f"{strong} {faint}".strip())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint().expandedTo(QSize(0, 28))

    minimumSizeHint = sizeHint  # noqa: N815

    def _show_icon(self) -> None:
        self._icon_label.setPixmap(appearance().icon(self._icon).pixmap(16, 16))


def _with_key(button: QToolButton, key: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 4, 0)
    row.setSpacing(0)
    label = QLabel(key)
    role(label, "key")
    row.addWidget(button)
    row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
    return box


def _line() -> QFrame:
    line = QFrame()
    role(line, "line")
    line.setFixedSize(1, 24)
    return line
