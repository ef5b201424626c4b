"""The field for a range under real mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.data.augmentation.step import AUGMENTATION
from gui.style.style import apply_style
from gui.widgets.range_field import RangeField
from gui.widgets.range_words import end_text, range_text, spoken_range
from gui.widgets.values import Editor, kinds_of


def kind_of(step, name):
    return next(kind for kind in kinds_of(AUGMENTATION[step]) if kind.name == name)


@pytest.fixture
def shown(qtbot, qapp):
    apply_style(qapp)
    windows = []

    def shown(step, name, value):
        window = QWidget()
        windows.append(window)
        field = RangeField(kind_of(step, name), window)
        field.setGeometry(0, 0, 280, 22)
        qtbot.addWidget(window)
        window.resize(300, 60)
        window.show()
        window.activateWindow()
        field.set_detailed(True)
        field.reset(value)
        field.values, field.gestures = [], []

        def take(ends):
            field.values.append(ends)
            field.gestures.append(field.gesture)
            field.set_value(ends)

        field.edited.connect(take)
        QApplication.processEvents()
        return field

    return shown


def drag(handle, *by):
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    for x in by:
        start = handle.pos()
        QTest.mouseMove(handle, middle + QPoint(x, 0))
        assert handle.pos() != start or not x
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)


def test_every_range_of_every_step_is_one():
    ranges = [kind for step in AUGMENTATION.values() for kind in kinds_of(step) if kind.editor is Editor.RANGE]
    assert len(ranges) > 20
    for kind in ranges:
        assert kind.track[0] < kind.track[1]
        assert kind.track[0] <= kind.neutral <= kind.track[1]
        assert kind.track[0] <= min(kind.default) <= max(kind.default) <= max(kind.track[1], 10 / 3)


@pytest.mark.parametrize(
    ("step", "name", "value", "texts", "spoken"),
    [
        ("rotate", "angle", (-20, 20), "−20° – +20°", "minus 20 to 20 degrees"),
        ("resize_crop", "area", (0.08, 1), "8 % – 100 %", "8 to 100 per cent"),
        ("brightness", "factor", (0.7, 1.3), "×0.70 – ×1.30", "0.7 to 1.3 times"),
        ("shift", "horizontal", (-0.1, 0.05), "−10 % – +5 %", "minus 10 to 5 per cent"),
        ("lens", "bend", (-0.2, 0), "−0.2 – 0", "minus 0.2 to 0"),
    ],
)
def test_ranges_in_words(step, name, value, texts, spoken):
    kind = kind_of(step, name)
    assert range_text(value, kind.unit, signed=kind.signed) == texts
    assert spoken_range(value, kind.unit) == spoken


def test_handles_stand_where_their_values_lie(shown):
    field = shown("rotate", "angle", (-90, 45))
    track = field.track
    assert track.x_of(0) == pytest.approx(track.width() / 2)
    centres = [handle.geometry().center().x() for handle in track.handles]
    assert centres == pytest.approx([track.x_of(-90), track.x_of(45)], abs=1)
    assert track.value_at(track.x_of(12.5)) == pytest.approx(12.5)


def test_a_drag_is_one_gesture_and_moves_by_whole_degrees(shown):
    field = shown("rotate", "angle", (-20, 20))
    handle = field.track.handles[1]
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    for _ in range(3):
        QTest.mouseMove(handle, middle + QPoint(10, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    assert [low for low, _ in field.values] == [-20] * 3
    highs = [high for _, high in field.values]
    assert highs == sorted(highs)
    assert highs[-1] == pytest.approx(20 + 3 * 10 * 180 / 124, abs=3)
    assert all(high == int(high) for high in highs)
    assert len(set(field.gestures)) == 1
    drag(handle, 5)
    assert len(set(field.gestures)) == 2


def test_handles_do_not_pass_each_other_nor_the_ends(shown):
    field = shown("rotate", "angle", (-20, 20))
    middle = field.track.handles[0].rect().center()
    QTest.mousePress(field.track.handles[0], Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(field.track.handles[0], middle + QPoint(300, 0))
    assert field.values[-1] == (20, 20)
    QTest.mouseMove(field.track.handles[0], middle - QPoint(300, 0))
    assert field.values[-1] == (-90, 20)


def test_what_must_be_more_than_nothing_stops_before_it(shown):
    field = shown("resize_crop", "area", (0.08, 1.0))
    field.track.handles[0].setFocus()
    QTest.keyClick(field.track.handles[0], Qt.Key.Key_Home)
    assert field.values == [(0.01, 1.0)]


def test_a_press_on_the_line_brings_the_nearer_handle(shown):
    field = shown("brightness", "factor", (0.7, 1.3))
    QTest.mouseClick(field.track, Qt.MouseButton.LeftButton, pos=QPoint(round(field.track.x_of(1.8)), 11))
    assert field.values[-1] == (0.7, pytest.approx(1.8, abs=0.02))
    assert field.track.handles[1].hasFocus()


def test_arrows_move_a_handle_by_a_grain_and_shift_by_ten(shown):
    field = shown("rotate", "angle", (-20, 20))
    handle = field.track.handles[0]
    handle.setFocus()
    QTest.keyClick(handle, Qt.Key.Key_Right)
    QTest.keyClick(handle, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(handle, Qt.Key.Key_End)
    assert field.values == [(-19, 20), (-29, 20), (20, 20)]
    assert len(set(field.gestures)) == 1
    assert handle.accessibleName() == "Angle, lower end, 20 degrees"


def test_each_end_is_typed_with_or_without_its_signs(shown):
    field = shown("rotate", "angle", (-20, 20))
    assert [end.text() for end in field.ends] == ["−20°", "+20°"]
    field.ends[1].setFocus()
    field.ends[1].selectAll()
    QTest.keyClicks(field.ends[1], "+30°")
    assert field.values[-1] == (-20, 30)
    assert field.ends[1].text() == "+30°"
    field.ends[0].selectAll()
    QTest.keyClicks(field.ends[0], "-45")
    assert field.values[-1] == (-45, 30)
    share = shown("resize_crop", "area", (0.08, 1.0))
    share.ends[0].selectAll()
    QTest.keyClicks(share.ends[0], "30")
    assert share.values[-1] == (pytest.approx(0.3), 1.0)


def test_keys_step_what_is_typed_by_a_grain(shown):
    field = shown("brightness", "factor", (0.7, 1.3))
    field.ends[0].setFocus()
    QTest.keyClick(field.ends[0], Qt.Key.Key_Up)
    assert field.values[-1] == (pytest.approx(0.71), 1.3)
    assert field.ends[0].text() == "×0.71"


def test_a_value_beyond_the_line_makes_it_longer(shown):
    field = shown("rotate", "angle", (-180, 20))
    assert field.track.x_of(-180) == pytest.approx(7)
    assert field.track.handles[0].geometry().left() >= 0


def test_a_range_upside_down_is_told_and_its_text_stays(shown):
    field = shown("rotate", "angle", (-20, 20))
    field.edited.disconnect()
    heard = []
    field.edited.connect(heard.append)
    field.ends[0].setFocus()
    field.ends[0].selectAll()
    QTest.keyClicks(field.ends[0], "30")
    assert heard[-1] == (30, 20)
    field.hold((-20, 20))
    field.set_error(True)
    assert field.ends[0].text() == "30"
    assert field.ends[0].property("state") == "error"
    assert field.ends[1].property("state") != "error"


def test_one_end_in_words():
    assert end_text(0, "°", signed=True) == "0°"
    assert end_text(0.125, "%") == "12.5 %"
    assert end_text(-3, "") == "−3"
