"""The command line in this process: figures of runs for other programs, and advice on them that is tried."""

import csv
import shlex

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from engine.runs.run_folder import RunFolder


def test_runs_are_exported_as_a_table_and_for_tensorboard(command, trained, tmp_path):
    code, out, err = command("export-run", trained, "--csv", "epochs.csv", "--tensorboard", "the events")
    assert (code, out) == (0, "")
    assert "tensorboard --logdir 'the events'" in err
    with (tmp_path / "epochs.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["validation_accuracy"]) for row in rows] == [
        epoch.validation["accuracy"] for epoch in RunFolder(trained).epochs()
    ]
    read = EventAccumulator(str(tmp_path / "the events" / trained.name)).Reload()
    assert len(read.Scalars("accuracy/validation")) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Where shall the figures go?"),
        (("--csv", "no/such/folder/file.csv"), "could not be written"),
    ],
)
def test_what_cannot_be_exported_says_why(command, trained, arguments, said):
    code, _, err = command("export-run", trained, *arguments)
    assert code == 2
    assert said in err


def test_what_is_no_run_cannot_be_exported(command):
    assert command("export-run", "lenet5", "--csv", "a.csv")[0] == 2
    assert command("export-run", "gone", "--csv", "a.csv")[2] == "There is no run folder gone.\n"


def test_training_ends_with_advice_and_the_command_that_tries_it_works(command):
    code, _, err = command("train", "lenet5", "--epochs", "2", "--lr", "20", "--run", "a run")
    assert code == 0
    assert "The learning rate 20 is far above 0.003, which is usual." in err
    tried = shlex.split(err.splitlines()[-1].partition("python main.py ")[2])
    assert tried == ["train", "a run", "--cure"]
    assert command(*tried, "--run", "cured")[0] == 0
    assert RunFolder("cured").project().training.learning_rate == 0.003
    before, after = (RunFolder(run).epochs()[-1].validation["accuracy"] for run in ("a run", "cured"))
    assert after > before + 0.3


def test_a_cure_is_for_a_run_that_needs_one(command, trained):
    assert "lenet5 cannot be trained with a cure: it is no run." in command("train", "lenet5", "--cure")[2]
    assert "there is no advice on it" in command("train", trained, "--cure")[2]
    assert "leave out --cure or --resume" in command("train", trained, "--resume", "--cure")[2]
