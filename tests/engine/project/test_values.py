"""Settings of a project by their paths, as `--with` names them."""

from typing import ClassVar

import pytest

from engine.data.normalise import ZeroToOne
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.network.layout import Flow
from engine.project import Project, with_values
from engine.recipe.metrics import Accuracy, LossValue
from engine.recipe.optimisers import OPTIMISERS, SGD, AdamW, Optimiser
from engine.recipe.recipe import Device, Recipe
from engine.recipe.schedules import Constant
from engine.settings import setting


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("training.epochs", "7", lambda p: p.training.epochs == 7),
        ("training.learning_rate", "1e-3", lambda p: p.training.learning_rate == 0.001),
        ("training.optimiser", "sgd", lambda p: p.training.optimiser == SGD()),
        ("training.optimiser.name", "sgd", lambda p: p.training.optimiser == SGD()),
        ("training.schedule", "constant", lambda p: p.training.schedule == Constant()),
        ("training.watch", "loss", lambda p: p.training.watch == LossValue()),
        ("training.device", "cpu", lambda p: p.training.device is Device.CPU),
        ("data.source", "mnist", lambda p: p.data.source.name == "mnist"),
        ("data.split.test", "0.2", lambda p: p.data.split.test == 0.2),
        ("data.split.seed", "3", lambda p: p.data.split.seed == 3),
        ("data.split.stratified", "false", lambda p: not p.data.split.stratified),
        ("data.normalise", "zero_to_one", lambda p: p.data.normalise == ZeroToOne()),
        ("data.steps", "none", lambda p: p.data.steps == ()),
        ("data.steps", "[]", lambda p: p.data.steps == ()),
        ("view.flow", "one_column", lambda p: p.view.flow is Flow.ONE_COLUMN),
    ],
)
def test_a_path_sets_one_thing(path, text, found):
    project = Project()
    changed = with_values(project, {path: text})
    assert found(changed)
    assert project == Project()
    assert changed.network is project.network


def test_paths_go_into_what_the_ones_before_have_named():
    values = {
        "training.optimiser": "sgd",
        "training.optimiser.momentum": "0.5",
        "data.source": "folder",
        "data.source.path": "/x",
    }
    changed = with_values(Project(), values)
    assert changed.training.optimiser == SGD(momentum=0.5)
    assert changed.data.source == Folder(path="/x")


def test_naming_the_choice_there_is_keeps_its_settings_and_naming_another_keeps_all_others():
    project = Project(training=Recipe(optimiser=SGD(momentum=0.5), learning_rate=0.2, watch=Accuracy()))
    assert with_values(project, {"training.optimiser": "sgd"}).training == project.training
    changed = with_values(project, {"training.optimiser": "adamw"}).training
    assert changed == project.training.model_copy(update={"optimiser": AdamW()})
    assert with_values(project, {"training.optimiser.name": "adamw"}).training == changed
    assert with_values(project, {"training.optimiser.name": "sgd"}).training == project.training
    assert with_values(project, {"training.watch": "none"}).training.watch is None


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("training", "x", "'training' is no setting: paths begin with data, training, view, such as data.split.test."),
        ("network.name", "x", "'network.name' is no setting"),
        ("training.optimizer", "sgd", "'training.optimizer' is no setting. Did you mean 'training.optimiser'?"),
        ("training.epochs.many", "1", "'training.epochs.many' is no setting: 'epochs' holds nothing by name."),
        ("training.optimiser", "sdg", "No optimiser is called 'sdg'. Did you mean 'sgd'?"),
        ("training.optimiser.momentum", "0.5", "'training.optimiser.momentum' is no setting: adamw has betas, "),
        ("training.best_by", "loss", "'training.best_by' is no setting: training has epochs, "),
        ("data.split.x", "1", "'data.split.x' is no setting: data.split has"),
        ("training.epochs", "0", "Epochs is '0', at least 1 is needed."),
        ("training.epochs", "many", "Epochs is 'many', but a whole number is needed."),
        ("data.split.test", "0.9", "Test is '0.9', at most 0.8 fits."),
        ("training.", "1", "is no setting"),
        ("", "1", "is no setting"),
    ],
)
def test_what_cannot_be_is_one_sentence(path, text, words):
    with pytest.raises(LayerloomError) as error:
        with_values(Project(), {path: text})
    assert words in str(error.value)


class Paired(Optimiser):
    """With a setting of two numbers."""

    name: ClassVar = "paired"
    title: ClassVar = "Paired"
    betas: tuple[float, float] = setting((0.9, 0.99), "Betas")


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("200,0.001;400,0.1", ((200, 0.001), (400, 0.1))),
        ("(200, 0.001); (300, 1)", ((200, 0.001), (300, 1))),
        ("200,0.001;", ((200, 0.001),)),
        ("200, 0.001", ((200, 0.001),)),
        ("[[200,0.001]]", ((200, 0.001),)),
        ("[[200, 0.001], [400, 0.1]]", ((200, 0.001), (400, 0.1))),
        ("[]", ()),
        ("none", ()),
    ],
)
def test_rows_of_a_table_are_typed_with_semicolons(text, changes):
    assert with_values(Project(), {"training.rate_changes": text}).training.rate_changes == changes


@pytest.mark.parametrize("text", ["0.5, 0.75", "0.5,0.75", "[0.5, 0.75]", "(0.5,0.75)"])
def test_numbers_of_a_row_are_typed_with_commas(text):
    OPTIMISERS.register(Paired)
    try:
        values = {"training.optimiser": "paired", "training.optimiser.betas": text}
        project = with_values(Project(), values)
        assert project.training.optimiser == Paired(betas=(0.5, 0.75))
        assert project.training.model_dump()["optimiser"]["betas"] == (0.5, 0.75)
        with pytest.raises(LayerloomError, match="Betas"):
            with_values(project, {"training.optimiser.betas": "1, 2, 3"})
    finally:
        OPTIMISERS.unregister("paired")


def test_a_folder_is_where_it_was_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    values = {"data.source": "folder", "data.source.path": "pictures"}
    assert with_values(Project(), values).data.source.path == str(tmp_path / "pictures")
    project = Project(data=DataSettings(source=Folder(path="pictures")))
    assert with_values(project, {"data.split.test": "0.2"}).data.source.path == "pictures"
