"""Queueing runs for the window by command line."""

import shutil
from pathlib import Path

import pytest

from engine.runs.queue import QueueFolder


def waiting(place):
    return QueueFolder(Path(place)).load().queue.entries


def test_a_run_is_queued_beside_those_of_its_project(command, project):
    code, out, err = command("train", project, "--queue", "--lr", "0.02", "--augment", "digits")
    assert (code, out) == (0, "")
    assert err.rstrip().endswith("small-runs, where 1 run waits for the window.")
    assert (
        command("train", project, "--queue", "--recipe", "modern")[2].rstrip().endswith("2 runs wait for the window.")
    )
    first, second = waiting("small-runs")
    assert (first.project.training.learning_rate, len(first.project.data.steps)) == (0.02, 2)
    assert second.project.training.epochs == 30
    assert not Path("runs").exists()


def test_a_cure_is_queued_beside_the_run_that_it_is_for(command, project):
    _, _, said = command("train", project, "--run", "small-runs/run-1", "--lr", "0.5")
    assert "(with --queue later, in the window): python main.py train small-runs/run-1 --cure" in said
    assert command("train", "small-runs/run-1", "--cure", "--queue")[0] == 0
    (entry,) = waiting("small-runs")
    assert entry.project.training.learning_rate == 0.003


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("--resume",), "leave out --resume and --run"),
        (("--run", "there"), "leave out --resume and --run"),
        (("--lr", "-1"), "Learning rate is"),
        (("--with", "training.accumulate=0"), "Accumulate is"),
        (("--set", "classes=3"), ""),
    ],
)
def test_what_cannot_be_queued_is_a_sentence(command, project, given, why):
    code, _, err = command("train", project, "--queue", *given)
    assert code != 0
    assert why in err
    assert len(err.splitlines()) == 1
    assert not Path("small-runs").exists()


def test_a_template_has_no_queue_and_a_damaged_one_is_left_alone(command, project):
    assert "only a project file or a run has one" in command("train", "lenet5", "--queue")[2]
    Path("small-runs").mkdir()
    Path("small-runs/queue.json").write_text("{")
    code, _, err = command("train", project, "--queue")
    assert code == 2
    assert "queue.json is damaged" in err
    assert Path("small-runs/queue.json").read_text() == "{"
    shutil.rmtree("small-runs")
