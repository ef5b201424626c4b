"""Runs that get more epochs after they have ended: they go on as one run that was to be as long from the start."""

import json

import pytest
import torch
from small_training import curve, settings, small_network, steps

from engine.data.settings import DataSettings
from engine.project import Project
from engine.recipe.lengthening import lengthening_words
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES
from engine.runs.checkpoints import load_position
from engine.runs.run_folder import RunFolder
from engine.runs.run_writer import RunWriter
from engine.runs.session import run_project
from engine.training.events import EpochDone, Finished, Started


def trained(path, *, resume=False, **values):
    project = Project(small_network(dropout=0.3), DataSettings(), settings(**{"schedule": "constant", **values}))
    return list(run_project(project, path, resume=resume))


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("optimiser", ["sgd", "adamw"])
@pytest.mark.parametrize("lengths", [(3, 6), (1, 2, 5, 6)])
def test_some_epochs_and_then_more_are_as_many_at_once(tmp_path, optimiser, lengths):
    values = {"optimiser": optimiser, "learning_rate": 0.01}
    whole = trained(tmp_path / "whole", epochs=6, **values)
    for epochs in lengths:
        parts = trained(tmp_path / "parts", epochs=epochs, resume=epochs > lengths[0], **values)
    one, other = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "parts")
    for which in ("best", "last", *range(1, 7)):
        assert same(one.weights(which), other.weights(which))
    assert curve(other.events()) == curve(whole)
    logged = steps(other.events())
    assert [step for step, _, _ in logged] == sorted({step for step, _, _ in logged})
    assert logged[-1] == steps(whole)[-1]
    assert (parts[-1].epochs, parts[-1].best_epoch) == (6, whole[-1].best_epoch)
    assert (parts[0].first_epoch, parts[0].epochs) == (lengths[-2] + 1, 6)
    assert other.project().training.epochs == 6
    ends = [load_position(run.checkpoint("last")) for run in (one, other)]
    assert ends[0].best == ends[1].best
    assert ends[0].step == ends[1].step
    lines = other.metrics_file.read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines].count("finished") == 1


def test_the_best_epoch_of_before_stays_the_best_if_none_is_better(tmp_path):
    first = trained(tmp_path / "run", epochs=2, learning_rate=0.01)
    best = RunFolder(tmp_path / "run").weights("best")
    more = trained(tmp_path / "run", epochs=4, resume=True, learning_rate=5.0)
    assert more[-1].best_epoch == first[-1].best_epoch
    assert same(RunFolder(tmp_path / "run").weights("best"), best)


def test_early_stopping_counts_on_when_a_finished_run_gets_more_epochs(tmp_path):
    """Epoch 1 is the best one; 3 epochs have 2 without gain, and patience for one more."""
    flat = {"learning_rate": 1e-12, "patience": 3}
    whole = trained(tmp_path / "whole", epochs=20, **flat)
    best = whole[-1].best_epoch
    trained(tmp_path / "run", epochs=best + 2, **flat)
    more = trained(tmp_path / "run", epochs=20, resume=True, **flat)
    assert more[-1].early
    assert more[-1].epochs == whole[-1].epochs == best + 3


def test_a_run_killed_when_its_patience_was_used_up_has_not_got_it_back(tmp_path, monkeypatch):
    """Its last epoch was kept, and not that it had ended."""
    flat = {"learning_rate": 1e-12, "patience": 2, "epochs": 20}
    keep = RunWriter.log

    def die(self, event):
        if isinstance(event, Finished):
            raise KeyboardInterrupt
        keep(self, event)

    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "log", die)
        with pytest.raises(KeyboardInterrupt):
            trained(tmp_path / "run", **flat)
    run = RunFolder(tmp_path / "run")
    done, best = len(run.epochs()), load_position(run.checkpoint("last")).best_epoch
    assert done == best + 2
    rest = trained(tmp_path / "run", resume=True, **flat)
    assert [type(event) for event in rest] == [Started, Finished]
    assert (rest[-1].early, rest[-1].epochs, rest[-1].best_epoch) == (True, done, best)
    again = trained(tmp_path / "run", resume=True, **flat)
    assert next(event.epoch for event in again if isinstance(event, EpochDone)) == done + 1


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_what_a_longer_run_does_to_the_learning_rate_is_said_where_it_does_something(name):
    before, after = (Recipe(epochs=epochs, learning_rate=0.01, schedule=name) for epochs in (3, 6))
    words = lengthening_words(before, after, step=30, steps_per_epoch=10)
    goes_by_length = any(before.rate(step, 30) != after.rate(step, 60) for step in range(1, 31))
    assert bool(words) == goes_by_length
    if words:
        assert (
            f"goes on at {after.rate(31, 60):.3g}, as in a run of 6 epochs; it was {before.rate(30, 30):.3g}" in words
        )


def test_a_longer_run_notes_what_becomes_of_its_schedule(tmp_path):
    trained(tmp_path / "run", epochs=2, schedule="cosine")
    more = trained(tmp_path / "run", epochs=4, resume=True, schedule="cosine")
    assert [note for note in more[0].notes if note.startswith("The schedule cosine goes by the number of epochs")]
    assert not [note for note in trained(tmp_path / "two", epochs=2, schedule="cosine")[0].notes if "goes by" in note]


def test_a_plateau_compares_no_figure_with_those_of_another_metric(tmp_path):
    values = {"schedule": "plateau", "learning_rate": 1e-6}  # the loss stays far above any accuracy
    trained(tmp_path / "run", epochs=1, watch="accuracy", **values)
    run = RunFolder(tmp_path / "run")
    assert load_position(run.checkpoint("last")).schedule["best"] < 1
    more = trained(tmp_path / "run", epochs=2, watch="loss", resume=True, **values)
    (done,) = [event for event in more if isinstance(event, EpochDone)]
    remembered = load_position(run.checkpoint("last")).schedule
    assert (remembered["best"], remembered["waited"]) == (done.validation["loss"], 0)


def test_a_plateau_keeps_how_often_the_rate_fell_where_another_figure_is_watched():
    plateau = SCHEDULES["plateau"]()
    state = {"best": 0.9, "waited": 3, "cooling": 2, "falls": 1}
    assert plateau.without_figures(state) == {"cooling": 2, "falls": 1}
