"""What is brought into view after an edit."""

import pytest
from PySide6.QtCore import QRectF

from engine.layers.activation import ReLU
from engine.network import Network, Point


@pytest.mark.parametrize(("far", "both"), [(500, True), (5000, False)])
def test_what_is_too_much_for_the_view_is_shown_by_its_last(hands, qtbot, far, both):
    network = Network()
    network.add(ReLU(), "first", position=Point(2000, 3000))
    network.add(ReLU(), "last", position=Point(2000, 3000 + far))
    h = hands(network, laid_out=False)
    h.view.reveal("first", "last")
    boxes = h.canvas.scene.geometry.boxes
    places = {name: QRectF(box.left, box.top, box.width, box.height) for name, box in boxes.items()}
    qtbot.waitUntil(lambda: h.view.shown().contains(places["last"]))
    assert h.view.shown().contains(places["first"]) is both
