"""What scrolls without going to and fro between two arrangements."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QWidget


class SteadyArea(QScrollArea):
    """A scroll area that fits its page once whenever that is resized.

    Qt fits a page again within its own resizing of it. One that is lower beside the scroll bar than without it never
    fits, and the program ends when its stack is full: see `steady_width`.
    """

    _fitting = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Resize:
            return super().eventFilter(watched, event)
        if self._fitting:
            return False
        self._fitting = True
        try:
            return super().eventFilter(watched, event)
        finally:
            self._fitting = False


def steady_width(widget: QWidget) -> int:
    """How wide a widget is, or would be if a scroll bar stood beside the page that it is on, in px.

    What is shown and placed by width on a page that scrolls hangs on this. What is lower beside a scroll bar does not
    need it any more, and needs it again without it, for ever.
    """
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    page = area.widget() if area is not None else None
    if area is None or page is None:
        return widget.width()
    beside = area.maximumViewportSize().width() - area.verticalScrollBar().sizeHint().width()
    columns = max(1, round(page.width() / max(1, widget.width())))  # of which each gives its share
    return widget.width() - max(0, page.width() - beside) // columns


def steady_viewport(area: QAbstractScrollArea) -> QSize:
    """How large the view of an area is, or would be if all its scroll bars stood beside it, in px.

    An area of our own places by this what it paints: `steady_width` says why.
    """
    size, never = area.maximumViewportSize(), Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if area.verticalScrollBarPolicy() is not never:
        size.setWidth(size.width() - area.verticalScrollBar().sizeHint().width())
    if area.horizontalScrollBarPolicy() is not never:
        size.setHeight(size.height() - area.horizontalScrollBar().sizeHint().height())
    return size
