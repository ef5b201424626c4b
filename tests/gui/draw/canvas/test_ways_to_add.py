"""However a layer is added, by palette, typing or dropping it on a wire, it comes with the same settings."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers import LAYERS, Shape
from engine.layers.activation import ReLU
from engine.layers.input_output import Input, Output
from engine.network import Edge, Network
from engine.network.making_space import boxes_in, overlapping
from gui.draw.canvas.floating.quick_add import CHOICE
from gui.draw.mime import layer_to_mime

ONE_INPUT = [layer for layer in LAYERS.values() if layer().has_output and layer().input_ports == ("input",)]


def added_by_palette(h, layer):
    h.document.select(["relu"])
    h.canvas.add_layer(layer())
    return h.document.selection.names[-1]


def added_by_typing(h, layer):
    h.document.select(["relu"])
    h.key(Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), layer.__name__)
    rows = h.canvas.adding.layers.list
    offered = (rows.item(row) for row in range(rows.count()))
    item = next(item for item in offered if type(item.data(CHOICE).value) is layer)
    rows.scrollToItem(item)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(item).center())
    return h.document.selection.names[-1]


def added_on_the_wire(h, layer):
    (link,) = h.canvas.scene.wiring.of_edge[Edge("relu", "output")]
    spot = h.canvas.scene.wires[link].label_box.center()
    h.drop(layer_to_mime(layer()), h.at(spot.x(), spot.y()))
    return h.document.selection.names[-1]


def behind_maps():
    network = Network()
    network.add(Input(channels=16, height=12, width=12), "input")
    network.add(ReLU(), "relu", inputs="input")
    network.add(Output(), "output", inputs="relu")
    return network


@pytest.mark.parametrize("layer", ONE_INPUT, ids=lambda one: one.__name__)
def test_however_a_layer_is_added_it_has_the_same_settings(hands, layer):
    found = []
    for add in (added_by_palette, added_by_typing, added_on_the_wire):
        h = hands(behind_maps())
        found.append(h.network.layer(add(h, layer)))
    assert found[0] == found[1] == found[2]
    assert found[0] == layer().suited(Shape(16, 12, 12))


def test_what_is_dragged_in_over_an_edge_scrolls_only_once_it_was_away_from_the_edges(hands):
    h = hands(behind_maps())
    data, edge, middle = layer_to_mime(ReLU()), QPoint(4, 450), QPoint(600, 450)
    scroll = h.view.edge_scroll
    for points, scrolls in [((edge,), False), ((edge, middle), False), ((edge, middle, edge), True)]:
        h.bring(data, *points)
        assert scroll.running == scrolls
        QApplication.sendEvent(h.view.viewport(), QDragLeaveEvent())
        assert not scroll.running


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (8, 16), (-120, 40), (40, -40), (0, -16)])
def test_layers_dropped_close_together_lie_beside_one_another(hands, dx, dy):
    h = hands()
    places = []
    for index in range(3):
        h.drop(layer_to_mime(LAYERS["Conv2d"]()), QPoint(500, 300) + index * QPoint(dx, dy))
        places.append({name: h.network[name].position for name in h.network})
        assert not overlapping(boxes_in(h.network, ""))
    assert len(h.network) == 3
    for index in (1, 0):
        h.document.undo_stack.undo()
        assert {name: h.network[name].position for name in h.network} == places[index]
