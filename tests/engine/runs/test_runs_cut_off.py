"""Runs whose program was killed: each folder goes on or begins anew, and only one program writes it at a time."""

import os

import pytest
from small_training import curve, settings, small_network

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.locks import Lock
from engine.project import Project
from engine.runs.run_folder import RunFolder, lock_file
from engine.runs.run_writer import RunWriter
from engine.runs.session import run_project
from engine.training.events import EpochDone, Finished, Started


def project(epochs=1):
    return Project(small_network(), DataSettings(), settings(epochs=epochs, batch_size=512))


def stopped_before(monkeypatch, method, path):
    """A run whose program was killed as it called a method of its writer for the first time."""

    def die(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, method, die)
        with pytest.raises(KeyboardInterrupt):
            list(run_project(project(), path))


def test_a_run_killed_before_its_first_checkpoint_goes_on_from_the_start(tmp_path, monkeypatch):
    stopped_before(monkeypatch, "save_position", tmp_path / "run")
    parts = (tmp_path / "run" / "parts.json").read_bytes()
    assert not RunFolder(tmp_path / "run").checkpoint("last").exists()
    rest = list(run_project(project(), tmp_path / "run", resume=True))
    assert isinstance(rest[-1], Finished)
    assert curve(RunFolder(tmp_path / "run").events()) == curve(run_project(project(), tmp_path / "whole"))
    assert (tmp_path / "run" / "parts.json").read_bytes() == parts


def test_weights_without_a_checkpoint_to_go_on_from_are_not_trained_over(tmp_path):
    list(run_project(project(), tmp_path / "run"))
    run = RunFolder(tmp_path / "run")
    run.checkpoint("last").unlink()
    with pytest.raises(LayerloomError, match="There is no file"):
        list(run_project(project(2), run.path, resume=True))
    assert run.kept_epochs() == (1,)


def test_a_folder_in_which_no_run_came_to_begin_takes_a_new_one(tmp_path):
    path = tmp_path / "run"
    (path / "checkpoints").mkdir(parents=True)
    lock_file(path).touch()  # its holder was killed
    (path / "project.loom").write_text("{")
    (path / ".parts.json.1234abcd.part").write_text("{")
    list(run_project(project(), path))
    assert sorted(file.name for file in path.iterdir()) == [
        "checkpoints",
        "metrics.jsonl",
        "parts.json",
        "project.loom",
        "run.json",
    ]


def test_figures_are_kept_before_the_position_that_lies_behind_them(tmp_path, monkeypatch):
    kept, log, save = [], RunWriter.log, RunWriter.save_position

    def note_event(writer, event):
        log(writer, event)
        if isinstance(event, Started | EpochDone):
            kept.append(event.epoch if isinstance(event, EpochDone) else "started")

    def note_position(writer, checkpoint):
        save(writer, checkpoint)
        kept.append(f"goes on in {checkpoint.position.epoch}")

    monkeypatch.setattr(RunWriter, "log", note_event)
    monkeypatch.setattr(RunWriter, "save_position", note_position)
    list(run_project(project(2), tmp_path / "run"))
    assert kept == ["started", "goes on in 1", 1, "goes on in 2", 2, "goes on in 3"]


def test_a_run_killed_before_it_said_that_it_is_done_says_so(tmp_path):
    list(run_project(project(), tmp_path / "run"))
    run = RunFolder(tmp_path / "run")
    lines = run.metrics_file.read_text().splitlines(keepends=True)
    run.metrics_file.write_text("".join(lines[:-1]))
    assert run.end() is None
    rest = list(run_project(project(), run.path, resume=True))
    assert [type(event) for event in rest] == [Started, Finished]
    assert len(run.epochs()) == 1
    assert run.end().epochs == 1


def test_two_programs_do_not_write_one_run(tmp_path):
    list(run_project(project(), tmp_path / "run"))
    other = Lock(lock_file(tmp_path / "run"))
    assert other.take()
    before = {file: file.read_bytes() for file in (tmp_path / "run").rglob("*") if file.is_file()}
    with pytest.raises(LayerloomError, match=r"is still being trained by another Layerloom: stop it there first\."):
        list(run_project(project(2), tmp_path / "run", resume=True))
    assert {file: file.read_bytes() for file in (tmp_path / "run").rglob("*") if file.is_file()} == before
    other.release()
    list(run_project(project(2), tmp_path / "run", resume=True))
    assert not lock_file(tmp_path / "run").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
def test_the_lock_of_a_program_that_was_killed_is_taken_over(tmp_path):
    child = os.fork()
    if child == 0:
        os._exit(0 if Lock(tmp_path / "lock").take() else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert (tmp_path / "lock").exists()
    lock = Lock(tmp_path / "lock")
    assert lock.take()
    assert not Lock(tmp_path / "lock").take()
    lock.release()
    assert not (tmp_path / "lock").exists()


def test_parts_that_a_killed_program_left_go_when_the_run_goes_on(tmp_path):
    list(run_project(project(), tmp_path / "run"))
    left = [tmp_path / "run" / ".run.json.0.part", tmp_path / "run" / "checkpoints" / ".last.safetensors.part"]
    for file in left:
        file.write_text("half")
    list(run_project(project(2), tmp_path / "run", resume=True))
    assert not any(file.exists() for file in left)
