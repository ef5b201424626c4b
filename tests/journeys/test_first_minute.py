"""The first minute: from the start screen to a trained network, saved and opened again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.train.runs.status import RunStatus


@pytest.mark.slow
def test_train_a_digit_classifier_then_save_and_reopen(window, person, tmp_path):
    person.click(window.start.demo)
    person.until(lambda: window.has_document and window.workspaces().runs.active is not None)
    view = window.workspaces()
    assert view.bench.workspace == "train"
    assert window.document.title == "lenet5.loom"
    run = view.runs.active

    person.until(lambda: len(run.steps) > 20)
    assert view.toolbar.training.isVisible()
    assert not view.toolbar.train.isVisible()
    person.click(view.toolbar.training.pause)
    assert run.status is RunStatus.PAUSED
    assert view.toolbar.training.pause.text() == "Resume"
    person.click(view.toolbar.training.pause)
    person.until(lambda: len(run.epochs) >= 2)
    person.click(view.toolbar.training.stop)
    person.until(lambda: view.runs.active is None)
    assert run.status is RunStatus.STOPPED
    assert run.best_score > 0.5
    assert view.toolbar.train.isVisible()

    path = tmp_path / "digits.loom"
    assert window.files.save_to(path)
    person.until(lambda: [r.number for r in view.runs.all] == [run.number])
    window.files.open_file(path)
    person.until(lambda: window.document.path == path and bool(view.runs.all))
    assert not window.document.modified
    person.until(lambda: bool(view.runs.all) and view.runs.all[0].best_score is not None)
    assert view.runs.all[0].best_score == pytest.approx(run.best_score)


@pytest.mark.slow
def test_closing_the_window_ends_training_and_keeps_the_run(window, person):
    person.click(window.start.demo)
    person.until(lambda: window.has_document and window.workspaces().runs.active is not None)
    run = window.workspaces().runs.active
    person.until(lambda: len(run.epochs) >= 1)
    window.close_at_once()
    assert not window.isVisible()
    assert window.workspaces().runs.active is None
    assert (run.folder / "project.loom").is_file()
    assert run.status is RunStatus.STOPPED


def test_a_card_opens_by_keyboard_and_its_chips_change_the_figures(window, person):
    start = window.start
    person.until(lambda: len(start.cards) > 3 and not window.gallery.busy)
    card = next(card for card in start.cards if card.template.name == "resnet")
    before = [value.text() for _, value in card.figures]
    chip = next(chip for chip in card.chips if chip.text() == "152")
    person.click(chip)
    person.until(lambda: card.figures[0][1].text() not in (before[0], "…"))
    assert card.figures[0][1].text() == "60.2 M"
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    person.until(lambda: window.has_document)
    assert window.document.analysis.parameters == 60_192_808
    assert all(window.document.network[name].position is not None for name in window.document.network)
