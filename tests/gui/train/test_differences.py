"""What the settings of runs are called, and how they differ."""

from pathlib import Path

import pytest
from train_parts import settings, tiny_network

from engine.data.augmentation.presets import spoken, steps_of
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers.activation import LeakyReLU
from engine.project import Project
from gui.train.runs.differences import data_facts, unlike_words
from gui.train.runs.run import Run

PHOTOS = steps_of("photos")


def run(number, recipe=None, **data):
    project = Project(tiny_network(), data=DataSettings(**data), training=settings(**(recipe or {})))
    return Run(number, Path(f"run-{number}"), project)


def test_steps_are_called_by_their_preset_or_counted():
    assert [spoken(steps_of(name)) for name in ("none", "photos", "alexnet_2012")] == ["None", "Photos", "AlexNet 2012"]
    assert spoken(PHOTOS[:3]) == "3 steps"
    assert spoken((*PHOTOS[:1], PHOTOS[1].switched(False))) == "1 step"


def test_what_becomes_of_the_images_stands_among_the_settings():
    data = DataSettings(steps=PHOTOS, sampling="weighted", normalise="imagenet", test_time=10)
    assert data_facts(data) == [
        ("Augmentation", "Photos"),
        ("Sampling", "every class equally often"),
        ("Normalisation", "ImageNet"),
        ("Test time", "mean of 10 draws"),
    ]
    assert data_facts(DataSettings())[0] == ("Augmentation", "None")
    assert data_facts(DataSettings())[3] == ("Test time", "as they are")


@pytest.mark.parametrize(
    ("recipe", "data", "words"),
    [
        ({"seed": 3}, {}, "seed 3, not 0"),
        ({"learning_rate": 0.01}, {"steps": PHOTOS}, "learning rate 0.01, not 0.003; augmentation Photos, not None"),
        ({}, {"sampling": "weighted"}, "sampling every class equally often, not every image once"),
        ({}, {"split": {"seed": 4}}, "split seed 4, not 0"),
        ({}, {"workers": 4}, ""),
        ({}, {}, ""),
    ],
)
def test_a_run_says_what_is_other_than_in_the_one_before(recipe, data, words):
    first, second = run(6), run(8, recipe, **data)
    assert unlike_words(second, [second, first, run(5, {"epochs": 9})]) == (f"Unlike run 6: {words}." if words else "")
    assert unlike_words(first, [second, first]) == ""


def test_a_folder_stands_there_as_it_is_called():
    first, second = (run(number, source=Folder(path=f"/my_images/from_{number}")) for number in (1, 2))
    assert unlike_words(second, [first]) == "Unlike run 1: folder /my_images/from_2, not /my_images/from_1."


def test_what_is_other_in_the_network_is_said_first_and_not_where_layers_stand():
    first, second = run(1), run(2, {"seed": 3})
    first.project.network.set_node("conv", position=(400, 80))
    assert unlike_words(second, [second, first]) == "Unlike run 1: seed 3, not 0."
    second.project.network.set_layer("relu", LeakyReLU())
    assert unlike_words(second, [second, first]) == "Unlike run 1: relu has other settings; seed 3, not 0."


def test_steps_of_one_name_whose_settings_differ_are_told_apart():
    softer = (PHOTOS[0], PHOTOS[2].model_copy(update={"angle": (-5.0, 5.0)}))
    first, second = run(1, steps=(PHOTOS[0], PHOTOS[2])), run(2, steps=softer)
    assert unlike_words(second, [second, first]) == (
        "Unlike run 1: augmentation Resize then crop (area kept 0.3, 1); Rotate (probability 0.8, outside reflect, "
        "angle -5, 5), not Resize then crop (area kept 0.3, 1); Rotate (probability 0.8, outside reflect, "
        "angle -20, 20)."
    )
