"""The images of Evaluate are read off the window's thread, those in view alone, and those asked for last."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.looks import Drawn
from engine.tasks.class_evaluation import cluster_order, summarise
from gui.evaluate.cards import Card, CardGrid
from gui.evaluate.class_table import ClassTable

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
EVALUATE = "engine.evaluation.evaluating.run_split"


@pytest.fixture
def evaluated(evaluate, trained, qtbot):
    evaluate.evaluator.start()
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    return evaluate


def cards(evaluate):
    return evaluate.matrix.matrix_page.cell.images


def positions(evaluator, cell):
    return evaluator.result.classes.predictions.in_cell(*cell)


class Many:
    """Five thousand images, each of one colour; it notes which are asked for, and in which threads."""

    def __init__(self):
        self.asked, self.threads = [], set()

    def thumbnail(self, place, edge):
        self.asked.append(place)
        self.threads.add(threading.current_thread())
        return np.full((3, 8, 8), place % 256, np.uint8)


def test_of_5000_images_those_in_view_are_read_first_and_none_in_the_thread_of_the_window(qtbot):
    grid, many = CardGrid("Images"), Many()
    qtbot.addWidget(grid)
    grid.resize(400, 500)
    grid.show()
    grid.show_cards(many, [Card(place, f"{place} %") for place in range(5000)])
    qtbot.waitUntil(lambda: grid.pictures.picture(0) is not None and not grid.pictures.busy, timeout=PATIENCE)
    seen = len(grid.in_view())
    assert many.asked == list(range(seen))
    assert seen < 30
    view = grid.viewport().rect()
    for value in (0, 1, 130, grid.verticalScrollBar().maximum()):
        grid.verticalScrollBar().setValue(value)
        around = range(max(0, grid.in_view().start - 9), min(5000, grid.in_view().stop + 9))
        assert [place for place in around if grid.area_of(place).intersects(view)][-1] == grid.in_view()[-1]
    grid.verticalScrollBar().setValue(0)
    QTest.keyClick(grid, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: grid.pictures.picture(4999) is not None and not grid.pictures.busy, timeout=PATIENCE)
    assert len(many.asked) <= 2 * seen + grid.columns
    assert threading.main_thread() not in many.threads
    grid.close_job()


def test_the_cards_of_a_cell_are_its_images_the_surest_first(evaluated):
    evaluator = evaluated.evaluator
    evaluator.choose_cell(3, 3)
    shown, said = cards(evaluated).cards, evaluator.result.classes.predictions
    assert [card.position for card in shown] == positions(evaluator, (3, 3)).tolist()
    assert [card.left for card in shown] == [f"{100 * said.confidence[card.position]:.0f} %" for card in shown]
    assert evaluated.matrix.matrix_page.cell.count.text() == f"{len(shown)} images"
    evaluator.choose_cell(5, 5)
    cell = evaluated.matrix.matrix_page.cell
    assert cell.title.text() == "5 recognised"
    assert cell.none.isHidden()
    true, taken = np.argwhere(evaluator.result.classes.confusion == 0)[0].tolist()
    evaluator.choose_cell(true, taken)
    assert not cell.none.isHidden()
    assert cell.none.text() == f"No test image of {true} was taken for {taken}."


def test_a_cell_that_is_left_with_its_run_is_not_shown(evaluated, runs, qtbot, hold):
    qtbot.waitUntil(lambda: not cards(evaluated).pictures.busy, timeout=PATIENCE)  # with the cell that came first
    held = hold("engine.data.loaded.Split.images")
    evaluated.evaluator.choose_cell(3, 3)
    qtbot.waitUntil(lambda: bool(held.threads), timeout=PATIENCE)  # its cards are painted first
    held.wait()
    runs.view(None)
    held.let_go()
    assert not evaluated.matrix.matrix_page.cell.isVisible()
    assert cards(evaluated).cards == ()
    assert not cards(evaluated).pictures.busy


def test_an_evaluation_of_a_run_left_behind_is_not_shown(evaluate, trained, runs, qtbot, hold):
    evaluator = evaluate.evaluator
    held = hold(EVALUATE)
    evaluator.start()
    held.wait()
    runs.view(None)
    assert not evaluator.busy
    held.let_go()
    qtbot.wait(100)
    assert evaluator.result is None
    assert "Ctrl+Enter" in evaluate.matrix.message.text()


def test_a_cancelled_evaluation_answers_nothing_and_is_offered_again(evaluate, trained, qtbot, hold):
    panel, evaluator = evaluate.matrix, evaluate.evaluator
    held = hold(EVALUATE)
    QTest.mouseClick(panel.evaluate, LEFT)
    held.wait()
    assert panel.progress.isVisible()
    QTest.mouseClick(panel.cancel, LEFT)
    assert (panel.progress.isVisible(), panel.cancel.isVisible()) == (False, False)
    held.let_go()
    qtbot.wait(100)
    assert evaluator.result is None
    QTest.mouseClick(panel.evaluate, LEFT)
    qtbot.waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)


def test_figures_stay_while_they_are_worked_out_again_and_when_that_is_cancelled(evaluated, qtbot, hold):
    panel, evaluator, before = evaluated.matrix, evaluated.evaluator, evaluated.evaluator.result
    held = hold(EVALUATE)
    QTest.mouseClick(panel.head.again, LEFT)
    held.wait()
    assert evaluator.busy
    assert evaluator.result is before
    assert panel.matrix.isVisible()
    qtbot.waitUntil(panel.waiting.isVisible, timeout=PATIENCE)
    QTest.mouseClick(panel.waiting.cancel, LEFT)
    assert not evaluator.busy
    assert evaluator.result is before
    assert not panel.waiting.isVisible()


def test_a_mistake_opens_with_its_pixels_and_its_true_class(evaluated, qtbot):
    evaluator, listed = evaluated.evaluator, evaluated.figures.mistakes
    found, chosen = evaluator.result, []
    evaluated.image_chosen.connect(lambda pixels, label: chosen.append((pixels, label)))
    position = found.classes.predictions.worst(20, by="loss")[2]
    listed.itemClicked.emit(listed.item(2))
    qtbot.waitUntil(lambda: bool(chosen), timeout=PATIENCE)
    np.testing.assert_array_equal(chosen[0][0], found.images.images([position])[0])
    assert chosen[0][1] == found.classes.predictions.labels[position]


def test_of_cells_with_as_many_mistakes_the_first_opens(evaluated):
    labels = np.array([7, 2, 2, 7, 0])
    taken_for = np.array([1, 5, 5, 1, 3])
    found = summarise("test", tuple("0123456789"), probabilities=np.eye(10)[taken_for], labels=labels)
    before = evaluated.evaluator.result
    evaluated.evaluator._take(replace(before, evaluation=found))
    assert evaluated.evaluator.cell == (2, 5)


def test_a_class_taken_for_two_others_as_often_leads_to_the_first_as_the_table_says(evaluated):
    found = summarise("test", tuple("0123456789"), probabilities=np.eye(10)[[5, 3, 2]], labels=np.array([2, 2, 2]))
    before, table = evaluated.evaluator.result, evaluated.matrix.table
    evaluated.evaluator._take(replace(before, evaluation=found))
    evaluated.evaluator.choose_cell(0, 0)
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text() == "2")
    assert table.item(row, 5).text() == "3 1"
    table.itemActivated.emit(table.item(row, 0))
    assert evaluated.evaluator.cell == (2, 3)


def test_many_classes_can_be_sorted_so_that_those_taken_for_each_other_stand_together(evaluated, qtbot):
    page, before = evaluated.matrix.matrix_page, evaluated.evaluator.result
    assert not page.sort.isVisible()  # ten classes can be read as they are
    labels = np.arange(30).repeat(2)
    taken_for = np.where(np.arange(60) % 2, labels, 29 - labels)
    names = tuple(f"class {number}" for number in range(30))
    found = summarise("test", names, probabilities=np.eye(30)[taken_for], labels=labels)
    evaluated.evaluator._take(replace(before, evaluation=found))
    first = page.matrix.area_of(0, 0).topLeft()
    plain = {true: page.matrix.area_of(true, 0).top() for true in range(30)}
    QTest.mouseClick(page.sort, LEFT)
    qtbot.waitUntil(lambda: page.clusters.value is not None, timeout=PATIENCE)
    order = cluster_order(found.confusion)
    assert page.matrix.area_of(order[0], order[0]).topLeft() == first
    assert [page.matrix.area_of(true, 0).top() for true in order] == list(plain.values())
    QTest.mouseClick(page.sort, LEFT)
    assert {true: page.matrix.area_of(true, 0).top() for true in range(30)} == plain


@pytest.mark.parametrize(
    ("labels", "taken_for", "column", "figures"),
    [
        ([0, 0, 0, 0, 1, 1], [0, 1, 1, 1, 1, 1], 2, ["100.0", "40.0"]),
        ([0, 1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1, 1, 1, 1], 3, ["100.0", "50.0"]),
    ],
    ids=["precision", "recall"],
)
def test_the_class_with_the_least_f1_stands_first_whatever_else_it_has(labels, taken_for, column, figures, qtbot):
    table = ClassTable()
    qtbot.addWidget(table)
    probabilities = np.eye(2)[taken_for]
    table.show_classes(summarise("test", ("weak", "strong"), probabilities=probabilities, labels=np.array(labels)))
    assert [table.item(row, 0).text() for row in range(2)] == ["weak", "strong"]
    assert [table.item(row, column).text() for row in range(2)] == figures


def test_what_is_evaluated_already_is_not_begun_again(evaluate, trained, qtbot, hold):
    held = hold("engine.runs.run_data.load_run_data")
    evaluate.evaluator.start()
    held.wait()
    evaluate.evaluator.start()
    held.let_go()
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    assert len(held.threads) == 1


@pytest.mark.parametrize("flawless", [True, False])
def test_where_nothing_was_mistaken_that_is_said(evaluated, flawless):
    labels = np.array([7, 2, 2])
    found = summarise(
        "test", tuple("0123456789"), probabilities=np.eye(10)[[7, 2, 2 if flawless else 3]], labels=labels
    )
    before = evaluated.evaluator.result
    evaluated.evaluator.choose_cell(4, 4)
    evaluated.evaluator._drop()
    evaluated.evaluator._take(replace(before, evaluation=found))
    said = evaluated.figures._no_mistakes
    assert (said.isVisible(), evaluated.evaluator.cell) == ((True, None) if flawless else (False, (2, 3)))
    assert not flawless or said.text() == "Every image was recognised."
    assert evaluated.matrix.matrix_page.cell.isVisible() is not flawless


def test_an_image_is_opened_by_keys_a_double_click_and_the_button_but_not_by_a_click(evaluated, qtbot):
    evaluator, grid = evaluated.evaluator, cards(evaluated)
    true, taken_for = evaluator.cell
    assert true != taken_for
    chosen = []
    evaluated.image_chosen.connect(lambda pixels, label: chosen.append((pixels, label)))
    first = grid.area_of(0).center()
    QTest.mouseClick(grid.viewport(), LEFT, pos=first)
    assert not evaluator.image.busy
    for times, act in enumerate(
        (
            lambda: QTest.mouseDClick(grid.viewport(), LEFT, pos=first),
            lambda: QTest.keyClick(grid, Qt.Key.Key_Return),
            lambda: QTest.mouseClick(evaluated.matrix.matrix_page.cell.look, LEFT),
        ),
        1,
    ):
        act()
        qtbot.waitUntil(lambda times=times: len(chosen) == times, timeout=PATIENCE)
    expected = evaluator.result.images.images(positions(evaluator, (true, taken_for))[:1])[0]
    for pixels, label in chosen:
        np.testing.assert_array_equal(pixels, expected)
        assert label == true


def test_all_images_of_a_cell_take_the_page_and_give_it_back(evaluated, qtbot):
    page = evaluated.matrix.matrix_page
    page.cell.all.click()
    assert not page.matrix.isVisible()
    assert not page.table.isVisible()
    page.cell.all.click()
    assert page.matrix.isVisible()
    QTest.mouseClick(page.cell.close_button, LEFT)
    assert not page.cell.isVisible()
    assert page.matrix.current is None


def test_another_run_that_changes_leaves_the_evaluation(evaluated, runs):
    before = evaluated.evaluator.result
    runs.state_changed.emit(object())
    assert evaluated.evaluator.result is before is not None
    runs.state_changed.emit(runs.current)
    assert evaluated.evaluator.result is None


def test_other_looks_chosen_meanwhile_are_those_that_are_evaluated(evaluate, trained, qtbot, hold):
    evaluator, once = evaluate.evaluator, Drawn(count=1)
    held = hold(EVALUATE)
    evaluator.start()
    held.wait()
    evaluator.choose_looks(once)
    held.let_go()
    qtbot.waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)
    assert evaluator.result.looks is once


def test_an_image_of_any_part_is_found_by_its_name_in_a_published_set(evaluated):
    result = evaluated.evaluator.result
    for split in result.data.splits.values():
        for place in (0, 5):
            name = f"image {result.data.names[split.indices[place]]}"
            np.testing.assert_array_equal(result.named(name, 24), split.images([place])[0])


def test_another_split_chosen_meanwhile_is_the_one_that_is_evaluated(evaluate, trained, qtbot, hold):
    evaluator = evaluate.evaluator
    held = hold(EVALUATE)
    evaluator.start()
    held.wait()
    evaluator.choose_split("validation")
    held.let_go()
    qtbot.waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)
    assert evaluator.result.evaluation.split == "validation"
