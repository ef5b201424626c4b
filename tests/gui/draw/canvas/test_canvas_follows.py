"""The canvas follows the document: after any edits and undos it equals a canvas made afresh."""

from itertools import pairwise

import pytest
from drawn_scene import drawn
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QToolButton

from engine.errors import LayerloomError
from engine.layers import LAYERS
from engine.network import Network, Point, blocks, edits
from engine.network.layout import Flow, tidy
from engine.project import Project
from gui.document import Document
from gui.draw.canvas.items.scene import CanvasScene
from gui.draw.canvas.model.boxes import Box
from gui.draw.mime import layer_to_mime
from gui.style.appearance import ThemeChoice, appearance
from templates import build


def residual() -> Network:
    network = Network("residual")
    network.add(LAYERS["Input"](channels=8, height=8, width=8), "input")
    network.add(LAYERS["Conv2d"](out_channels=8, padding=(1, 1)), "stage.0.conv", inputs="input")
    network.add(LAYERS["ReLU"](), "stage.0.relu", inputs="stage.0.conv")
    network.add(LAYERS["Add"](), "stage.0.add", inputs=("stage.0.relu", "input"))
    network.add(LAYERS["Conv2d"](out_channels=4), "stage.1.conv", inputs="stage.0.add")
    network.add(LAYERS["Flatten"](), "flatten", inputs="stage.1.conv")
    network.add(LAYERS["Linear"](), "fc", inputs="flatten")
    tidy(network)
    return network


def entries(network: Network) -> list[str]:
    return [*network, *network.block_prefixes()]


def step(draw, network: Network):
    """One random edit as a function of a network."""
    names = entries(network)
    if not names:
        return lambda n: n.add(LAYERS["ReLU"]())
    name, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
    dx, dy = draw(st.integers(-20, 20)) * 8, draw(st.integers(-20, 20)) * 8
    layer = draw(st.sampled_from([LAYERS["ReLU"](), LAYERS["Conv2d"](), LAYERS["Add"]()]))
    return draw(
        st.sampled_from(
            [
                lambda n: edits.move(n, [name], dx, dy),
                lambda n: edits.add_after(n, layer, name),
                lambda n: edits.remove(n, [name]),
                lambda n: edits.remove_and_close_gap(n, [name]),
                lambda n: n.connect(name, other),
                lambda n: blocks.group(n, [name, other]),
                lambda n: n.is_block(name) and blocks.ungroup(n, name),
                lambda n: n.is_block(name) and blocks.collapse(n, name),
                lambda n: n.is_block(name) and blocks.expand(n, name),
                lambda n: n.rename(name, n.free_name("named")),
                lambda n: n.add(layer),
                lambda n: n.add(layer, position=Point(dx, dy)),
                lambda n: tidy(n),
            ]
        )
    )


@settings(max_examples=25)
@given(data=st.data())
def test_after_any_edits_the_canvas_equals_a_fresh_one(qapp, data):
    document = Document(Project(network=residual()))
    scene = CanvasScene(document)
    for _ in range(data.draw(st.integers(1, 8))):
        if data.draw(st.booleans()) or not document.undo_stack.canUndo():
            try:
                document.edit("edit", step(data.draw, document.network))
            except LayerloomError:
                continue
        else:
            document.undo_stack.undo()
        assert drawn(scene) == drawn(CanvasScene(document))


def test_an_edit_touches_only_what_changed(qapp, monkeypatch):
    network = build("resnet", depth=50)
    for prefix in network.block_prefixes():
        network.set_block(prefix, collapsed=False)
    tidy(network)
    document = Document(Project(network=network))
    scene = CanvasScene(document)
    rerouted = []
    reroute = scene.router.reroute
    monkeypatch.setattr(
        scene.router, "reroute", lambda links, **options: rerouted.extend(links) or reroute(links, **options)
    )
    x, y = network["layer3.2.conv2"].position
    document.edit("move", lambda n: n.set_node("layer3.2.conv2", position=Point(x + 8, y)))
    assert 2 <= len(set(rerouted)) < 30
    assert len(scene.wires) > 200


def test_a_network_without_places_is_drawn_without_overlaps(qapp):
    network = build("lenet5")
    scene = CanvasScene(Document(Project(network=network)))
    boxes = list(scene.geometry.boxes.values())
    assert len(boxes) == len(network)
    assert not any(one.overlaps(other) for one in boxes for other in boxes if one is not other)


def test_another_project_replaces_everything(qapp):
    document = Document(Project(network=residual()))
    scene = CanvasScene(document)
    other = build("lenet5")
    tidy(other)
    document.replace(Project(network=other))
    assert set(scene.nodes) == set(other)
    document.edit("rename", lambda n: n.rename("conv1", "first"))
    assert "first" in scene.nodes


def test_a_block_opens_with_a_short_motion_that_any_edit_cuts_short(hands, qtbot):
    h = hands(build("resnet", depth=18))
    scene = h.canvas.scene
    h.canvas.commands.toggle_block("layer1")
    below = scene.nodes["layer2"]
    assert scene.glide.running
    assert below.y() < below.box.top
    assert scene.nodes["layer1.0.conv1"].opacity() < 1
    h.document.undo_stack.undo()
    scene.glide.stop()
    assert scene.nodes["layer2"].y() == scene.nodes["layer2"].box.top
    h.canvas.commands.toggle_block("layer1")
    qtbot.waitUntil(lambda: not scene.glide.running)
    assert below.y() == below.box.top
    assert all(item.opacity() == 1 for item in (*scene.nodes.values(), *scene.wires.values()))


def test_what_the_mouse_has_moved_stays_where_it_was_left(hands):
    h = hands(build("resnet", depth=18))
    h.canvas.fit()
    h.canvas.zoom_100()
    h.canvas.view.look_at(QPointF(300, 100))
    h.drag(h.centre("conv1"), h.centre("conv1") + QPoint(200, 0))
    assert not h.canvas.scene.glide.running


def test_what_fits_goes_on_fitting_when_the_window_shrinks_until_it_is_moved(hands):
    h = hands(build("alexnet"))
    h.canvas.fit()
    h.view.stop_motion()
    h.view.fit(animate=False)
    before = h.view.zoom
    h.canvas.resize(700, 600)
    assert h.view.zoom < before
    bounds = h.canvas.scene.geometry.bounds()
    assert h.view.shown().contains(bounds.centre, bounds.middle)
    h.view.zoom_at(1.0)
    h.canvas.resize(500, 600)
    assert h.view.zoom == 1.0


def test_a_network_that_runs_to_the_right_leaves_at_the_right_and_enters_at_the_left(hands):
    h = hands(build("lenet5"))
    settings = h.document.project.view.model_copy(update={"flow": Flow.LEFT_TO_RIGHT})
    h.document.change_settings("Flow", settings)
    h.document.edit("Tidy", lambda network: tidy(network, Flow.LEFT_TO_RIGHT))
    scene = h.canvas.scene
    for course in scene.router.courses.values():
        (x1, y1), (x2, y2) = course.corners
        assert y1 == y2
        assert x1 < x2
    conv = scene.nodes["conv1"]
    assert {(port.x, port.y) for port in conv.ports} == {
        (0, conv.box.height / 2),
        (conv.box.width, conv.box.height / 2),
    }
    h.document.select(("conv1",))
    h.key(Qt.Key.Key_Right)
    assert h.document.selection.names == ("relu1",)
    h.document.undo_stack.setIndex(0)
    assert any(port.y == conv.box.height for port in scene.nodes["conv1"].ports)


def test_wires_to_the_right_go_round_what_stands_between(hands):
    h = hands(build("inception_module"))
    settings = h.document.project.view.model_copy(update={"flow": Flow.LEFT_TO_RIGHT})
    h.document.change_settings("Flow", settings)
    h.document.edit("Tidy", lambda network: tidy(network, Flow.LEFT_TO_RIGHT))
    boxes = h.canvas.scene.geometry.boxes
    for link, course in h.canvas.scene.router.courses.items():
        others = [box for name, box in boxes.items() if name not in (link.start.entry, link.end.entry)]
        for start, end in pairwise(course.corners):
            line = Box(min(start.x, end.x), min(start.y, end.y), max(start.x, end.x), max(start.y, end.y))
            assert not any(box.overlaps(line.grown(0.5, 0.5, 0.5, 0.5)) for box in others)


def test_floating_icons_take_their_colour_from_the_theme_in_force(hands):
    h = hands(build("lenet5"))
    before, seen = appearance().choice, []
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        appearance().choose(choice)
        buttons = h.canvas.zoom_control.findChildren(QToolButton)
        seen.append([button.icon().pixmap(16).toImage() for button in buttons])
        lens = h.canvas.adding.layers.field.actions()[0]
        seen[-1].append(lens.icon().pixmap(16).toImage())
    appearance().choose(before)
    assert len(seen[0]) == 5
    assert all(dark != light for dark, light in zip(*seen, strict=True))


def test_the_label_of_a_trunk_is_not_struck_through_by_its_branches(hands):
    h = hands(build("inception_module"))
    wires = h.canvas.scene.wires
    for lit in (False, True):
        h.document.select(("input",) if lit else ())
        for source in h.canvas.scene.wiring.starting.values():
            trunk = [wires[link] for link in source if wires[link].course.dot]
            branches = [wires[link] for link in source if wires[link].course.branch]
            assert all(one.zValue() > other.zValue() for one in trunk for other in branches)


class TestTheView:
    """What is in view stays where it is, and something of the drawing stays in view."""

    @pytest.mark.parametrize("zoom", [0.1, 0.25, 1.0, 4.0])
    def test_dropping_layers_moves_nothing_else(self, hands, zoom):
        h = hands()
        h.canvas.resize(2400, 1300)
        h.view.zoom_at(zoom)
        before = h.view.viewportTransform()
        for layer, point in (("Input", QPoint(900, 300)), ("Conv2d", QPoint(1900, 900)), ("ReLU", QPoint(50, 1200))):
            h.drop(layer_to_mime(LAYERS[layer]()), point)
            assert h.view.viewportTransform() == before
        h.document.undo_stack.undo()
        assert h.view.viewportTransform() == before

    def test_an_undone_layout_is_followed(self, hands, qtbot):
        h = hands(build("vgg"))
        h.canvas.commands.set_flow(Flow.LEFT_TO_RIGHT)
        for step in (h.document.undo_stack.undo, h.document.undo_stack.redo):
            h.view.stop_motion()
            h.canvas.zoom_100()
            last = h.canvas.scene.geometry.boxes["output"]
            h.view.look_at(QPointF(last.centre, last.middle))
            step()
            qtbot.waitUntil(lambda: in_view(h))

    @pytest.mark.parametrize("passed", [0, 10, 40, 110])  # of 120 ms
    @pytest.mark.parametrize("template", ["vgg", "googlenet"])
    def test_a_layout_undone_while_the_view_still_moves_to_it_is_followed(self, hands, qtbot, template, passed):
        h = hands(build(template))
        h.canvas.resize(748, 572)
        h.view.fit(animate=False)
        h.canvas.commands.set_flow(Flow.LEFT_TO_RIGHT)
        h.view._motion.running.setCurrentTime(passed)
        h.document.undo_stack.undo()
        qtbot.waitUntil(lambda: h.view._motion.running is None)
        assert in_view(h)

    @pytest.mark.parametrize("template", ["vgg", "googlenet", "resnet"])
    def test_what_was_fitted_is_fitted_again_when_a_layout_is_undone_and_redone(self, hands, qtbot, template):
        h = hands(build(template))
        h.canvas.resize(748, 572)
        h.view.fit(animate=False)
        fitted = [h.view.zoom]
        h.canvas.commands.set_flow(Flow.LEFT_TO_RIGHT)
        qtbot.waitUntil(lambda: h.view._motion.running is None)
        fitted.append(h.view.zoom)
        for step, zoom in ((h.document.undo_stack.undo, fitted[0]), (h.document.undo_stack.redo, fitted[1])):
            step()
            qtbot.waitUntil(lambda: h.view._motion.running is None)
            assert h.view.zoom == pytest.approx(zoom)

    @pytest.mark.parametrize("passed", [0, 10, 40, 110])  # of 120 ms
    def test_what_is_done_while_the_view_still_moves_holds(self, hands, qtbot, passed):
        h = hands(build("vgg"))
        h.canvas.resize(748, 572)
        h.view.fit(animate=False)
        small = h.view.zoom
        for act, expected in ((h.canvas.zoom_100, 1.0), (lambda: h.canvas.zoom_to(0.5), 0.5)):
            h.view.zoom_at(2.0)
            h.view.fit()
            h.view._motion.running.setCurrentTime(passed)
            act()
            assert h.view._motion.running is None
            assert h.view.zoom == expected
        assert small < 0.5

    @pytest.mark.parametrize("passed", [0, 40, 110])  # of 120 ms
    def test_what_shall_be_seen_is_in_view_after_an_edit_cuts_the_way_there_short(self, hands, passed):
        h = hands(build("vgg"))
        h.canvas.resize(748, 572)
        h.view.zoom_at(1.0)
        h.view.look_at(QPointF(0, 0))
        h.view.reveal("output")
        h.view._motion.running.setCurrentTime(passed)
        h.document.edit("Freeze", lambda network: edits.freeze(network, ["classifier.6"]))
        assert h.view._motion.running is None
        box = h.canvas.scene.geometry.boxes["output"]
        assert h.view.shown().contains(QRectF(box.left, box.top, box.width, box.height))

    def test_a_drawing_too_large_for_the_smallest_zoom_is_whole_after_fit(self, hands):
        network = Network("long")
        last = ()
        for index in range(300):
            last = network.add(LAYERS["ReLU"](), inputs=last, position=Point(0, 200 * index))
        h = hands(network, laid_out=False)
        h.canvas.resize(748, 572)
        h.view.fit(animate=False)
        assert h.view.zoom < 0.1
        boxes = h.canvas.scene.geometry.boxes.values()
        assert all(h.view.shown().contains(QRectF(box.left, box.top, box.width, box.height)) for box in boxes)
        smallest = h.view.zoom
        h.canvas.zoom_out()
        assert h.view.zoom == smallest
        h.canvas.zoom_in()
        assert h.view.zoom == pytest.approx(1.25 * smallest)

    def test_who_looks_at_empty_canvas_is_left_there(self, hands):
        h = hands(build("lenet5"))
        h.view.look_at(QPointF(-1000, -800))
        before = h.view.viewportTransform()
        h.document.edit("Rename", lambda network: network.rename("conv1", "first"))
        assert h.view.viewportTransform() == before

    def test_everything_can_be_moved_out_of_view_and_no_further(self, hands):
        h = hands(build("lenet5"))
        for _ in range(100):
            h.view.pan(500, 500)
        assert not in_view(h)
        h.view.pan(-500, -500)
        assert in_view(h)


def in_view(h) -> bool:
    shown, boxes = h.view.shown(), h.canvas.scene.geometry.boxes.values()
    return any(shown.intersects(QRectF(box.left, box.top, box.width, box.height)) for box in boxes)


def test_a_block_stays_ringed_when_it_opens_and_closes(hands):
    h = hands(build("resnet", depth=18))
    block = next(name for name in h.network.block_prefixes() if h.network.block(name).collapsed and "." not in name)
    h.document.select((block,))
    for _ in range(2):
        h.canvas.commands.toggle_block()
        assert h.canvas.scene.nodes[block].selected


def test_opening_and_closing_blocks_edits_nothing_that_is_saved(hands, qtbot):
    h = hands(build("resnet", depth=18))
    told = []
    h.document.title_changed.connect(lambda: told.append(h.document.modified))
    h.document.select(("layer1",))
    h.canvas.commands.toggle_block()
    assert not h.document.modified
    h.canvas.commands.rename("layer2", "second")
    assert (h.document.modified, told[-1]) == (True, True)
    h.document.undo_stack.undo()
    assert (h.document.modified, told[-1]) == (False, False)
    h.document.undo_stack.undo()
    assert not h.document.modified
    h.document.undo_stack.resetClean()
    assert h.document.modified


@pytest.mark.parametrize("change", ["undo", "another drawing"])
@pytest.mark.parametrize("opened", ["quick_add", "find_layer", "choose_target", "repeat", "rename"])
def test_no_popup_outlives_what_it_was_opened_for(hands, opened, change):
    h = hands(build("lenet5"))
    added = h.add("conv")
    getattr(h.canvas, opened)()
    popups = (*h.canvas.adding.popups, h.canvas.rename_field, h.canvas.repeat_popup)
    assert sum(popup.isVisible() for popup in popups) == 1
    if change == "undo":
        h.document.undo_stack.undo()
        assert added not in h.network
    else:
        h.document.replace(Project(network=build("lenet5")))
    assert not any(popup.isVisible() for popup in popups)
    assert h.view.hasFocus()


@pytest.mark.parametrize("opened", ["quick_add", "find_layer", "choose_target", "repeat", "rename"])
@pytest.mark.parametrize("before", ["quick_add", "find_layer", "choose_target", "repeat", "rename"])
def test_a_popup_is_alone_and_goes_with_the_canvas(hands, before, opened):
    h = hands(build("lenet5"))
    h.document.select(("conv1",))
    popups = (*h.canvas.adding.popups, h.canvas.rename_field, h.canvas.repeat_popup)
    for name in (before, opened):
        getattr(h.canvas, name)()
        assert sum(popup.isVisible() for popup in popups) == 1
    h.canvas.hide()
    h.canvas.show()
    assert not any(popup.isVisible() for popup in popups)
