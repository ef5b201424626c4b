"""Finding a layer of the network, and laying it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.network.layout import Flow
from gui.draw.canvas.declared.base import CanvasCommand
from gui.registry.commands import COMMANDS, Tool
from gui.registry.menus import ARRANGE, EDIT, VIEW, Place, submenu
from gui.registry.session import Session

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas

FLOW = submenu("flow", "Flow", Place(VIEW, 4, 1))


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

    def __init__(self, flow: Flow, order: int) -> None:
        self._flow = flow
        self.name = f"flow_{flow.value}"
        self.text = flow.value.replace("_", " ").capitalize()
        self.place = Place(FLOW, 1, order)

    def checked(self, session: Session) -> bool:
        return session.document.project.view.flow is self._flow

    def act(self, subject: Canvas) -> None:
        subject.commands.set_flow(self._flow)


for _order, _flow in enumerate(Flow):
    COMMANDS.add(ChooseFlow(_flow, _order))
