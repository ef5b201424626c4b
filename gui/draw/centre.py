"""Draw: the canvas, and what it has to do with the panels around it."""

from __future__ import annotations

from gui.draw.canvas.canvas import Canvas
from gui.draw.inspector import InspectorPanel
from gui.draw.my_blocks import MyBlocksPanel
from gui.draw.palette import PalettePanel
from gui.draw.problems import ProblemsPanel
from gui.draw.summary import SummaryPanel
from gui.registry.session import Session
from gui.registry.workspaces import Centre


def make_centre(session: Session) -> Centre:
    """Make the canvas."""
    canvas = session.share(Canvas(session.document))
    return Centre(canvas, canvas.view)


def join_panels(session: Session) -> None:
    """Let the canvas do what panels ask for, and panels what the canvas asks for."""
    canvas, inspector, problems = session.part(Canvas), session.part(InspectorPanel), session.part(ProblemsPanel)
    session.follow(canvas.scene.settled, problems.counts_changed)
    session.part(PalettePanel).layer_chosen.connect(canvas.add_layer)
    session.part(SummaryPanel).context_menu_requested.connect(canvas.show_menu)
    problems.preview_requested.connect(canvas.show_preview)
    problems.node_activated.connect(canvas.focus_node)
    problems.left.connect(canvas.take_focus)
    inspector.preview_requested.connect(canvas.show_preview)
    inspector.left.connect(canvas.take_focus)
    canvas.wanted.connect(lambda: session.show_workspace("draw"))
    canvas.errors_clicked.connect(lambda: session.show_panel("problems"))

    def keep() -> None:
        session.show_panel("my_blocks")
        session.part(MyBlocksPanel).keep_selection()

    def edit_settings() -> None:
        session.show_panel("inspector")
        inspector.focus_settings()

    inspector.keep_requested.connect(keep)
    canvas.keep_requested.connect(keep)
    canvas.settings_requested.connect(edit_settings)
