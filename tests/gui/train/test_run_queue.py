"""Training a queue: one run after another, whatever fails, stops, closes or is edited meanwhile."""

from pathlib import Path

import pytest
from train_parts import PATIENCE, settings, tiny_network

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.locks import waited_for
from engine.network import Network
from engine.project import Project, save_project
from engine.runs.queue import Entry, QueueFolder
from engine.runs.run_folder import lock_file
from gui.document import Document
from gui.start.unsaved import unsaved_work
from gui.train.queue.run_queue import RunQueue
from gui.train.runs.places import run_path
from gui.train.runs.runs import Runs
from gui.train.runs.status import RunStatus


@pytest.fixture
def over(queue, qtbot):
    """Trains the queue until it waits, and answers what became of its runs, the first one first."""

    def train():
        queue.train()
        qtbot.waitUntil(lambda: not queue.training and queue.runs.active is None, timeout=PATIENCE)
        return [(run.number, run.settings.seed, run.status) for run in queue.runs.all[::-1]]

    return train


def entry(seed, *, data=None, epochs=1, **recipe):
    training = settings(seed=seed, epochs=epochs, **recipe)
    return Entry.of(Project(tiny_network(), data or DataSettings(), training), name=f"seed {seed}")


def _trains(run, member=None):
    return run.status is RunStatus.RUNNING and (member is None or run.member.number == member)


def kept_in(place):
    return QueueFolder(place).load().queue


UNTRAINABLE = DataSettings(source=Folder(path="/nowhere/at/all"))
FINISHED, FAILED, STOPPED = RunStatus.FINISHED, RunStatus.FAILED, RunStatus.STOPPED


def test_runs_are_trained_in_the_order_of_the_queue(queue, over):
    queue.add([entry(1), entry(2), entry(3)])
    queue.move(queue.queue.entries[2].key, 0)
    assert list(queue.numbers().values()) == [1, 2, 3]
    turns = []
    queue.runs.started.connect(lambda run: turns.append(run.turn))
    assert over() == [(1, 3, FINISHED), (2, 1, FINISHED), (3, 2, FINISHED)]
    assert turns == ["run 1 of 3 in the queue", "run 2 of 3 in the queue", "run 3 of 3 in the queue"]
    assert queue.queue.entries == ()
    assert not queue.runs.more_follow
    assert [run.name for run in queue.runs.all] == ["seed 2", "seed 1", "seed 3"]
    queue.add([entry(4)])
    over()
    assert turns[-1] == "run 1 of 1 in the queue"


@pytest.mark.parametrize("stops", [False, True])
def test_a_third_run_that_cannot_train_says_why_at_its_row(queue, over, stops):
    queue.add([entry(1), entry(2), entry(3, data=UNTRAINABLE), entry(4)])
    third = queue.queue.entries[2].key
    queue.choose(stops_at_failure=stops)
    trained = over()
    left = {one.key: one.failure for one in queue.queue.entries}
    assert "/nowhere/at/all" in left.pop(third)
    assert trained[:3] == [(1, 1, FINISHED), (2, 2, FINISHED), (3, 3, FAILED)]
    if stops:
        assert queue.told == "The queue waits: run 3 failed."
        assert list(left.values()) == [""]
        assert over()[3:] == [(4, 4, FINISHED)]
    else:
        assert trained[3:] == [(4, 4, FINISHED)]
    assert [one.key for one in queue.queue.entries] == [third]
    queue.try_again(third)
    assert queue.queue.next.key == third


def test_an_entry_keeps_its_network_and_settings_while_the_project_is_edited(queue, over):
    document = queue.runs.document
    queue.add_form("as it was")
    before = document.network.copy()
    document.edit("Remove", lambda network: network.remove("relu"))
    document.change_settings("Change", settings(seed=9))
    over()
    (run,) = queue.runs.all
    assert run.project.network == before
    assert (run.settings.seed, run.name) == (0, "as it was")


def test_a_queue_begins_when_the_run_that_trains_has_ended(queue, begin, qtbot):
    first = begin()
    queue.add([entry(1)])
    queue.train()
    assert queue.runs.active is first
    queue.runs.stop()
    qtbot.waitUntil(lambda: queue.queue.entries == (), timeout=PATIENCE)
    assert [(run.number, run.status) for run in queue.runs.all] == [(2, FINISHED), (1, STOPPED)]


def test_a_queue_waits_after_the_run_that_trains(queue, qtbot):
    queue.add([entry(1), entry(2)])
    queue.train()
    qtbot.waitUntil(lambda: bool(queue.active), timeout=PATIENCE)
    assert queue.runs.more_follow
    queue.wait()
    assert not queue.runs.more_follow
    qtbot.waitUntil(lambda: queue.runs.active is None, timeout=PATIENCE)
    assert [one.project.training.seed for one in queue.queue.entries] == [2]
    assert (queue.training, queue.active, queue.turn) == (False, "", "")


def test_a_run_that_is_stopped_stays_in_the_queue_and_goes_on_from_there(queue, over, qtbot):
    queue.add([entry(1, epochs=400), entry(2)])
    first = queue.queue.entries[0]
    queue.train()
    qtbot.waitUntil(lambda: queue.runs.active is not None and queue.runs.active.step > 0, timeout=PATIENCE)
    for refused in (queue.remove, queue.update):
        with pytest.raises(LayerloomError, match=r"^seed 1 is training: "):
            refused(first.key)
    queue.move(queue.queue.entries[1].key, 0)
    assert queue.queue.entries[0].key == first.key
    queue.runs.stop()
    qtbot.waitUntil(lambda: queue.runs.active is None, timeout=PATIENCE)
    assert queue.told == "The queue waits: run 1 was stopped."
    assert [one.run for one in queue.queue.entries] == [1, 0]
    (run,) = queue.runs.all
    run.project.training = run.settings.model_copy(update={"epochs": int(run.position) + 1})
    assert over() == [(1, 1, FINISHED), (2, 2, FINISHED)]
    assert queue.queue.entries == ()


def test_closing_the_window_loses_nothing(runs, document, qtbot):
    queue = RunQueue(runs)
    qtbot.waitUntil(lambda: not queue.loading, timeout=PATIENCE)
    queue.add([entry(1, epochs=30), entry(2, ensemble=2)])
    queue.choose(stops_behind=True)
    with qtbot.waitSignal(runs.state_changed, check_params_cb=_trains, timeout=PATIENCE):
        queue.train()
    runs.shutdown()
    queue.close()
    left = queue.queue
    again = Document()
    again.key = document.key
    others = Runs(again)
    reopened = RunQueue(others)
    qtbot.waitUntil(lambda: not (reopened.loading or others.loading), timeout=PATIENCE)
    assert reopened.queue == left
    assert not reopened.training
    reopened.train()
    qtbot.waitUntil(lambda: not reopened.training and others.active is None, timeout=PATIENCE)
    assert reopened.queue.entries == ()
    assert sorted((run.settings.seed, run.status) for run in others.all) == [
        (1, FINISHED),
        (2, FINISHED),
        (3, FINISHED),
    ]
    others.shutdown()
    reopened.close()


def test_a_run_that_never_came_to_be_leaves_its_number_to_another(queue, over, runs, qtbot):
    queue.add([entry(1, data=UNTRAINABLE)])
    over()
    (failed,) = queue.queue.entries
    assert failed.run == 1
    runs.reload()  # it has no folder to be read from
    qtbot.waitUntil(lambda: runs.all == [] and queue.queue.entries[0].run == 0, timeout=PATIENCE)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        assert runs.start(settings=settings(epochs=1)).number == 1
    assert [one.failure for one in queue.queue.entries] == [failed.failure]


def test_a_run_that_was_deleted_is_trained_anew(queue, runs, qtbot):
    queue.add([entry(1, epochs=400)])
    queue.train()
    qtbot.waitUntil(lambda: runs.active is not None and runs.active.step > 0, timeout=PATIENCE)
    runs.stop()
    qtbot.waitUntil(lambda: runs.active is None, timeout=PATIENCE)
    assert queue.queue.entries[0].run == 1
    runs.delete(runs.all[0])
    assert queue.queue.entries[0].run == 0


def test_a_project_that_was_never_saved_is_offered_with_what_it_queued(queue):
    queue.add([entry(1)])
    (offered,) = unsaved_work()
    assert (offered.origin.key, offered.runs) == (queue.runs.document.key, 0)
    assert offered.project == queue.queue.entries[0].project


def test_an_ensemble_is_one_entry_and_its_runs_are_grouped(queue, over):
    queue.add([entry(4, ensemble=3), entry(1)])
    assert (queue.queue.trainings, list(queue.numbers().values())) == (4, [1, 4])
    assert over() == [(1, 4, FINISHED), (2, 5, FINISHED), (3, 6, FINISHED), (4, 1, FINISHED)]
    members = queue.runs.ensembles.runs_of(queue.runs.all[-1])
    assert [(run.number, run.member.number, run.member.of, run.name) for run in members] == [
        (1, 1, 3, "seed 4"),
        (2, 2, 3, "seed 4"),
        (3, 3, 3, "seed 4"),
    ]


def test_an_ensemble_of_which_runs_fail_says_so_at_its_row(queue, over):
    queue.add([entry(4, ensemble=2, optimiser="sgd", learning_rate=100.0, epochs=3), entry(1)])
    assert [status for *_, status in over()] == [FAILED, FAILED, FINISHED]
    (left,) = queue.queue.entries
    assert left.failure.startswith("Loss became ")


def test_an_ensemble_that_was_stopped_goes_on_with_what_is_left_of_it(runs, qtbot):
    with qtbot.waitSignal(runs.state_changed, check_params_cb=lambda run: _trains(run, 2), timeout=PATIENCE):
        runs.start(settings=settings(epochs=30, seed=4, ensemble=3))
    runs.stop()
    qtbot.waitUntil(lambda: runs.active is None, timeout=PATIENCE)
    second, first = runs.all
    if second.status is STOPPED:
        runs.continue_run(second)
    else:  # it was faster than the stop
        runs.ensembles.complete(second)
    qtbot.waitUntil(lambda: runs.active is None and len(runs.all) == 3, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not runs.ensembles.coming, timeout=PATIENCE)
    assert [(run.settings.seed, run.status, run.member.number) for run in runs.all[::-1]] == [
        (4, FINISHED, 1),
        (5, FINISHED, 2),
        (6, FINISHED, 3),
    ]
    assert runs.ensembles.left_of(first) == ()


def test_a_run_far_behind_the_others_is_ended_early(queue, over, monkeypatch):
    monkeypatch.setattr("gui.train.queue.run_queue.AT_EPOCH", 2)
    queue.add([entry(1, epochs=3), entry(2, epochs=3), entry(3, epochs=300, learning_rate=1e-9)])
    queue.choose(stops_behind=True)
    trained = over()
    assert [status for *_, status in trained] == [FINISHED, FINISHED, STOPPED]
    assert queue.queue.entries == ()
    assert queue.told.startswith("Run 3 was ended after epoch 2: its validation loss ")


@pytest.mark.parametrize(
    ("by_hand", "queued"),
    [(0, [{}]), (2, []), (0, [{"loss": "mse"}, {"loss": "mse"}])],
    ids=["only one other", "others that were not queued", "others with another loss"],
)
def test_a_run_is_behind_several_alike_of_the_same_queue_alone(queue, over, finish, monkeypatch, by_hand, queued):
    monkeypatch.setattr("gui.train.queue.run_queue.AT_EPOCH", 1)
    for _ in range(by_hand):
        finish(epochs=1)
    queue.add([*(entry(1, **recipe) for recipe in queued), entry(3, epochs=2, learning_rate=1e-9)])
    queue.choose(stops_behind=True)
    assert {status for *_, status in over()} == {FINISHED}


def test_the_queue_goes_along_when_the_project_is_saved(queue, document, tmp_path, qtbot):
    queue.add([entry(1)])
    unsaved = queue.runs.place
    save_project(document.project, tmp_path / "mine.loom")
    document.mark_saved(tmp_path / "mine.loom")
    qtbot.waitUntil(lambda: kept_in(tmp_path / "mine-runs") == queue.queue, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not (unsaved / "queue.json").exists(), timeout=PATIENCE)
    document.mark_saved(tmp_path / "other.loom")
    qtbot.waitUntil(lambda: kept_in(tmp_path / "other-runs") == queue.queue, timeout=PATIENCE)
    assert [one.name for one in queue.queue.entries] == ["seed 1"]
    assert kept_in(tmp_path / "mine-runs") == queue.queue


def test_what_two_windows_queue_and_take_out_is_all_kept(queue, runs, qtbot):
    queue.add([entry(1), entry(2)])
    other = RunQueue(runs)
    qtbot.waitUntil(lambda: not other.loading, timeout=PATIENCE)
    other.add([entry(3)])
    queue.remove(queue.queue.entries[0].key)
    assert [one.name for one in queue.queue.entries] == ["seed 2", "seed 3"]
    other.rename(other.queue.entries[1].key, "second")
    assert [one.name for one in other.queue.entries] == ["second", "seed 3"]
    assert kept_in(runs.place) == other.queue
    other.close()


def test_what_trains_in_another_window_does_not_begin_here_too(queue, runs, over):
    queue.add([entry(1), entry(2)])
    first = queue.queue.entries[0]
    elsewhere = QueueFolder(runs.place)
    elsewhere.save(elsewhere.load().queue.with_run(first.key, 7))
    run_path(runs.place, 7).mkdir()
    with waited_for(lock_file(run_path(runs.place, 7)), seconds=0):
        assert [seed for _, seed, _ in over()] == [2]
        assert queue.entry(first.key).failure == "Run 7 is training in another Layerloom."


def test_another_project_has_a_queue_of_its_own(queue, document, qtbot):
    queue.add([entry(1)])
    place = Path(queue.runs.place)
    document.replace(Project(tiny_network()))
    qtbot.waitUntil(lambda: not queue.loading, timeout=PATIENCE)
    assert queue.queue.entries == ()
    assert len(kept_in(place).entries) == 1


def test_the_form_shows_an_entry_as_one_undo_step_and_gives_it_its_settings_back(queue, document):
    steps = DataSettings(split={"seed": 4})
    queue.add([entry(1, data=steps), entry(2)])
    first = queue.queue.entries[0]
    before = document.project.training, document.project.data
    assert not queue.is_form(first)
    queue.fill_form(first.key)
    assert queue.is_form(first)
    assert document.undo_stack.count() == 1
    queue.fill_form(first.key)
    assert document.undo_stack.count() == 1
    document.change_settings("Change", settings(seed=7))
    assert not queue.is_form(queue.entry(first.key))
    queue.update(first.key)
    assert queue.entry(first.key).project.training.seed == 7
    assert queue.entry(first.key).project.data == steps
    assert queue.entry(first.key).project.network == tiny_network()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert (document.project.training, document.project.data) == before


def test_what_cannot_be_trained_is_not_queued(queue, document, runs, qtbot):
    document.replace(Project(Network("nothing")))
    qtbot.waitUntil(lambda: not (queue.loading or runs.loading), timeout=PATIENCE)
    with pytest.raises(LayerloomError):
        queue.add_form()
    assert queue.queue.entries == ()


def test_what_could_not_be_kept_stays_when_the_queue_is_read_anew(queue, qtbot):
    place, told = queue.runs.place, []
    queue.failed.connect(told.append)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("in the way")
    queue.add([entry(1)])
    assert len(told) == 1
    queue.look_again()
    assert not queue._looking.running
    place.unlink()
    queue.add([entry(2)])
    queue.look_again()
    qtbot.waitUntil(lambda: not queue._looking.running, timeout=PATIENCE)
    assert [one.name for one in queue.queue.entries] == ["seed 1", "seed 2"]
