"""Max unpooling on the canvas: its wire is drawn from the pool itself and says what it is for."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers import LAYERS, Shape
from engine.network import Edge, Network
from gui.draw.canvas.floating.suggestions import Place, offers
from gui.draw.canvas.floating.tips import tip
from gui.draw.canvas.items.hits import PortHit, WireHit
from gui.draw.canvas.model.faces import WireState
from gui.draw.canvas.model.spoken import spoken_node, spoken_wire
from gui.draw.mime import layer_to_mime

SWITCHES = Edge("pool1", "unpool1", "switches")


def drawing(*, wired: bool = True) -> Network:
    network = Network()
    network.add(LAYERS["Input"](channels=4, height=8, width=8), "input")
    network.add(LAYERS["MaxPool2d"](), "pool1", inputs="input")
    network.add(LAYERS["Conv2d"](out_channels=4, padding=1), "conv1", inputs="pool1")
    network.add(LAYERS["MaxUnpool2d"](), "unpool1", inputs="conv1")
    network.add(LAYERS["ReLU"](), "relu1", inputs="conv1")
    if wired:
        network.connect(*SWITCHES)
    return network


def wire(h, edge=SWITCHES):
    (link,) = h.canvas.scene.wiring.of_edge[edge][-1:]
    return h.canvas.scene.wires[link]


def test_the_wire_is_drawn_from_the_pool_to_the_free_port(hands):
    h = hands(drawing(wired=False))
    assert h.document.analysis["unpool1"].problem.port == "switches"
    h.drag(h.port("pool1"), h.port("unpool1", port="switches"))
    assert SWITCHES in h.network.edges()
    assert h.document.analysis["unpool1"].output == Shape(4, 8, 8)
    assert wire(h).face.label == "switches"
    assert h.canvas.scene.nodes["unpool1"].face.detail == "switches from pool1"
    h.document.undo_stack.undo()
    assert h.document.analysis["unpool1"].problem is not None


def test_an_unpool_added_by_its_name_has_its_wire_at_once(hands):
    network = drawing()
    network.remove("unpool1")
    h = hands(network)
    h.click(h.centre("conv1"))
    assert h.add("max unpool") == "unpool1"
    assert SWITCHES in h.network.edges()
    assert h.document.analysis["unpool1"].output == Shape(4, 8, 8)
    h.document.undo_stack.undo()
    assert "unpool1" not in h.network


def test_a_renamed_pool_is_named_anew(hands):
    h = hands(drawing())
    h.document.edit("Rename pool1", lambda network: network.rename("pool1", "down"))
    assert h.canvas.scene.nodes["unpool1"].face.detail == "switches from down"
    h.document.undo_stack.undo()
    assert h.canvas.scene.nodes["unpool1"].face.detail == "switches from pool1"


def test_the_label_stands_beside_the_port_that_takes_the_wire(hands):
    h = hands(drawing())
    box, port = wire(h).label_box, h.view.mapToScene(h.port("unpool1", port="switches"))
    assert abs(box.center().y() - port.y()) <= 32
    assert not box.intersects(h.canvas.scene.nodes["unpool1"].sceneBoundingRect().adjusted(8, 8, -8, -8))


def test_what_the_mouse_and_a_screen_reader_are_told(hands):
    h = hands(drawing())
    scene = h.canvas.scene
    assert tip(scene, WireHit(wire(h))) == "unpool1 takes its switches from pool1."
    ring = next(ring for ring in scene.nodes["unpool1"].ports if ring.name == "switches")
    assert tip(scene, PortHit("unpool1", ring)) == "unpool1: switches"
    assert spoken_wire(h.document, SWITCHES) == "wire from pool1 to unpool1, switches"
    assert "switches from pool1" in spoken_node(h.document, scene.outline, "unpool1")


def test_a_wire_from_anything_else_is_wrong_and_says_what_it_needs(hands):
    network = drawing(wired=False)
    network.disconnect(Edge("conv1", "relu1"))
    network.connect("input", "relu1")
    network.connect("relu1", "unpool1", "switches")
    h = hands(network)
    face = wire(h, Edge("relu1", "unpool1", "switches")).face
    assert (face.state, face.label) == (WireState.MISMATCH, "needs a max pool")
    assert wire(h, Edge("conv1", "unpool1")).face.state is not WireState.MISMATCH


def test_a_layer_is_not_dropped_into_it(hands):
    h = hands(drawing())
    corners = wire(h).course.corners
    h.drop(layer_to_mime(LAYERS["BatchNorm2d"]()), h.at(corners[-2].x, (corners[-3].y + corners[-2].y) / 2))
    assert h.document.selection.names == ("bn1",)
    assert SWITCHES in h.network.edges()
    assert not h.network.incoming("bn1")


def test_a_layer_added_behind_the_pool_leaves_the_wire(hands):
    h = hands(drawing())
    h.click(h.centre("pool1"))
    h.key(Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    h.key(Qt.Key.Key_Return)
    assert SWITCHES in h.network.edges()
    assert h.network.incoming("conv1") == (Edge("relu2", "conv1"),)


def test_quick_add_says_what_it_takes():
    (offer,) = offers("max unpool", Place((Shape(4, 4, 4),)))
    assert (offer.title, offer.gives, offer.fails) == ("Max unpool", "needs a max pool", False)
