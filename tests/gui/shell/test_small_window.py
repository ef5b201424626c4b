"""In a small window nothing lies over anything else, and what is cut off ends in an ellipsis."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.words import signed_text
from gui.draw.inspector.panel import InspectorPanel
from gui.evaluate.class_table import ClassTable
from gui.look.workspace import LookInside
from gui.style.style import apply_style


@pytest.fixture(params=[(1280, 800), (1100, 700)], ids=str)
def small(request, window, person):
    """LeNet-5 in a window of that size."""
    window.resize(*request.param)
    person.open_template("lenet5")
    return window


def test_the_controls_of_look_inside_stand_beside_each_other(small, person):
    small.actions_["look_inside"].trigger()
    view = small.session.part(LookInside).maps.view
    person.until(lambda: view.values is not None)
    row = view.layout().itemAt(0)
    for widget in (row.itemAt(index).widget() for index in range(row.count())):
        assert widget is None or widget.width() >= widget.minimumSizeHint().width()
    buttons = [view.normalise.button(segment) for segment in view.normalise._segments]
    for left, right in pairwise(buttons):
        assert left.geometry().right() < right.geometry().left()
    assert all(button.width() >= button.sizeHint().width() for button in buttons)


def test_the_value_below_the_pointer_stands_in_the_status_bar(small, person):
    small.actions_["look_inside"].trigger()
    inside = small.session.part(LookInside)
    person.until(lambda: inside.maps.view.values is not None)
    tiles, status = inside.maps.view.mosaic.tiles, small.workspaces().status
    QTest.mouseMove(tiles, QPoint(40, 40))
    place = tiles.place_at(QPoint(40, 40))
    value = inside.maps.view.values[place.index, place.row, place.column]
    words = f"Map {place.index}, row {place.row}, column {place.column} = {signed_text(f'{value:.4g}')}"
    person.until(lambda: status.sentence.text() == words)
    inside.maps.view.mosaic.hovered.emit(None)
    assert status.sentence.text() == ""


def test_what_many_layers_are_ends_in_an_ellipsis_and_a_tooltip_has_all_of_it(small, person, qapp):
    small.document.select(list(small.document.network))
    inspector = small.workspaces().bench.panels["inspector"].widget
    assert isinstance(inspector, InspectorPanel)
    about = inspector.nodes.header.about
    person.until(lambda: about.toolTip() == about.text() != "")
    (row,) = about._rows(about.contentsRect().width())
    assert row.endswith("…")
    assert about.fontMetrics().horizontalAdvance(row) <= about.width()


@pytest.mark.parametrize("width", [580, 650, 1000])
def test_the_heads_of_the_classes_are_whole(width, qtbot, qapp):
    apply_style(qapp)
    table = ClassTable()
    qtbot.addWidget(table)
    table.setSortingEnabled(True)  # as it is once it has classes
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    table.resize(width, 200)
    table.show()
    head = table.horizontalHeader()
    qtbot.waitUntil(lambda: sum(map(head.sectionSize, range(head.count()))) == table.viewport().width())
    assert all(head.sectionSize(column) >= head.sectionSizeHint(column) for column in range(1, head.count()))
    qtbot.waitUntil(lambda: not table.horizontalScrollBar().isVisible())
    assert np.ptp([head.sectionSize(0), head.sectionSize(5)]) <= 1 or width < 650
