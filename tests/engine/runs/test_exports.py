"""Figures of runs in files for other programs, read back by these."""

import csv
import io
import json
import shutil
import threading
from datetime import datetime
from pathlib import Path

import pytest
from small_training import settings, small_network
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from engine.errors import LayerloomError
from engine.project import Project
from engine.runs.export import epochs_csv, write_tensorboard
from engine.runs.export.history import history_of
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.events import EpochDone, Health, HealthMeasured, Started, StepDone, to_json


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for number, epochs in ((1, 3), (2, 2)):
        list(run_project(Project(small_network(), training=settings(epochs=epochs)), folder / f"run-{number}"))
    return [RunFolder(folder / f"run-{number}") for number in (1, 2)]


def test_the_table_has_one_row_an_epoch_with_what_was_measured(runs):
    rows = list(csv.DictReader(io.StringIO(epochs_csv(runs))))
    assert [(row["run"], row["epoch"]) for row in rows] == [
        *(("run-1", str(epoch)) for epoch in (1, 2, 3)),
        *(("run-2", str(epoch)) for epoch in (1, 2)),
    ]
    for row, told in zip(rows, [epoch for run in runs for epoch in run.epochs()], strict=True):
        for part, figures in (("train", told.train), ("validation", told.validation)):
            for name, value in figures.items():
                assert float(row[f"{part}_{name}"]) == value
        assert row["best"] == str(int(told.best))
    assert float(rows[2]["seconds"]) == pytest.approx(sum(epoch.seconds for epoch in runs[0].epochs()), abs=1e-3)


def test_tensorboard_reads_every_figure_at_its_step(runs, tmp_path):
    folders = write_tensorboard(runs, tmp_path)
    assert [folder.name for folder in folders] == ["run-1", "run-2"]
    for run, folder in zip(runs, folders, strict=True):
        read = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
        events = list(run.events())
        told = {
            "loss/step": [],
            "learning_rate": [],
            "loss/validation": [],
            "accuracy/train": [],
            "gradient_norm/fc": [],
        }
        for event in events:
            match event:
                case StepDone(step=step, loss=loss, learning_rate=rate):
                    told["loss/step"].append((step, loss))
                    told["learning_rate"].append((step, rate))
                case EpochDone(epoch=epoch, train=train, validation=validation):
                    step = 20 * epoch
                    told["loss/validation"].append((step, validation["loss"]))
                    told["accuracy/train"].append((step, train["accuracy"]))
                case HealthMeasured(step=step, nodes=nodes):
                    told["gradient_norm/fc"].append((step, nodes["fc"].gradient_norm))
        for tag, pairs in told.items():
            assert [(one.step, one.value) for one in read.Scalars(tag)] == [
                (step, pytest.approx(value, rel=1e-6)) for step, value in pairs
            ]
        for tag in read.Tags()["scalars"]:
            times = [one.wall_time for one in read.Scalars(tag)]
            assert times == sorted(times)


def test_steps_lie_within_the_time_of_their_epoch_whatever_others_took(tmp_path):
    run = _kept(tmp_path, *_epoch(1, seconds=100.0), *_epoch(2, seconds=1.0), *_epoch(3, seconds=50.0))
    history = history_of(run)
    steps = [scalar for scalar in history.scalars if scalar.tag == "loss/step"]
    assert [(one.step, one.seconds) for one in steps] == [
        (1, 50), (2, 100), (3, 100.5), (4, 101), (5, 126), (6, 151)
    ]  # fmt: skip
    assert [one.seconds for one in history.scalars if one.tag == "gradient_norm/fc"] == [100, 101, 151]
    assert [epoch.seconds for epoch in history.epochs] == [100, 101, 151]


def test_an_epoch_that_a_killed_run_made_twice_counts_once(tmp_path):
    again = _kept(tmp_path, *_epoch(1), *_epoch(2), _STARTED, *_epoch(2, loss=5.0), *_epoch(3)[:2], *_epoch(3))
    history = history_of(again)
    assert [(one.epoch, one.seconds, one.figures["train"]["loss"]) for one in history.epochs] == [
        (1, 2, 1), (2, 4, 5), (3, 6, 1)
    ]  # fmt: skip
    assert [(one.step, one.value) for one in history.scalars if one.tag == "loss/step"] == [
        (1, 1), (2, 1), (3, 5), (4, 5), (5, 1), (6, 1)
    ]  # fmt: skip
    assert [one.step for one in history.scalars if one.tag == "loss/train"] == [2, 4, 6]


def test_health_that_is_told_after_its_epoch_leaves_it_and_stands_at_its_step(tmp_path):
    *last, health, done = _epoch(2)
    history = history_of(_kept(tmp_path, *_epoch(1), *last, done, health))
    assert [epoch.epoch for epoch in history.epochs] == [1, 2]
    assert [(one.step, one.seconds) for one in history.scalars if one.tag == "gradient_norm/fc"] == [(2, 2), (4, 4)]
    assert [one.step for one in history.scalars if one.tag == "loss/step"] == [1, 2, 3, 4]


_STARTED = Started("cpu", "32-true", 1, 3, 2, 8, 0)


def _epoch(epoch, *, seconds=2.0, loss=1.0):
    """An epoch of two steps, the health of the second measured."""
    first = 2 * epoch - 1
    steps = [StepDone(epoch, batch, first + batch - 1, loss, 0.1, 1.0) for batch in (1, 2)]
    health = HealthMeasured(epoch, first + 1, {"fc": Health(gradient_norm=1.0)})
    return *steps, health, EpochDone(epoch, {"loss": loss}, None, seconds, best=True)


def _kept(folder, *events):
    """A run that told these events."""
    project = Project(small_network(), training=settings(epochs=1))
    list(run_project(project, folder / "run"))
    run = RunFolder(folder / "run")
    lines = [json.dumps(to_json(event)) for event in (_STARTED, *events)]
    run.metrics_file.write_text("\n".join(lines) + "\n")
    return run


def test_writing_again_replaces_what_was_written(runs, tmp_path):
    for _ in range(2):
        write_tensorboard(runs[:1], tmp_path)
    assert len(list((tmp_path / "run-1").iterdir())) == 1
    read = EventAccumulator(str(tmp_path / "run-1")).Reload()
    assert len(read.Scalars("loss/validation")) == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_leaves_what_was_there_and_no_thread(runs, tmp_path, monkeypatch):
    (folder,) = write_tensorboard(runs[:1], tmp_path)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    threads, real = threading.active_count(), Path.open

    def full(self, mode="r", *rest, **named):
        return real(Path("/dev/full"), "wb") if "x" in mode else real(self, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(LayerloomError, match="the disk is full"):
        write_tensorboard(runs[:1], tmp_path)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert threading.active_count() == threads


def test_runs_of_one_name_are_told_apart(runs, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "run-1").symlink_to(runs[0].path)
    both = [runs[0], RunFolder(tmp_path / "other" / "run-1")]
    names = [folder.name for folder in write_tensorboard(both, tmp_path / "events")]
    assert names == [f"{runs[0].path.parent.name}-run-1", "other-run-1"]


def test_what_cannot_be_written_or_read_is_said(runs, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LayerloomError, match="file cannot be written"):
        write_tensorboard(runs, tmp_path / "file")
    assert epochs_csv([]).startswith("run,epoch,step,seconds")


def test_figures_stand_at_the_update_and_the_time_of_their_epoch(runs, tmp_path):
    run = runs[0]
    rows = list(csv.DictReader(io.StringIO(epochs_csv([run]))))
    rates = {event.step: event.learning_rate for event in run.events() if isinstance(event, StepDone)}
    assert [int(row["step"]) for row in rows] == [20, 40, 60]
    assert [float(row["learning_rate"]) for row in rows] == [rates[step] for step in (20, 40, 60)]
    (folder,) = write_tensorboard([run], tmp_path)
    read = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
    began = datetime.fromisoformat(run.record.started).timestamp()
    ends = [began + float(row["seconds"]) for row in rows]
    assert [one.wall_time for one in read.Scalars("loss/validation")] == pytest.approx(ends, abs=1e-3)


def test_health_that_was_held_back_until_the_run_ended_repeats_no_epoch(runs, tmp_path):
    run, before = runs[1], history_of(runs[1])
    lines = run.metrics_file.read_text().splitlines(keepends=True)
    late = json.dumps(to_json(HealthMeasured(2, 2 * before.epochs[0].step - 1, {"fc": Health(0.5, 0.25)}))) + "\n"
    copy = tmp_path / "run-2"
    shutil.copytree(run.path, copy)
    RunFolder(copy).metrics_file.write_text("".join([*lines[:-1], late, *lines[-1:]]))
    found = history_of(RunFolder(copy))
    assert [epoch.epoch for epoch in found.epochs] == [1, 2]
    (told,) = (one for one in found.scalars if one.tag == "gradient_norm/fc" and one.value == 0.5)
    assert told.step == 2 * before.epochs[0].step - 1
    assert before.epochs[0].seconds < told.seconds < found.seconds
