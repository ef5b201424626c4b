"""Fitting brings what it shows clear of everything that floats over the canvas."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from templates import TEMPLATES


def under_what_floats(canvas, names):
    """Pairs of a box that is shown and a widget over it."""
    floating = (canvas.breadcrumb, canvas.chip, canvas.zoom_control, canvas.minimap, canvas.legend)
    boxes = canvas.scene.geometry.boxes
    shown = {name: QRectF(box.left, box.top, box.width, box.height) for name, box in boxes.items() if name in names}
    to_view = canvas.view.viewportTransform()
    return [
        (name, type(widget).__name__)
        for name, rect in shown.items()
        for widget in floating
        if widget.isVisible() and to_view.mapRect(rect).intersects(QRectF(widget.geometry()))
    ]


@pytest.mark.parametrize("size", [(500, 420), (700, 600), (1200, 900), (1800, 1100)])
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
