"""What fills the centre of the workspace Data: the sheet above, what the network receives below."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabBar, QWidget

from gui.data.data_set import DataSet
from gui.data.declared import DataWorkspace
from gui.data.received.view import Received
from gui.data.sheet.view import SheetView
from gui.registry.session import Session
from gui.registry.workspaces import Centre
from gui.widgets import layouts
from gui.widgets.section import separator

_PREVIEW, _LARGEST_PREVIEW = 502, 743  # px: its head, the heads of its columns and six rows
_SHARE = 0.55  # of the height that the preview takes where there is much
_SHEET = 270  # px that the sheet keeps: its head and two rows of tiles
_TABS_BELOW = 620  # px of height in which there is room for one of them only
_TITLES = ("Images", "What the network receives")


class DataPage(QWidget):
    """Both below each other, or as tabs in a low window; the border between them can be dragged.

    ``returned`` tells that its window is the active one again.
    """

    returned = Signal()

    def __init__(self, sheet: SheetView, received: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet, self.received = sheet, received
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for title in _TITLES:
            self.tabs.addTab(title)
        self.tabs.currentChanged.connect(self._show_parts)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(sheet)
        self.splitter.addWidget(received)
        self._dragged = False
        self.splitter.splitterMoved.connect(self._note_drag)
        self._line = separator()
        column = layouts.column(self, self.tabs, self._line)
        column.addWidget(self.splitter, 1)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self.returned.emit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_parts()
        if not self._dragged:
            wanted = min(max(_PREVIEW, round(_SHARE * self.height())), _LARGEST_PREVIEW)
            below = min(wanted, self.height() - _SHEET)
            self.splitter.setSizes([self.height() - below, below])

    def _show_parts(self) -> None:
        tabbed = self.height() < _TABS_BELOW
        for part in (self.tabs, self._line):
            part.setVisible(tabbed)
        for place, part in enumerate((self.sheet, self.received)):
            part.setVisible(not tabbed or self.tabs.currentIndex() == place)

    def _note_drag(self) -> None:
        self._dragged = True


def make_centre(session: Session) -> Centre:
    """Make the page, and share what panels need of it."""
    data = session.share(DataSet(session.document, session))
    session.share(data.marked)
    sheet = session.share(SheetView(data))
    received = session.share(Received(session.document, data.marked))
    data.changed.connect(lambda: received.preview.show_listing(data.listing if data.is_current else None))
    data.was_read.connect(partial(session.show_done, DataWorkspace.name))
    data.began.connect(lambda: session.show_done(DataWorkspace.name, ""))
    received.preview.judged.connect(partial(_share_judgement, received, data))
    received.preview.changed.connect(lambda: session.show_pace(DataWorkspace.name, _pace(received)))
    for end in (data.close, sheet.close_jobs):
        session.closing.connect(end)
    page = DataPage(sheet, received)
    page.returned.connect(data.looking.look)
    return Centre(page, sheet.grid, data.set_active)


def _share_judgement(received: Received, data: DataSet) -> None:
    if judged := received.preview.judgement:
        data.readiness.learn_judgement(judged.settings, judged.warnings)


def _pace(received: Received) -> str:
    receipt = received.preview.receipt
    return f"Preview made in {1000 * receipt.seconds:.0f} ms" if receipt else ""
