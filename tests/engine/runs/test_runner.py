"""A training in its own thread: answers at once, ends cleanly, always says how it ended."""

import queue
import threading
from typing import ClassVar

import numpy as np
import pytest
from small_training import settings, small_network

from engine.data.progress import Progress, tell
from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.data.source import SOURCES
from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.log import log_file
from engine.project import Project
from engine.runs import session
from engine.runs.runner import Runner
from engine.training.events import EpochDone, Failed, Finished, Preparing, Probed, Started, StepDone

LIMIT = 60  # seconds after which a test gives up on a thread


def project(**values):
    return Project(small_network(), DataSettings(), settings(**values))


def until(runner, *kinds):
    """The events up to the first of some kind."""
    events = []
    while not events or not isinstance(events[-1], kinds):
        events.append(runner.events.get(timeout=LIMIT))
    return events


@pytest.fixture
def started(tmp_path):
    runners = []

    def start(made, **options):
        runner = Runner(made, tmp_path / f"run{len(runners)}", threads=1, **options)
        runners.append(runner)
        runner.start()
        return runner

    yield start
    for runner in runners:
        runner.stop()
        assert runner.join(LIMIT)


def test_a_run_reports_from_start_to_finish(started):
    runner = started(project())
    events = until(runner, Finished, Failed)
    assert isinstance(events[-1], Finished)
    assert runner.join(LIMIT)
    assert isinstance(events[0], Preparing)
    assert sum(isinstance(event, EpochDone) for event in events) == 2


def test_stop_ends_it_and_resume_goes_on(started, tmp_path):
    runner = started(project(epochs=10_000))
    until(runner, StepDone)
    runner.stop()
    assert until(runner, Finished)[-1].stopped
    assert runner.join(LIMIT)
    again = Runner(project(epochs=10_000), runner.path, resume=True, threads=1)
    again.start()
    assert until(again, Started)[-1].first_epoch >= 1
    again.stop()
    until(again, Finished)
    assert again.join(LIMIT)


def test_a_paused_run_waits_and_can_be_watched_and_stopped(started):
    runner = started(project(epochs=10_000))
    until(runner, StepDone)
    runner.pause()
    assert runner.paused
    runner.watch("conv", np.zeros((1, 8, 8), dtype=np.uint8))
    until(runner, Probed)
    with pytest.raises(queue.Empty):
        runner.events.get(timeout=0.05)
    runner.resume()
    until(runner, StepDone)
    runner.pause()
    runner.stop()
    until(runner, Finished)


def test_problems_on_the_canvas_fail_with_their_sentence(started):
    made = project()
    made.network.remove("flatten")
    made.network.connect("pool", "fc")
    failed = until(started(made), Failed)[-1]
    assert failed.code == "network"
    assert "fc" in failed.message


def test_missing_data_fail_with_their_sentence(started):
    made = project()
    made.data = DataSettings(source=Folder(path="/nowhere/at/all"))
    failed = until(started(made), Failed)[-1]
    assert (failed.code, failed.message) == ("data", "There is no folder /nowhere/at/all.")


def test_a_crash_is_told_and_kept_in_the_log(started, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("a fault of the program")

    monkeypatch.setattr(session, "prepare", broken)
    failed = until(started(project()), Failed)[-1]
    assert failed.code == "crashed"
    assert "ZeroDivisionError" in failed.message
    assert "a fault of the program" in log_file().read_text()


def test_stopping_while_data_load_ends_it(started):
    made = project()
    runner = started(made)
    runner.stop()
    events = until(runner, Finished, Failed)
    assert events[-1].stopped


class Waiting(Digits):
    """Digits that are read in two steps; between them somebody may stop."""

    name: ClassVar = "waiting"
    begun: ClassVar = threading.Event()
    go_on: ClassVar = threading.Event()
    read: ClassVar = False

    def raw(self, *, progress=None):
        self.begun.set()
        assert self.go_on.wait(LIMIT)
        tell(progress, Progress("Reading digits", 1, 2, "images"))
        type(self).read = True
        return super().raw(progress=progress)


def test_stopping_while_data_load_ends_the_loading_itself(started):
    SOURCES.register(Waiting)
    try:
        runner = started(Project(small_network(), DataSettings(source=Waiting()), settings()))
        assert Waiting.begun.wait(LIMIT)
        runner.stop()
        Waiting.go_on.set()
        end = until(runner, Finished, Failed)[-1]
    finally:
        Waiting.go_on.set()
        SOURCES.unregister(Waiting.name)
    assert isinstance(end, Finished)
    assert end.stopped
    assert not Waiting.read


def test_no_thread_is_left(started):
    runner = started(project())
    until(runner, Finished)
    assert runner.join(LIMIT)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("training")]


def test_a_batch_of_one_before_batch_norm_is_refused(started):
    made = project(batch_size=1)
    made.network.remove("pool", "relu")
    made.network.add(LAYERS["GlobalAvgPool"](), "pool", inputs="conv")
    made.network.disconnect(made.network.incoming("bn")[0])
    made.network.connect("pool", "bn")
    made.network.connect("bn", "flatten")
    failed = until(started(made), Failed)[-1]
    assert failed.message == "bn normalises over the batch, but the batch has one image."
