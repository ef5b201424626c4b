"""Panels and workspaces made as they are declared; one that fails gives way to a page that says so."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.guard import border
from gui.registry.panels import PanelKind
from gui.registry.session import Session
from gui.registry.workspaces import Centre, Workspace
from gui.style.style import role

_AIR = 16  # px around the words of what is left out


def made_panel(kind: PanelKind, session: Session) -> QWidget:
    """The one panel of a window."""

    def make() -> QWidget:
        panel = kind.make(session)
        if not isinstance(panel, QWidget):
            raise TypeError(f"make gave {panel!r}, which is no widget")
        return session.share(panel)

    title = kind.tab.title
    made: QWidget | None = border().ask(f"the panel '{title}'", make, otherwise=None)
    return _left_out(title) if made is None else made


def made_centre(workspace: Workspace, session: Session) -> Centre:
    """What fills the centre in a workspace."""

    def make() -> Centre:
        centre = workspace.make(session)
        if not isinstance(centre, Centre):
            raise TypeError(f"make gave {centre!r}, which is no Centre")
        return centre

    made: Centre | None = border().ask(_called(workspace), make, otherwise=None)
    if made is not None:
        return made
    page = _left_out(workspace.title)
    return Centre(page, page)


def join(workspace: Workspace, session: Session) -> None:
    """Connect a workspace with the panels."""
    border().ask(_called(workspace), lambda: workspace.join(session), otherwise=None)


def set_active(workspace: Workspace, centre: Centre, active: bool) -> None:
    """Tell what fills the centre whether it can be seen."""
    border().ask(_called(workspace), lambda: centre.set_active(active), otherwise=None)


def _called(workspace: Workspace) -> str:
    return f"the workspace '{workspace.title}'"


def _left_out(title: str) -> QWidget:
    page = QLabel(f"{title} is left out because of an error. The log holds the details.")
    page.setAlignment(Qt.AlignmentFlag.AlignCenter)
    page.setWordWrap(True)
    page.setMargin(_AIR)
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    role(page, "label")
    return page
