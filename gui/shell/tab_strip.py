"""The tabs at the top of a dock: its title bar, with counts beside the words."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QTabBar, QToolButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import FOLDED_TAB_BAR_HEIGHT, TAB_BAR_HEIGHT, mark, role
from gui.widgets import layouts


class TabStrip(QWidget):
    """Tabs in a row, a 1 px line below them, and a button that folds the dock.

    The free part of the row is left to the dock, which is moved by it.
    """

    fold_requested = Signal()
    current_changed = Signal(int)
    clicked = Signal(int)  # on a tab, or -1 beside them

    def __init__(self, icons: tuple[str, str] | None = None, parent: QWidget | None = None) -> None:
        """``icons`` are those of the button that folds and unfolds; without them there is no such button."""
        super().__init__(parent)
        self._icons = icons
        role(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.currentChanged.connect(self.current_changed)
        self.tabs.tabBarClicked.connect(self.clicked)
        self.fold_button = QToolButton(self)
        self.fold_button.setVisible(icons is not None)
        self.fold_button.clicked.connect(self.fold_requested)
        self.folded = False
        row = QHBoxLayout()
        row.setContentsMargins(6, 0, 0 if icons is None else 8, 0)
        row.setSpacing(0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.fold_button, 0, Qt.AlignmentFlag.AlignVCenter)
        line = QFrame(self)
        role(line, "line")
        line.setFixedHeight(1)
        layouts.column(self, row, line)
        appearance().changed.connect(self._show_icon)
        self.set_folded(False)

    def set_folded(self, folded: bool) -> None:
        """Show the tabs of a folded dock (28 px) or of an open one (36 px)."""
        self.folded = folded
        mark(self.tabs, "folded", folded)
        self.set_height(FOLDED_TAB_BAR_HEIGHT if folded else TAB_BAR_HEIGHT)
        self._show_icon()

    def set_height(self, height: int) -> None:
        """Take this height; a dock asks its title bar for the hint alone."""
        self.setFixedHeight(height)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def set_badges(self, index: int, counts: dict[str, int]) -> None:
        """Show counts beside a tab: ``{"error": 2, "warning": 1}``; zeros are left out."""
        shown = {kind: count for kind, count in counts.items() if count}
        side = QTabBar.ButtonPosition.RightSide
        before = self.tabs.tabButton(index, side)
        self.tabs.setTabButton(index, side, _badges(shown) if shown else None)
        if before is not None:
            before.deleteLater()  # the tab bar only hides it

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fold_requested.emit()

    def _show_icon(self) -> None:
        if self._icons is None:
            return
        self.fold_button.setIcon(appearance().icon(self._icons[self.folded]))
        words = "Unfold" if self.folded else "Fold"
        self.fold_button.setToolTip(words)
        self.fold_button.setAccessibleName(words)


def _badges(counts: dict[str, int]) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(4, 0, 0, 0)
    row.setSpacing(4)
    for kind, count in counts.items():
        label = QLabel(str(count))
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        role(label, f"badge-{kind}")
        row.addWidget(label)
    return box
