"""A cure is tried in a new run, and the project follows where it still is what the run was."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from train_parts import PATIENCE, settings

from engine.layers.activation import LeakyReLU, ReLU
from engine.training.advice import Advice, Cure
from engine.training.advice.cures import at_rate, leaky
from engine.training.events import Health, HealthMeasured
from gui.train.progress.health_section import HealthSection
from gui.train.runs.marks import Badges, Thumbnails, marks
from gui.train.runs.status import RunStatus
from gui.train.runs.trying import queue_cure, retry, try_cure

VANISHING = {"conv": Health(1e-9, 1e-3), "relu": Health(dead=0.0), "fc": Health(0.5, 1e-3)}


@pytest.fixture
def section(runs, qtbot):
    section = HealthSection(runs)
    qtbot.addWidget(section)
    section.resize(304, 400)
    with qtbot.waitExposed(section, timeout=PATIENCE):
        section.show()
    return section


def test_what_vanishes_is_told_marked_at_its_node_and_tried(section, runs, document, finish, qtbot):
    run = finish()
    run.take(HealthMeasured(1, 20, VANISHING))
    section.show_run(run)
    assert section.hint.message.text() == "The gradient vanishes in conv: ‖∇W‖ is 1.0e-9 there, 5.0e-1 in fc."
    assert section.table.lines[0].cells[0].text == "▸ conv"
    assert section.table.lines[0].surface == "warn_bg"
    shown = marks(run, Badges(), Thumbnails())
    assert {name: mark.badge for name, mark in shown.items() if mark.warns} == {"conv": "vanishing"}
    assert section.hint.button.text() == "Try batch norm in a new run"
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        QTest.mouseClick(section.hint.button, Qt.MouseButton.LeftButton)
    assert [one.number for one in runs.all] == [2, 1]
    assert len(runs.current.project.network) == len(run.project.network) + 1
    assert document.undo_stack.undoText() == "Try batch norm"
    assert document.network == runs.current.project.network
    document.undo_stack.undo()
    assert document.network == run.project.network


@pytest.mark.parametrize("label", ["0.003", "ReLU and batch norm"])
def test_both_buttons_are_seen_beside_or_below_each_other(section, runs, finish, qtbot, label):
    section.show_run(finish())
    section.hint.show_advice(Advice("Wrong.", "Put it right.", cure=Cure(label)))
    hint = section.hint

    def both_are_seen():
        section.resize(304, section.heightForWidth(304))
        return hint.buttons.width() > hint.button.width() and hint.buttons.rect().contains(hint.queue.geometry())

    qtbot.waitUntil(both_are_seen)


@pytest.mark.parametrize(
    ("cure", "undo"),
    [
        (at_rate(0.01), "Try 0.01"),
        (leaky(["relu"]), "Try Leaky ReLU"),
        (Cure("balanced classes", {"data.sampling": "weighted"}), "Try balanced classes"),
    ],
)
def test_each_kind_of_cure_is_one_undo_step(runs, document, finish, qtbot, cure, undo):
    run = finish()
    before = document.undo_stack.index()
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        try_cure(runs, run, cure)
    assert document.undo_stack.index() == before + 1
    assert document.undo_stack.undoText() == undo
    cured = cure.applied(run.project)
    for project in (document.project, runs.current.project):
        assert (project.network, project.data) == (cured.network, cured.data)
    assert runs.current.settings == cured.training


def test_a_project_that_has_gone_on_keeps_its_own(runs, document, finish, qtbot):
    run = finish(epochs=1)
    document.edit("Other", lambda network: network.set_layer("relu", LeakyReLU(negative_slope=0.5)))
    document.change_settings("Other", settings(epochs=7))
    steps = document.undo_stack.index()
    for cure in (leaky(["relu"]), at_rate(0.01)):
        with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
            try_cure(runs, run, cure)
    assert document.undo_stack.index() == steps
    assert runs.current.project.network.layer("relu") == ReLU()


def test_a_cure_is_queued_beside_the_run_that_goes_on(section, runs, document, begin, qtbot):
    asked = []
    runs.queue_asked.connect(lambda *told: asked.append(told))
    run = begin()
    run.take(HealthMeasured(1, 20, VANISHING))
    section.show_run(run)
    steps = document.undo_stack.index()
    QTest.mouseClick(section.hint.queue, Qt.MouseButton.LeftButton)
    ((project, name),) = asked
    assert name == "Try batch norm"
    assert len(project.network) == len(run.project.network) + 1
    assert runs.active is run
    assert document.undo_stack.index() == steps


def test_why_a_cure_cannot_be_queued_is_said(runs, finish):
    run, told = finish(epochs=1), []
    runs.failed.connect(told.append)
    queue_cure(runs, run, Cure("nothing", {"training.nothing": "1"}))
    assert len(told) == 1


def test_a_run_that_trains_is_stopped_first_and_can_be_resumed(runs, begin, qtbot):
    run = begin()
    try_cure(runs, run, Cure("two epochs", {"training.epochs": "2"}))
    qtbot.waitUntil(lambda: runs.active is None and len(runs.all) == 2, timeout=PATIENCE)
    assert run.status is RunStatus.STOPPED
    assert run.resumable
    assert runs.all[0].status is RunStatus.FINISHED
    assert runs.all[0].total_epochs == 2


def test_what_waits_for_a_run_to_stop_is_forgotten_with_its_project(runs, begin, document, qtbot):
    from engine.project import Project

    run = begin()
    try_cure(runs, run, at_rate(0.01))
    document.replace(Project())
    qtbot.waitUntil(lambda: runs.active is None and not runs.loading, timeout=PATIENCE)
    assert runs.all == []


def test_why_a_cure_cannot_be_tried_is_said(runs, finish, document):
    run, told = finish(epochs=1), []
    runs.failed.connect(told.append)
    try_cure(runs, run, Cure("nothing", {"training.nothing": "1"}))
    assert len(told) == 1


def test_another_rate_holds_for_all_of_the_run_that_tries_it(runs, finish, qtbot):
    run = finish(epochs=1)
    run.project.training = run.settings.with_rate(5, 0.5)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        again = retry(runs, run, learning_rate=0.01)
    assert (again.settings.learning_rate, again.settings.rate_changes) == (0.01, ())
