"""Recipes by the command line: by name, setting by setting, and of one's own."""

import json

import pytest
from every_choice import choices, registries, values

from engine.project import load_project
from engine.recipe import own_presets
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.presets import RECIPES
from engine.runs.run_folder import RunFolder


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(own_presets, "recipe_folder", lambda: tmp_path / "own")


def trained(command, project, *arguments):
    code, out, err = command("train", project, "--json", "--run", "run", *arguments)
    assert code == 0, err
    (done,) = [event for event in map(json.loads, out.splitlines()) if event["event"] == "epoch_done"]
    return done


@pytest.mark.parametrize("given", choices())
def test_every_choice_trains_an_epoch_of_digits(command, project, given, tmp_path):
    done = trained(command, project, "--with", given)
    assert 0 < done["validation"]["loss"] < 100
    field, name = given.removeprefix("training.").split("=")
    chosen = getattr(RunFolder(tmp_path / "run").project().training, field)
    assert registries()[field][name] is type(chosen)


@pytest.mark.slow
@pytest.mark.parametrize("given", values())
def test_every_value_of_every_choice_trains_an_epoch_of_digits(command, project, given):
    if any(word in given for word in ("device=cuda", "device=mps", "=float16", "compile=True")):
        pytest.skip("not on every machine")
    done = trained(command, project, *(part for one in given.split() for part in ("--with", one)))
    assert 0 < done["validation"]["loss"] < 100


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_trains_an_epoch_of_digits(command, project, name, tmp_path):
    trained(command, project, "--recipe", name, "--epochs", "1", "--seed", "3", "--device", "cpu")
    kept = RunFolder(tmp_path / "run").project().training
    expected = RECIPES[name].preset().applied(kept)
    assert kept == expected.model_copy(update={"epochs": 1})
    assert kept.seed == 3


def test_single_settings_win_over_the_recipe(command, project, tmp_path):
    trained(command, project, "--recipe", "quick_start", "--with", "training.weight_decay=0.1", "--epochs", "1")
    assert RunFolder(tmp_path / "run").project().training.weight_decay == 0.1


class TestTheUsualRate:
    def test_an_optimiser_that_is_named_keeps_the_rate_and_offers_its_own(self, command, project, tmp_path):
        code, _, err = command("train", project, "--run", "run", "--with", "training.optimiser=sgd")
        usual = OPTIMISERS["sgd"].usual_rate
        assert code == 0
        assert f"The learning rate stays 0.003; with SGD its usual rate is {usual:g}: --lr {usual:g}" in err
        assert RunFolder(tmp_path / "run").project().training.learning_rate == 0.003

    @pytest.mark.parametrize(
        "given",
        [
            ("--lr", "0.05", "--with", "training.optimiser=sgd"),
            ("--with", "training.optimiser=sgd", "--with", "training.learning_rate=0.05"),
            ("--with", "training.optimiser=adamw"),
            ("--with", "training.weight_decay=0.1"),
        ],
    )
    def test_nothing_is_said_where_the_rate_is_given_or_usual(self, command, project, given):
        _, _, err = command("train", project, "--run", "run", *given)
        assert "usual" not in err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--recipe", ""), "A recipe cannot be called '': give it a name of letters and digits."),
        (("--recipe", "quick"), "No recipe is called 'quick'. Did you mean 'quick_start'?"),
        (("--recipe", "zzz"), "No recipe is called 'zzz'. There are quick_start, "),
        (("--with", "training.los=mse"), "'training.los' is no setting. Did you mean 'training.loss'?"),
        (("--with", "trainin.loss=mse"), "Did you mean 'training.loss'?"),
        (("--with", "training.loss=msr"), "No loss is called 'msr'. Did you mean 'mse'?"),
        (("--with", "training.loss=bcee"), "No loss is called 'bcee'. Did you mean 'binary_cross_entropy'?"),
        (("--with", "training.loss.label_smoothing=1"), "Label smoothing is '1', less than 1 is needed."),
        (("--with", "training.loss.label_smothing=0.1"), "Did you mean 'training.loss.label_smoothing'?"),
        (("--with", "training.initialisation=he"), "No initialisation is called 'he'."),
        (("--with", "training.loss"), "--with takes KEY=VALUE"),
        (("--lr", "0"), "Learning rate is '0'"),
    ],
)
def test_a_slip_is_answered_in_a_sentence(command, project, given, words):
    for name in ("train", "check") if "--lr" not in given else ("train",):
        code, out, err = command(name, project, *given)
        assert (code, out) == (2, "")
        assert words in err
        assert len(err.splitlines()) == 1


def test_a_choice_may_be_named_after_its_settings(command, project, tmp_path):
    given = ("--with", "training.optimiser.momentum=0.5", "--with", "training.optimiser=sgd")
    trained(command, project, *given)
    assert RunFolder(tmp_path / "run").project().training.optimiser == OPTIMISERS["sgd"](momentum=0.5)


def test_more_is_measured_where_asked_and_is_what_an_evaluation_finds(command, project, tmp_path):
    asked = "--with", "training.metrics=top5,macro_f1", "--with", "training.watch=macro_f1"
    code, out, _ = command("train", project, "--run", "run", *asked, "--epochs", "2", "--json")
    events = [json.loads(line) for line in out.splitlines()]
    (started,) = [event for event in events if event["event"] == "started"]
    assert [one["name"] for one in started["metrics"]] == ["loss", "accuracy", "top5", "macro_f1"]
    assert (code, started["watched"]) == (0, "macro_f1")
    done = [event for event in events if event["event"] == "epoch_done"]
    best = max(done, key=lambda event: event["validation"]["macro_f1"])
    found = json.loads(command("evaluate", "run", "--split", "validation", "--json")[1])
    for name in ("accuracy", "top5", "macro_f1"):
        assert best["validation"][name] == pytest.approx(found[name], abs=1e-12)
    assert done[0]["train"].keys() == {"loss", "accuracy", "top5"}
    assert "macro_f1" in command("train", "run", "--resume", "--epochs", "3")[2]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("training.watch=macro_f1", "data.split.validation=0"), "measured on validation images, and none validate"),
        (("training.metrics=top_55",), "Did you mean 'top5'"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(command, project, given, why):
    code, _, err = command("train", project, *(part for one in given for part in ("--with", one)))
    assert code != 0
    assert why in err
    assert len(err.splitlines()) == 1


class TestOnesOwn:
    def test_are_kept_listed_used_and_removed(self, command, project, tmp_path):
        code, _, err = command("keep-recipe", project, "Night run", "--with", "training.learning_rate=0.02")
        assert (code, err.strip()) == (0, f"The recipe 'Night run' is kept in {tmp_path / 'own'}.")
        listed = json.loads(command("choices", "recipes", "--json")[1])["recipes"]
        assert [one["name"] for one in listed] == [*RECIPES, "Night run"]
        assert listed[-1]["values"]["learning_rate"] == 0.02
        assert "Night run" in command("choices", "recipes")[1]
        trained(command, project, "--recipe", "Night run")
        assert RunFolder(tmp_path / "run").project().training.learning_rate == 0.02
        assert load_project(tmp_path / project).training.learning_rate == 0.003
        assert command("remove-recipe", "Night run")[0] == 0
        assert command("train", project, "--recipe", "Night run")[0] == 2

    @pytest.mark.parametrize("name", ["modern", "Modern", "quick_start"])
    def test_cannot_take_the_name_of_another(self, command, project, name):
        code, _, err = command("keep-recipe", project, name)
        assert code == 2
        assert "comes with Layerloom" in err
        assert command("remove-recipe", "quick_start")[0] == 2

    @pytest.mark.parametrize("name", ["", "  ", "..", "///", "x" * 300])
    def test_need_a_name_of_letters(self, command, project, name):
        code, _, err = command("keep-recipe", project, name)
        assert code == 2
        assert "A recipe cannot be called" in err

    def test_stay_within_their_folder(self, command, project, tmp_path):
        assert command("keep-recipe", project, "../over")[0] == 0
        assert [path.name for path in (tmp_path / "own").iterdir()] == ["over.json"]
        assert command("train", project, "--recipe", "../over", "--epochs", "1")[0] == 0


class TestARunThatGoesOn:
    @pytest.fixture
    def run(self, command, project):
        trained(command, project)
        return "run"

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            (("--seed", "4"), "A resumed run keeps seed 0, as everything that it drew follows from it"),
            (
                ("--with", "training.initialisation=orthogonal"),
                "A resumed run keeps initial weights Each layer's own, as its weights have started",
            ),
            (("--with", "training.loss=mse"), "A resumed run keeps its loss, Cross-entropy: figures by Mean squared"),
            (("--recipe", "quick_start"), "A resumed run keeps its recipe: leave out --recipe"),
        ],
    )
    def test_keeps_what_binds_it(self, command, run, given, words):
        code, _, err = command("train", run, "--resume", "--epochs", "2", *given)
        assert code == 2
        assert words in err
        assert len(RunFolder(run).epochs()) == 1

    def test_says_what_is_other_from_there_on(self, command, run):
        changed = ("--lr", "0.01", "--with", "training.loss.label_smoothing=0.1")
        code, out, err = command("train", run, "--resume", "--epochs", "2", *changed)
        assert code == 0
        words = "From here on the run has other settings: Learning rate 0.01 (was 0.003), Label smoothing 0.1 (was 0)."
        assert words in err + out

    def test_says_nothing_where_it_only_goes_on(self, command, run):
        code, out, err = command("train", run, "--resume", "--epochs", "2", "--device", "cpu")
        assert code == 0
        assert "other settings" not in err + out
