"""Auxiliary heads: how much they count in the loss is set beside it, in the network."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.tasks.heads import heads_of
from templates import build


@pytest.fixture(scope="module")
def googlenet():
    return build("googlenet", classes=10, input_size=79)


@pytest.fixture
def form(show, googlenet):
    return show(network=googlenet.copy())


def weights(form):
    return [heads_of(form.document.network).weights[name] for name in form.panel.heads.fields]


def test_each_head_has_its_number_as_one_undo_step(form):
    first, second = (field.editor for field in form.panel.heads.fields.values())
    assert [field.accessibleName() for field in (first, second)] == [
        "Weight of aux1 in the loss",
        "Weight of aux2 in the loss",
    ]
    first.setFocus()
    first.selectAll()
    form.keys(first, "0.55")
    assert weights(form) == [0.55, 0.3]
    assert (form.steps, form.document.undo_stack.undoText()) == (1, "Change weight of aux1 in the loss")
    form.document.undo_stack.undo()
    form.settle()
    assert first.text() == "0.3"


@pytest.mark.parametrize("typed", ["-1", "much", "0.5x"])
def test_what_cannot_be_is_refused_with_what_stays(form, typed):
    field = next(iter(form.panel.heads.fields.values()))
    field.editor.setFocus()
    field.editor.selectAll()
    form.keys(field.editor, typed)
    assert weights(form) == [0.3, 0.3]
    assert field.reason.text().endswith("0.3 stays in force.")
    QTest.keyClick(field.editor, Qt.Key.Key_Escape)
    assert (field.editor.text(), field.reason.isHidden()) == ("0.3", True)


def test_fields_follow_the_network_and_stand_in_the_order_of_tab(form):
    form.press(form.editor("loss"), Qt.Key.Key_Home)
    stops = [form.panel.focusWidget()]
    while stops[-1] is not form.editor("optimiser"):
        QTest.keyClick(stops[-1], Qt.Key.Key_Tab)
        stops.append(form.panel.focusWidget())
    first, second = (field.editor for field in form.panel.heads.fields.values())
    assert stops.index(second) == stops.index(first) + 1
    network = form.document.network
    form.document.edit("Delete", lambda network: network.remove(*(name for name in network if name.startswith("aux"))))
    form.settle()
    assert form.panel.heads.isHidden()
    assert not any(layer.auxiliary for name in network.outputs if (layer := network.layer(name)))
