"""Runs on disk: what they keep, going on with them, and what happens when they cannot be kept."""

import json
import shutil
import stat

import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from small_training import curve, settings, small_network, steps

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.project import Project
from engine.runs import run_folder, run_writer
from engine.runs.checkpoints import load_position
from engine.runs.run_folder import RunFolder, next_run_folder
from engine.runs.session import run_project
from engine.training.control import Control
from engine.training.events import EpochDone, Failed, Finished, Started, StepDone


def project(*, dropout=0.3, **values):
    return Project(small_network(dropout=dropout), DataSettings(), settings(**values))


def stopped_after(step, made, path):
    """The events of a run that is stopped after a step."""
    control = Control()
    for event in run_project(made, path, control=control):
        if isinstance(event, StepDone) and event.step >= step:
            control.stop()
        yield event


def same_weights(one, other):
    """Whether two state dicts are equal in every value."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_keeps_all_that_is_needed_to_use_it(tmp_path):
    made = project(epochs=3)
    events = list(run_project(made, tmp_path / "run"))
    run = RunFolder(tmp_path / "run")
    assert run.project() == made
    assert run.record.classes == tuple("0123456789")
    assert run.record.images == {"train": 1257, "validation": 270, "test": 270}
    assert run.record.input_shape == (1, 8, 8)
    assert run.kept_epochs() == (1, 2, 3)
    assert run.epochs() == [event for event in events if isinstance(event, EpochDone)]
    assert run.end() == events[-1]
    assert same_weights(run.weights("last"), run.weights(3))
    assert same_weights(run.weights("best"), run.weights(events[-1].best_epoch))
    assert {path.name for path in run.path.iterdir()} == {
        "project.loom",
        "run.json",
        "parts.json",
        "metrics.jsonl",
        "checkpoints",
    }
    model = run.load_model()
    assert not model.training
    assert model(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_others_may_read_what_the_user_lets_them_read(tmp_path):
    list(run_project(project(epochs=1), tmp_path / "run"))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "run").rglob("*") if path.is_file()}
    assert len(modes) == 1


@pytest.mark.parametrize("optimiser", ["sgd", "adamw"])
@pytest.mark.parametrize("step", [7, 20, 33])
def test_a_resumed_run_gives_the_same_curve(tmp_path, optimiser, step):
    values = {"epochs": 3, "optimiser": optimiser, "learning_rate": 0.01}
    whole = list(run_project(project(**values), tmp_path / "whole"))
    first = list(stopped_after(step, project(**values), tmp_path / "parts"))
    assert first[-1].stopped
    stopped_at = load_position(RunFolder(tmp_path / "parts").checkpoint("last"))
    rest = list(run_project(project(**values), tmp_path / "parts", resume=True))
    assert rest[0].first_epoch == stopped_at.epoch
    assert curve(RunFolder(tmp_path / "parts").events()) == curve(whole)
    assert curve(first) + curve(rest) == curve(whole)
    one, other = (RunFolder(tmp_path / name) for name in ("whole", "parts"))
    assert same_weights(one.weights("last"), other.weights("last"))
    assert same_weights(one.weights("best"), other.weights("best"))
    assert one.end().best_epoch == other.end().best_epoch


def test_the_time_of_the_epoch_it_stopped_in_counts(tmp_path):
    first = list(stopped_after(7, project(epochs=1), tmp_path / "run"))
    position = load_position(RunFolder(tmp_path / "run").checkpoint("last"))
    assert (position.epoch, position.seconds) == (1, 0)
    assert 0 < position.epoch_seconds == first[-1].seconds
    rest = list(run_project(project(epochs=1), tmp_path / "run", resume=True))
    assert rest[-1].seconds > first[-1].seconds


@pytest.mark.parametrize(("before", "after"), [("sgd", "adamw"), ("adamw", "sgd"), ("plain", "sgd"), ("sgd", "plain")])
def test_another_optimiser_goes_on_with_the_weights_but_starts_afresh(tmp_path, before, after):
    optimisers = {"plain": {"name": "sgd", "momentum": 0.0}}
    values = {"epochs": 8, "learning_rate": 0.01}  # steps are told of now and then: the stop comes some steps later
    stopped = project(**values, optimiser=optimisers.get(before, before))
    list(stopped_after(25, stopped, tmp_path / "run"))
    changed = project(**values, optimiser=optimisers.get(after, after))
    rest = list(run_project(changed, tmp_path / "run", resume=True))
    assert rest[0].first_epoch > 1
    assert not rest[-1].stopped
    assert [event.epoch for event in RunFolder(tmp_path / "run").epochs()] == [*range(1, 9)]
    with safe_open(RunFolder(tmp_path / "run").checkpoint("last"), framework="pt") as file:
        kept = {key.partition(".")[2] for key in file.keys() if key.startswith("@")}  # noqa: SIM118
    assert kept == {"adamw": {"step", "exp_avg", "exp_avg_sq"}, "sgd": {"momentum_buffer"}, "plain": set()}[after]


def spoiled(tensors, how):
    """Tensors of a checkpoint, one of them gone, renamed or of another shape."""
    first = "@0.exp_avg" if how.startswith("moment") else "conv.weight"
    tensor = tensors.pop(first)
    if how.endswith("shape"):
        tensors[first] = torch.zeros(3, 3)
    elif how.endswith("renamed"):
        tensors["@x.exp_avg"] = tensor
    elif how.endswith("misplaced"):
        tensors["@99.exp_avg"] = tensor
    return tensors


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        *((f"moment {what}", "holds weights, but no training") for what in ("gone", "shape", "renamed", "misplaced")),
        *((f"weight {what}", "do not fit its network") for what in ("gone", "shape")),
    ],
)
def test_a_checkpoint_that_does_not_fit_leaves_the_run_as_it_was(tmp_path, how, said):
    list(stopped_after(25, project(optimiser="adamw"), tmp_path / "run"))
    last = RunFolder(tmp_path / "run").checkpoint("last")
    with safe_open(last, framework="pt") as file:
        metadata = file.metadata()
    save_file(spoiled(load_file(last), how), last, metadata)
    before = contents(tmp_path / "run")
    with pytest.raises(LayerloomError, match=said):
        list(run_project(project(optimiser="adamw", epochs=3), tmp_path / "run", resume=True))
    assert contents(tmp_path / "run") == before


def test_a_position_that_tells_nothing_leaves_the_run_as_it_was(tmp_path):
    list(stopped_after(25, project(), tmp_path / "run"))
    last = RunFolder(tmp_path / "run").checkpoint("last")
    save_file(load_file(last), last, {"position": "{}"})
    before = contents(tmp_path / "run")
    with pytest.raises(LayerloomError, match=r"last.safetensors holds weights, but no training to go on with\."):
        list(run_project(project(), tmp_path / "run", resume=True))
    assert contents(tmp_path / "run") == before


def test_pausing_changes_nothing(tmp_path):
    control = Control()
    paused = []
    for event in run_project(project(), tmp_path / "paused", control=control):
        control.pause()
        control.resume()
        paused.append(event)
    assert curve(paused) == curve(run_project(project(), tmp_path / "straight"))


def test_a_run_cut_off_by_a_crash_goes_on_from_its_last_epoch(tmp_path):
    events = run_project(project(epochs=3), tmp_path / "run")
    for event in events:
        if isinstance(event, EpochDone) and event.epoch == 2:
            break
    next(events)  # a step of epoch 3, then nothing more: as if the power had gone
    del events
    with (tmp_path / "run" / "metrics.jsonl").open("a") as file:
        file.write('{"event": "step_do')
    rest = list(run_project(project(epochs=3), tmp_path / "run", resume=True))
    whole = list(run_project(project(epochs=3), tmp_path / "whole"))
    assert rest[0].first_epoch == 3
    assert curve(RunFolder(tmp_path / "run").events()) == curve(whole)
    logged = [step for step, _, _ in steps(RunFolder(tmp_path / "run").events())]
    assert logged == sorted(set(logged))


def test_a_run_that_is_done_goes_on_with_more_epochs(tmp_path):
    wanted = {"epochs": 2, "schedule": "constant"}
    list(run_project(project(**wanted), tmp_path / "run"))
    with pytest.raises(LayerloomError, match=r"This run has done its 2 epochs: ask for more epochs to go on."):
        list(run_project(project(**wanted), tmp_path / "run", resume=True))
    rest = list(run_project(project(**{**wanted, "epochs": 3}), tmp_path / "run", resume=True))
    assert [event.epoch for event in rest if isinstance(event, EpochDone)] == [3]
    assert len([event for event in RunFolder(tmp_path / "run").events() if isinstance(event, Finished)]) == 1


def test_metrics_are_lines_of_json_with_every_epoch(tmp_path):
    list(run_project(project(), tmp_path / "run"))
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert lines[0]["event"] == "started"
    assert [line["epoch"] for line in lines if line["event"] == "epoch_done"] == [1, 2]
    assert lines[-1]["event"] == "finished"


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"[1,2]",
        b'"x"',
        b'{"event":[]}',
        b"9" * 5000,
        b"[" * 100_000,
        b"\x00" * 100,
        b'{"event":"epoch_done","epoch":null,"train":null,"validation":null,"seconds":[1],"best":true}',
        b'{"event":"step_done","epoch":1,"batch":1,"step":1,"loss":"x","learning_rate":0.1,"images_per_second":1.0}',
    ],
)
def test_a_line_that_tells_no_event_is_passed_over_and_logged(tmp_path, monkeypatch, line):
    notes = []
    monkeypatch.setattr(run_folder, "log_note", notes.append)
    (tmp_path / "run.json").write_text("{}")
    run = RunFolder(tmp_path)
    assert list(run.events()) == []
    told = b'{"event": "finished", "epochs": 1, "stopped": false, "best_epoch": 1, "seconds": 2.0, "early": false}\n'
    run.metrics_file.write_bytes(told + line + b"\n" + told)
    assert list(run.events()) == 2 * [Finished(1, stopped=False, best_epoch=1, seconds=2.0)]
    assert notes == [f"{run.metrics_file}: 1 line passed over as no event, the first is line 2"]


def test_metrics_that_cannot_be_read_are_one_sentence(tmp_path):
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "metrics.jsonl").mkdir()
    with pytest.raises(LayerloomError, match=r"metrics.jsonl cannot be read: it is a folder\."):
        list(RunFolder(tmp_path).events())


def test_a_long_run_thins_out_its_epochs(tmp_path, monkeypatch):
    monkeypatch.setattr(run_writer, "_MOST_EPOCHS", 4)
    list(run_project(project(epochs=11), tmp_path / "run"))
    kept = RunFolder(tmp_path / "run").kept_epochs()
    assert kept == (4, 8, 11)


def test_a_taken_folder_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(LayerloomError, match=r"exists already: choose another folder for the run, or resume it."):
        list(run_project(project(), tmp_path))
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("xdg")] == ["notes.txt"]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LayerloomError, match=r"The run cannot be kept in .*: not a directory"):
        list(run_project(project(), tmp_path / "file" / "run"))


def test_a_disk_that_fills_up_ends_the_run_and_leaves_what_was_saved(tmp_path):
    events = []
    for event in run_project(project(epochs=3), tmp_path / "run"):
        events.append(event)
        if isinstance(event, EpochDone) and event.epoch == 1:
            (tmp_path / "run" / "checkpoints" / ".epoch_002.safetensors.part").mkdir()  # no file can be written there
    assert isinstance(events[-1], Failed)
    assert events[-1].code == "disk"
    assert "The run could not be saved in" in events[-1].message
    run = RunFolder(tmp_path / "run")
    assert run.kept_epochs() == (1,)
    assert load_position(run.checkpoint("last")).epoch == 2
    assert run.load_model("last")


def test_a_folder_removed_meanwhile_is_said_so(tmp_path):
    events = []
    for event in run_project(project(epochs=3), tmp_path / "run"):
        events.append(event)
        if isinstance(event, EpochDone) and event.epoch == 1:
            shutil.rmtree(tmp_path / "run")
    assert events[-1].code == "removed"
    assert events[-1].message == f"The run's folder {tmp_path / 'run'} was removed while it trained."
    assert not (tmp_path / "run").exists()


def test_nan_keeps_the_last_good_weights(tmp_path):
    made = project(epochs=50, optimiser={"name": "sgd", "momentum": 0.99}, learning_rate=100, schedule="constant")
    made.network.remove("bn")
    made.network.connect("conv", "relu")
    events = list(run_project(made, tmp_path / "run"))
    assert events[-1].code == "not_finite"
    run = RunFolder(tmp_path / "run")
    assert run.end() == events[-1]
    assert all(bool(tensor.isfinite().all()) for tensor in run.weights("last").values())


def test_run_folders_are_numbered(tmp_path):
    assert next_run_folder(tmp_path / "none", "lenet5").name == "lenet5-1"
    (tmp_path / "lenet5-1").mkdir()
    (tmp_path / "lenet5-3").mkdir()
    assert next_run_folder(tmp_path, "lenet5").name == "lenet5-2"
    assert next_run_folder(tmp_path, "../my net!").name == "my-net-1"


def test_files_left_out_and_a_best_epoch_by_training_images_are_said(tmp_path):
    for name in ("cats", "dogs"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for index in range(6):
            Image.new("L", (8, 8), index + (name == "dogs") * 9).save(tmp_path / "pets" / name / f"{index}.png")
    (tmp_path / "pets" / "cats" / "empty.png").write_bytes(b"")
    data = DataSettings(source=Folder(path=str(tmp_path / "pets")), split={"validation": 0, "test": 0})
    made = Project(small_network(classes=2), data, settings(epochs=1, batch_size=4))
    started = next(iter(run_project(made, tmp_path / "run")))
    assert started.notes == (
        "1 file is left out: cats/empty.png (it is empty).",
        "No images validate: the best epoch is the one with the best training accuracy.",
    )
    assert RunFolder(tmp_path / "run").record.skipped_files == 1


def test_the_softmax_that_is_left_out_is_said(tmp_path):
    made = Project(small_network(softmax=True), DataSettings(), settings(epochs=1))
    events = list(run_project(made, tmp_path / "run"))
    assert isinstance(events[0], Started)
    assert events[0].notes == ("The final softmax is left out while training: the loss applies it.",)
    run = RunFolder(tmp_path / "run")
    images = torch.zeros(2, 1, 8, 8)
    assert torch.allclose(run.load_model(logits=True)(images).softmax(dim=1), run.load_model()(images))
