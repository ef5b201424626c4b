"""Where the keyboard goes when the widget that had it is gone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class Keyboard(QObject):
    """Brings the keyboard of a window home when the widget that has it is hidden, disabled or deleted.

    Qt would hand it on to the next widget in the order of Tab, which may be a field: the next key would edit what
    nobody chose. Whatever takes the keyboard by itself afterwards keeps it.
    """

    def __init__(self, window: QWidget, home: Callable[[], QWidget]) -> None:
        super().__init__(window)
        self._window = window
        self._home = home
        self._holder: QWidget | None = None  # the widget of the window that has the keyboard
        self._lost = False  # whether it gave the keyboard away because it could not keep it
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr]
        window.installEventFilter(self)

    def bring_home(self) -> None:
        """Put the keyboard where it belongs while nothing else wants it."""
        self._home().setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._holder and event.type() is QEvent.Type.FocusOut:
            self._lost = not _takes_keys(self._holder)
        elif watched is self._window and event.type() is QEvent.Type.WindowActivate:
            self._mend()
        return False

    def _follow(self) -> None:
        """Note who has the keyboard now; it takes no widget, as the one before may be half deleted."""
        now = QApplication.focusWidget()
        lost = self._lost or (self._holder is not None and not isValid(self._holder))
        self._lost = False
        self._watch(now if now is not None and now.window() is self._window else None)
        if lost and isValid(self._window) and self._window.isActiveWindow() and now in (None, self._holder):
            self.bring_home()

    def _watch(self, holder: QWidget | None) -> None:
        """Hear when the widget gives the keyboard away; by then it may be hidden because of that."""
        before, self._holder = self._holder, holder
        if before is not None and before is not self._window and isValid(before):
            before.removeEventFilter(self)
        if holder is not None:
            holder.installEventFilter(self)

    def _mend(self) -> None:
        """The window comes to the front: what had the keyboard there may have gone in the meantime."""
        before = self._window.focusWidget()
        if before is not None and not _takes_keys(before):
            self.bring_home()


def _takes_keys(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()
