"""A drawing that is made anew, as when it runs another way, is painted at every zoom."""

import pytest
from PySide6.QtWidgets import QApplication

from engine.network.layout import Flow
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
