"""Fitting brings what it shows clear of everything that floats over the canvas."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from engine.layers.linear import Linear
from engine.network import Network
from gui.draw.canvas.motion import FIT_MS
from templates import TEMPLATES


def lines_of(wire):
    """The straight parts of a wire, a pixel wide."""
    return [
        QRectF(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x) or 1, abs(a.y - b.y) or 1)
        for a, b in pairwise(wire.course.corners)
    ]


def under_what_floats(canvas, names):
    """Pairs of a box that is shown and a widget over it."""
    floating = (canvas.breadcrumb, canvas.chip, canvas.zoom_control, canvas.minimap, canvas.legend)
    boxes = canvas.scene.geometry.boxes
    shown = {name: QRectF(box.left, box.top, box.width, box.height) for name, box in boxes.items() if name in names}
    if len(names) == len(boxes):  # all of the network, with its wires
        shown |= {
            f"wire {link} {number}": line
            for link, wire in canvas.scene.wires.items()
            for number, line in enumerate(lines_of(wire))
        }
        labels = {f"label {link}": wire.drawn_label(1.0) for link, wire in canvas.scene.wires.items()}
        shown |= {name: label for name, label in labels.items() if label is not None}
    to_view = canvas.view.viewportTransform()
    return [
        (name, type(widget).__name__)
        for name, rect in shown.items()
        for widget in floating
        if widget.isVisible() and to_view.mapRect(rect).intersects(QRectF(widget.geometry()))
    ]


@pytest.mark.parametrize("size", [(500, 420), (700, 600), (1200, 900), (1055, 690), (1800, 1100)])
@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.name)
def test_nothing_lies_under_what_floats(hands, template, size):
    h = hands(template.build())
    h.canvas.resize(*size)
    QApplication.processEvents()
    entries = list(h.canvas.scene.geometry.boxes)
    for names in (entries, *(entries[start::step] for step in (2, 3, 5) for start in range(step)), entries[-1:]):
        h.view.fit(names if names is not entries else (), animate=False)
        QApplication.processEvents()
        assert under_what_floats(h.canvas, names) == [], names


@pytest.mark.parametrize("height", range(600, 700, 20))
def test_a_layer_that_is_added_stands_above_what_floats_at_the_bottom(hands, qtbot, height):
    h = hands(Network())
    h.canvas.resize(640, height)
    for _ in range(7):
        h.canvas.add_layer(Linear(out_features=10))
        qtbot.wait(2 * FIT_MS)  # it moves there
        (name,) = h.document.selection.names
        assert under_what_floats(h.canvas, [name]) == []
