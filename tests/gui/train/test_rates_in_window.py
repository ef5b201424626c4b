"""The range test on its page: by mouse and keys, beside runs and edits, and what its chart says."""

from functools import partial

import numpy as np
import pytest
from cut_text import cut_texts
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from train_parts import PATIENCE, tiny_network

from engine.errors import LayerloomError
from engine.network import Network, Point
from engine.project import Project
from engine.recipe.schedules import Constant
from engine.training.range_result import RangeResult, rates_of, read
from gui.background import wait_for_jobs
from gui.train.before.page import BeforeRun
from gui.train.range_test import marks
from gui.train.range_test import range_test as model
from gui.train.range_test.marks import guess_words
from gui.train.range_test.plan import plan_of, plan_so_far
from gui.train.range_test.range_test import range_test_of
from gui.train.range_test.words import advice, head_words, times

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def test(runs):
    made = range_test_of(runs)
    yield made
    made.close()
    wait_for_jobs()


@pytest.fixture
def page(document, runs, test, qtbot):
    made = BeforeRun(document, runs)
    qtbot.addWidget(made)
    made.resize(664, 840)
    with qtbot.waitExposed(made, timeout=PATIENCE):
        made.show()
    return made


@pytest.fixture
def panel(page):
    return page.parts["Range test"]


@pytest.fixture
def tested(panel, test, qtbot):
    """A test that has come to its end."""
    QTest.mouseClick(panel.action, LEFT)
    qtbot.waitUntil(lambda: test.going is None, timeout=PATIENCE)
    assert test.failure == ""
    return test.result


def change(document, **values):
    document.change_settings("Change", document.project.training.model_copy(update=values))


def goes_on(test, qtbot, batches=3):
    qtbot.waitUntil(lambda: len(test.going.losses) >= batches, timeout=PATIENCE)


@pytest.fixture
def long(monkeypatch):
    """A test that would go on for long, as its rates hardly rise."""
    monkeypatch.setattr(model, "Going", partial(model.Going, batches=100_000))


def test_a_click_runs_the_test_and_another_takes_its_rate_as_one_step(panel, document, test, tested):
    suggested, before, steps = tested.suggested, document.project.training, document.undo_stack.count()
    assert panel.note.text() == head_words(tested)
    assert panel.words.text() == advice(tested, before.learning_rate)
    assert panel.action.text().startswith("Use ")
    QTest.mouseClick(panel.action, LEFT)
    assert document.project.training == before.model_copy(update={"learning_rate": suggested})
    assert document.undo_stack.count() == steps + 1
    assert "set already" in panel.words.text()
    assert not panel.action.isVisible()
    assert test.suggested == suggested
    document.undo_stack.undo()
    assert document.project.training == before
    assert panel.action.isVisible()
    assert cut_texts(panel) == []


def test_what_changes_the_losses_makes_it_stale_and_what_does_not_leaves_it(panel, document, test, tested):
    change(document, epochs=7, learning_rate=0.5, schedule=Constant())
    assert test.other == ""
    for value, words in (
        ({"batch_size": 32}, "Made with batch size 64."),
        ({"batch_size": 32, "l1": 0.1}, "Made with batch size 64 and L1 0."),
        ({"batch_size": 32, "l1": 0.1, "seed": 4}, "Made with 3 other settings."),
    ):
        change(document, **value)
        assert panel.words.text() == words
        assert panel.chart.plan.faint
        assert test.suggested is None
        assert panel.action.text() == "Run again"
        assert not panel.again.isVisible()  # once is enough
        document.undo_stack.undo()
    document.edit("Remove", lambda network: network.remove("relu"))
    assert test.other == "another network"
    document.undo_stack.undo()
    document.edit("Move", lambda network: network.set_node("relu", position=Point(300, 300)))
    assert not panel.chart.plan.faint
    data = document.project.data
    document.change_settings("Workers", data.model_copy(update={"workers": 1}))
    assert test.other == ""
    document.change_settings("Split", data.model_copy(update={"split": data.split.model_copy(update={"seed": 8})}))
    assert test.other == "other data"


def test_a_rate_beyond_what_diverged_is_warned_of_with_the_way_back(panel, document, test, tested):
    change(document, learning_rate=10.0, rate_changes=((2, 0.5),))
    assert test.warning.startswith("10 is above ")
    assert test.warning.endswith(", where the range test diverged.")
    assert "diverged" not in panel.words.text()  # it is said at the field
    QTest.mouseClick(panel.action, LEFT)
    assert document.project.training.learning_rate == tested.suggested
    assert document.project.training.rate_changes == ()  # else it would not be the rate of that run
    assert test.warning == ""


def test_a_test_that_is_cancelled_leaves_what_was_found_before(panel, document, test, tested, qtbot, long):
    QTest.mouseClick(panel.again, LEFT)
    goes_on(test, qtbot)
    qtbot.waitUntil(lambda: len(panel.chart.plan.rates) > 1, timeout=PATIENCE)
    assert panel.words.text().startswith("Batch ")
    assert 0 < panel.line.fraction < 1
    assert panel.action.text() == "Cancel"
    with pytest.raises(LayerloomError, match="The range test is running"):
        test.start()
    QTest.mouseClick(panel.action, LEFT)
    assert test.going is None
    assert test.result is tested
    assert panel.words.text() == advice(tested, document.project.training.learning_rate)


def test_a_run_that_starts_calls_the_test_off_and_learns_as_without_it(panel, runs, test, finish, qtbot, long):
    alone = finish()
    test.start()
    goes_on(test, qtbot)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.start()
    assert test.going is None
    beside = runs.current
    for part in ("train", "validation"):
        assert np.array_equal(beside.figures(part, beside.watched), alone.figures(part, alone.watched))


def test_no_test_begins_while_a_run_trains(panel, runs, test, begin):
    run = begin()
    assert panel.words.text() == f"{run.title} is still training: stop it first."
    assert not panel.action.isVisible()
    with pytest.raises(LayerloomError, match="is still training"):
        test.start()


def test_the_axis_reaches_the_rate_at_which_a_loss_was_not_finite():
    rates = [rate for rate in rates_of(200) if rate < 1]
    found = read(rates, [2.0 - number / 200 for number in range(len(rates))], batches=200, spoilt=True)
    assert found.diverges > 1 > found.rates[-1]
    assert plan_of(found, now=0.01, faint=False).last == 10


def test_another_project_ends_the_test_and_forgets_it(panel, document, test, tested, qtbot, long):
    test.start()
    goes_on(test, qtbot)
    document.replace(Project(tiny_network()))
    assert (test.going, test.result) == (None, None)
    assert panel.words.text().startswith("Not run yet")


def test_an_empty_drawing_offers_templates(page, panel, document, qtbot):
    document.replace(Project(Network()))
    assert panel.words.text() == "Draw a network first."
    with qtbot.waitSignal(page.template_wanted):
        QTest.mouseClick(panel.action, LEFT)


def test_what_goes_wrong_is_said_and_can_be_tried_again(panel, document, test, qtbot, monkeypatch):
    monkeypatch.setattr(model, "_find", lambda going, job: 1 / 0)
    QTest.mouseClick(panel.action, LEFT)
    qtbot.waitUntil(lambda: test.going is None, timeout=PATIENCE)
    assert "The range test" in panel.words.text()
    assert panel.action.text() == "Run again"
    change(document, batch_size=32)
    assert panel.words.text().startswith("Not run yet")


def test_losses_are_drawn_ten_times_a_second_at_most(test, qtbot, long):
    told = []
    test.progressed.connect(lambda: told.append(len(test.going.losses)))
    test.start()
    qtbot.waitUntil(lambda: len(told) > 2 and told[-1] > 10, timeout=PATIENCE)
    assert test._beat.interval() == 100
    assert len(told) < told[-1]
    test.cancel()
    assert not test._beat.isActive()


def test_the_time_that_is_left_goes_by_the_batches_since_the_first(document, monkeypatch):
    monkeypatch.setattr(model.time, "monotonic", lambda: 110.0)
    going = model.Going(document.project, task="Preparing", began=100.0)
    assert going.words == "Preparing"
    going.losses += [1.0] * 11
    assert going.words == "Batch 11 of 200, 189 s left"
    going.began = 109.5
    assert going.words == "Batch 11 of 200"


def test_a_batch_whose_loss_is_still_to_come_is_not_drawn(document):
    going = model.Going(document.project, rates=rates_of(200)[:4], losses=[2.0, 1.9, 1.8])
    plan = plan_so_far(going, now=0.1)
    assert len(plan.rates) == len(plan.losses) == len(plan.smooth) == 3


def result(**changes):
    """What 200 losses say that fall around 1e-3 and rise around 0.1."""
    place = np.log10(rates_of(200))
    losses = 2 - 1.5 / (1 + np.exp(-4 * (place + 3))) + 8 / (1 + np.exp(-6 * (place + 0.5)))
    found = read(rates_of(200)[:150], losses[:150].tolist(), batches=200, guess=np.log(8), classes=8, seconds=52.0)
    values = {name: getattr(found, name) for name in RangeResult.__slots__}
    return RangeResult(**values | changes)


def test_the_chart_is_read_by_mouse_and_by_keys(panel, test, document, qtbot):
    test.result, test.made_with = result(), document.project
    test.changed.emit()
    chart = panel.chart
    assert chart.accessibleDescription() == test.result.words
    QTest.mouseMove(chart, chart.area().topLeft().toPoint())
    QTest.mouseMove(chart, chart.place_of(test.result.rates[40], 1.0).toPoint())
    assert chart.place == 40
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription().startswith("Batch 42, rate ")
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert chart.place == 149
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.place is None


@pytest.mark.parametrize("width", [300, 420, 1500])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"diverges": None},
        {"suggested": None, "usable": None, "lowest": None},
        {"suggested": None, "usable": None, "lowest": None, "diverges": None},
        {"guess": None},
        {"suggested": 1e-6, "usable": (1e-6, 1e-6)},
        {"diverges": 10.0, "spoilt": True},
    ],
)
def test_marks_have_words_that_stand_inside_the_chart(panel, test, document, monkeypatch, width, changes):
    said, write = {}, marks.write
    monkeypatch.setattr(marks, "write", lambda *given: said.update({given[2]: given[1]}) or write(*given))
    test.result, test.made_with = result(**changes), document.project
    test.changed.emit()
    panel.chart.resize(width, 300)
    panel.chart.render(QImage(panel.chart.size(), QImage.Format.Format_RGB32))
    assert ("the loss falls fastest here" in said) == (changes.get("suggested", 1) is not None)
    assert any(text.startswith("now ") for text in said)
    assert ("usable" in said) == (changes.get("usable", 1) is not None)
    assert ("diverges" in said) == (changes.get("diverges", 1) is not None)
    assert all(panel.chart.area().contains(box) for box in said.values())


@pytest.mark.parametrize(
    ("found", "now", "words"),
    [
        ((3e-3, 2.4e-2), 1e-3, "3e-3 is 8 times below the lowest point and 3 times the present setting."),
        ((3e-3, 3e-3), 3e-3, "3e-3 is at the lowest point, and set already."),
        (
            (1e-3, 2.5e-3),
            2.0,
            "1e-3 is 2.5 times below the lowest point and 2\u202f000 times below the present",
        ),
        ((0.1, 1.0), 0.102, "1e-1 is 10 times below the lowest point and close to the present setting."),
        ((None, None), 1.0, "The loss never fell between 1e-6 and"),
    ],
)
def test_the_advice_has_the_numbers(found, now, words):
    given = dict(zip(("suggested", "lowest"), found, strict=True))
    assert advice(result(**given), now).startswith(words)
    never = " The loss never diverged up to " in advice(result(**given, diverges=None), now)
    assert never == (found[0] is not None)


def test_the_head_says_how_it_went_and_the_dotted_line_what_it_is():
    assert head_words(result()).startswith("150 of 200 batches, 52 s; stopped at loss ")
    assert head_words(result(spoilt=True)) == "150 of 200 batches, 52 s; stopped as the loss was not finite"
    assert head_words(result(batches=150)) == "150 batches, 52 s"
    assert guess_words(result()) == "ln 8 = 2.08: a guess among 8 classes"
    assert guess_words(result(guess=0.25)) == "0.25: a guess among 8 classes"
    assert [times(factor) for factor in (1.0, 1.5, 9.96, 1234.0)] == ["", "1.5 times", "10 times", "1\u202f234 times"]


def test_in_a_low_window_parts_are_tabs(document, runs, qtbot):
    made = BeforeRun(document, runs)
    qtbot.addWidget(made)
    made.resize(476, 500)
    with qtbot.waitExposed(made, timeout=PATIENCE):
        made.show()
    test, estimate = made.parts.values()
    assert (test.isVisible(), estimate.isVisible(), made.tabs.isVisible()) == (True, False, True)
    QTest.mouseClick(made.tabs.button("Estimate"), LEFT)
    assert (test.isVisible(), estimate.isVisible()) == (False, True)
    made.resize(476, 900)
    assert (test.isVisible(), estimate.isVisible(), made.tabs.isVisible()) == (True, True, False)
    made.resize(476, 500)
    assert made.height() == 500
    assert (test.isVisible(), estimate.isVisible(), made.tabs.isVisible()) == (False, True, True)
