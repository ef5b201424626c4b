"""The workspace Draw, and the commands of its panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import EDIT, INSERT, TRAIN, Place
from gui.registry.session import Session
from gui.registry.workspaces import WORKSPACES, Centre, Workspace

if TYPE_CHECKING:
    from gui.draw.problems import ProblemsPanel


@WORKSPACES.register
class Draw(Workspace):
    """The canvas, and the panels that speak of the drawing."""

    name = "draw"
    title = "Draw"
    icon = "mdi6.vector-polyline"
    keys = ("Ctrl+1",)
    order = 1
    folds_bottom = False
    edits = True

    def make(self, session: Session) -> Centre:
        from gui.draw.centre import make_centre  # the first paint does without it

        return make_centre(session)

    def join(self, session: Session) -> None:
        from gui.draw.centre import join_panels

        join_panels(session)


@COMMANDS.register
class SearchLayers(Command):
    """Put the keyboard into the palette's search."""

    name = "search_layers"
    text = "Search the palette"
    keys = ("Ctrl+K",)
    place = Place(EDIT, 3, 2)

    def run(self, session: Session) -> None:
        from gui.draw.palette import PalettePanel

        session.show_panel("layers")
        session.part(PalettePanel).focus_search()


@COMMANDS.register
class InsertBlock(Command):
    """Put the keyboard into the list of kept blocks."""

    name = "insert_block"
    text = "From My blocks"
    keys = ("Ctrl+B",)
    place = Place(INSERT, 1, 3)

    def run(self, session: Session) -> None:
        from gui.draw.my_blocks import MyBlocksPanel

        session.show_panel("my_blocks")
        session.part(MyBlocksPanel).focus_list()


@COMMANDS.register
class NextProblem(Command):
    """Go to the next problem; where there is none, the panel says so."""

    name = "next_problem"
    text = "Next problem"
    icon = "mdi6.alert-circle"
    keys = ("F8",)
    place = Place(TRAIN, 5, 1)

    def run(self, session: Session) -> None:
        session.show_panel("problems")
        _problems(session).next_problem()


@COMMANDS.register
class ApplyFix(Command):
    """Apply the fix of the problem that was gone to last, or the first that there is."""

    name = "apply_fix"
    text = "Apply its fix"
    icon = "mdi6.auto-fix"
    keys = ("Ctrl+Shift+F8",)
    place = Place(TRAIN, 5, 2)
    in_vain = "No problem has a fix."

    def enabled(self, session: Session) -> bool:
        return _problems(session).fix is not None

    def run(self, session: Session) -> None:
        _problems(session).apply_fix()


def _problems(session: Session) -> ProblemsPanel:
    from gui.draw.problems import ProblemsPanel

    return session.part(ProblemsPanel)
