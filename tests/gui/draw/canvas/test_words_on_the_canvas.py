"""Words on the canvas: those of wires stand clear, titles are not struck through, and names stay apart when cut."""

import itertools

import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.network import Network, Point
from engine.network.blocks import expand
from engine.network.geometry import HEADER
from engine.network.layout import Flow, tidy
from engine.network.names import parent
from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.items.hits import WireHit, hit
from gui.draw.canvas.model.geometry import STACK
from templates import TEMPLATES

TOUCH = 4.0  # px that edges may lie over one another


def laid_out(template, flow: Flow, *, expanded: bool) -> Network:
    network = template.build()
    if expanded:
        for prefix in sorted(network.block_prefixes()):
            expand(network, prefix)
    tidy(network, flow)
    return network


def over(one: QRectF, other: QRectF) -> bool:
    both = one.intersected(other)
    return both.width() > TOUCH and both.height() > TOUCH


def words_of_wires(h) -> dict[object, QRectF]:
    """The labels that are drawn, as large as they are drawn, in scene px."""
    look, zoom = h.canvas.scene.look, h.view.zoom
    shown = {link: wire for link, wire in h.canvas.scene.wires.items() if wire.says}
    if zoom >= 0.8:
        return {link: wire.label_box for link, wire in shown.items()}
    width = QFontMetricsF(look.paints.fonts.screen_mono).horizontalAdvance
    boxes = {}
    for link, wire in shown.items():
        if wire.face.changes:
            box = QRectF(0, 0, (width(wire.face.label) + 10) / zoom, 14 / zoom)
            box.moveCenter(wire.label_box.center())
            boxes[link] = box
    return boxes


def solid(h) -> dict[str, QRectF]:
    """Nodes with the edges that blocks lie on, and the headers of frames."""
    return {name: item.solids()[0] for name, item in h.canvas.scene.nodes.items()}


def frame_edges(h) -> list[tuple[str, QLineF]]:
    """Left, right and lower edges of the frames."""
    frames = {name: item.box for name, item in h.canvas.scene.nodes.items() if isinstance(item, FrameItem)}
    return [
        (name, line)
        for name, box in frames.items()
        for line in (
            QLineF(box.left, box.top, box.left, box.bottom),
            QLineF(box.right, box.top, box.right, box.bottom),
            QLineF(box.left, box.bottom, box.right, box.bottom),
        )
    ]


def crosses(line: QLineF, box: QRectF) -> bool:
    inner = box.adjusted(TOUCH, TOUCH, -TOUCH, -TOUCH)
    across = min(line.x1(), line.x2()) < inner.right() and max(line.x1(), line.x2()) > inner.left()
    return across and min(line.y1(), line.y2()) < inner.bottom() and max(line.y1(), line.y2()) > inner.top()


@pytest.mark.parametrize("zoom", [1.0, 0.79, 0.5])
@pytest.mark.parametrize("flow", Flow)
@pytest.mark.parametrize("expanded", [False, True])
@pytest.mark.parametrize("name", ["googlenet", "resnet", "inception_module", "wide_resnet", "mobilenet"])
def test_words_of_wires_lie_over_no_node_no_header_and_not_over_one_another(hands, name, expanded, flow, zoom):
    h = hands(laid_out(TEMPLATES[name], flow, expanded=expanded), laid_out=False)
    h.view.zoom_at(zoom)
    words = words_of_wires(h)
    assert words
    for link, box in words.items():
        assert not [node for node, other in solid(h).items() if over(box, other)], link
        assert not [frame for frame, line in frame_edges(h) if crosses(line, box)], link
    assert not [(one, other) for one, other in itertools.combinations(words, 2) if over(words[one], words[other])]


def test_the_words_of_a_wire_go_where_there_is_room_when_a_node_is_moved_over_them(hands):
    network = Network()
    network.add(Input(channels=4, height=8, width=8), "input", position=Point(0, 0))
    network.add(Conv2d(out_channels=4, kernel_size=1), "conv", inputs="input", position=Point(0, 400))
    network.add(Output(), "output", inputs="conv", position=Point(0, 500))
    network.add(Conv2d(out_channels=4, kernel_size=1), "aside", position=Point(400, 200))
    h = hands(network, laid_out=False)
    wire = next(item for link, item in h.canvas.scene.wires.items() if link.start.entry == "input")
    before = wire.label_box.center()
    h.document.edit("Move", lambda network: network.set_node("aside", position=Point(104, 200)))
    assert wire.says
    assert not over(wire.label_box, solid(h)["aside"])
    h.document.undo_stack.undo()
    assert wire.label_box.center() == before


@pytest.mark.parametrize("zoom", [1.0, 0.6, 0.46])
@pytest.mark.parametrize("kernel", [1, 9])
def test_words_without_room_come_out_over_all_else_while_the_mouse_asks(hands, kernel, zoom):
    network = Network()
    network.add(Input(channels=4, height=8, width=8), "input", position=Point(0, 0))
    network.add(Conv2d(out_channels=4, kernel_size=1), "conv", inputs="input", position=Point(0, 52))
    network.add(Output(), "output", inputs="conv", position=Point(0, 200))
    h = hands(network, laid_out=False)
    wire = next(item for link, item in h.canvas.scene.wires.items() if link.start.entry == "input")
    h.document.edit("Kernel", lambda network: network.set_layer("conv", Conv2d(out_channels=4, kernel_size=kernel)))
    h.view.zoom_at(zoom)
    assert wire.face.label
    assert not wire.says
    start, end = wire.course.corners
    QTest.mouseMove(h.view.viewport(), h.at(start.x, (start.y + end.y) / 2))
    assert wire.hovered
    assert wire.says
    assert wire.zValue() > max(item.zValue() for item in h.canvas.scene.nodes.values())
    QTest.mouseMove(h.view.viewport(), h.at(500, 300))
    assert not wire.says
    assert wire.zValue() < min(item.zValue() for item in h.canvas.scene.nodes.values())


@pytest.mark.parametrize("zoom", [1.0, 0.6])
def test_the_words_of_wires_that_a_drag_moves_stay_clear_and_all_others_where_they_are(hands, zoom):
    h = hands(laid_out(TEMPLATES["googlenet"], Flow.FOLDED, expanded=False), laid_out=False)
    h.view.zoom_at(zoom)
    scene = h.canvas.scene
    before = {link: wire.label_box for link, wire in scene.wires.items()}
    for dx, dy in ((30, 10), (200, 40), (-90, 70), (120, 100), (480, -40)):
        scene.lift(["conv2"], dx, dy)
        at = {link for link in before if "conv2" in {link.start.entry, link.end.entry}}
        assert all(scene.wires[link].label_box == box for link, box in before.items() if link not in at)
        words = {link: box for link, box in words_of_wires(h).items() if link in at}
        for link, box in words.items():
            assert not [node for node, other in solid(h).items() if over(box, other)], link
            assert not [other for other, its in words_of_wires(h).items() if other != link and over(box, its)]
    scene.lay_down()
    assert {link: wire.label_box for link, wire in scene.wires.items()} == before


@pytest.mark.parametrize("zoom", [1.0, 0.6, 0.3])
@pytest.mark.parametrize("name", ["resnet", "densenet", "googlenet", "network_in_network"])
def test_no_wire_runs_through_the_title_of_a_frame(hands, name, zoom):
    h = hands(laid_out(TEMPLATES[name], Flow.FOLDED, expanded=True), laid_out=False)
    h.view.zoom_at(zoom)
    h.canvas.grab()
    crossed = [item for item in h.canvas.scene.nodes.values() if isinstance(item, FrameItem) and item.texts]
    assert crossed
    for frame in crossed:
        key, left = ("title", 34) if "title" in frame.texts else ("screen", 6)
        end = left + frame.texts[key][0].size().width()
        assert all(end < port.x * (zoom if key == "screen" else 1) for port in frame.ports if port.y <= HEADER), (
            frame.name
        )


@pytest.mark.parametrize("zoom", [1.0, 0.79, 0.6])
@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.name)
def test_siblings_of_other_names_are_shown_by_other_words(hands, template, zoom):
    h = hands(laid_out(template, Flow.FOLDED, expanded=False))
    h.view.zoom_at(zoom)
    h.canvas.grab()
    shown: dict[tuple[str, str], str] = {}
    for name, item in h.canvas.scene.nodes.items():
        for key in ("title", "screen"):
            if key in item.texts:
                words = item.texts[key][0].text()
                assert shown.setdefault((parent(name), words), name) == name


@pytest.mark.parametrize("zoom", [0.6, 0.3])
def test_a_wire_is_hit_beside_the_very_nodes_that_it_joins(hands, zoom):
    h = hands(laid_out(TEMPLATES["googlenet"], Flow.FOLDED, expanded=False), laid_out=False)
    h.view.zoom_at(zoom)
    scene = h.canvas.scene
    for wire in scene.wires.values():
        (x, y), (to_x, to_y) = wire.course.corners[:2]
        away = QPointF(to_x - x, to_y - y) / abs(to_x - x + to_y - y)
        block = 2 * STACK if scene.nodes[wire.link.start.entry].face.family is None else 0
        found = hit(scene, QPointF(x, y) + away * (block + 1.5))
        assert isinstance(found, WireHit)
        assert found.item.link.start == wire.link.start


def test_words_keep_clear_of_the_edges_that_a_block_lies_on(hands):
    h = hands(laid_out(TEMPLATES["googlenet"], Flow.FOLDED, expanded=False), laid_out=False)
    for name, item in h.canvas.scene.nodes.items():
        further = 0 if name in h.network else 2 * STACK
        box = QRectF(item.box.left, item.box.top, item.box.width + further, item.box.height + further)
        assert item.solids() == (box,)
