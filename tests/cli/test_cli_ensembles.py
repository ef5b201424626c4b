"""Ensembles on the command line: trained, gone on with, evaluated and asked together."""

import json

import pytest
from PIL import Image

from engine.runs.run_folder import RunFolder

TRAIN = ("train", "lenet5", "--data", "digits", "--device", "cpu", "--epochs", "1", "--with", "training.ensemble=2")


@pytest.fixture
def ensemble(command):
    """A folder with the two runs of an ensemble, as the command leaves it, and what it wrote."""
    return command(*TRAIN, "--seed", "4", "--run", "both", "--json")


def epochs(out):
    """The epochs that events tell of, each with which run it is."""
    events = [json.loads(line) for line in out.splitlines()]
    return [(one["member"], one["of"], one["epoch"]) for one in events if one["event"] == "epoch_done"]


def test_all_runs_of_an_ensemble_are_trained_gone_on_with_and_evaluated(command, ensemble, tmp_path):
    code, out, err = ensemble
    assert (code, epochs(out)) == (0, [(1, 2, 1), (2, 2, 1)])
    assert "Run 2 of an ensemble of 2, seed 5\n" in err
    assert "The run is in both/run-2; train longer with: python main.py train both --resume --epochs N\n" in err
    assert [RunFolder(tmp_path / "both" / name).record.seed for name in ("run-1", "run-2")] == [4, 5]
    assert RunFolder("both/run-1").parts == RunFolder("both/run-2").parts

    assert command("train", "both", "--resume")[::2] == (
        2,
        "both/run-1 has done its 1 epoch.\nboth/run-2 has done its 1 epoch.\n"
        "All 2 runs in both are done: ask for more epochs to go on.\n",
    )
    first = (tmp_path / "both/run-2/project.loom").read_text()
    metrics = RunFolder("both/run-2").epochs()[0].train
    for file in sorted((tmp_path / "both/run-2").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    (tmp_path / "both/run-2").rmdir()
    code, out, err = command("train", "both", "--resume", "--json")
    assert (code, epochs(out)) == (0, [(2, 2, 1)])
    assert (tmp_path / "both/run-2/project.loom").read_text() == first
    assert RunFolder("both/run-2").epochs()[0].train == metrics

    code, out, _ = command("train", "both", "--resume", "--epochs", "2", "--json")
    assert (code, epochs(out)) == (0, [(1, 2, 2), (2, 2, 2)])

    code, out, _ = command("evaluate", "both/run-1", "both/run-2", "--json")
    found = json.loads(out)
    assert code == 0
    assert [one["run"] for one in found["members"]] == ["both/run-1", "both/run-2"]
    alone = json.loads(command("evaluate", "both/run-2", "--json")[1])
    assert found["members"][1]["accuracy"] == alone["accuracy"]
    assert "members" not in alone
    assert json.loads(command("evaluate", "both", "--json")[1]) == found
    lines = command("evaluate", "both")[1].splitlines()
    assert lines[0].startswith("class, mean of 2 runs ")
    assert [line.partition(":")[0] for line in lines[-3:]] == ["both/run-1", "both/run-2", "Mean of 2 runs"]

    Image.new("L", (20, 20), 3).save(tmp_path / "dark.png")
    said = [
        json.loads(command("predict", *runs, "dark.png", "--top", "10", "--json")[1])[0]["predictions"]
        for runs in (["both/run-1"], ["both/run-2"], ["both/run-1", "both/run-2"], ["both"])
    ]
    one, two, mean, folder = [{entry["class"]: entry["probability"] for entry in entries} for entries in said]
    assert mean == folder == pytest.approx({name: (one[name] + two[name]) / 2 for name in one}, abs=1e-12)


KEPT = {
    ("--seed", "9"): "A resumed run keeps seed 4,",
    ("--with", "training.ensemble=3"): "A resumed run keeps ensemble of 1,",
    ("--with", "data.split.test=0.3"): "A resumed run keeps its data: leave out --with data.split.test.",
    ("--set", "classes=3"): "A resumed run keeps its network: leave out --set.",
}


def test_an_ensemble_that_goes_on_keeps_what_its_runs_keep(command, ensemble):
    for changed, sentence in KEPT.items():
        code, _, err = command("train", "both", "--resume", "--epochs", "3", *changed)
        assert code == 2
        assert sentence in err
    assert command("predict", "both")[::2] == (2, "Which images? Give files or folders of them after the run.\n")
