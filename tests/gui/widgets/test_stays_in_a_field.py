"""What is typed in one stay in a field is one undo step; coming back to the field begins another."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from panel_parts import document, network, show, styled_panels
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.data.data_set import DataSet
from gui.data.split_form import SplitForm
from gui.document import Document
from gui.draw.inspector import InspectorPanel
from gui.train.recipe.panel import RecipePanel

__all__ = ["document", "network", "show", "styled_panels"]


@dataclass(frozen=True)
class Place:
    """A form: how it is made, its field, and what the field sets."""

    make: Callable[[Document], QWidget]
    field: Callable[[QWidget], QLineEdit]
    value: Callable[[Document], float]


def split_form(document):
    """The split as the workspace Data shows it."""
    form = SplitForm(DataSet(document))
    document.settings_changed.connect(form.refresh)
    form.refresh()
    return form


PLACES = {
    "a layer's number": Place(
        InspectorPanel,
        lambda panel: panel.nodes.settings.form.rows["out_channels"].editor,
        lambda document: document.network.layer("conv1").out_channels,
    ),
    "one of a layer's two numbers": Place(
        InspectorPanel,
        lambda panel: panel.nodes.settings.form.rows["stride"].editor.halves[0],
        lambda document: document.network.layer("conv1").stride[0],
    ),
    "the split": Place(
        split_form,
        lambda form: form.seed,
        lambda document: document.project.data.split.seed,
    ),
    "training settings": Place(
        RecipePanel,
        lambda panel: panel.form.rows["epochs"].editor,
        lambda document: document.project.training.epochs,
    ),
}


@pytest.fixture(params=PLACES)
def place(request, document, show):
    """A place with its widget shown beside another field, and ``stay``, which types in it and leaves."""
    place, around = PLACES[request.param], QWidget()
    panel, other = place.make(document), QLineEdit(around)
    panel.setParent(around)
    panel.setGeometry(0, 30, 400, 700)
    show(around, 500, 800)
    document.select(["conv1"])
    show()
    field = place.field(panel)

    def stay(*texts, enter=False):
        field.setFocus()
        for text in texts:
            field.selectAll()
            QTest.keyClicks(field, text)
            if enter:
                QTest.keyClick(field, Qt.Key.Key_Return)
        other.setFocus()
        show()

    return stay, document.undo_stack, lambda: place.value(document)


def test_all_keys_of_one_stay_are_one_step(place):
    stay, steps, value = place
    before = value()
    stay("12", "3")
    assert (value(), steps.count()) == (3, 1)
    steps.undo()
    assert value() == before


def test_a_second_stay_is_a_second_step(place):
    stay, steps, value = place
    before = value()
    stay("12")
    stay("3")
    assert (value(), steps.count()) == (3, 2)
    steps.undo()
    assert value() == 12
    steps.undo()
    assert value() == before


def test_what_enter_confirmed_is_a_step(place):
    stay, steps, value = place
    stay("12", "3", enter=True)
    assert (value(), steps.count()) == (3, 2)
    steps.undo()
    assert value() == 12


def test_a_refused_text_in_a_second_stay_takes_back_that_stay_alone(place):
    stay, steps, value = place
    stay("12")
    stay("3x")
    assert (value(), steps.count()) == (12, 1)
