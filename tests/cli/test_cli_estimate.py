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
    assert 64 < found["largest_batch"] <= 65_536


def test_a_batch_that_does_not_fit_is_a_no(capsys):
    assert run_command(["estimate", "vgg", "--with", "training.batch_size=65536", "--with", "training.device=cpu"]) == 1
    assert "The largest batch that leaves a tenth free" in capsys.readouterr().out


@pytest.mark.parametrize("batch", ["0", "65537", "many"])
def test_a_batch_that_cannot_be_is_one_sentence(capsys, batch):
    assert estimate("--with", f"training.batch_size={batch}") == 2
    assert capsys.readouterr().err.startswith("Batch size is")
