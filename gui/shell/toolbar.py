"""The toolbar: workspaces, what one does in them, and at the right always data, device and Train."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gui.shell.actions import Actions
from gui.shell.training_strip import TrainingStrip
from gui.style.appearance import appearance
from gui.style.style import TOOLBAR_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.progress_line import ProgressLine
from gui.widgets.segmented import Segment, Segmented

WORKSPACES = (
    Segment("draw", "Draw", "mdi6.vector-polyline"),
    Segment("train", "Train", "mdi6.chart-line"),
    Segment("look_inside", "Look inside", "mdi6.eye-outline"),
    Segment("evaluate", "Evaluate", "mdi6.target"),
)
_HISTORY = ("undo", "redo")
_BAR_WIDTH = 48
_EDITING = {"add_layer": ("Add layer", "Tab"), "tidy": ("Tidy layout", ""), "group": ("Group", "")}


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
        self._history = [Tool(actions[name]) for name in _HISTORY]
        self._editing = [Tool(actions[name], words, key) for name, (words, key) in _EDITING.items()]
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
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12, 1)
        self._row.setSpacing(8)
        left = (self.workspaces, self._line, *self._history, *self._editing, self.training)
        for widget in left:
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        for widget in (self.data, self.device, self.train):
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_training(self, *, active: bool, workspace: str) -> None:
        """Arrange the buttons for a workspace, with a run going on or not."""
        for tool in (*self._editing, self._line, *self._history):
            tool.setVisible(workspace == "draw")
        self.training.setVisible(active)
        self.training.set_compact(workspace != "train")
        self.train.setVisible(not active)
        self.data.setVisible(not active)
        self.fit()

    def show_device(self, name: str, about: str, tip: str, *, share: float | None = None) -> None:
        """Name the device; ``share`` of its memory is in use, where that is known."""
        fits = self.device.shows_share == (share is not None)
        self.device.set_words(name, about, tip, share=share)
        if not fits:
            self.fit()

    def set_trainable(self, reason: str, *, active: bool) -> None:
        """Enable Train, or say in its tooltip why it cannot be used."""
        self.train.setEnabled(not reason)
        self.train.setToolTip(reason or "Train (Ctrl+Enter)")
        self._actions["train"].setEnabled(not reason and not active)
        self._show_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Leave out words, the least needed first, until everything has room."""
        for level in range(4):
            for tool in self._editing:
                tool.set_brief(level >= 1)
            self.training.set_brief(level >= 1)
            for chip in (self.data, self.device):
                chip.set_brief(level >= 2)
            self.workspaces.set_brief(level >= 3)
            for part in (*self._editing, self.training, self.data, self.device, self.workspaces):
                part.updateGeometry()  # what the layout remembers of their widths is from before
            if self._row.sizeHint().width() <= self.width():
                return

    def _show_icons(self) -> None:
        token = "on_primary" if self.train.isEnabled() else "faint"
        self.train.setIcon(appearance().icon("mdi6.play", token))


class Tool(QWidget):
    """The button of a command: its icon, perhaps words, perhaps the key beside them."""

    def __init__(self, action: QAction, words: str = "", key: str = "") -> None:
        super().__init__()
        self._words = words
        self.button = QToolButton()
        self.button.setDefaultAction(action)
        self.button.setIconSize(QSize(18, 18))
        self._key = QLabel(key)
        role(self._key, "key")
        self._row = layouts.row(self, self.button)
        self._row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        if words:
            role(self.button, "toolbar")
            self.button.setText(words)
            action.changed.connect(self._keep_words)
        self.set_brief(not words)

    def set_brief(self, brief: bool) -> None:
        """Leave out the words and the key."""
        styles = Qt.ToolButtonStyle
        self.button.setToolButtonStyle(styles.ToolButtonIconOnly if brief else styles.ToolButtonTextBesideIcon)
        self._key.setVisible(bool(self._key.text()) and not brief)
        self._row.invalidate()  # now, not with the next event: the toolbar asks for the width at once

    def _keep_words(self) -> None:
        self.button.setText(self._words)  # the button takes the menu's longer words with every change


class Chip(QToolButton):
    """An icon, a strong word, perhaps a bar, and a faint word, in a thin border."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._brief = False
        self._share: float | None = None
        self.setAccessibleName(name)
        role(self, "toolchip")
        self._icon_label = QLabel()
        self._strong = QLabel()
        role(self._strong, "heading")
        self._bar = ProgressLine(f"{name} in use")
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._bar.hide()
        self._faint = QLabel()
        role(self._faint, "label")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 0, 10, 0)
        self._row.setSpacing(6)
        for part in (self._icon_label, self._strong, self._bar, self._faint):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(part)
        appearance().changed.connect(self._show_icon)
        self._show_icon()

    def set_words(self, strong: str, faint: str = "", tip: str = "", *, share: float | None = None) -> None:
        """Show what it stands for, and how much of it is in use (0 to 1) where that is known."""
        self._strong.setText(strong)
        self._faint.setText(faint)
        self._share = share
        self._bar.show_fraction(share or 0.0)
        self._show_parts()
        self.setToolTip(tip or f"{strong} {faint}")
        self.setAccessibleDescription(f"{strong} {faint}".strip())
        self.updateGeometry()

    @property
    def shows_share(self) -> bool:
        """Whether it says how much is in use."""
        return self._share is not None

    def set_brief(self, brief: bool) -> None:
        """Leave out the bar and the faint word."""
        self._brief = brief
        self._show_parts()
        self._row.invalidate()

    def _show_parts(self) -> None:
        self._bar.setVisible(self._share is not None and not self._brief)
        self._faint.setVisible(bool(self._faint.text()) and not self._brief)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint().expandedTo(QSize(0, 28))

    minimumSizeHint = sizeHint  # noqa: N815

    def _show_icon(self) -> None:
        self._icon_label.setPixmap(appearance().icon(self._icon).pixmap(16, 16))


def _line() -> QFrame:
    line = QFrame()
    role(line, "line")
    line.setFixedSize(1, 24)
    return line
