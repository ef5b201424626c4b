"""The docks around the centre: one a side, each with tabs that change with the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.registry.panels import Room, Tab
from gui.shell.tab_strip import TabStrip
from gui.style.appearance import appearance
from gui.style.style import FOLDED_TAB_BAR_HEIGHT, TAB_BAR_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.pages import Pages

RAIL_WIDTH = 48
NARROWEST = 240  # px of an open dock at a side: its tabs are whole
LOWEST = 120  # px of an open dock at the bottom
QWIDGETSIZE_MAX = 16_777_215  # Qt's word for no limit


@dataclass(frozen=True, slots=True)
class PanelTab:
    """A panel as a dock shows it: what is declared of its tab, and the widget."""

    tab: Tab
    widget: QWidget

    @property
    def key(self) -> str:
        return self.tab.name


class Fold(Enum):
    """What is left of a dock when it folds."""

    TABS = "tabs"  # its row of tabs
    RAIL = "rail"  # one icon a panel


_ICONS = {
    Fold.TABS: ("mdi6.chevron-down", "mdi6.chevron-up"),
    Fold.RAIL: None,  # its tabs need the room; a double click beside them folds it
}


class PanelDock(QDockWidget):
    """A dock whose title bar is its tabs."""

    tab_changed = Signal(str)
    resized = Signal()
    front_changed = Signal()  # another panel, or none, can be seen in it

    def __init__(self, name: str, title: str, *, fold: Fold, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self._fold = fold
        self._tabs: tuple[PanelTab, ...] = ()
        self._badges: dict[str, dict[str, int]] = {}  # by panel
        self._folded = False
        self.strip = TabStrip(_ICONS[fold])
        self.setTitleBarWidget(self.strip)
        self.stack = _Panels()
        self._rail = _Rail()
        body = QWidget()
        role(body, "panel")
        layout = layouts.row(body, self._rail)
        layout.addWidget(self.stack, 1)
        self._rail.hide()
        self.setWidget(body)
        self.strip.current_changed.connect(self._show_tab)
        self.strip.fold_requested.connect(self.toggle_folded)
        self.strip.clicked.connect(self._open_clicked)
        self._rail.chosen.connect(self.show_panel)
        self.visibilityChanged.connect(lambda _: self.front_changed.emit())

    @property
    def folded(self) -> bool:
        """Whether only the tab row or the rail shows."""
        return self._folded

    @property
    def extent(self) -> int:
        """How far the dock reaches into the window, px."""
        return self.height() if self._fold is Fold.TABS else self.width()

    @property
    def folded_extent(self) -> int:
        """The same while it is folded."""
        return FOLDED_TAB_BAR_HEIGHT if self._fold is Fold.TABS else RAIL_WIDTH

    @property
    def current(self) -> str:
        """The key of the panel in front."""
        index = self.strip.tabs.currentIndex()
        return self._tabs[index].key if 0 <= index < len(self._tabs) else ""

    @property
    def front(self) -> str:
        """The key of the panel that can be seen; "" while the dock is folded or closed."""
        return "" if self._folded or self.isHidden() else self.current

    @property
    def room(self) -> Room | None:
        """What the panel in front needs for itself."""
        return next((tab.tab.room for tab in self._tabs if tab.key == self.current), None)

    def set_panels(self, tabs: tuple[PanelTab, ...], current: str = "") -> None:
        """Show these panels, ``current`` in front."""
        bar = self.strip.tabs
        bar.blockSignals(True)
        while bar.count():
            bar.removeTab(0)
        self._tabs = tabs
        for tab in tabs:
            bar.addTab(tab.tab.title)
            if self.stack.indexOf(tab.widget) < 0:
                self.stack.addWidget(tab.widget)
        self.stack.roomy = frozenset(tab.widget for tab in tabs if tab.tab.room is not None)
        bar.blockSignals(False)
        for key, counts in self._badges.items():
            self._show_badges(key, counts)
        self._rail.set_tabs(tabs)
        keys = [tab.key for tab in tabs]
        bar.setCurrentIndex(keys.index(current) if current in keys else 0)
        self._show_tab(bar.currentIndex())
        self._drop_others()

    def _drop_others(self) -> None:
        """Take out the panels of other workspaces, which would keep the dock as wide as they need it."""
        shown = {tab.widget for tab in self._tabs}
        for widget in [self.stack.widget(index) for index in range(self.stack.count())]:
            if widget is not None and widget not in shown:
                self.stack.removeWidget(widget)
        self.stack.updateGeometry()

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front, unfolding and showing the dock if need be."""
        if any(tab.key == key for tab in self._tabs):
            self.setVisible(True)
            self.set_folded(False)
            self.bring_forward(key)

    def bring_forward(self, key: str) -> None:
        """Put one of the panels before the others; a folded or closed dock stays so."""
        self.strip.tabs.setCurrentIndex([tab.key for tab in self._tabs].index(key))

    def set_badges(self, key: str, counts: dict[str, int]) -> None:
        """Show counts beside a panel's tab, in every workspace that has it."""
        self._badges[key] = counts
        self._show_badges(key, counts)

    def _show_badges(self, key: str, counts: dict[str, int]) -> None:
        for index, tab in enumerate(self._tabs):
            if tab.key == key:
                self.strip.set_badges(index, counts)

    def set_folded(self, folded: bool) -> None:
        """Fold the dock, or open it again."""
        self._folded = folded
        self.strip.set_folded(folded and self._fold is Fold.TABS)
        self.stack.setVisible(not folded)
        if self._fold is Fold.RAIL:
            self._rail.setVisible(folded)
            self.strip.set_height(0 if folded else TAB_BAR_HEIGHT)
            self._set_narrowest()
            self.setMaximumWidth(RAIL_WIDTH if folded else QWIDGETSIZE_MAX)
        elif self._fold is Fold.TABS:
            self.setMinimumHeight(FOLDED_TAB_BAR_HEIGHT if folded else LOWEST)
            self.setMaximumHeight(FOLDED_TAB_BAR_HEIGHT if folded else QWIDGETSIZE_MAX)
        self.front_changed.emit()

    def toggle_folded(self) -> None:
        """Fold an open dock, open a folded one."""
        self.set_folded(not self._folded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def _open_clicked(self, index: int) -> None:
        """Open a folded dock on the tab that was clicked."""
        if self._folded and 0 <= index < len(self._tabs):
            self.set_folded(False)

    def _show_tab(self, index: int) -> None:
        if 0 <= index < len(self._tabs):
            self.stack.setCurrentWidget(self._tabs[index].widget)
            self._set_narrowest()
            self.tab_changed.emit(self._tabs[index].key)
            self.front_changed.emit()

    def _set_narrowest(self) -> None:
        """Set anew how narrow the dock gets: Qt raises it to what a panel in front needs, and leaves it there."""
        if self._fold is not Fold.TABS:
            self.setMinimumWidth(RAIL_WIDTH if self._folded else NARROWEST)


class _Panels(Pages):
    """The panels of a dock: one that gets room of its own in front does not keep the dock wide from behind."""

    def __init__(self) -> None:
        super().__init__()
        self.roomy: frozenset[QWidget] = frozenset()
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        least = QSize(0, 0)
        for page in [self.widget(index) for index in range(self.count())]:
            if page is not None and (page is self.currentWidget() or page not in self.roomy):
                least = least.expandedTo(page.minimumSizeHint()).expandedTo(page.minimumSize())
        return least


class _Rail(QWidget):
    """One icon a panel, in a column; a click opens the dock on that panel."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        role(self, "panel")
        self.setFixedWidth(RAIL_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        self._buttons: list[tuple[QToolButton, PanelTab]] = []
        appearance().changed.connect(self._show_icons)

    def set_tabs(self, tabs: tuple[PanelTab, ...]) -> None:
        """Make a button for each panel."""
        for button, _ in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [(self._button(tab, place), tab) for place, tab in enumerate(tabs)]
        self._show_icons()

    def _button(self, tab: PanelTab, place: int) -> QToolButton:
        button = QToolButton(self)
        button.setFixedSize(32, 32)
        button.setIconSize(QSize(18, 18))
        button.setToolTip(tab.tab.title)
        button.setAccessibleName(tab.tab.title)
        button.setObjectName(f"rail-{tab.key}")
        button.setProperty("panel", tab.key)
        button.clicked.connect(self._choose)
        self._column.insertWidget(place, button)
        return button

    def _choose(self) -> None:
        self.chosen.emit(str(self.sender().property("panel")))

    def _show_icons(self) -> None:
        for button, tab in self._buttons:
            button.setIcon(appearance().icon(tab.tab.icon))
