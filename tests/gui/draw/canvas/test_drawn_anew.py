"""A drawing that is made anew, as when it runs another way, is painted at every zoom, and as it was with its edits."""

import pytest
from drawn_scene import drawn
from PySide6.QtWidgets import QApplication

from engine.layers import LAYERS
from engine.network import Network
from engine.network.layout import Flow
from engine.project import Project
from gui.document import Document
from gui.draw.canvas.items.scene import CanvasScene
from templates import build

BARE = 3  # colours at most of a canvas with nothing but its dots


def colours(view):
    """How many colours a picture of the view has."""
    QApplication.processEvents()
    picture = view.viewport().grab().toImage()
    return len({picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)})


@pytest.mark.parametrize("zoom", [0.16, 0.3, 0.6, 1.0])
def test_another_flow_its_undo_and_redo_are_painted(hands, zoom):
    h = hands(build("lenet5"))
    h.view.fit(animate=False)
    h.canvas.commands.set_flow(Flow.LEFT_TO_RIGHT)
    for step in (lambda: None, h.document.undo_stack.undo, h.document.undo_stack.redo):
        step()
        h.view.fit(animate=False)
        h.view.zoom_at(zoom)
        before = colours(h.view)
        h.canvas.scene.rebuild()
        assert colours(h.view) == before > BARE


def test_what_a_block_says_does_not_hang_on_what_is_drawn_elsewhere(hands):
    network = Network()
    network.add(LAYERS["ReLU"](), "first")
    network.add(LAYERS["ReLU"](), "block.relu", inputs="first")
    network.add(LAYERS["Input"](channels=3, height=9, width=9), "block.input")
    network.add(LAYERS["Output"](), "block.output", inputs="block.input")
    network.set_block("block", collapsed=True)
    h = hands(network)
    before = h.canvas.scene.nodes["block"].face
    h.document.edit("Add", lambda network: network.add(LAYERS["Tanh"](), "late"))
    h.document.edit("Connect", lambda network: network.connect("late", "first"))
    assert h.canvas.scene.nodes["block"].face == before
    assert drawn(h.canvas.scene) == drawn(CanvasScene(Document(Project(h.network.copy()))))
