"""The perceptron of 1958 in the window: one neuron that is trained, evaluated and looked into."""

import os

import pytest
from two_digits import two_digits

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from gui.train.runs.status import RunStatus
from templates import build


@pytest.fixture
def project(tmp_path):
    data = DataSettings(source=Folder(path=str(two_digits(tmp_path / "two"))))
    recipe = Recipe(epochs=5, learning_rate=0.02, device=Device.CPU, loss="binary_cross_entropy")
    return Project(build("perceptron", classes=1, input_size=8), data, recipe)


def picture(window, name):
    if place := os.environ.get("PICTURES"):
        window.grab().save(f"{place}_{name}.png")


def test_one_neuron_learns_answers_for_both_classes_and_shows_when_it_fires(window, person, project):
    window.document.replace(project)
    window.files.opened.emit()
    view = window.workspaces()
    person.until(lambda: not view.runs.loading)
    runs = view.runs
    view.show_workspace("train")
    runs.start()
    person.until(lambda: runs.active is None and runs.current is not None)
    assert runs.current.status is RunStatus.FINISHED
    picture(window, "train")

    view.show_workspace("evaluate")
    person.click(view.bench.evaluate.matrix.evaluate)
    person.until(lambda: view.bench.evaluate.evaluator.result is not None)
    found = view.bench.evaluate.evaluator.result.classes
    assert found.classes == ("eight", "three")
    assert found.confusion.shape == (2, 2)
    assert found.accuracy > 0.9
    picture(window, "evaluate")

    view.show_workspace("look_inside")
    look = view.bench.look_inside.look
    images, _ = _one_of_each(project)
    for name, pixels in images.items():
        look.choose_image(pixels)
        look.choose_node("threshold")
        person.until(lambda: not look.busy and look.sight is not None)
        fires = look.results[0].array.ravel().tolist()
        shares = dict(view.bench.look_inside.image.bars.rows)
        assert shares.keys() == {"eight", "three"}
        assert fires == [1.0 if shares["three"] > 0.5 else 0.0]
        assert max(shares, key=shares.get) == name
        picture(window, f"look_{name}")


def _one_of_each(project):
    from engine.data.loading import load
    from engine.layers import Shape

    data = load(project.data, Shape(1, 8, 8))
    found = {}
    for index in range(len(data.train)):
        name = data.classes[int(data.train.targets.values[index])]
        found.setdefault(name, data.train.images([index])[0])
    return found, data.classes
