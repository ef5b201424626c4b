"""Ensembles: what their runs are, that each is the run it would be alone, and which are missing."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from small_training import settings, small_network

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.evaluation.ensemble import _of_common_images, evaluate_together
from engine.evaluation.evaluating import answers_of, evaluate
from engine.evaluation.predicting import predict
from engine.project import Project
from engine.recipe.recipe import LARGEST_SEED, Recipe
from engine.runs.ensembles import Training, all_of, member_path, members_in, missing, trainings
from engine.runs.record import Member
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks import Answers


def project(**values):
    return Project(small_network(), DataSettings(), settings(**{"epochs": 1, **values}))


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory):
    """The folder of an ensemble of three runs, with seeds from 5 on."""
    folder = tmp_path_factory.mktemp("ensemble")
    for training in trainings(project(seed=5, ensemble=3)):
        path = member_path(folder, training.member.number)
        list(run_project(training.project, path, member=training.member))
    return folder


def test_each_run_of_an_ensemble_is_bit_for_bit_the_run_that_it_would_be_alone(ensemble, tmp_path):
    runs = members_in(ensemble)
    assert [run.record.seed for run in runs] == [5, 6, 7]
    for run in runs:
        alone = tmp_path / run.path.name
        list(run_project(project(seed=run.record.seed), alone))
        assert run.project() == RunFolder(alone).project() == project(seed=run.record.seed)
        assert run.parts == runs[0].parts
        own, others = run.weights("last"), RunFolder(alone).weights("last")
        assert own.keys() == others.keys()
        assert all(torch.equal(own[name], others[name]) for name in own)
    assert not all(
        torch.equal(*pair) for pair in zip(runs[0].weights().values(), runs[1].weights().values(), strict=True)
    )


def test_a_run_alone_is_no_ensemble(ensemble, tmp_path):
    assert trainings(project()) == (Training(project()),)
    assert members_in(ensemble / "run-1") == members_in(tmp_path) == ()
    list(run_project(project(), tmp_path / "run-1"))
    assert RunFolder(tmp_path / "run-1").record.member is None
    assert members_in(tmp_path) == ()


def test_the_others_of_an_ensemble_follow_from_any_of_its_runs():
    several = trainings(project(seed=9, ensemble=4))
    assert len({one.member.ensemble for one in several}) == 1
    for one in several:
        assert all_of(one) == several
        assert missing(one, [several[0].member, None, several[2].member]) == (several[1], several[3])
    assert all_of(Training(project())) == (Training(project()),)
    with pytest.raises(LayerloomError, match=r"^Run 3 of an ensemble has seed 1, but seeds go up by one from 0"):
        all_of(Training(project(seed=1), Member(ensemble="e", number=3, of=3)))


def test_seeds_of_an_ensemble_stay_within_their_limits():
    assert Recipe(seed=LARGEST_SEED - 2, ensemble=3).members()[-1].seed == LARGEST_SEED
    with pytest.raises(ValueError, match="3 runs from seed 4294967294 on would need seeds above 4294967295"):
        Recipe(seed=LARGEST_SEED - 1, ensemble=3)
    with pytest.raises(ValueError, match="number is 4, but the ensemble has 3 runs"):
        Member(ensemble="e", number=4, of=3)


def test_an_ensemble_says_the_mean_of_the_probabilities_of_its_runs(ensemble):
    runs = members_in(ensemble)
    together = evaluate_together(runs)
    said = [answers_of(run, "test", data=load_run_data(run)) for run in runs]
    mean = np.mean([one.predictions for one in said], axis=0)
    np.testing.assert_allclose(together.answers.predictions, mean, rtol=0, atol=1e-12)
    labels = said[0].targets
    assert together.evaluation.accuracy == np.mean(mean.argmax(axis=1) == labels)
    likelihood = mean[np.arange(len(labels)), labels]
    assert together.evaluation.loss == pytest.approx(-np.log(likelihood).mean(), abs=1e-12)
    assert [one.to_json() for one in together.members] == [evaluate(run).to_json() for run in runs]


def test_one_run_together_is_that_run(ensemble):
    run = members_in(ensemble)[0]
    assert evaluate_together([run], "validation").evaluation.to_json() == evaluate(run, "validation").to_json()


def test_images_are_told_by_the_mean_too(ensemble, tmp_path):
    runs = members_in(ensemble)
    files = [tmp_path / f"{level}.png" for level in (0, 90, 200)] + [tmp_path / "empty.png"]
    for file, level in zip(files, (0, 90, 200), strict=False):
        Image.new("L", (20, 20), level).save(file)
    files[-1].touch()
    found = predict(runs[0], files, others=runs[1:], top=10)
    alone = [predict(run, files, top=10) for run in runs]
    for place, prediction in enumerate(found[:-1]):
        single = [{one.name: one.value for one in said[place].readings} for said in alone]
        for reading in prediction.readings:
            assert reading.value == pytest.approx(np.mean([one[reading.name] for one in single]), abs=1e-12)
    assert found[-1].error == alone[0][-1].error != ""


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"training": settings(epochs=1, loss="mse")}, "was trained by cross-entropy, .* by mean squared error"),
        (
            {"data": DataSettings(split={"seed": 3})},
            r"have other test images: what one of them is tested on may have trained the other\. "
            r"Image \d+ is a \w+ image of the one, a \w+ image of the other\.$",
        ),
        (
            {"data": DataSettings(normalise="imagenet")},
            "normalises by “This data set”, .*other by “.*”: the runs of an ensemble need the same normalisation",
        ),
    ],
)
def test_runs_without_a_mean_are_refused(ensemble, tmp_path, other, why):
    first = members_in(ensemble)[0]
    made = project()
    for part, value in other.items():
        setattr(made, part, value)
    list(run_project(made, tmp_path / "other"))
    with pytest.raises(LayerloomError, match=why):
        evaluate_together([first, RunFolder(tmp_path / "other")])


def test_runs_that_tell_other_classes_apart_are_refused(ensemble, tmp_path):
    list(run_project(project(), tmp_path / "other"))
    record = tmp_path / "other" / "run.json"
    values = json.loads(record.read_text())
    record.write_text(json.dumps({**values, "classes": [f"digit {name}" for name in values["classes"]]}))
    first = members_in(ensemble)[0]
    why = r"other tell other classes apart: class 0 is “0” in .*run-1, “digit 0” in .*other\. "
    for ask in (evaluate_together, lambda runs: predict(runs[0], [], others=runs[1:])):
        with pytest.raises(LayerloomError, match=why):
            ask([first, RunFolder(tmp_path / "other")])


@pytest.mark.parametrize(("values", "which"), [("mean", "mean"), ("std", "standard deviation")])
def test_runs_that_normalise_otherwise_are_refused_with_the_values(ensemble, tmp_path, values, which):
    other = Path(shutil.copytree(members_in(ensemble)[0].path, tmp_path / "other"))
    record = json.loads((other / "run.json").read_text())
    (other / "run.json").write_text(json.dumps({**record, values: [0.25]}))
    with pytest.raises(LayerloomError, match=rf"the {which} of channel 0 is 0\.\d+ in the one, 0\.25 in the other\."):
        evaluate_together([members_in(ensemble)[0], RunFolder(other)])


def test_runs_with_the_same_test_images_and_other_training_images_are_refused(ensemble, tmp_path):
    other = Path(shutil.copytree(members_in(ensemble)[0].path, tmp_path / "other"))
    parts = json.loads((other / "parts.json").read_text())
    parts["validation"].append(parts["train"].pop())
    (other / "parts.json").write_text(json.dumps(parts))
    why = r"have other training images\. Image \d+ is a training image of the one, a validation image of the other\."
    with pytest.raises(LayerloomError, match=why):
        evaluate_together([members_in(ensemble)[0], RunFolder(other)])


def test_the_others_of_an_ensemble_that_begins_at_seed_0_follow_too():
    several = trainings(project(seed=0, ensemble=3))
    assert all_of(several[2]) == several


def test_runs_of_another_ensemble_are_none_of_this_one():
    several, others = (trainings(project(ensemble=3)) for _ in range(2))
    assert missing(several[0], [several[0].member, others[1].member]) == several[1:]


def test_what_one_run_could_not_read_is_left_out_of_the_mean_and_of_every_member():
    def answers(*positions):
        values = np.array(positions)[:, None] + np.zeros(2)
        return Answers("test", ("a", "b"), values, values / 10, np.array(positions), np.zeros(4, int))

    common = _of_common_images([answers(0, 1, 3), answers(1, 2, 3), answers(0, 1, 2, 3)])
    for one in common:
        assert one.positions.tolist() == [1, 3]
        assert one.outputs[:, 0].tolist() == [1, 3]
        assert one.predictions[:, 0].tolist() == [0.1, 0.3]
