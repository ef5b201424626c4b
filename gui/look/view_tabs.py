"""The views of the inside in a row: one of them is in front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget

from engine.inspection import FeatureMaps, View
from gui.guard import border
from gui.style.style import TAB_BAR_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.section import separator

_LEFT = 6  # px; a tab has 10 more before its words


class ViewTabs(QWidget):
    """Feature maps first, then pages of several views, then a tab a view; hidden without a choice.

    ``chosen`` carries a view with its usual settings, the title of a page, or None for the feature maps. A view that
    cannot be made or titled has no tab.
    """

    chosen = Signal(object)

    def __init__(
        self,
        kinds: Sequence[type[View]],
        parent: QWidget | None = None,
        *,
        pages: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """``pages`` are what each of them is for, by its title."""
        super().__init__(parent)
        role(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(TAB_BAR_HEIGHT)
        self._views: list[View | str | None] = [None]
        self.bar = QTabBar()
        self.bar.setAccessibleName("Views")
        self.bar.setExpanding(False)
        self.bar.setTabToolTip(self.bar.addTab(FeatureMaps.title), FeatureMaps.help())
        for title, about in pages.items():
            self._put(title, title, about)
        for kind in kinds:
            border().ask(f"the view '{kind.name}'", partial(self._add, kind), otherwise=None)
        row = layouts.row(None, self.bar)
        row.setContentsMargins(_LEFT, 0, _LEFT, 0)
        layouts.column(self, row, separator())
        self.bar.currentChanged.connect(self._tell)
        self.setVisible(len(self._views) > 1)

    def _add(self, kind: type[View]) -> None:
        self._put(kind(), kind.title, kind.help())

    def _put(self, view: View | str, title: str, about: str) -> None:
        self.bar.setTabToolTip(self.bar.addTab(title), about)
        self._views.append(view)

    def show_tab(self, number: int) -> None:
        """Bring a tab to the front, counted from 0, if there is one."""
        if number < self.bar.count():
            self.bar.setCurrentIndex(number)

    def show_page(self, title: str) -> None:
        """Bring the tab of a page to the front."""
        self.bar.setCurrentIndex(self._views.index(title))

    def keep(self, view: View | None) -> None:
        """Let the tab in front stand for a view with other settings."""
        if view is not None and type(self._views[self.bar.currentIndex()]) is type(view):
            self._views[self.bar.currentIndex()] = view

    def show_view(self, kind: type[View]) -> None:
        """Bring the tab of a view to the front, if it has one."""
        place = next((at for at, view in enumerate(self._views) if type(view) is kind), -1)
        if place >= 0:
            self.bar.setCurrentIndex(place)

    def _tell(self, index: int) -> None:
        self.chosen.emit(self._views[index])
