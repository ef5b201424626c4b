"""A new style sheet for all widgets there are: at once for those that can be seen, for others once they can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

_POLISHED, _KEEPS_STYLE = Qt.WidgetAttribute.WA_WState_Polished, Qt.WidgetAttribute.WA_SetStyle


class Restyling(QObject):
    """Gives an application another style sheet without the pause in which Qt does it.

    Qt polishes each widget again for itself and for everything that it is in, eight times in our windows, and most of
    them are on pages that are not shown. So Qt takes none for polished, nor for concerned, while it is taken away
    and set anew.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        # Qt forgets what a sheet has changed of its widgets once none has any sheet, so that it could not be undone.
        self._keeper = QWidget()
        self._keeper.setStyleSheet("* {}")

    def set_sheet(self, sheet: str) -> None:
        """Style all widgets by a sheet."""
        with self._unseen_by_qt():
            self._app.setStyleSheet("")
            self._app.setStyleSheet(sheet)
        for window in self._app.topLevelWidgets():
            for widget in (window, *window.findChildren(QWidget)):
                if widget.isVisible():
                    polish(widget)

    @contextmanager
    def without_sheet(self) -> Iterator[None]:
        """Take the sheet away while many widgets are made.

        Whenever one gets a parent, Qt has all that is in it look at the sheet anew: two thirds of what making the
        workspaces took.
        """
        sheet = self._app.styleSheet()
        with self._unseen_by_qt():
            self._app.setStyleSheet("")
        try:
            yield
        finally:
            self.set_sheet(sheet)

    @contextmanager
    def _unseen_by_qt(self) -> Iterator[None]:
        """Let no widget follow what becomes of the sheet; those that were styled before wait to be styled anew."""
        style = self._app.style()
        styled = [widget for widget in self._app.allWidgets() if widget.style() is style]  # not by a sheet of their own
        for widget in styled:
            widget.setAttribute(_KEEPS_STYLE, True)
            if widget.testAttribute(_POLISHED):
                widget.setAttribute(_POLISHED, False)
                if not widget.isVisible():
                    widget.installEventFilter(self)
        try:
            yield
        finally:
            for widget in styled:
                widget.setAttribute(_KEEPS_STYLE, False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            polish(watched)
        return False


def polish(widget: QWidget) -> None:
    """Let a widget look as the sheet says, seen or not, as its size may be asked for before it is seen."""
    widget.ensurePolished()
    if not widget.testAttribute(_POLISHED):  # not since the sheet changed: Qt does it once in a widget's life
        for kind in (QEvent.Type.Polish, QEvent.Type.StyleChange):
            widget.event(QEvent(kind))
        widget.update()
