"""The canvas by keyboard alone."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers import LAYERS, Shape
from engine.layers.merge import Add
from engine.network import Network, Point
from engine.network.blocks import collapse, expand
from engine.network.layout import Flow
from engine.network.names import inside
from gui.draw.canvas.declared import canvas_commands
from templates import build

ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def test_a_complete_lenet_is_drawn_with_tab_typing_and_enter(hands):
    h = hands()
    for text in (
        "input 1x32x32",
        "conv 5x5 6 pad 0",
        "relu",
        "max pool",
        "conv 5x5 16 pad 0",
        "relu",
        "max pool",
        "flatten",
        "fc 120",
        "relu",
        "fc 84",
        "relu",
        "fc 10",
        "output",
    ):
        h.add(text)
    lenet, analysis = build("lenet5"), h.document.analysis
    assert analysis.ok, analysis.problems
    assert [type(h.network.layer(n)) for n in h.network.topological()] == [
        type(lenet.layer(n)) for n in lenet.topological()
    ]
    assert analysis.parameters == 61_706
    assert len(h.network.edges()) == 13


def test_typed_text_names_alias_and_parameters(hands):
    h = hands()
    h.add("image 3 20 30")
    name = h.add("conv 5x3 24 s2 p1")
    assert h.network.layer(name).model_dump(include={"out_channels", "kernel_size", "stride", "padding"}) == {
        "out_channels": 24,
        "kernel_size": (5, 3),
        "stride": (2, 2),
        "padding": (1, 1),
    }
    assert h.add("batchnorm").startswith("bn")
    name = h.add("dropout 0.25")
    assert h.network.layer(name).p == 0.25


def test_each_row_shows_the_shape_and_failing_layers_come_last(hands):
    h = hands()
    h.add("input 8x16x16")
    h.key(Qt.Key.Key_Tab)
    rows = [h.canvas.adding.layers.list.item(i).data(256) for i in range(h.canvas.adding.layers.list.count())]
    assert rows[0].title == "Conv2d 3×3"
    assert rows[0].right == "8×16×16"
    fails = [row.fails for row in rows]
    assert fails == sorted(fails)
    assert any(row.fails and row.right == "needs a vector" for row in rows)


def test_an_unknown_word_says_so_and_escape_closes(hands):
    h = hands()
    h.key(Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "zzqqzz")
    assert h.canvas.adding.layers.foot.text() == "No layer is called 'zzqqzz'."
    h.key(Qt.Key.Key_Escape)
    assert not h.canvas.adding.layers.isVisible()
    assert QApplication.focusWidget() is h.view


@pytest.mark.parametrize(
    ("selected", "says"),
    [
        ("", "Enter adds, Esc closes."),
        ("conv1", "Enter adds and connects, Esc closes."),
        ("output", "Enter adds, Esc closes."),
    ],
)
def test_the_popup_speaks_of_connecting_only_where_there_is_something_to_connect_to(hands, selected, says):
    h = hands(build("lenet5") if selected else None)
    h.document.select((selected,) if selected else ())
    h.key(Qt.Key.Key_Tab)
    assert h.canvas.adding.layers.foot.text() == says
    assert h.canvas.adding.layers.field.placeholderText().startswith("Add after") is (selected == "conv1")
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    assert h.canvas.adding.layers.foot.text() == says
    h.key(Qt.Key.Key_Return)
    (added,) = h.document.selection.names
    assert bool(h.network.incoming(added)) is (selected == "conv1")


def test_the_list_of_targets_connects_and_adds_nothing(hands):
    h = hands(build("lenet5"))
    h.document.select(("conv1",))
    h.canvas.adding.open_targets()
    assert h.canvas.adding.targets.foot.text() == "Enter connects, Esc closes."


def test_arrows_walk_along_the_wires_and_shift_extends(hands):
    h = hands(build("lenet5"))
    h.key(Qt.Key.Key_Down)
    h.key(Qt.Key.Key_Down)
    h.key(Qt.Key.Key_Down, SHIFT)
    assert h.document.selection.names == ("conv1", "relu1")
    h.key(Qt.Key.Key_Up)
    assert h.document.selection.names == ("conv1",)


def test_a_residual_sum_is_drawn_by_keyboard(hands):
    h = hands()
    start = h.add("input 8x8x8")
    conv = h.add("conv")
    h.document.select((start, conv))
    add = h.add("add")
    assert [edge.source for edge in h.network.incoming(add)] == [conv, start]
    assert h.document.analysis[add].output == Shape(8, 8, 8)


def test_c_connects_to_a_chosen_target(hands):
    network = Network()
    h = hands(network)
    h.add("input 8x8x8")
    h.add("conv")
    add = h.add("add")
    h.document.select(("input1",))
    h.key(Qt.Key.Key_C)
    assert h.canvas.adding.targets.foot.text() == "Enter connects, Esc closes."
    QTest.keyClicks(QApplication.focusWidget(), "add")
    h.key(Qt.Key.Key_Return)
    assert {edge.source for edge in h.network.incoming(add)} == {"conv1", "input1"}


def test_moves_in_a_row_are_one_undo_step(hands):
    h = hands(build("lenet5"))
    before = h.network["conv1"].position
    h.document.select(("conv1",))
    for _ in range(3):
        h.key(Qt.Key.Key_Right, ALT)
    assert h.network["conv1"].position.x == before.x + 24
    h.document.undo_stack.undo()
    assert h.network["conv1"].position == before
    assert h.canvas.scene.geometry.boxes["conv1"][:2] == before


def test_blocks_states_and_names_have_keys(hands):
    h = hands(build("lenet5"))
    h.document.select(("conv1", "relu1", "pool1"))
    h.key(Qt.Key.Key_G, CTRL)
    (block,) = h.document.selection.names
    assert h.network.members(block) == (f"{block}.conv1", f"{block}.relu1", f"{block}.pool1")
    h.key(Qt.Key.Key_E)
    assert h.network.block(block).collapsed
    assert f"{block}.conv1" not in h.canvas.scene.nodes
    h.key(Qt.Key.Key_Z)
    assert h.network[f"{block}.conv1"].frozen
    h.key(Qt.Key.Key_E)
    h.key(Qt.Key.Key_G, CTRL | SHIFT)
    assert "conv1" in h.network
    h.document.select(("relu1",))
    h.key(Qt.Key.Key_B)
    assert h.network["relu1"].bypassed
    h.key(Qt.Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "act1")
    h.key(Qt.Key.Key_Return)
    assert h.document.selection.names == ("act1",)


def test_a_name_that_is_taken_says_why_and_stays_open(hands):
    h = hands(build("lenet5"))
    h.document.select(("conv1",))
    h.key(Qt.Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "conv2")
    h.key(Qt.Key.Key_Return)
    assert "conv2" in h.canvas.rename_field.toolTip()
    h.key(Qt.Key.Key_Escape)
    assert "conv1" in h.network


def test_delete_closes_the_gap_and_shift_delete_leaves_it(hands):
    h = hands(build("lenet5"))
    before = h.network.copy()
    h.document.select(("relu1",))
    h.key(Qt.Key.Key_Delete)
    assert [edge.source for edge in h.network.incoming("pool1")] == ["conv1"]
    h.document.undo_stack.undo()
    assert h.network == before
    h.document.select(("relu1",))
    h.key(Qt.Key.Key_Delete, SHIFT)
    assert h.network.incoming("pool1") == ()


def test_copy_paste_and_duplicate(hands):
    h = hands(build("lenet5"))
    h.document.select(("conv2", "relu2"))
    h.key(Qt.Key.Key_C, CTRL)
    h.key(Qt.Key.Key_V, CTRL)
    pasted = h.document.selection.names
    assert len(pasted) == 2
    assert [e.target for e in h.network.outgoing(pasted[0])] == [pasted[1]]
    h.document.select(("conv1",))
    h.key(Qt.Key.Key_D, CTRL)
    (copy,) = h.document.selection.names
    assert [edge.source for edge in h.network.incoming(copy)] == ["input"]


@pytest.mark.parametrize("flow", Flow)
@pytest.mark.parametrize("names", [("conv1",), ("relu2",), ("conv2", "relu2", "pool2"), ("fc3", "output"), ()])
def test_what_is_pasted_by_keyboard_alone_is_near_what_is_selected_clear_of_all_and_in_view(hands, qtbot, flow, names):
    h = hands(build("lenet5"), flow=flow)
    QCursor.setPos(h.canvas.mapToGlobal(QPoint(-50, -50)))
    assert h.view.under_mouse() is None
    boxes = h.canvas.scene.geometry.boxes
    h.document.select(names or ("fc2",))
    h.canvas.commands.reveal()
    h.key(Qt.Key.Key_C, CTRL)
    h.document.select(names)
    for _ in range(3):
        before = set(boxes)
        h.key(Qt.Key.Key_V, CTRL)
        pasted = h.document.selection.names
        assert set(boxes) - before == set(pasted)
        for name in pasted:
            box = boxes[name]
            assert not [other for other in boxes if other != name and boxes[other].overlaps(box)]
            area = QRectF(box.left, box.top, box.width, box.height)
            qtbot.waitUntil(lambda area=area: h.view.shown().contains(area))
        for original, copy in zip(names, pasted, strict=False):
            across, down = boxes[copy].left - boxes[original].left, boxes[copy].top - boxes[original].top
            assert across >= 0 <= down
            assert across + down <= 600


def test_paste_without_anything_copied_says_so(hands, qtbot):
    h = hands(build("lenet5"))
    QApplication.clipboard().clear()
    with qtbot.waitSignal(h.canvas.status_message) as told:
        h.key(Qt.Key.Key_V, CTRL)
    assert told.args == ["The clipboard holds no layers."]
    assert h.document.undo_stack.count() == 0


def test_zoom_keys(hands):
    h = hands(build("lenet5"))
    h.key(Qt.Key.Key_Plus, CTRL)
    assert h.view.zoom > 1
    h.key(Qt.Key.Key_0, CTRL)
    assert h.view.zoom == 1
    h.key(Qt.Key.Key_Home)
    h.key(Qt.Key.Key_Escape)
    assert h.document.selection.names == ()


def test_read_only_keys_change_nothing(hands):
    h = hands(build("lenet5"), read_only=True)
    before = h.network.copy()
    h.document.select(("conv1",))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_B, Qt.Key.Key_Z, Qt.Key.Key_F2, Qt.Key.Key_Tab):
        h.key(key)
    h.key(Qt.Key.Key_Right, ALT)
    assert h.network == before
    h.key(Qt.Key.Key_Down)
    assert h.document.selection.names == ("relu1",)


def pressed(command):
    """The presses of a command's keys, as a canvas hears them."""
    for keys in (*command.keys, *command.local_keys):
        yield QKeySequence(keys)[0].key(), QKeySequence(keys)[0].keyboardModifiers()


@pytest.mark.parametrize("command", canvas_commands(), ids=lambda command: command.name)
def test_a_read_only_canvas_answers_the_keys_that_change_nothing(hands, command):
    h = hands(build("lenet5"), read_only=True)
    h.document.select(("conv1",))
    accepted = []
    for key, modifiers in pressed(command):
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers)
        event.ignore()
        h.view.key_pressed.emit(event)
        accepted.append(event.isAccepted())
    assert all(accepted) if not command.changes else not any(accepted)
    assert h.document.undo_stack.count() == 0


def test_a_rename_undone_and_done_again_keeps_the_selection(hands):
    h = hands(build("resnet", depth=18))
    for name, new in (("conv1", "stem"), ("layer2", "stage2")):
        h.document.select((name,))
        assert h.canvas.commands.rename(name, new) == ""
        h.document.undo_stack.undo()
        assert h.document.selection.names == (name,)
        h.document.undo_stack.redo()
        assert h.document.selection.names == (new,)


def test_an_edge_stays_selected_when_its_ends_are_renamed(hands):
    h = hands(build("lenet5"))
    edge = h.network.incoming("relu1")[0]
    h.document.edit("Rename", lambda network: network.rename("conv1", "stem"))
    h.document.select(edge=edge._replace(source="stem"))
    h.document.undo_stack.undo()
    assert h.document.selection.edge == edge


def test_a_layer_is_found_by_its_name_or_kind(hands):
    h = hands(build("resnet", depth=18))
    h.canvas.find_layer()
    QTest.keyClicks(QApplication.focusWidget(), "layer3 downsample norm")
    assert h.canvas.adding.places.list.count() == 1
    h.key(Qt.Key.Key_Return)
    assert h.document.selection.names == ("layer3",)  # which hides the layer
    assert h.view.hasFocus()


def test_the_popup_is_no_longer_than_what_it_offers(hands):
    h = hands()
    h.add("input")
    h.key(Qt.Key.Key_Tab)
    full = h.canvas.adding.layers.height()
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    assert h.canvas.adding.layers.height() < full


def test_a_convolution_after_an_image_has_more_maps_than_the_image(hands):
    h = hands()
    h.add("input 3x32x32")
    name = h.add("conv")
    assert h.network.layer(name).out_channels == type(h.network.layer(name))().out_channels
    h.document.select((name,))
    assert h.network.layer(h.add("conv")).out_channels == h.network.layer(name).out_channels


def test_a_merge_takes_branches_from_left_to_right_and_the_main_path_before_a_shortcut(hands):
    network = Network()
    source = network.add(LAYERS["Input"](), "input", position=Point(0, 0))
    left = network.add(LAYERS["Conv2d"](), "left", inputs=source, position=Point(-400, 400))
    right = network.add(LAYERS["Conv2d"](), "right", inputs=source, position=Point(0, 200))
    low = network.add(LAYERS["ReLU"](), "low", inputs=right, position=Point(0, 600))
    h = hands(network, laid_out=False)
    h.document.select((low, right, left))
    added = h.add("concat")
    assert [edge.source for edge in h.network.incoming(added)] == [left, low, right]
    assert h.canvas.scene.geometry.boxes[added].top > h.canvas.scene.geometry.boxes[low].bottom


def test_the_first_layer_stands_in_the_upper_part_of_the_view(hands):
    h = hands()
    name = h.add("input")
    shown = h.view.shown()
    assert h.canvas.scene.geometry.boxes[name].bottom < shown.top() + shown.height() / 3


@pytest.mark.parametrize("take_back", [True, False], ids=["undo", "collapse"])
def test_a_selection_goes_into_the_block_that_collapses_around_it(hands, take_back):
    h, block = hands(build("resnet", depth=18)), "layer1.0"
    h.document.edit("Expand the stage", lambda network: expand(network, "layer1"))
    if take_back:
        h.document.edit("Collapse", lambda network: collapse(network, block))
    h.document.edit("Expand", lambda network: expand(network, block))
    members = h.network.members(block)
    h.document.select(members)
    if take_back:
        h.document.undo_stack.undo()
    else:
        h.document.edit("Collapse", lambda network: collapse(network, block))
    assert h.document.selection.names == (block,)
    h.canvas.commands.add_layer(Add())
    (added,) = h.document.selection.names
    assert isinstance(h.network.layer(added), Add)


def test_a_wire_that_goes_into_a_collapsed_block_is_selected_no_longer(hands):
    h, block = hands(build("resnet", depth=18)), "layer1.0"
    inner = [edge for edge in h.network.edges() if inside(edge.source, block) and inside(edge.target, block)]
    h.document.edit("Expand", lambda network: expand(network, block))
    h.document.select(edge=inner[0])
    h.document.edit("Collapse", lambda network: collapse(network, block))
    assert h.document.selection.edge is None
