"""Nodes keep their picture while nothing about them changes, and are drawn anew when something does."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QPixmapCache
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input
from engine.layers.merge import Add
from engine.network import Network
from engine.network.layout import LANE_GAP
from gui.draw.canvas.items.mark_painter import REACH, Places
from gui.draw.canvas.items.node_painter import PAINTERS
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.marks import THUMBNAIL, TrainingMark
from gui.style.appearance import ThemeChoice, appearance
from templates import TEMPLATES, build


@pytest.fixture
def drawing(hands):
    """LeNet-5 at 100 %, painted."""
    h = hands(build("lenet5"))
    h.view.viewport().repaint()
    return h


@pytest.fixture
def painted(monkeypatch):
    """The names of nodes in the order they are painted."""
    names = []
    paint = PAINTERS[Detail.FULL]

    def note(painter, item):
        names.append(item.name)
        paint(painter, item)

    monkeypatch.setitem(PAINTERS, Detail.FULL, note)
    return names


def picture(h):
    """What a canvas shows, the pixels of its window."""
    return h.view.viewport().grab().toImage()


def same(first, second):
    """Whether two pictures differ by rounding at most."""
    first, second = (np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (first, second))
    return np.abs(first - second).max() <= 1


def test_panning_paints_no_node_twice(drawing, painted):
    drawing.view.pan(12, 7)
    drawing.view.viewport().repaint()
    drawing.view.pan(-12, -7)
    drawing.view.viewport().repaint()
    assert not painted


def test_only_what_the_pointer_enters_or_leaves_is_painted_again(drawing, painted):
    QTest.mouseMove(drawing.view.viewport(), drawing.centre("conv1"))
    QApplication.processEvents()
    assert set(painted) == {"conv1"}


def test_after_any_zoom_the_picture_is_that_of_a_fresh_canvas(drawing):
    fresh = picture(drawing)
    for zoom in (0.6, 0.3, 2.0, 0.79, 1.0):
        middle = drawing.view.shown().center()
        drawing.view.zoom_at(zoom)
        drawing.view.look_at(middle)
        picture(drawing)
    assert same(picture(drawing), fresh)


def test_another_theme_reaches_every_node(drawing):
    for theme in (ThemeChoice.LIGHT, ThemeChoice.DARK):  # what floats above is measured by the sheet in force
        appearance().choose(theme)
    dark = picture(drawing)
    appearance().choose(ThemeChoice.LIGHT)
    light = picture(drawing)
    QPixmapCache.clear()
    assert same(picture(drawing), light)
    appearance().choose(ThemeChoice.DARK)
    assert same(picture(drawing), dark)
    assert not same(dark, light)


def test_a_new_batch_changes_the_strip_and_nothing_else(drawing, painted):
    drawing.canvas.set_marks({"conv1": TrainingMark(strip=(1e-4,) * 24, dead=0.1)})
    before = picture(drawing)
    painted.clear()
    drawing.canvas.set_marks({"conv1": TrainingMark(strip=(10.0,) * 24, dead=0.1)})
    after = picture(drawing)
    assert not painted
    item = drawing.canvas.scene.nodes["conv1"]
    strip = drawing.at(item.box.left + 13, item.box.bottom - 11)
    assert before.pixelColor(strip + QPoint(2, 2)) != after.pixelColor(strip + QPoint(2, 2))
    outside = QRect(0, 0, after.width(), strip.y() - 1)
    assert same(before.copy(outside), after.copy(outside))
    drawing.canvas.set_marks({})
    assert not any(item.childItems() for item in drawing.canvas.scene.nodes.values())


def test_marks_step_back_with_their_nodes(drawing):
    drawing.canvas.set_marks({"conv1": TrainingMark(dead=0.5)})
    drawing.view.zoom_at(0.3)
    with_mark = picture(drawing)
    drawing.canvas.set_marks({})
    assert same(picture(drawing), with_mark)


def mark_areas(h, name):
    """Where the thumbnail and the badge of a node stand, in px at 100 %."""
    box = h.canvas.scene.geometry.boxes[name]
    room = h.canvas.scene.geometry.room_beside(name, THUMBNAIL, REACH)
    places = Places(box, room, has_thumbnail=True)
    return [area.translated(box.left, box.top) for area in (places.thumbnail, places.badge) if area is not None]


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.name)
def test_marks_lie_over_no_other_node(hands, template):
    h = hands(template.build())
    for block in h.network.block_prefixes()[:12]:
        h.canvas.commands.toggle_block(block)
    boxes, outline = h.canvas.scene.geometry.boxes, h.canvas.scene.outline
    nodes = {name: QRectF(box.left, box.top, box.width, box.height) for name, box in boxes.items()}
    solid = {name: area for name, area in nodes.items() if not outline.is_frame(name)}
    for name in solid:
        for area in mark_areas(h, name):
            assert [other for other, there in solid.items() if other != name and there.intersects(area)] == [], name


def test_a_thumbnail_between_two_branches_is_smaller_and_still_there(hands):
    network = Network()
    source = network.add(Input())
    left, right = (network.add(Conv2d(out_channels=8), inputs=[source]) for _ in range(2))
    network.add(Add(), inputs=[left, right])
    h = hands(network)
    thumbnail, badge = mark_areas(h, left)
    assert h.canvas.scene.geometry.boxes[right].left - h.canvas.scene.geometry.boxes[left].right == LANE_GAP
    assert (thumbnail.width(), thumbnail.height()) == (LANE_GAP - 8, LANE_GAP - 8)
    assert badge.left() > h.canvas.scene.geometry.boxes[left].centre  # clear of the wire below it
    assert [area.width() for area in mark_areas(h, right)] == [THUMBNAIL, 72]


def test_what_a_mark_says_below_a_node_is_painted_and_taken_away(hands):
    network = Network()
    source = network.add(Input())
    left, right = (network.add(ReLU(), inputs=[source]) for _ in range(2))
    network.add(Add(), inputs=[left, right])
    h = hands(network)
    without = picture(h)
    h.canvas.set_marks({left: TrainingMark(dead=0.5)})
    badge = h.view.viewportTransform().mapRect(mark_areas(h, left)[1]).toRect()
    below = QRect(badge.left(), badge.bottom() - 6, badge.width(), 4)
    assert not same(picture(h).copy(below), without.copy(below))
    h.canvas.set_marks({})
    assert same(picture(h), without)
