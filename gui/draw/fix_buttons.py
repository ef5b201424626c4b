"""The fixes of a problem: the first as a button, the others in a menu beside it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from engine.network import Fix
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_button import ElidedButton


class FixButtons(QWidget):
    """Hovering or focusing a fix previews it; choosing it is up to the listener."""

    previewed = Signal(object)  # a Fix, or None when none is hovered or focused any more
    chosen = Signal(object)  # a Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fixes: tuple[Fix, ...] = ()
        self.first = ElidedButton()  # a long label gives way to a narrow panel
        self.first.installEventFilter(self)
        self.first.clicked.connect(self._choose_first)
        role(self.first, "fix")
        mark(self.first, "scale", "small")
        self.others = QToolButton()
        self.others.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.others.setToolTip("Other fixes")
        self.others.setAccessibleName("Other fixes")
        self.others.setFixedSize(28, 28)
        role(self.others, "fix")
        self.menu = QMenu(self.others)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToHide.connect(self._stop_preview)
        self.others.setMenu(self.menu)
        layouts.row(self, self.first, self.others, spacing=4)
        appearance().changed.connect(self._retheme)
        self._retheme()

    def show_fixes(self, fixes: tuple[Fix, ...]) -> None:
        """Offer these fixes; with none the buttons are gone."""
        self.fixes = fixes
        self.setVisible(bool(fixes))
        self.first.setText(fixes[0].label if fixes else "")
        self.first.setToolTip(f"{fixes[0].label}: {fixes[0].effect}".rstrip(": ") if fixes else "")
        self.others.setVisible(len(fixes) > 1)
        self.menu.clear()
        for fix in fixes[1:]:
            action = QAction(fix.label, self.menu)
            action.setToolTip(fix.effect)
            action.hovered.connect(partial(self.previewed.emit, fix))
            action.triggered.connect(partial(self._choose, fix))
            self.menu.addAction(action)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.fixes and event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self.previewed.emit(self.fixes[0])
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._stop_preview()
        return super().eventFilter(watched, event)

    def _choose_first(self) -> None:
        if self.fixes:
            self._choose(self.fixes[0])

    def _choose(self, fix: Fix, checked: bool = False) -> None:
        self._stop_preview()
        self.chosen.emit(fix)

    def _stop_preview(self) -> None:
        self.previewed.emit(None)

    def _retheme(self) -> None:
        self.first.setIcon(appearance().icon("mdi6.auto-fix", "link"))
        self.others.setIcon(appearance().icon("mdi6.chevron-down", "link"))
