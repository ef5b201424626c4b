"""The memory of a training by command line."""

from __future__ import annotations

import json

import pytest

from cli.app import run_command
from engine.network import analyse
from templates import build


def estimate(*arguments: str) -> int:
    return run_command(["estimate", "lenet5", "--with", "training.device=cpu", *arguments])


def test_parts_add_up_and_follow_the_settings(capsys):
    assert estimate("--with", "training.batch_size=64", "--with", "training.optimiser=sgd", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    parts = {part["name"]: part["bytes"] for part in found["parts"]}
    weights = 4 * analyse(build("lenet5")).parameters
    assert (parts["weights"], parts["gradients"], parts["optimiser"]) == (weights, weights, weights)
    assert found["bytes"] == sum(parts.values()) <= found["capacity"]
    assert (found["device"], found["batch_size"], found["fits"]) == ("cpu", 64, True)
    assert (found["largest_batch"], found["holds_all"]) == (1257, True)
    assert estimate() == 0
    assert "All 1\u202f257 training images fit into one batch" in capsys.readouterr().out


def test_a_batch_that_does_not_fit_is_a_no(capsys):
    assert run_command(["estimate", "vgg", "--with", "training.batch_size=65536", "--with", "training.device=cpu"]) == 1
    assert "The largest batch that leaves a tenth free" in capsys.readouterr().out


@pytest.mark.parametrize("batch", ["0", "65537", "many"])
def test_a_batch_that_cannot_be_is_one_sentence(capsys, batch):
    assert estimate("--with", f"training.batch_size={batch}") == 2
    assert capsys.readouterr().err.startswith("Batch size is")


def test_times_are_calculated_or_measured(capsys):
    assert estimate("--json") == 0
    calculated = json.loads(capsys.readouterr().out)["time"]
    assert (calculated["basis"], calculated["measured_steps"], calculated["steps_per_epoch"]) == ("calculated", 0, 79)
    assert 0 < calculated["step_seconds"] < calculated["epoch_seconds"] < calculated["run_seconds"]
    assert estimate("--measure", "--json") == 0
    measured = json.loads(capsys.readouterr().out)["time"]
    assert measured["basis"] == "measured"
    assert measured["measured_steps"] >= 20
    assert measured["images_per_second"] == pytest.approx(1257 / 79 / measured["step_seconds"], rel=0.01)


def test_times_are_told_in_sentences(capsys):
    assert estimate("--with", "training.epochs=1") == 0
    said = capsys.readouterr().out
    assert "(calculated; --measure makes some)." in said
    assert "An epoch of 79 steps takes about" in said
    assert "The run takes at most about" in said


def test_nothing_is_said_of_epochs_of_images_that_are_not_known(capsys):
    assert estimate("--with", "data.source=folder", "--json") == 0
    time = json.loads(capsys.readouterr().out)["time"]
    assert time["step_seconds"] > 0
    assert time["epoch_seconds"] is time["run_seconds"] is None
