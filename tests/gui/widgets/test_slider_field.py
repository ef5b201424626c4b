"""A number is moved on a line, or typed beside it, also beyond the ends of the line."""

from typing import Annotated

import pytest
from pydantic import Field
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.settings import Settings, setting
from gui.widgets.form_row import editor_of
from gui.widgets.slider_field import SliderField
from gui.widgets.values import kinds_of

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Made(Settings):
    """One number on a line."""

    strength: Annotated[float, Field(ge=-10, le=10)] = setting(0.5, "Strength", track=(-1, 3))


@pytest.fixture
def field(qapp, qtbot):
    made = editor_of(kinds_of(Made)[0])
    made.told = []
    made.edited.connect(made.told.append)
    made.reset(0.5)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def test_keys_move_it_from_end_to_end(field):
    assert isinstance(field, SliderField)
    assert field.slider.value() == 75
    for key, value in ((Qt.Key.Key_End, 3), (Qt.Key.Key_Home, -1), (Qt.Key.Key_Right, -0.98)):
        QTest.keyClick(field.slider, key)
        assert field.told[-1] == pytest.approx(value)


def test_what_is_typed_moves_the_line_and_may_lie_beyond_it(field):
    field.number.setFocus()
    field.number.selectAll()
    QTest.keyClicks(field.number, "2")
    assert field.told == [2]
    field.set_value(2.0)
    assert field.slider.value() == 150
    field.set_value(7.5)
    assert (field.slider.value(), field.number.text()) == (200, "7.5")
    assert field.told == [2]


def test_what_is_no_number_is_refused(field):
    refused = []
    field.refused.connect(refused.append)
    field.number.setFocus()
    field.number.selectAll()
    QTest.keyClicks(field.number, "x")
    assert refused
    assert field.told == []
