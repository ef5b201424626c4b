"""How long the queue takes: by closed forms, by what runs have measured, and left out where nobody knows."""

from __future__ import annotations

from datetime import datetime

import pytest
from train_parts import PATIENCE, settings, tiny_network

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.runs.queue import Entry
from gui.train.estimate.words import Length
from gui.train.queue.queue_times import QueueTimes
from gui.train.queue.words import done_words, for_words


@pytest.fixture
def known(queue, qtbot):
    """Wait until all times are known that can be, and answer those of the entries."""
    times = QueueTimes(queue)

    def wait():
        times.follow()
        qtbot.waitUntil(lambda: not times._job.running, timeout=PATIENCE)
        return times, [times.left_of(one) for one in queue.queue.entries]

    return wait


def entry(data=None, **recipe):
    return Entry.of(Project(tiny_network(), data or DataSettings(), settings(**recipe)))


def test_epochs_and_runs_of_an_ensemble_multiply_what_is_calculated(queue, known):
    queue.add([entry(epochs=2), entry(epochs=6), entry(epochs=2, ensemble=3)])
    times, (short, long, ensemble) = known()
    assert long.seconds == pytest.approx(3 * short.seconds)
    assert ensemble.seconds == pytest.approx(3 * short.seconds)
    assert times.total() == Length(pytest.approx(7 * short.seconds), measured=False)
    assert times.total().words.startswith("about ")
    queue.remove(queue.queue.entries[0].key)
    times, _ = known()
    assert times.total().seconds == pytest.approx(6 * short.seconds)


def test_what_a_run_has_measured_takes_the_place_of_what_is_calculated(queue, known, runs, finish):
    queue.add([entry(epochs=4)])
    known()
    run = finish(epochs=2)
    times, (length,) = known()
    assert length.measured
    assert times.total() == length
    assert length.seconds >= 4 * min(run.epoch_seconds)
    assert not length.words.startswith("about")


def test_where_one_time_is_unknown_there_is_no_sum(queue, known):
    queue.add([entry(), entry(data=DataSettings(source=Folder(path="/nowhere")))])
    times, (first, unknown) = known()
    assert first is not None
    assert (unknown, times.total()) == (None, None)
    queue.queue = queue.queue.changed(queue.queue.entries[1].key, failure="There is no folder /nowhere.")
    assert times.total() == first  # what has failed has no turn


def test_a_run_that_goes_on_takes_what_is_left_of_it(queue, known, runs, begin, qtbot):
    queue.add([entry(epochs=10_000)])
    known()
    queue.train()
    qtbot.waitUntil(lambda: runs.active is not None and runs.active.seconds_left is not None, timeout=PATIENCE)
    times, (left,) = known()
    assert left.seconds == pytest.approx(runs.active.seconds_left)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.stop()
    times, (left,) = known()
    run = runs.all[0]
    assert 0 < run.fraction < 1
    assert left.seconds == pytest.approx(times._length(queue.queue.entries[0].key).seconds * (1 - run.fraction))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10_140, "Done at about 17:05."),
        (12 * 3600, "Done tomorrow at about 02:16."),
        (5 * 86_400, "Done on 3 December at about 14:16."),
        (40 * 86_400, "Done on 7 January 2027 at about 14:16."),
        (1e12, "Done on 4 November 2126 at about 14:16."),
    ],
)
def test_when_all_is_done_is_said_with_the_day_if_it_is_another(seconds, words):
    assert done_words(datetime(2026, 11, 28, 14, 16), seconds) == words


def test_what_a_time_is_for():
    assert [for_words(runs) for runs in (1, 2, 4)] == ["for the run", "for both runs", "for all 4 runs"]
