"""Finding a layer of the network, and laying it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.draw.canvas.declared.base import CanvasCommand
from gui.registry.commands import COMMANDS, Tool
from gui.registry.menus import ARRANGE, EDIT, VIEW, Place, submenu
from gui.registry.session import Session

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas

FLOW = submenu("flow", "Flow", Place(VIEW, 4, 1))
_FLOWS = ("folded", "one_column", "left_to_right")  # those of `Flow`, which takes too long to load for the first paint


class _Whole(CanvasCommand):
    in_vain = "There is no layer yet."

    def possible(self, subject: Canvas) -> bool:
        return len(subject.document.network) > 0


@COMMANDS.register
class FindLayer(_Whole):
    """Ask for a layer of the network by its name and go there."""

    name = "find_layer"
    text = "Find layer in the network…"
    icon = "mdi6.magnify"
    keys = ("Ctrl+F",)
    place = Place(EDIT, 3, 1)
    changes = False

    def act(self, subject: Canvas) -> None:
        subject.find_layer()


@COMMANDS.register
class Tidy(_Whole):
    """Lay the whole network out anew."""

    name = "tidy"
    text = "Tidy layout"
    icon = "mdi6.sitemap-outline"
    keys = ("Ctrl+L",)
    place = Place(ARRANGE, 1, 1)
    tool = Tool(4, "Tidy layout")

    def act(self, subject: Canvas) -> None:
        subject.commands.tidy()


class ChooseFlow(CanvasCommand):
    """Choose which way tidy layout runs, and tidy."""

    choice = "flow"

    def __init__(self, flow: str, order: int) -> None:
        self._flow = flow
        self.name = f"flow_{flow}"
        self.text = flow.replace("_", " ").capitalize()
        self.place = Place(FLOW, 1, order)

    def checked(self, session: Session) -> bool:
        return session.is_open and session.document.project.view.flow == self._flow

    def act(self, subject: Canvas) -> None:
        from engine.network.layout import Flow

        subject.commands.set_flow(Flow(self._flow))


for _order, _flow in enumerate(_FLOWS):
    COMMANDS.add(ChooseFlow(_flow, _order))
