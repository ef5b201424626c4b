"""The workspace Evaluate, and the command that goes to the mistakes."""

from __future__ import annotations

from functools import partial

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import LOOK_INSIDE, Place
from gui.registry.session import Session
from gui.registry.workspaces import WORKSPACES, Centre, Workspace


@WORKSPACES.register
class EvaluateWorkspace(Workspace):
    """How good the run in view is."""

    name = "evaluate"
    title = "Evaluate"
    icon = "mdi6.target"
    keys = ("Ctrl+5",)
    order = 5
    left_width = 288

    def make(self, session: Session) -> Centre:
        from gui.evaluate.workspace import Evaluate  # the first paint does without it
        from gui.train.runs.runs import Runs

        evaluate = session.share(Evaluate(session.part(Runs), session))
        session.share(evaluate.figures)
        session.closing.connect(evaluate.close)
        evaluate.done.connect(partial(session.show_done, self.name))
        return Centre(evaluate.matrix, evaluate.matrix.matrix)

    def join(self, session: Session) -> None:
        from gui.evaluate.workspace import link_points, look_inside_chosen

        look_inside_chosen(session)
        link_points(session)


@COMMANDS.register
class ShowMistakes(Command):
    """Go to what the run in view gets wrong."""

    name = "show_mistakes"
    text = "Confusion matrix and mistakes"
    icon = "mdi6.target"
    place = Place(LOOK_INSIDE, 1, 2)

    def run(self, session: Session) -> None:
        session.show_workspace(EvaluateWorkspace.name)
