"""The toolbar: workspaces, what one does in them, and at the right always data, device and Train."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gui.registry import commands
from gui.registry.commands import COMMANDS
from gui.registry.workspaces import WORKSPACES, Workspace
from gui.shell.actions import Actions
from gui.shell.training_strip import TrainingStrip
from gui.style.appearance import appearance
from gui.style.style import TOOLBAR_HEIGHT, role
from gui.train.declared import Train
from gui.widgets import layouts
from gui.widgets.fitted_row import FittedRow
from gui.widgets.progress_line import ProgressLine
from gui.widgets.segmented import Segment, Segmented

_WORDS_WIDTH = 200  # px of each of the words of a chip, at most
_BAR_WIDTH = 48
_NAMES_BELOW = 1280  # px of width in which only the workspace in front has its name


class MainToolbar(FittedRow):
    """Fixed below the menus: workspaces, editing, the run that goes on, chips, Train."""

    levels = 5

    workspace_chosen = Signal(object)
    data_clicked = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "tool-row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(TOOLBAR_HEIGHT)
        places = WORKSPACES.ordered()
        self.workspaces = Segmented([Segment(place.name, place.title, place.icon) for place in places])
        self.workspaces.chosen.connect(self.workspace_chosen)
        self._line = _line()
        self._tools = _tools(actions)
        self.training = TrainingStrip(actions)
        self.data = Chip("mdi6.database-outline", "Data set")
        self.data.clicked.connect(self.data_clicked)
        self.device = Chip("mdi6.memory", "Device")
        self.device.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.train = QPushButton(Train.text)
        role(self.train, "primary")
        self.train.setIconSize(QSize(18, 18))
        self.train.clicked.connect(actions[Train.name].trigger)
        self._lay_out()
        appearance().changed.connect(self._show_icons)
        self._show_icons()
        self.show_training(places[0], active=False)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 1)
        row.setSpacing(8)
        left = (self.workspaces, self._line, *self._tools, self.training)
        for widget in left:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        for widget in (self.data, self.device, self.train):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_training(self, workspace: Workspace, *, active: bool) -> None:
        """Arrange the buttons for a workspace, with a run going on or not."""
        for tool in self._tools:
            tool.setVisible(tool.declared.stands_beside(workspace.name, edits=workspace.edits))
        self._line.setVisible(any(not tool.isHidden() for tool in self._tools))
        self.training.setVisible(active)
        self.training.set_compact(not workspace.follows_run)
        self.train.setVisible(not active)
        self.data.setVisible(not active)
        self.fit()

    def show_device(self, name: str, about: str, tip: str, *, share: float | None = None) -> None:
        """Name the device; ``share`` of its memory is in use, where that is known."""
        shares = self.device.shows_share
        self.device.set_words(name, about, tip, share=share)
        if shares and share is None:
            self.fit()  # there is room again

    def set_trainable(self, reason: str) -> None:
        """Enable Train, or say in its tooltip why it cannot be used."""
        self.train.setEnabled(not reason)
        self.train.setToolTip(reason or f"{Train.text} ({Train.keys[0]})")
        self._show_icons()

    def needed_width(self) -> int:
        return self.sizeHint().width()  # the bar of a run gives way last

    def show_level(self, level: int) -> None:
        """Leave out words, the least needed first."""
        for tool in self._tools:
            tool.set_brief(level >= 1)
        self.training.set_brief(level >= 1, briefest=level >= 4)
        for chip in (self.data, self.device):
            chip.set_brief(level >= 2)
        self.workspaces.set_brief(level >= 3 or self.width() < _NAMES_BELOW, but_current=level < 4)

    def _show_icons(self) -> None:
        token = "on_primary" if self.train.isEnabled() else "faint"
        self.train.setIcon(appearance().icon(Train.icon, token))


class Tool(QWidget):
    """The button of a command: its icon, perhaps words, perhaps the key beside them."""

    def __init__(self, declared: commands.Tool, action: QAction, key: str = "") -> None:
        super().__init__()
        self.declared = declared
        self._words = words = declared.words
        self.button = QToolButton()
        self.button.setDefaultAction(action)
        self.button.setIconSize(QSize(18, 18))
        self._key = QLabel(key)
        role(self._key, "key")
        self._row = layouts.row(self, self.button)
        self._row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        if words:
            role(self.button, "toolbar-framed" if declared.framed else "toolbar")
            if not declared.whole:
                self.button.setText(words)
                action.changed.connect(self._keep_words)
        self.set_brief(False)

    def set_brief(self, brief: bool) -> None:
        """Leave out the words and the key."""
        brief = brief or not self._words
        styles = Qt.ToolButtonStyle
        self.button.setToolButtonStyle(styles.ToolButtonIconOnly if brief else styles.ToolButtonTextBesideIcon)
        self._key.setVisible(bool(self._key.text()) and not brief)
        self._row.invalidate()  # now, not with the next event: the toolbar asks for the width at once

    def _keep_words(self) -> None:
        self.button.setText(self._words)  # the button takes the menu's longer words with every change


class Chip(QToolButton):
    """An icon, a strong word, perhaps a bar, and a faint word, in a thin border; long ones are cut in the middle."""

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
        for label, words in ((self._strong, strong), (self._faint, faint)):
            label.ensurePolished()  # with the font that it is shown in
            label.setText(label.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, _WORDS_WIDTH))
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
    role(line, "upright-line")
    return line


def _tools(actions: Actions) -> list[Tool]:
    """The buttons that commands ask for."""
    found = sorted(
        ((command.tool, command) for command in COMMANDS.values() if command.tool), key=lambda pair: pair[0].order
    )
    return [Tool(tool, actions[command.name], command.key_text if tool.shows_key else "") for tool, command in found]
