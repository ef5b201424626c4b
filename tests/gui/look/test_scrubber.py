"""Epochs are gone through by the mouse, by Play and by its neighbours, and the curve behind them is the metric's."""

import pytest
from look_parts import PATIENCE
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.recipe.metrics import Accuracy, LossValue
from gui.look.scrubber import Scrubber
from gui.style.style import apply_style

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
EPOCHS, SCORES = (2, 4, 7), (0.5, None, 0.75)


@pytest.fixture
def scrubber(qapp, qtbot):
    """A scrubber whose epochs are used as they are chosen."""
    apply_style(qapp)
    made = Scrubber()
    qtbot.addWidget(made)
    made.resize(800, 70)
    made.show()

    def use(epoch):
        made.show_epochs(EPOCHS, SCORES, epoch, metric=Accuracy.measured())

    made.chosen.connect(use)
    use(7)
    return made


@pytest.fixture
def chosen(scrubber):
    epochs = []
    scrubber.chosen.connect(epochs.append)
    return epochs


def button(scrubber, name):
    return next(one for one in (scrubber._back, scrubber._play, scrubber._on) if one.accessibleName() == name)


def test_play_begins_anew_at_the_end_and_stops_there(scrubber, chosen, qtbot):
    beats = []
    scrubber._timer.timeout.connect(lambda: beats.append(scrubber.line.current))
    QTest.mouseClick(button(scrubber, "Play"), LEFT)
    assert scrubber.playing
    assert chosen == [2]
    qtbot.waitUntil(lambda: not scrubber.playing, timeout=PATIENCE)
    assert chosen == [2, 4, 7]
    assert beats == [4, 7]  # no beat more to see that there is nothing left


def test_play_goes_on_from_where_it_stands_and_a_choice_stops_it(scrubber, chosen):
    QTest.mouseClick(button(scrubber, "First epoch"), LEFT)
    QTest.mouseClick(button(scrubber, "Play"), LEFT)
    assert scrubber.playing
    QTest.mouseClick(button(scrubber, "Last epoch"), LEFT)
    assert not scrubber.playing
    assert (chosen.count(2), chosen[-1]) == (1, 7)


def test_the_nearest_epoch_is_dragged_to(scrubber, chosen):
    line = scrubber.line
    places = [round(14 + (line.width() - 28) * (epoch - 2) / 5) for epoch in EPOCHS]  # by their distance, not evenly
    QTest.mousePress(line, LEFT, pos=QPoint(places[1] + 5, 30))
    QTest.mouseMove(line, QPoint((places[0] + places[1]) // 2 + 4, 30))
    QTest.mouseMove(line, QPoint((places[0] + places[1]) // 2 - 4, 30))
    QTest.mouseMove(line, QPoint(places[2] + 14, 30))
    QTest.mouseRelease(line, LEFT, pos=QPoint(places[2], 30))
    assert chosen == [4, 2, 7]


def test_the_curve_has_the_limits_of_its_metric_or_reaches_from_its_least_to_its_largest(scrubber):
    assert scrubber.line._heights == (0.5, None, 0.75)
    scrubber.show_epochs(EPOCHS, (3.0, 1.0, 2.0), 4, metric=LossValue.measured())
    assert scrubber.line._heights == (1.0, 0.0, 0.5)
    scrubber.show_epochs(EPOCHS, (None, None, 2.0), 4, metric=LossValue.measured())
    assert scrubber.line._heights == (None, None, 0.0)


def test_the_words_are_those_of_the_epoch_in_use(scrubber):
    scrubber.show_run("Run 3")
    assert (scrubber._title.text(), scrubber._note.text()) == ("Run 3, epoch 7", "Validation accuracy 75.0 %")
    QTest.keyClick(scrubber.line, Qt.Key.Key_Left)
    assert (scrubber._title.text(), scrubber._note.text()) == ("Run 3, epoch 4", "")
