"""The workspace Look inside, and the commands that show the inside."""

from __future__ import annotations

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import LOOK_INSIDE, Place
from gui.registry.session import Session
from gui.registry.workspaces import WORKSPACES, Centre, Workspace


@WORKSPACES.register
class LookInsideWorkspace(Workspace):
    """What a network makes of an image."""

    name = "look_inside"
    title = "Look inside"
    icon = "mdi6.eye-outline"
    keys = ("Ctrl+4",)
    order = 4
    left_width, right_width = 304, 400

    def make(self, session: Session) -> Centre:
        from gui.look.units.fronts import UnitPanels  # the first paint does without them
        from gui.look.workspace import LookInside
        from gui.train.runs.runs import Runs

        inside = session.share(LookInside(session.document, session.part(Runs), session))
        session.share(inside.image)
        session.share(inside.step)
        session.share(inside.intervene)
        session.share(inside.unit_layers)
        session.share(inside.unit)
        inside.units_turned.connect(session.share(UnitPanels(session)).turn)
        inside.maps.said.connect(session.announce)
        inside.maps.unsaid.connect(session.retract)
        session.closing.connect(inside.close)
        return Centre(inside.maps, inside.maps.view.mosaic, inside.set_active)


@COMMANDS.register
class ShowMaps(Command):
    """Go to the feature maps of the selected layer."""

    name = "show_maps"
    text = "Feature maps of the selected layer"
    icon = "mdi6.eye-outline"
    keys = ("Ctrl+M",)
    place = Place(LOOK_INSIDE, 1, 1)

    def run(self, session: Session) -> None:
        session.show_workspace(LookInsideWorkspace.name)


@COMMANDS.register
class ShowWeights(Command):
    """Go to the weights of the selected layer."""

    name = "show_weights"
    text = "Weights of the selected layer"
    icon = "mdi6.chart-histogram"
    place = Place(LOOK_INSIDE, 1, 3)

    def run(self, session: Session) -> None:
        session.show_panel("weights")
