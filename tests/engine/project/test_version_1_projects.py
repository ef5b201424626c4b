"""Project files of version 1 open with every setting they had."""

import json
from pathlib import Path

import pytest

from engine.data.published import Digits
from engine.data.settings import SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.project import load_project, project_from_dict, project_to_dict, save_project
from engine.project.migrations import VERSION
from engine.recipe.optimisers import SGD, AdamW
from engine.recipe.schedules import Constant, Cosine
from engine.tasks import Classification

PLACE = Path(__file__).parents[2] / "golden" / "version1" / "projects"
EXPECTED = json.loads((PLACE / "expected.json").read_text("utf-8"))

KEPT = ("epochs", "batch_size", "learning_rate", "weight_decay", "patience", "device", "precision", "seed")
OPTIMISERS = {"sgd": lambda v1: SGD(momentum=v1["momentum"]), "adamw": lambda v1: AdamW()}
SCHEDULES = {"constant": Constant(), "cosine": Cosine()}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_opens_with_what_it_held(name):
    project, before = load_project(PLACE / name), EXPECTED[name]["loaded"]
    training, data = before["training"], before["data"]
    assert {key: getattr(project.training, key) for key in KEPT} == {key: training[key] for key in KEPT}
    assert project.training.optimiser == OPTIMISERS[training["optimiser"]](training)
    assert project.training.schedule == SCHEDULES[training["schedule"]]
    assert project.data.source == (Folder(path=data["folder"]) if data["name"] == "folder" else Digits())
    assert project.data.split == SplitSettings(validation=data["validation"], test=data["test"], seed=data["seed"])
    assert project.task == Classification()
    after = project_to_dict(project)
    assert after["version"] == VERSION
    assert after["network"] == before["network"]
    assert after["view"] == before["view"]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_saved_again_is_version_2_and_equal(name, tmp_path):
    project = load_project(PLACE / name)
    save_project(project, tmp_path / name)
    assert json.loads((tmp_path / name).read_text("utf-8"))["version"] == VERSION
    assert load_project(tmp_path / name) == project


def test_a_folder_kept_beside_a_data_set_is_let_go():
    document = {"format": "layerloom", "version": 1, "network": {"name": "n", "nodes": [], "edges": []}}
    project = project_from_dict({**document, "data": {"name": "mnist", "folder": "/once/chosen"}})
    assert project.data.source.name == "mnist"
    empty = project_from_dict({**document, "data": {"name": "folder"}})
    assert empty.data.source == Folder()


@pytest.mark.parametrize(
    ("part", "values", "words"),
    [
        ("training", {"optimiser": "magic"}, "No optimiser is called 'magic'"),
        ("training", {"optimiser": "sgd", "momentum": 5}, "Momentum is 5, less than 1 is needed."),
        ("training", {"optimiser": 5}, "The optimiser is named by a text"),
        ("training", "all", "training is 'all', but an object is needed."),
        ("data", {"name": "mnits"}, "No data set is called 'mnits'. Did you mean 'mnist'?"),
        ("data", {"validation": 7}, "data › split › validation is 7, at most 0.8 fits."),
    ],
)
def test_what_version_1_would_have_refused_is_refused(part, values, words):
    document = {"format": "layerloom", "version": 1, "network": {"name": "n", "nodes": [], "edges": []}}
    with pytest.raises(LayerloomError) as error:
        project_from_dict({**document, part: values})
    assert words in str(error.value)
