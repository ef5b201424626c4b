"""One project as several: every setting that can vary does, and values that cannot be are refused in words."""

import pytest

from engine.errors import LayerloomError
from engine.project import Project, with_values
from engine.project.varying import MOST, stepped, variables, varied
from engine.recipe.changes import changes
from engine.recipe.recipe import Recipe
from templates import build

PROJECT = Project(build("lenet5"))
ODD = {
    "training.ensemble": ("2", "4"),
    "data.split.validation": ("0.1", "0.3"),
    "data.split.test": ("0.1", "0.3"),
    "training.schedule.rise": ("0.5", "0.75"),
    "training.loss.label_smoothing": ("0.1", "0.2"),
    "training.average": ("0.1", "0.9"),
    "training.optimiser.eps": ("0.1", "0.2"),
}
"""Values for numbers that 2 and 7 are not for."""


@pytest.mark.parametrize("variable", variables(PROJECT), ids=lambda variable: variable.path)
def test_every_setting_varies_alone(variable):
    values = [word for word, _ in variable.words] or list(ODD.get(variable.path, ("2", "7")))
    found = varied(PROJECT, variable.path, values)
    part, _, path = variable.path.partition(".")
    assert len({one.name for one in found}) == len(found) == len(values) > 1
    for one, value in zip(found, values, strict=True):
        assert one.project == with_values(PROJECT, {variable.path: value})
        told = changes(getattr(PROJECT, part), getattr(one.project, part))
        assert [change.path for change in told] in ([path], [])
        other = "data" if part == "training" else "training"
        assert getattr(one.project, other) == getattr(PROJECT, other)
        assert one.project.network is PROJECT.network
    assert sum(not changes(getattr(PROJECT, part), getattr(one.project, part)) for one in found) <= 1


def test_what_can_vary_is_all_of_training_that_has_a_number_or_a_few_words():
    names = {variable.path.split(".")[1] for variable in variables(PROJECT) if variable.path.startswith("training.")}
    assert set(Recipe.model_fields) - names == {"rate_changes", "metrics"}


def test_ranges_are_stepped_through_by_a_factor():
    assert stepped(1e-3, 1e-1, 10) == ("0.001", "0.01", "0.1")
    assert stepped(0.1, 0.001, 10) == ("0.1", "0.01", "0.001")
    assert stepped(16, 200, 2) == ("16", "32", "64", "128")
    assert stepped(3, 3, 2) == ("3",)
    assert stepped(0.1, 0.3, 3) == ("0.1", "0.3")  # though 3·0.1 is above 0.3 here
    assert len(stepped(1, 1e99, 2)) > MOST
    for numbers, why in (((0, 1, 2), "begins and ends above 0"), ((1, 9, 1), "The factor is 1, but a number above 1")):
        with pytest.raises(LayerloomError, match=why):
            stepped(*numbers)


def test_values_that_differ_beyond_the_digits_that_are_said_are_no_twins():
    made = varied(PROJECT, "training.learning_rate", ("0.1234567", "0.1234568"))
    assert [one.project.training.learning_rate for one in made] == [0.1234567, 0.1234568]
    assert [one.name for one in made] == ["learning rate 0.123457", "learning rate 0.1234568"]


@pytest.mark.parametrize(
    ("path", "values", "why"),
    [
        ("training.learning_rate", (), "No values yet"),
        ("training.learning_rate", ("0.1", "1e-1"), r"The learning rate 0.1 is there twice\."),
        ("training.learning_rate", ("0.1", "-1"), "Learning rate"),
        ("training.batch_size", ("many",), "Batch size"),
        ("training.seed", [str(seed) for seed in range(MOST + 1)], "51 values are too many: 50 runs at most"),
        ("training.optimiser", ("adm",), "Did you mean 'adam'"),
    ],
)
def test_values_that_cannot_be_are_refused_in_a_sentence(path, values, why):
    with pytest.raises(LayerloomError, match=why):
        varied(PROJECT, path, values)


def test_so_many_runs_as_are_allowed_come_of_one_setting():
    assert len(varied(PROJECT, "training.seed", [str(seed) for seed in range(MOST)])) == MOST
