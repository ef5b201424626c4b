"""Fields under real keys, wheel and mouse."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.layers import LAYERS
from gui.draw.editable_name import EditableName
from gui.style.style import apply_style
from gui.widgets.choice_field import ChoiceField
from gui.widgets.number_field import NumberField
from gui.widgets.pair_field import PairField
from gui.widgets.switch import Switch
from gui.widgets.values import Editor, Kind, kinds_of

COUNT = Kind("n", "Count", Editor.INTEGER, 3, unit="maps", least=1, most=1000)
RATE = Kind("p", "Rate", Editor.REAL, 0.5, least=0)


@pytest.fixture
def shown(qtbot, qapp):
    apply_style(qapp)

    windows = []

    def shown(field, width=160):
        window = QWidget()
        windows.append(window)
        field.setParent(window)
        field.setGeometry(0, 0, width, 28)
        qtbot.addWidget(window)
        window.resize(300, 100)
        window.show()
        window.activateWindow()
        field.show()
        field.setFocus()
        QApplication.processEvents()
        return field

    return shown


def heard(field):
    values = []
    field.edited.connect(values.append)
    return values


def number(shown, kind=COUNT, value=3):
    field = shown(NumberField(kind))
    field.reset(value)
    return field, heard(field)


def wheel(field, turn, modifiers=Qt.KeyboardModifier.NoModifier):
    place = QPointF(field.rect().center())
    event = QWheelEvent(
        place,
        field.mapToGlobal(place),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    return event


class TestNumberField:
    def test_every_key_tells_the_value(self, shown):
        field, values = number(shown)
        field.selectAll()
        QTest.keyClicks(field, "64*2")
        assert values == [6, 64, 128]
        assert field.text() == "64*2"

    def test_what_stands_for_the_value_stays_until_enter_writes_it_out(self, shown):
        field, _ = number(shown)
        field.selectAll()
        QTest.keyClicks(field, "64*2")
        field.set_value(128)
        assert field.text() == "64*2"
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == "128"

    def test_enter_writes_out_what_was_typed_also_before_the_value_comes_back(self, shown):
        field, values = number(shown)
        field.selectAll()
        QTest.keyClicks(field, "64*2")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert (field.text(), values[-1]) == ("128", 128)
        field.set_value(3)  # it was not taken
        assert field.text() == "3"

    def test_text_that_is_no_number_is_refused_and_stays(self, shown):
        field, values = number(shown)
        reasons = []
        field.refused.connect(reasons.append)
        field.selectAll()
        QTest.keyClicks(field, "ab")
        assert values == []
        assert reasons[-1].startswith("Type a number")
        field.set_error(True)
        field.set_value(3)
        assert field.text() == "ab"
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == "3"

    def test_up_and_down_step_and_shift_steps_by_ten(self, shown):
        field, values = number(shown)
        QTest.keyClick(field, Qt.Key.Key_Up)
        QTest.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(field, Qt.Key.Key_Down)
        assert values == [4, 14, 13]

    def test_steps_stop_at_the_limits(self, shown):
        field, values = number(shown)
        QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert values == [1]

    def test_real_numbers_step_by_their_leading_decimal_and_never_reach_zero(self, shown):
        field, values = number(shown, RATE, 0.2)
        for _ in range(3):
            QTest.keyClick(field, Qt.Key.Key_Down)
        QTest.keyClick(field, Qt.Key.Key_Up)
        assert values == [0.1, 0.09, 0.08, 0.09]

    def test_the_wheel_works_only_with_the_focus(self, shown, qtbot):
        field, values = number(shown)
        wheel(field, 120)
        wheel(field, -120, Qt.KeyboardModifier.ShiftModifier)
        assert values == [4, 1]
        field.clearFocus()
        assert not wheel(field, 120).isAccepted()
        assert values == [4, 1]

    def test_dragging_the_unit_is_one_gesture(self, shown):
        field, values = number(shown)
        before = field.gesture
        grip = QPoint(field.width() - 12, 14)
        QTest.mousePress(field, Qt.MouseButton.LeftButton, pos=grip)
        during = field.gesture
        QTest.mouseMove(field, grip + QPoint(13, 0))
        QTest.mouseMove(field, grip + QPoint(31, 0))
        assert field.gesture == during != before
        QTest.mouseRelease(field, Qt.MouseButton.LeftButton, pos=grip)
        assert values[-1] == 8
        assert field.gesture != during

    def test_undo_is_left_to_the_document(self, shown):
        field, _ = number(shown)
        QTest.keyClicks(field, "7")
        text = field.text()
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert field.text() == text


class TestPairField:
    @pytest.fixture
    def field(self, shown):
        kind = next(kind for kind in kinds_of(LAYERS["Conv2d"]) if kind.name == "padding")
        field = shown(PairField(kind))
        field.reset((1, 1))
        field.edited.connect(field.set_value)
        return field

    def test_linked_numbers_change_together(self, field):
        values = heard(field)
        field.halves[0].selectAll()
        QTest.keyClicks(field.halves[0], "5")
        assert values == [(5, 5)]
        assert field.halves[1].text() == "5"

    def test_unlinked_numbers_change_alone(self, field):
        values = heard(field)
        QTest.mouseClick(field.link, Qt.MouseButton.LeftButton)
        field.halves[1].selectAll()
        QTest.keyClicks(field.halves[1], "2")
        assert values == [(1, 2)]
        assert field.halves[0].text() == "1"

    def test_both_numbers_in_one_field(self, field):
        values = heard(field)
        field.halves[0].selectAll()
        QTest.keyClicks(field.halves[0], "3x5")
        assert values[-1] == (3, 5)
        assert field.halves[0].text() == "3x5"
        assert field.halves[1].text() == "5"
        assert not field.link.isChecked()

    def test_a_word_is_typed_or_pressed(self, field):
        values = heard(field)
        field.halves[0].selectAll()
        QTest.keyClicks(field.halves[0], "same")
        assert values[-1] == "same"
        button = field.words["same"]
        assert button.isChecked()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert values[-1] == (0, 0)
        assert not button.isChecked()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert values[-1] == "same"

    def test_several_values_show_as_mixed(self, field):
        field.reset(None)
        assert [half.text() for half in field.halves] == ["", ""]
        assert field.halves[0].placeholderText() == "mixed"


def test_switch_takes_click_and_space(shown):
    switch = shown(Switch("Bias"))
    values = heard(switch)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(10, 14))
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert values == [True, False]
    switch.set_value(None)
    assert switch.words == "mixed"
    switch.grab()


def test_choice_takes_keys_and_ignores_the_wheel_without_focus(shown):
    kind = next(kind for kind in kinds_of(LAYERS["Conv2d"]) if kind.name == "padding_mode")
    field = shown(ChoiceField(kind))
    field.reset("zeros")
    values = heard(field)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert values == ["reflect"]
    field.clearFocus()
    assert not wheel(field, -120).isAccepted()
    assert values == ["reflect"]
    field.set_value(None)
    assert field.currentIndex() == -1


class TestEditableName:
    @pytest.fixture
    def name(self, shown):
        name = shown(EditableName())
        name.show_name("conv1", editable=True)
        return name

    def test_click_type_enter(self, name):
        names = []
        name.renamed.connect(names.append)
        QTest.mouseClick(name, Qt.MouseButton.LeftButton)
        QTest.keyClicks(name.field, "stem")
        QTest.keyClick(name.field, Qt.Key.Key_Return)
        assert names == ["stem"]
        assert name.label.text() == "conv1"

    def test_escape_takes_the_old_name_back(self, name):
        names = []
        name.renamed.connect(names.append)
        QTest.keyClick(name, Qt.Key.Key_F2)
        QTest.keyClicks(name.field, "stem")
        QTest.keyClick(name.field, Qt.Key.Key_Escape)
        assert names == []
        assert name.currentWidget() is name.label
