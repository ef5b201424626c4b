"""Adding and connecting layers."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from engine.families import Family
from gui.draw.canvas.declared.base import CANVAS, ENTRY, CanvasCommand, canvas_of
from gui.registry.commands import COMMANDS, Spot, Tool
from gui.registry.menus import INSERT, MENUS, Menu, Place
from gui.registry.session import Session

if TYPE_CHECKING:
    from engine.layers import Layer
    from gui.draw.canvas.canvas import Canvas


@COMMANDS.register
class AddLayer(CanvasCommand):
    """Ask for a layer by its name."""

    name = "add_layer"
    text = "Add layer…"
    icon = "mdi6.plus"
    local_keys = ("Tab", "Shift+A")
    place = Place(INSERT, 1, 1)
    spots = (Spot(CANVAS, 1, 1), Spot(ENTRY, 1, 1))
    tool = Tool(3, "Add layer", shows_key=True)

    def act(self, subject: Canvas) -> None:
        subject.quick_add()

    def face(self, subject: Canvas, part: str) -> tuple[str, str]:
        return self.icon, "Add layer after…" if part == ENTRY else self.text


@COMMANDS.register
class Connect(CanvasCommand):
    """Ask what the selected layer shall feed; what cannot be connected is said."""

    name = "connect"
    text = "Connect to…"
    icon = "mdi6.vector-line"
    local_keys = ("C",)
    spots = (Spot(ENTRY, 1, 2),)

    def act(self, subject: Canvas) -> None:
        subject.choose_target()


class LayerMenu(Menu):
    """Every layer by its family."""

    fills_itself = True

    def fill(self, menu: QMenu, session: Session) -> None:
        from engine.layers import LAYERS  # the first paint does without it

        by_family: dict[Family, list[type[Layer]]] = defaultdict(list)
        for layer in LAYERS.values():
            by_family[layer.family].append(layer)
        for family in Family:
            inner = menu.addMenu(family.value)
            for layer in by_family[family]:
                inner.addAction(layer.title, partial(_add, session, layer))


MENUS.add(LayerMenu("insert_layer", "Layer", place=Place(INSERT, 1, 2)))


def _add(session: Session, layer: type[Layer]) -> None:
    canvas_of(session).add_layer(layer())
