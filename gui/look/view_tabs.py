"""The views of the inside in a row: one of them is in front."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget

from engine.inspection import FeatureMaps, View
from gui.style.style import TAB_BAR_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.section import separator

_LEFT = 6  # px; a tab has 10 more before its words


class ViewTabs(QWidget):
    """Feature maps first, then a tab a view; hidden where there is nothing to choose.

    ``chosen`` carries the class of a view, None for the feature maps.
    """

    chosen = Signal(object)

    def __init__(self, kinds: Sequence[type[View]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(TAB_BAR_HEIGHT)
        self._kinds = (None, *kinds)
        self.bar = QTabBar()
        self.bar.setAccessibleName("Views")
        self.bar.setExpanding(False)
        titled: tuple[type[View], ...] = (FeatureMaps, *kinds)
        for kind in titled:
            self.bar.setTabToolTip(self.bar.addTab(kind.title), kind.help())
        row = layouts.row(None, self.bar)
        row.setContentsMargins(_LEFT, 0, _LEFT, 0)
        layouts.column(self, row, separator())
        self.bar.currentChanged.connect(self._tell)
        self.setVisible(bool(kinds))

    def _tell(self, index: int) -> None:
        self.chosen.emit(self._kinds[index])
