import json

import numpy as np
import pytest
from train_parts import PATIENCE, settings, tiny_network

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.layers.convolution import Conv2d
from engine.log import log_file
from engine.network.edits import remove_and_close_gap
from engine.project import Project
from engine.runs.labels import Label
from engine.runs.run_folder import RunFolder
from engine.training.events import Failed, Started
from gui.train.runs import places
from gui.train.runs.remedies import remedies
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.status import RunStatus
from gui.train.runs.trying import retry
from gui.train.runs.words import status_note
from gui.train.runs_panel import RunsPanel


def test_a_run_trains_to_its_end_and_tells_everything(finish, runs):
    run = finish()
    assert run.status is RunStatus.FINISHED
    assert runs.active is None
    assert runs.current is run
    assert run.metric("validation_accuracy") > 0.5
    assert len(run.epochs) == 2
    assert run.step == run.total_steps
    assert (np.diff(run.steps["seconds"]) >= 0).all()
    assert set(run.health) >= {"conv", "relu", "fc"}
    assert run.record.classes == tuple("0123456789")
    assert RunFolder(run.folder).kept_epochs() == (1, 2)


def test_pause_stop_and_resume_go_on_with_the_same_curve(begin, runs, qtbot):
    run = begin()
    runs.pause()
    assert run.status is RunStatus.PAUSED
    runs.resume()
    assert run.status is RunStatus.RUNNING
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.stop()
    assert run.status is RunStatus.STOPPED
    stopped_at = run.step
    epochs = int(run.epoch) + 1
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(run, epochs=epochs)
    assert run.status is RunStatus.FINISHED
    assert run.step == epochs * run.steps_per_epoch > stopped_at
    assert (np.diff(run.steps["step"]) > 0).all()


def test_a_paused_run_stands_still_but_shows_what_is_watched(begin, runs, qtbot):
    run = begin()
    runs.pause()

    def watched(node):
        runs.watch(node, np.zeros((1, 8, 8), np.uint8))
        qtbot.waitUntil(lambda: node in run.maps, timeout=PATIENCE)
        return run.step

    assert watched("conv") == watched("relu") == watched("fc")
    assert run.maps["conv"].shape == (4, 6, 6)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.stop()
    assert run.status is RunStatus.STOPPED


def test_editing_during_a_run_leaves_the_run_alone(begin, runs, document):
    run = begin()
    document.edit("Widen", lambda network: network.set_layer("conv", Conv2d(out_channels=9)))
    document.edit("Remove", lambda network: network.remove("relu"))
    document.change_settings("Seed", settings(seed=5))
    assert run.project.network == tiny_network()
    assert run.settings.seed == 0
    runs.shutdown()
    assert run.status is RunStatus.STOPPED
    assert RunFolder(run.folder).project().network == tiny_network()


def test_a_learning_rate_of_a_million_fails_and_the_remedy_trains(finish, runs, qtbot, document):
    document.change_settings("Learning rate", settings(learning_rate=100.0, optimiser="sgd", epochs=5))
    run = finish()
    assert run.status is RunStatus.FAILED
    assert run.failure.code == "not_finite"
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        again = retry(runs, run, learning_rate=0.01, epochs=1)
    assert again.status is RunStatus.FINISHED
    assert document.project.training.learning_rate == 0.01
    document.undo_stack.undo()
    assert document.project.training.learning_rate == 100


@pytest.mark.parametrize(
    ("changes", "device", "labels"),
    [
        ({"batch_size": 111.0}, "", ["Batch 111", "Queue it"]),
        ({"batch_size": 8}, "cpu", ["Batch 8", "Queue it"]),
        ({"batch_size": 8}, "cuda:0", ["Batch 8", "Use CPU", "Queue it"]),
        ({}, "", []),
    ],
)
def test_full_memory_offers_the_batch_that_would_fit(runs, document, tmp_path, changes, device, labels):
    run = Run(1, tmp_path, document.project)
    if device:
        run.take(Started(device, "32-true", 1, 1, 1, 10, 0))
    run.take(Failed("out_of_memory", "Memory is full.", changes=changes))
    assert [remedy.label for remedy in remedies(runs, run)] == labels


def test_while_another_run_trains_a_remedy_can_only_be_queued(runs, document, begin, tmp_path):
    failed = Run(9, tmp_path, document.project)
    failed.take(Failed("out_of_memory", "Memory is full.", changes={"batch_size": 8}))
    assert remedies(runs, failed)
    asked = []
    runs.queue_asked.connect(lambda *told: asked.append(told))
    begin()
    (queue,) = remedies(runs, failed)
    queue.action()
    ((project, name),) = asked
    assert (queue.label, name, project.training.batch_size) == ("Queue it", "Batch 8", 8)
    assert project.network == failed.project.network


def test_a_remedy_leaves_the_project_alone_that_has_other_settings_by_now(runs, document, tmp_path):
    failed = Run(1, tmp_path, Project(tiny_network(), training=settings(learning_rate=100.0)))
    document.change_settings("Seed", settings(seed=5))
    again = retry(runs, failed, learning_rate=0.01)
    assert again.settings == settings(learning_rate=0.01)
    assert document.project.training == settings(seed=5)


def test_numbers_go_on_after_those_of_folders_that_are_no_runs_yet(runs):
    (places.runs_folder(runs.document) / "run-7").mkdir(parents=True)
    assert runs.start().number == 8


def test_old_runs_are_there_after_a_restart(finish, runs, document, qtbot):
    first, second = finish(), finish(seed=3)
    runs.rename(second, "seed three")
    again = Runs(document)
    qtbot.waitUntil(lambda: len(again.all) == 2, timeout=PATIENCE)
    assert [run.title for run in again.all] == ["2 · seed three", "1 · tiny"]
    assert [run.status for run in again.all] == [RunStatus.FINISHED] * 2
    assert again.current is again.all[0]
    assert np.array_equal(again.all[1].epochs["validation_loss"], first.epochs["validation_loss"])
    again.delete(again.all[1])
    assert not first.folder.exists()
    assert [run.number for run in again.all] == [2]
    again.shutdown()


def test_a_run_that_cannot_be_read_hides_no_other(finish, runs, document, qtbot, monkeypatch):
    logged = []
    monkeypatch.setattr(places, "log_crash", lambda what, error: logged.append(what) or log_file())
    first, second, third = finish(epochs=1), finish(epochs=1), finish(epochs=1)
    with (first.folder / "metrics.jsonl").open("a") as file:
        file.write('[1,2]\n{"event":"epoch_done","epoch":null}\n')
    (second.folder / "metrics.jsonl").unlink()
    (second.folder / "metrics.jsonl").mkdir()
    monkeypatch.setattr(places, "read_label", lambda path: [][1] if path == third.folder else Label())
    (third.folder.with_name("run-4")).mkdir()
    again, told = Runs(document), []
    again.failed.connect(told.append)
    qtbot.waitUntil(lambda: not again.loading, timeout=PATIENCE)
    assert [(run.number, run.status, len(run.epochs)) for run in again.all] == [(1, RunStatus.FINISHED, 1)]
    assert logged == [f"the run {run.folder} is not shown" for run in (third, second)]
    unread = f"2 runs cannot be shown. The details of run-3 are in {log_file()}."
    assert told == [f"{unread} 2 lines of the figures of run {first.title} cannot be read."]
    again.shutdown()


def test_a_run_with_a_record_that_cannot_be_says_why(finish, runs, document, qtbot):
    run = finish(epochs=1)
    file = run.folder / "run.json"
    record = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**record, "std": [0]}), "utf-8")
    again, told = Runs(document), []
    again.failed.connect(told.append)
    qtbot.waitUntil(lambda: not again.loading, timeout=PATIENCE)
    assert again.all == []
    assert told == [f"1 run cannot be shown. {file} is damaged. std › 0 is 0, at least 1e-06 is needed."]
    again.shutdown()


@pytest.mark.parametrize(
    ("content", "title"),
    [(b'{"name": "\\ud800x"}', "1 · ?x"), (b"[" * 100_000, "1 · tiny"), (b"\xff", "1 · tiny"), (b"[]", "1 · tiny")],
    ids=["half a character", "deep", "no text", "a list"],
)
def test_a_run_is_shown_though_its_name_is_damaged(finish, runs, document, qtbot, content, title):
    run = finish(epochs=1)
    (run.folder / "name.json").write_bytes(content)
    again = Runs(document)
    qtbot.waitUntil(lambda: not again.loading, timeout=PATIENCE)
    assert [run.title for run in again.all] == [title]
    again.shutdown()


def test_runs_move_in_beside_a_project_saved_for_the_first_time(finish, runs, document, tmp_path, qtbot):
    finish()
    document.mark_saved(tmp_path / "digits.loom")
    qtbot.waitUntil(lambda: [run.folder.parent.name for run in runs.all] == ["digits-runs"], timeout=PATIENCE)
    assert (tmp_path / "digits-runs" / "run-1" / "metrics.jsonl").is_file()


@pytest.mark.parametrize(
    ("trained", "said"),
    [
        (0, ""),
        (1, "1 run stays with first.loom, in first-runs: open that file to see it."),
        (2, "2 runs stay with first.loom, in first-runs: open that file to see them."),
    ],
)
def test_after_save_as_it_is_said_where_the_runs_so_far_are(finish, runs, document, tmp_path, qtbot, trained, said):
    document.mark_saved(tmp_path / "first.loom")
    panel = RunsPanel(runs)
    qtbot.addWidget(panel)
    panel.show()
    for _ in range(trained):
        finish(epochs=1)
    for name, expected in (("second", said), ("third", said), ("first", ""), ("second", said)):
        document.mark_saved(tmp_path / f"{name}.loom")
        qtbot.waitUntil(lambda: not runs.loading, timeout=PATIENCE)
        assert len(runs.all) == (trained if name == "first" else 0)
        panel.refresh()
        assert panel.left_behind.text() == expected
        assert panel.left_behind.isVisible() is bool(expected)
    document.replace(Project(tiny_network()), tmp_path / "other.loom")
    panel.refresh()
    assert not panel.left_behind.isVisible()


def test_runs_that_stay_with_several_files_are_told_of_each(finish, runs, document, tmp_path, qtbot):
    first = "1 run stays with first.loom, in first-runs: open that file to see it."
    second = "2 runs stay with second.loom, in second-runs: open that file to see them."
    for name, trained, expected in (
        ("first", 1, ""),
        ("second", 2, first),
        ("third", 0, f"{first}\n{second}"),
        ("second", 0, first),
        ("first", 0, second),
    ):
        document.mark_saved(tmp_path / f"{name}.loom")
        qtbot.waitUntil(lambda: not runs.loading, timeout=PATIENCE)
        assert runs.home.left_behind == expected
        for _ in range(trained):
            finish(epochs=1)


def test_runs_that_stay_with_a_file_of_the_same_name_are_told_by_its_folder(finish, runs, document, tmp_path, qtbot):
    document.mark_saved(tmp_path / "old" / "mine.loom")
    finish(epochs=1)
    document.mark_saved(tmp_path / "new" / "mine.loom")
    qtbot.waitUntil(lambda: not runs.loading, timeout=PATIENCE)
    assert runs.home.left_behind == "1 run stays with old/mine.loom, in old/mine-runs: open that file to see it."


def test_one_run_at_a_time(begin, runs):
    run = begin()
    with pytest.raises(LayerloomError, match="still training"):
        runs.start()
    with pytest.raises(LayerloomError, match="stop it first"):
        runs.delete(run)


def test_an_error_in_the_drawing_blocks_training_with_its_reason(runs, document, qtbot):
    with qtbot.waitSignal(runs.readiness.changed):
        document.edit("Remove", lambda network: remove_and_close_gap(network, ["flatten"]))
    assert runs.obstacle.text.endswith("blocks training: fc.")
    with pytest.raises(LayerloomError, match="blocks training"):
        runs.start()
    document.undo_stack.undo()
    assert runs.obstacle is None


def test_classes_that_do_not_fit_are_named_with_a_fix_that_works(runs, document):
    document.edit("Narrow", lambda network: network.set_layer("fc", tiny_network(7).layer("fc")))
    assert runs.obstacle.text == "Output gives 7 classes, Digits has 10."
    assert runs.obstacle.fix_label == "Set fc to 10"
    document.edit(runs.obstacle.fix_label, runs.obstacle.fix)
    assert runs.obstacle is None


def test_a_folder_s_classes_are_counted_off_the_window_s_thread(runs, document, tmp_path, qtbot):
    from PIL import Image

    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        Image.new("L", (8, 8)).save(tmp_path / name / "one.png")
    document.change_settings("Data", DataSettings(source=Folder(path=str(tmp_path))))
    qtbot.waitUntil(lambda: runs.obstacle is not None, timeout=PATIENCE)
    assert "10 classes" in runs.obstacle.text
    assert runs.obstacle.fix_label == "Set fc to 2"


def test_closing_during_preparation_ends_it(runs, qtbot):
    run = runs.start()
    runs.shutdown()
    assert run.status in (RunStatus.STOPPED, RunStatus.FINISHED)


def test_another_document_ends_the_run_and_lists_its_own(begin, runs, document, qtbot):
    run = begin()
    other = tiny_network()
    other.name = "other"
    document.replace(Project(other))
    assert run.status is RunStatus.STOPPED
    assert runs.active is None
    assert runs.all == []


def test_colours_belong_to_the_newest_run_first(runs, tmp_path):
    from gui.train.runs.run import Run

    made = [Run(number, tmp_path, runs.document.project) for number in range(1, 9)]
    for run in made:
        runs._give_colour(run, first=True)
    assert runs.shown[made[-1]] == 0
    assert len(runs.shown) == 6
    assert sorted(runs.shown.values()) == list(range(6))


def test_a_run_that_ends_for_another_document_stays_where_it_belongs(begin, runs, document, tmp_path):
    run = begin()
    document.replace(Project(tiny_network()), tmp_path / "other.loom")
    assert run.status is RunStatus.STOPPED
    assert (run.folder / "metrics.jsonl").is_file()
    assert not (tmp_path / "other-runs").exists()


def test_a_project_saved_for_the_first_time_while_it_trains_takes_the_run_along(begin, runs, document, tmp_path, qtbot):
    begin()
    document.mark_saved(tmp_path / "mine.loom")
    document.replace(Project(tiny_network()), tmp_path / "other.loom")
    qtbot.waitUntil((tmp_path / "mine-runs" / "run-1" / "metrics.jsonl").is_file, timeout=PATIENCE)
    assert not (tmp_path / "other-runs").exists()


def test_a_run_that_ended_early_says_so_and_can_go_on(finish, runs, qtbot):
    run = finish(learning_rate=1e-12, epochs=30, patience=2)
    assert run.ended_early
    assert status_note(run) == f"cosine · ended early after epoch {run.epoch} of {run.total_epochs}"
    assert run.without_gain == 2
    assert run.resumable
    again = Runs(runs.document)
    qtbot.waitUntil(lambda: len(again.all) == 1, timeout=PATIENCE)
    assert again.all[0].ended_early
    again.shutdown()
    before = run.epoch
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(run)
    assert run.epoch > before
    assert run.without_gain == run.epoch - before == 2
