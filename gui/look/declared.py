"""The workspace Look inside, and the commands that show the inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import LOOK_INSIDE, Place
from gui.registry.panels import PANELS
from gui.registry.session import Session
from gui.registry.workspaces import WORKSPACES, Centre, Workspace

if TYPE_CHECKING:
    from gui.look.why.why import Why
    from gui.preferences import Preferences

_METHODS = "why/methods"


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
        session.share(inside.maps)
        session.share(inside.step)
        session.share(inside.intervene)
        session.share(inside.method)
        inside.maps.explains.connect(lambda explains: _bring_up_method(session, explains))
        _remember_methods(inside.why, session.preferences)
        session.share(inside.unit_layers)
        session.share(inside.unit)
        inside.units_turned.connect(session.share(UnitPanels(session)).turn)
        inside.maps.said.connect(session.announce)
        inside.maps.unsaid.connect(session.retract)
        session.closing.connect(inside.close)
        return Centre(inside.maps, inside.maps.view.mosaic, inside.set_active)


def _bring_up_method(session: Session, explains: bool) -> None:
    """Show the method beside Why, and what stood there before beside the others."""
    others = [name for name in PANELS.at(LookInsideWorkspace.name, "right") if name != "method"]
    if not explains:
        session.give_way("method", to=others[0])
    for name in others if explains else ():
        session.give_way(name, to="method")


def _remember_methods(why: Why, preferences: Preferences) -> None:
    """Show the methods that were chosen last, and note those that are chosen."""
    from gui.look.why.why import methods

    known = {kind.name: kind for kind in methods()}
    kept = [known[name] for name in preferences.strings(_METHODS) if name in known]
    if len(set(kept)) == len(why.kinds):
        why.set_methods(kept)
    why.chosen.connect(lambda: _keep(preferences, [kind.name for kind in why.kinds]))


def _keep(preferences: Preferences, names: list[str]) -> None:
    if preferences.strings(_METHODS) != names:
        preferences.keep_strings(_METHODS, names)


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
class ShowWhy(Command):
    """Go to what speaks for the class that is predicted."""

    name = "show_why"
    text = "Why this class"
    icon = "mdi6.help-circle-outline"
    place = Place(LOOK_INSIDE, 1, 2)

    def run(self, session: Session) -> None:
        from gui.look.maps import WHY, MapsPanel

        session.show_workspace(LookInsideWorkspace.name)
        session.part(MapsPanel).tabs.show_page(WHY)


@COMMANDS.register
class ShowWeights(Command):
    """Go to the weights of the selected layer."""

    name = "show_weights"
    text = "Weights of the selected layer"
    icon = "mdi6.chart-histogram"
    place = Place(LOOK_INSIDE, 1, 3)

    def run(self, session: Session) -> None:
        session.show_panel("weights")
