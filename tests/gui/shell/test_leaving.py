"""Leaving a project while one of its runs trains: one question, and nothing lost."""

from threading import Event

import pytest
from held_calls import PATIENCE
from PySide6.QtCore import QEvent, QObject

from engine.recipe.recipe import Recipe
from gui.background import LatestJob
from gui.start.unsaved import unsaved_work
from gui.train.runs.status import RunStatus


@pytest.mark.parametrize("leave", ["open_file", "open_template", "new", "close"])
def test_a_run_that_trains_is_not_stopped_without_a_question(window, person, training, tmp_path, leave):
    arguments = {"open_file": [tmp_path / "other.loom"], "open_template": ["mlp"]}.get(leave, [])
    person.answer("Keep training")
    getattr(window.files, leave)(*arguments)
    assert training.status is RunStatus.RUNNING
    assert window.document.title == "lenet5.loom"
    assert window.has_document


def test_a_stopped_run_is_kept_when_another_project_opens(window, person, training):
    key = window.document.key
    person.answer("Stop training")
    window.files.open_template("mlp")
    person.until(lambda: window.document.title == "mlp.loom")
    assert training.status is RunStatus.STOPPED
    (work,) = unsaved_work()
    assert (work.title, work.runs, work.origin.key) == ("lenet5", 1, key)
    window.restore(work)
    runs = window.workspaces().runs
    person.until(lambda: window.document.title == "lenet5.loom" and bool(runs.all))
    assert [run.number for run in runs.all] == [training.number]
    assert (training.folder / "checkpoints" / "last.safetensors").is_file()


def test_unsaved_changes_and_a_run_are_one_question(window, person, training):
    window.document.change_settings("Epochs", Recipe(epochs=3))
    person.answer("Keep training")
    assert not window.close()
    assert training.status is RunStatus.RUNNING
    person.answer("Stop without saving")
    assert window.close()
    assert training.status is RunStatus.STOPPED


def test_a_window_goes_at_once_and_calls_all_jobs_off_before_it_waits_for_any(window, person):
    person.until(lambda: window.warm_up.settled)
    hidden, called_off = Event(), Event()
    waited = []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() is QEvent.Type.Hide:
                hidden.set()
            return False

    watch = Watch(window)
    window.installEventFilter(watch)
    first, second = LatestJob("The first", window), LatestJob("The second", window)
    for job in (first, second):
        window.session.closing.connect(job.close)
    first.start(lambda _: waited.extend(one.wait(PATIENCE) for one in (hidden, called_off)), done=print, failed=print)
    second.start(lambda job: job._cancelled.wait(PATIENCE) and called_off.set(), done=print, failed=print)
    window.close()
    assert waited == [True, True]
