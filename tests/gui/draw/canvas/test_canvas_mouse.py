"""The canvas by mouse alone."""

from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.layers import LAYERS, Shape
from engine.network import Edge, Network
from engine.network.blocks import group
from gui.draw.canvas.floating.quick_add import CHOICE
from gui.draw.mime import layer_to_mime
from templates import build

LEFT = Qt.MouseButton.LeftButton
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


def place(h, layer: str, x: float, y: float, **settings) -> str:
    h.drop(layer_to_mime(LAYERS[layer](**settings)), h.at(x, y))
    return h.document.selection.names[-1]


def test_a_residual_block_is_drawn_from_an_empty_canvas(hands):
    h = hands()
    start = place(h, "Input", 300, 0, channels=8, height=8, width=8)
    conv = place(h, "Conv2d", 300, 100, out_channels=8, padding=(1, 1))
    relu = place(h, "ReLU", 300, 200)
    add = place(h, "Add", 300, 300)
    for source, target, port in ((start, conv, "input"), (conv, relu, "input"), (relu, add, "input0")):
        h.drag(h.port(source), h.port(target, port=port))
    h.drag(h.port(start), h.port(add, port="input1"))
    assert set(h.network.edges()) == {
        Edge(start, conv),
        Edge(conv, relu),
        Edge(relu, add, "input0"),
        Edge(start, add, "input1"),
    }
    assert h.document.analysis[add].output == Shape(8, 8, 8)
    assert h.document.undo_stack.count() == 8


def test_a_port_within_24_px_catches_the_wire(hands):
    h = hands()
    start, conv = place(h, "Input", 300, 0), place(h, "Conv2d", 300, 200)
    h.drag(h.port(start), h.port(conv, port="input") + QPoint(-14, -14))
    assert h.network.incoming(conv) == (Edge(start, conv),)


def test_a_wire_that_is_not_allowed_says_why(hands, qtbot):
    network = Network()
    network.add(LAYERS["Input"](), "input")
    network.add(LAYERS["Add"](), "add", inputs="input")
    network.add(LAYERS["ReLU"](), "relu", inputs="add")
    h = hands(network)
    h.drag(h.port("relu"), h.centre("add"), release=False)
    assert "cycle" in h.view.hint.text()
    with qtbot.waitSignal(h.canvas.status_message) as caught:
        QTest.mouseRelease(h.view.viewport(), Qt.MouseButton.LeftButton, pos=h.centre("add"))
    assert "cycle" in caught.args[0]
    assert len(network.edges()) == 2


def test_a_wire_dropped_on_nothing_asks_for_a_layer_there(hands):
    h = hands()
    start = place(h, "Input", 300, 0)
    h.drag(h.port(start), h.at(500, 200))
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    (relu,) = h.document.selection.names
    assert h.network.incoming(relu) == (Edge(start, relu),)


def test_the_end_of_a_wire_moves_or_comes_off(hands):
    h = hands()
    start, one, two = place(h, "Input", 300, 0), place(h, "ReLU", 200, 200), place(h, "ReLU", 500, 200)
    h.drag(h.port(start), h.port(one, port="input"))
    h.drag(h.port(one, port="input"), h.port(two, port="input"))
    assert h.network.edges() == (Edge(start, two),)
    h.drag(h.port(two, port="input"), h.at(400, 400))
    assert h.network.edges() == ()
    h.document.undo_stack.undo()
    assert h.network.edges() == (Edge(start, two),)


def test_a_layer_dropped_on_a_wire_goes_between(hands):
    h = hands(build("lenet5"))
    (link,) = h.canvas.scene.wiring.of_edge[Edge("conv1", "relu1")]
    spot = h.canvas.scene.wires[link].label_box.center()
    h.drop(layer_to_mime(LAYERS["BatchNorm2d"]()), h.at(spot.x(), spot.y()))
    (name,) = h.document.selection.names
    assert [edge.source for edge in h.network.incoming("relu1")] == [name]
    assert h.network.incoming(name) == (Edge("conv1", name),)
    h.document.undo_stack.undo()
    assert h.network.incoming("relu1") == (Edge("conv1", "relu1"),)


def test_a_drag_moves_the_selection_and_its_wires_in_one_step(hands):
    h = hands(build("lenet5"))
    before = h.network["conv1"].position
    h.drag(h.centre("conv1"), h.centre("conv1") + QPoint(80, 41))
    after = h.network["conv1"].position
    assert (after.x - before.x, after.y - before.y) == (80, 40)
    assert h.document.undo_stack.count() == 1
    (link,) = h.canvas.scene.wiring.of_edge[Edge("input", "conv1")]
    assert h.canvas.scene.router.courses[link].corners[-1] == (after.x + 100, after.y)


def test_escape_ends_a_drag_where_it_began(hands):
    h = hands(build("lenet5"))
    before = h.canvas.scene.geometry.boxes["conv1"]
    h.drag(h.centre("conv1"), h.centre("conv1") + QPoint(80, 40), release=False)
    assert h.canvas.scene.geometry.boxes["conv1"] != before
    h.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(h.view.viewport(), Qt.MouseButton.LeftButton, pos=h.centre("conv1"))
    assert h.canvas.scene.geometry.boxes["conv1"] == before
    assert h.document.undo_stack.count() == 0


def test_alt_drag_copies_without_wires(hands):
    h = hands(build("lenet5"))
    h.drag(h.centre("conv1"), h.centre("conv1") + QPoint(0, 400), ALT)
    (copy,) = h.document.selection.names
    assert copy not in ("conv1",)
    assert h.network.layer(copy) == h.network.layer("conv1")
    assert h.network.incoming(copy) == ()


def test_click_shift_click_and_box_select(hands):
    h = hands(build("lenet5"))
    h.click(h.centre("conv1"))
    h.click(h.centre("relu1"), SHIFT)
    assert h.document.selection.names == ("conv1", "relu1")
    h.click(h.centre("conv1"), SHIFT)
    assert h.document.selection.names == ("relu1",)
    box = h.canvas.scene.geometry.boxes["relu1"]
    h.drag(h.at(box.left - 40, box.top - 10), h.at(box.left + 20, box.bottom + 10))
    assert h.document.selection.names == ("relu1",)
    h.click(h.at(box.left - 60, box.top))
    assert h.document.selection.names == ()


def test_a_wire_is_selected_and_deleted(hands):
    h = hands(build("lenet5"))
    edge = Edge("conv1", "relu1")
    (link,) = h.canvas.scene.wiring.of_edge[edge]
    spot = h.canvas.scene.wires[link].label_box.center()
    h.click(h.at(spot.x(), spot.y()))
    assert h.document.selection.edge == edge
    h.key(Qt.Key.Key_Delete)
    assert edge not in h.network.edges()


def test_double_click_expands_a_block_and_its_children_appear(hands):
    h = hands(build("resnet", depth=18))
    QTest.mouseDClick(h.view.viewport(), Qt.MouseButton.LeftButton, pos=h.centre("layer1"))
    assert "layer1.0" in h.canvas.scene.nodes
    box, inner = h.canvas.scene.geometry.boxes["layer1"], h.canvas.scene.geometry.boxes["layer1.0"]
    assert box.left < inner.left
    assert inner.bottom < box.bottom
    h.document.undo_stack.undo()
    assert "layer1.0" not in h.canvas.scene.nodes


def test_the_wheel_pans_and_with_ctrl_zooms_at_the_pointer(hands):
    h = hands(build("lenet5"))
    point = QPointF(200, 300)
    before = h.view.scene_at(point)

    def wheel(keys):
        angle = QPoint(0, 120)
        event = QWheelEvent(
            point, point, QPoint(), angle, Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(h.view.viewport(), event)

    wheel(Qt.KeyboardModifier.ControlModifier)
    assert h.view.zoom > 1.1
    assert (h.view.scene_at(point) - before).manhattanLength() < 2
    wheel(Qt.KeyboardModifier.NoModifier)
    assert h.view.scene_at(point).y() < before.y() - 30


def test_an_image_folder_is_passed_on(hands, qtbot, tmp_path):
    h = hands()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    with qtbot.waitSignal(h.canvas.image_folder_dropped) as caught:
        h.drop(data, h.at(300, 300))
    assert caught.args == [str(tmp_path)]


def test_read_only_shows_and_selects_but_moves_nothing(hands):
    h = hands(build("lenet5"), read_only=True)
    before = h.network.copy()
    h.drag(h.centre("conv1"), h.centre("conv1") + QPoint(80, 40))
    assert h.document.selection.names == ("conv1",)
    assert h.network == before


CTRL = Qt.KeyboardModifier.ControlModifier


def boxed(h) -> str:
    """A block of the first two of four ReLUs, expanded; returns its name."""
    block: list[str] = []
    names = h.network.topological()
    h.document.edit("Group", lambda network: block.append(group(network, names[1:3])))
    return block[-1]


def relus() -> Network:
    network = Network()
    above = network.add(LAYERS["Input"](), "input")
    for index in range(4):
        above = network.add(LAYERS["ReLU"](), f"relu{index}", inputs=above)
    return network


def test_a_layer_is_dragged_into_a_block_and_with_ctrl_out_again(hands):
    h = hands(relus())
    block = boxed(h)
    frame = h.canvas.scene.geometry.boxes[block]
    h.drag(h.centre("relu2"), h.at(frame.left + 60, frame.bottom - 8), release=False)
    assert h.view.hint.text() == f"release to put it into {block}"
    QTest.mouseRelease(h.view.viewport(), Qt.MouseButton.LeftButton, pos=h.at(frame.left + 60, frame.bottom - 8))
    assert f"{block}.relu2" in h.network
    assert h.document.selection.names == (f"{block}.relu2",)
    box = h.canvas.scene.geometry.boxes[block]
    h.drag(h.centre(f"{block}.relu2"), h.at(box.right + 200, box.middle), CTRL)
    assert "relu2" in h.network
    h.document.undo_stack.undo()
    h.document.undo_stack.undo()
    assert "relu2" in h.network
    assert not h.view.hint.isVisible()


def test_a_plain_drag_past_the_frame_grows_it_and_says_how_to_leave(hands):
    h = hands(relus())
    block = boxed(h)
    frame = h.canvas.scene.geometry.boxes[block]
    inner = h.network.members(block)[0]
    h.drag(h.centre(inner), h.at(frame.right + 120, frame.middle), release=False)
    assert h.view.hint.text() == f"Ctrl takes it out of {block}"
    QTest.mouseRelease(h.view.viewport(), Qt.MouseButton.LeftButton, pos=h.at(frame.right + 120, frame.middle))
    assert inner in h.network
    assert h.canvas.scene.geometry.boxes[block].right > frame.right


def test_a_drag_at_the_edge_scrolls_and_the_layer_stays_under_the_mouse(hands):
    h = hands(relus())
    start = h.centre("relu0")
    edge = QPoint(h.view.viewport().width() - 4, start.y())
    h.drag(start, edge, release=False)
    assert h.view.edge_scroll.running
    before = h.canvas.scene.geometry.boxes["relu0"].left
    for _ in range(5):
        h.view.edge_scroll.step()
    item = h.canvas.scene.nodes["relu0"]
    assert item.box.left > before + 50
    assert abs(h.at(item.box.left + 50, 0).x() - edge.x()) <= 8  # the grid
    QTest.mouseRelease(h.view.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    assert not h.view.edge_scroll.running


def test_a_click_on_a_port_selects_its_layer(hands):
    h = hands(build("lenet5"))
    for name, port in (("relu1", "input"), ("conv1", ""), ("output", "input")):
        h.click(h.port(name, port=port))
        assert h.document.selection.names == (name,)
    assert h.document.undo_stack.count() == 0


class TestReplacingAWire:
    """A wire dropped on an input that is taken comes in place of the one there, as one step."""

    def test_of_a_layer_with_one_input(self, hands):
        h = hands(build("lenet5"))
        before = set(h.network.edges())
        h.drag(h.port("input"), h.port("pool1", port="input"), release=False)
        assert h.view.hint.text() == "release to replace the wire from relu1"
        QTest.mouseRelease(h.view.viewport(), LEFT, pos=h.port("pool1", port="input"))
        assert h.network.incoming("pool1") == (Edge("input", "pool1"),)
        h.document.undo_stack.undo()
        assert set(h.network.edges()) == before

    def test_by_taking_the_end_of_another(self, hands):
        h = hands(build("lenet5"))
        h.drag(h.port("pool1", port="input"), h.port("pool2", port="input"))
        assert (h.network.incoming("pool1"), h.network.incoming("pool2")) == ((), (Edge("relu1", "pool2"),))

    def test_a_merge_takes_one_more_instead(self, hands):
        network = Network()
        for name in ("a", "b", "c"):
            network.add(LAYERS["Input"](), name)
        network.add(LAYERS["Add"](), "add", inputs=("a", "b"))
        h = hands(network)
        h.drag(h.port("c"), h.centre("add"))
        assert {edge.source for edge in h.network.incoming("add")} == {"a", "b", "c"}

    @pytest.mark.parametrize("beside", [QPoint(0, 0), QPoint(0, -10), QPoint(8, -6)])
    @pytest.mark.parametrize("kind", ["Add", "Concat"])
    def test_a_ring_of_a_merge_that_is_taken_takes_one_more_too(self, hands, kind, beside):
        network = Network()
        for name in ("a", "b", "c"):
            network.add(LAYERS["Input"](), name)
        network.add(LAYERS[kind](), "merge", inputs=("a", "b"))
        h = hands(network)
        for port in ("input0", "input1"):
            h.drag(h.port("c"), h.port("merge", port=port) + beside)
            assert [edge.source for edge in h.network.incoming("merge")] == ["a", "b", "c"]
            h.document.undo_stack.undo()
            assert [edge.source for edge in h.network.incoming("merge")] == ["a", "b"]

    def test_the_port_that_is_hit_is_meant_though_another_is_free(self, hands):
        network = Network()
        network.add(LAYERS["Input"](channels=4, height=8, width=8), "input")
        network.add(LAYERS["MaxPool2d"](), "pool", inputs="input")
        network.add(LAYERS["Conv2d"](out_channels=4, padding=1), "conv", inputs="pool")
        network.add(LAYERS["MaxUnpool2d"](), "unpool", inputs="pool")
        h = hands(network)
        h.drag(h.port("conv"), h.port("unpool", port="input"))
        assert h.network.incoming("unpool") == (Edge("conv", "unpool", "input"),)
        h.document.undo_stack.undo()
        h.drag(h.port("pool"), h.centre("unpool"))
        assert h.network.incoming("unpool") == (Edge("pool", "unpool", "input"), Edge("pool", "unpool", "switches"))

    @pytest.mark.parametrize("target", ["pool1", "pool2"])
    def test_a_cycle_stays_refused_and_says_why(self, hands, qtbot, target):
        h = hands(build("lenet5"))
        before, steps = set(h.network.edges()), h.document.undo_stack.count()
        with qtbot.waitSignal(h.view.status_message) as told:
            h.drag(h.port("pool2"), h.centre(target))
        assert told.args[0].endswith(".")
        assert "pool2" in told.args[0]
        assert (set(h.network.edges()), h.document.undo_stack.count()) == (before, steps)

    def test_by_keyboard(self, hands):
        h = hands(build("lenet5"))
        h.document.select(("input",))
        h.key(Qt.Key.Key_C)
        QTest.keyClicks(QApplication.focusWidget(), "pool1")
        assert h.canvas.adding.targets.list.item(0).data(CHOICE).right == "replaces relu1"
        h.key(Qt.Key.Key_Return)
        assert h.network.incoming("pool1") == (Edge("input", "pool1"),)


class TestPasting:
    """Copies come where the mouse is, and never upon what is there."""

    @pytest.mark.parametrize("spot", [QPoint(60, 700), QPoint(600, 150), None])
    def test_what_is_pasted_lies_upon_nothing(self, hands, spot):
        h = hands(build("resnet", depth=18))
        h.document.select(("conv1", "layer1"))
        h.canvas.commands.copy()
        for _ in range(4):
            h.point(spot)
            h.canvas.commands.paste()
        boxes = {name: h.canvas.scene.geometry.boxes[name] for name in h.network.children("")}
        rects = [QRectF(box.left, box.top, box.width, box.height) for box in boxes.values()]
        assert not any(a.intersects(b) for a, b in combinations(rects, 2))
        assert len(h.document.selection.names) == 2

    def test_free_room_at_the_mouse_is_used(self, hands):
        h = hands(build("lenet5"))
        h.document.select(("conv1",))
        h.canvas.commands.copy()
        spot = QPoint(60, 700)
        h.point(spot)
        h.canvas.commands.paste()
        box = h.canvas.scene.geometry.boxes[h.document.selection.names[0]]
        place = h.view.scene_at(QPointF(spot))
        assert abs(box.centre - place.x()) <= 8
        assert abs(box.middle - place.y()) <= 8

    def test_a_menu_from_elsewhere_is_no_place_and_the_canvas_menu_is_where_it_was_opened(self, hands):
        h = hands(build("lenet5"))
        spot = QPoint(60, 700)
        for asked, wanted in [(spot, h.view.scene_at(QPointF(spot))), (None, None)]:
            h.point(asked)
            menu = QMenu(h.view)
            menu.addAction("Paste")
            menu.popup(h.view.viewport().mapToGlobal(QPoint(40, 680)))
            QApplication.sendEvent(h.view.viewport(), QEvent(QEvent.Type.Leave))
            assert h.view.under_mouse() == wanted
            menu.close()

    def test_a_duplicate_lies_upon_nothing(self, hands):
        h = hands(build("lenet5"))
        h.document.select(("conv1",))
        h.canvas.commands.duplicate()
        h.canvas.commands.duplicate()
        rects = [QRectF(b.left, b.top, b.width, b.height) for b in h.canvas.scene.geometry.boxes.values()]
        assert not any(a.intersects(b) for a, b in combinations(rects, 2))
