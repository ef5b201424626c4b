"""What the mouse is doing on the canvas ends when another drawing, or another state of it, comes up meanwhile."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.layers import LAYERS
from engine.network import Network
from engine.network.layout import Flow, tidy
from engine.project import Project

LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier


def drawing() -> Network:
    network = Network()
    network.add(LAYERS["Input"](), "image")
    network.add(LAYERS["Conv2d"](), "conv", inputs=["image"])
    network.add(LAYERS["ReLU"](), "relu", inputs=["conv"])
    tidy(network)
    return network


STARTS = {
    "a box": (lambda h: QPoint(15, 700), Qt.KeyboardModifier.NoModifier),
    "a move": (lambda h: h.centre("conv"), Qt.KeyboardModifier.NoModifier),
    "a copy": (lambda h: h.centre("conv"), ALT),
    "a wire": (lambda h: h.port("conv"), Qt.KeyboardModifier.NoModifier),
}


def open_another(document):
    document.replace(Project(drawing()))


def open_none(document):
    document.replace(Project())


def turn(document):
    document.change_settings("Turn", document.project.view.model_copy(update={"flow": Flow.LEFT_TO_RIGHT}))
    document.edit("Tidy", lambda network: tidy(network, Flow.LEFT_TO_RIGHT))


def remove(document):
    document.edit("Remove", lambda network: network.remove("conv"))


def undo(document):
    document.undo_stack.undo()


@pytest.mark.parametrize("end", ["release", "Esc"])
@pytest.mark.parametrize("change", [open_another, open_none, turn, remove, undo], ids=lambda change: change.__name__)
@pytest.mark.parametrize("start", STARTS)
def test_a_drag_ends_where_the_drawing_changes(hands, start, change, end):
    h = hands(drawing())
    h.document.edit("Add", lambda network: network.add(LAYERS["ReLU"](), "late"))
    where, modifiers = STARTS[start]
    viewport, begin = h.view.viewport(), where(h)
    h.drag(begin, begin + QPoint(60, 60), modifiers, release=False)
    assert h.view.pointer.gesture is not None
    assert h.view.pointer.gesture.began
    change(h.document)
    steps, nodes = h.document.undo_stack.count(), set(h.document.network)
    assert h.view.pointer.gesture is None
    QTest.mouseMove(viewport, begin + QPoint(90, 90))
    if end == "Esc":
        h.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, LEFT, modifiers, begin + QPoint(90, 90))
    assert h.document.undo_stack.count() == steps
    assert set(h.document.network) == nodes
    assert not h.canvas.scene.geometry.lifted
    assert not any(item.faded or item.welcome for item in h.canvas.scene.nodes.values())
    assert set(h.canvas.scene.nodes) == nodes


@pytest.mark.parametrize("change", [open_another, open_none, turn])
def test_wires_that_the_mouse_was_on_are_forgotten_with_their_drawing(hands, change):
    h = hands(drawing())
    link = next(iter(h.canvas.scene.wires))
    h.point(h.at(*h.canvas.scene.wires[link].course.corners[-1]) - QPoint(0, 12))
    assert h.canvas.scene.wires[link].hovered
    change(h.document)
    h.point(QPoint(15, 700))
    assert not any(wire.hovered for wire in h.canvas.scene.wires.values())


@pytest.mark.parametrize("change", [open_another, open_none, turn])
def test_a_preview_goes_with_its_drawing(hands, change):
    h = hands(drawing())
    h.document.edit("Remove", lambda network: network.remove("image"))
    h.canvas.show_preview(next(fix for problem in h.document.analysis.problems for fix in problem.fixes))
    change(h.document)
    h.canvas.show_preview(None)
