"""What fills the centre of the workspace Data."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from gui.data.marked import Marked
from gui.data.panel import DataPanel
from gui.data.received.view import Received
from gui.registry.session import Session
from gui.registry.workspaces import Centre


def make_centre(session: Session) -> Centre:
    """The images above, what the network receives of those that are marked below."""
    marked = session.share(Marked(session))
    panel = session.share(DataPanel.make(session))
    centre = QSplitter(Qt.Orientation.Vertical)
    centre.addWidget(panel)
    centre.addWidget(session.share(Received(session.document, marked)))
    return Centre(centre, panel.chooser)
