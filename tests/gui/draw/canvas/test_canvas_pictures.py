"""Nodes keep their picture while nothing about them changes, and are drawn anew when something does."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPixmapCache
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.draw.canvas.items.node_painter import PAINTERS
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.marks import TrainingMark
from gui.style.appearance import ThemeChoice, appearance
from templates import build


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
