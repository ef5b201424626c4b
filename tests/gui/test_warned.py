"""What is to be warned of in data: of what was seen of the very same settings, and no more once it is left."""

import pytest

from engine.data.augmentation.warning import Seen
from engine.data.settings import DataSettings, SplitSettings
from engine.data.source import DataDescription
from engine.data.user_folder import Folder
from engine.data.warnings import DataWarning
from engine.network import Network
from engine.project import Project
from engine.recipe.losses import CrossEntropy
from engine.recipe.recipe import Recipe
from gui.warned import Warned

PETS = DataSettings(source=Folder(path="/pets"))
FOUND = DataDescription("pets", ("cat", "dog"), (100, 100), None)
SEEN = Seen(("cat", "dog"), (100, 100), (70, 2), copied={"test": 3})
OTHERS = [
    PETS.model_copy(update={"source": Folder(path="/other")}),
    PETS.model_copy(update={"split": SplitSettings(seed=5)}),
]


def codes(warned, settings, *, loss=None, found=FOUND, runs=()):
    project = Project(Network(), settings, Recipe(loss=loss or CrossEntropy()))
    return [warning.code for warning in warned.of_data(project, found, runs)]


@pytest.fixture
def warned():
    made = Warned()
    made.see(PETS, SEEN)
    return made


def test_what_was_seen_is_warned_of(warned):
    assert codes(warned, PETS) == ["imbalance", "copies"]
    assert codes(Warned(), PETS) == []


@pytest.mark.parametrize("other", OTHERS)
def test_what_was_seen_of_other_data_or_another_split_does_not_count(warned, other):
    assert codes(warned, other) == []


def test_other_settings_change_nothing_of_what_was_seen(warned):
    assert codes(warned, PETS.model_copy(update={"workers": 3})) == ["imbalance", "copies"]


def test_unlike_classes_are_left_as_they_are_in_that_source_alone(warned):
    warned.leave(PETS.source)
    assert codes(warned, PETS) == ["copies"]
    warned.see(OTHERS[0], SEEN)
    assert codes(warned, OTHERS[0]) == ["imbalance", "copies"]


def test_class_weights_do_something_about_unlike_classes(warned):
    assert codes(warned, PETS, loss=CrossEntropy(class_weights=True)) == ["copies"]


def test_runs_that_were_divided_otherwise_are_told_of_even_before_anything_is_found(warned):
    assert codes(warned, PETS, found=None, runs=[(1, OTHERS[1]), (2, PETS)]) == ["other_split"]


def test_what_steps_deserve_is_judged_for_the_very_same_settings(warned):
    unseen, of_step = DataWarning("unseen", "", place=0), DataWarning("hue", "", place=0)
    assert warned.of_steps(PETS, (unseen,)) == (unseen,)
    warned.judge(PETS, [of_step, DataWarning("copies", "")])
    assert warned.of_steps(PETS, (unseen,)) == (of_step,)
    assert warned.of_steps(PETS.model_copy(update={"workers": 3}), (unseen,)) == (unseen,)
