"""Where settings differ: every field, whatever holds it, and nothing else."""

import pytest
from every_choice import registries, values

from engine.data.augmentation.presets import spoken, steps_of
from engine.data.settings import DataSettings
from engine.project import Project, with_values
from engine.recipe.changes import changes, compared
from engine.recipe.recipe import Recipe


def leaves(dumped, way=""):
    """Every value that saved settings hold, by its path; that of a choice is its name."""
    found = {}
    for key, value in dumped.items():
        if isinstance(value, dict):
            found |= leaves(value, f"{way}{key}.")
        else:
            found[f"{way}{key}"] = value
    return found


def differing(one, other):
    """The paths at which two saved settings differ; of a choice that is another, its own alone."""
    one, other = leaves(one), leaves(other)
    paths = {path for path in one.keys() | other.keys() if one.get(path, ...) != other.get(path, ...)}
    named = {path.removesuffix(".name") for path in paths if path.endswith(".name")}
    inner = {path for path in paths if any(path.startswith(f"{choice}.") for choice in named)}
    return (paths - inner) | named


@pytest.mark.parametrize("setting", values())
def test_every_setting_that_is_another_is_told_and_no_other(setting):
    typed = dict(pair.split("=") for pair in setting.split())
    before, after = Recipe(), with_values(Project(), typed).training
    told = changes(before, after)
    assert {change.path for change in told} == differing(before.model_dump(mode="json"), after.model_dump(mode="json"))
    assert all(change.title and change.after for change in told)
    assert changes(after, after) == ()


def test_settings_of_several_are_compared_one_by_one():
    several = [Recipe(), Recipe(optimiser={"name": "sgd", "momentum": 0.5}, seed=3), Recipe(learning_rate=5e-5)]
    rows = {row.path: row for row in compared(several)}
    assert {path for path, row in rows.items() if not row.same} == {"optimiser", "learning_rate", "seed"}
    assert rows["optimiser"].words == ("AdamW", "SGD, m 0.5", "AdamW")
    assert rows["learning_rate"].words == ("0.003", "0.003", "5e-5")
    assert rows["loss.label_smoothing"].words == ("0", "0", "0")
    assert rows["decay_leaves_out"].words == ("biases and norms",) * 3
    assert "optimiser.momentum" not in rows
    assert set(registries()) <= rows.keys()


def test_data_are_compared_by_the_same_words():
    softer = DataSettings(steps=steps_of("photos"), split={"seed": 4})
    told = changes(DataSettings(), softer, words={"steps": spoken})
    assert [(change.title, change.before, change.after) for change in told] == [
        ("Split seed", "0", "4"),
        ("Augmentation", "None", "Photos"),
    ]
