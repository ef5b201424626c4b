"""The range test by command line."""

from __future__ import annotations

import json
import signal

import pytest

from cli import finding_rate
from engine.network import Network
from engine.project import Project, save_project
from engine.recipe.recipe import Recipe
from templates import build

LENET = ("find-lr", "lenet5", "--with", "training.device=cpu", "--batches", "120")


def test_the_document_has_a_loss_for_each_rate_and_a_suggestion_that_trains(command, tmp_path):
    code, out, err = command(*LENET, "--with", "training.batch_size=64", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert len(found["rates"]) == len(found["losses"]) <= 120
    assert found["rates"] == sorted(found["rates"])
    assert found["rates"][0] < found["suggested"] < found["lowest"] < found["diverges"]
    rate = str(found["suggested"])
    code, out, _ = command("train", "lenet5", "--lr", rate, "--epochs", "2", "--batch-size", "64", "--json")
    last = [json.loads(line) for line in out.splitlines() if '"epoch_done"' in line][-1]
    assert last["validation"]["accuracy"] > 0.8


def test_people_get_a_sentence_and_a_table(command):
    code, out, _ = command(*LENET, "--with", "training.batch_size=64")
    sentence, head, *rows = out.splitlines()
    assert code == 0
    assert sentence.endswith(" is suggested: the loss falls fastest there.")
    assert head.split() == ["rate", "loss"]
    marks = {row.split()[-1]: row.split()[0] for row in rows}
    assert marks["suggested"] == sentence.split()[0]
    assert {"now", "lowest", "diverges"} <= marks.keys()
    assert rows[0].split()[0] == "1e-6"


def test_a_network_that_cannot_learn_is_a_no(command):
    code, out, _ = command(
        *LENET, "--with", "training.loss=mae", "--with", "training.clip_norm=1e-30", "--with", "training.optimiser=sgd"
    )
    assert code == 1
    assert out.startswith("The loss never fell between 1e-6 and 10: no learning rate is suggested.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("find-lr", "lenet"), 2, "lenet"),
        (("find-lr", "lenet5", "--batches", "3"), 2, "batches"),
        (("find-lr", "lenet5", "--data", "nowhere/images"), 2, "There is no folder "),
        (("find-lr", "empty.loom"), 1, "There is no network to train"),
    ],
)
def test_what_cannot_be_tested_is_one_sentence(command, tmp_path, arguments, code, words):
    save_project(Project(Network("empty")), tmp_path / "empty.loom")
    found, out, err = command(*arguments)
    assert (found, out) == (code, "")
    assert words in err
    assert err.count("\n") == 1


def test_ctrl_c_ends_it_with_one_word(command, monkeypatch):
    """Pressed while batches are learned from."""
    asked = []

    def pressed(project, batches):
        import engine.runs.finding_rate as engine

        test = engine.range_test

        def with_ctrl_c(*arguments, heard, **options):
            def hear(step):
                asked.append(step.batch)
                if step.batch == 3:
                    signal.raise_signal(signal.SIGINT)
                return heard(step)

            return test(*arguments, heard=hear, **options)

        monkeypatch.setattr(engine, "range_test", with_ctrl_c)
        return find(project, batches)

    find = finding_rate._find
    monkeypatch.setattr(finding_rate, "_find", pressed)
    assert command(*LENET) == (1, "", "Stopped.\n")
    assert asked == [1, 2, 3]


def test_a_project_file_is_tested_with_its_own_recipe(command, tmp_path):
    project = Project(build("lenet5"))
    project.training = Recipe(batch_size=128, device="cpu")
    save_project(project, tmp_path / "mine.loom")
    one, other = (
        json.loads(command(*arguments, "--batches", "20", "--json")[1])["losses"]
        for arguments in (("find-lr", "mine.loom"), ("find-lr", "lenet5", "--with", "training.batch_size=128"))
    )
    assert one == other
