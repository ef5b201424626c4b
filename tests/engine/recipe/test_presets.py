"""Presets: what they set, which of them a recipe is nearest to, and a person's own in files."""

import json

import pytest

from engine.errors import LayerloomError
from engine.recipe.changes import changes
from engine.recipe.initialisations import KaimingNormal
from engine.recipe.losses import CrossEntropy, KLDivergence
from engine.recipe.optimisers import SGD
from engine.recipe.own_presets import OwnPresets
from engine.recipe.presets import OF_THE_PERSON, RECIPES, Nearest, Preset, nearest
from engine.recipe.recipe import Recipe


@pytest.fixture
def own(tmp_path):
    return OwnPresets(tmp_path / "recipes")


@pytest.mark.parametrize("name", RECIPES)
def test_a_preset_is_a_recipe_that_knows_itself_on_any_device(name):
    preset = RECIPES[name].preset()
    recipe = preset.applied(Recipe(device="cpu", seed=9))
    assert (recipe.device, recipe.seed) == ("cpu", 9)
    assert nearest(recipe) == Nearest(preset, ())
    assert nearest(recipe).words() == f"{preset.title}, unchanged"
    assert not set(preset.values) & set(OF_THE_PERSON)


def test_the_quick_start_is_what_a_new_project_has():
    assert RECIPES["quick_start"].preset().applied(Recipe()) == Recipe()


def test_alexnet_is_trained_as_in_the_paper():
    recipe = RECIPES.find("alexnet").preset().applied(Recipe())
    assert (recipe.batch_size, recipe.learning_rate, recipe.weight_decay) == (128, 0.01, 0.0005)
    assert (recipe.epochs, recipe.optimiser.name, recipe.optimiser.momentum) == (90, "sgd", 0.9)
    assert (recipe.schedule.name, recipe.schedule.factor) == ("plateau", 0.1)
    assert recipe.initialisation.name == "alexnet_2012"


def test_changes_are_counted_setting_by_setting():
    recipe = Recipe(optimiser=SGD(momentum=0.5), learning_rate=0.01, loss=CrossEntropy(label_smoothing=0.1))
    told = [change.words() for change in changes(Recipe(), recipe)]
    assert told == [
        "Optimiser SGD, m 0.5 (was AdamW)",
        "Learning rate 0.01 (was 0.003)",
        "Label smoothing 0.1 (was 0)",
    ]
    assert nearest(recipe).words() == "Quick start, 3 changes"
    assert nearest(Recipe(seed=5, device="cpu")).words() == "Quick start, unchanged"
    assert nearest(Recipe(learning_rate=0.1)).words() == "Quick start, 1 change"


def test_another_choice_is_one_change():
    before, after = Recipe(), Recipe(loss=KLDivergence(label_smoothing=0.3), initialisation=KaimingNormal())
    assert [change.path for change in changes(before, after)] == ["loss", "initialisation"]


def test_own_ones_come_back_as_they_were_kept(own):
    recipe = Recipe(optimiser=SGD(momentum=0.3), learning_rate=0.7, seed=4, device="cpu")
    kept = own.keep("  My   best ", recipe)
    assert kept.name == "My best"
    assert [preset.name for preset in own.all()] == ["My best"]
    again = own.find("My best")
    assert again == kept
    assert again.applied(Recipe(seed=8)) == recipe.model_copy(update={"seed": 8, "device": Recipe().device})
    assert nearest(recipe, own.all()).words() == "My best, unchanged"
    own.keep("My best", Recipe(learning_rate=0.2))
    assert own.find("My best").applied(Recipe()).learning_rate == 0.2
    own.remove("My best")
    assert own.all() == ()
    with pytest.raises(LayerloomError, match="No recipe is called 'My best'"):
        own.remove("My best")


def test_what_was_changed_while_a_run_trained_stays_with_the_run(own):
    own.keep("steered", Recipe(learning_rate=0.2, rate_changes=((5, 0.1),)))
    again = own.find("steered").applied(Recipe())
    assert (again.learning_rate, again.rate_changes) == (0.2, ())


def test_a_slip_is_answered_with_the_nearest_of_all(own):
    own.keep("Holiday", Recipe())
    for slip, meant in (("holyday", "Holiday"), ("modem", "modern")):
        with pytest.raises(LayerloomError, match=f"Did you mean '{meant}'"):
            own.find(slip)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        "[]",
        json.dumps({"format": "other", "name": "x", "training": {}}),
        json.dumps({"format": "layerloom-recipe", "name": 3, "training": {}}),
        json.dumps({"format": "layerloom-recipe", "name": "x", "training": {"learning_rate": -1}}),
        json.dumps({"format": "layerloom-recipe", "name": "x", "training": {"no_such": 1}}),
        "\0",
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence_and_passed_over(own, text):
    own.keep("good", Recipe())
    (own.folder / "x.json").write_text(text, encoding="utf-8")
    assert [preset.name for preset in own.all()] == ["good"]
    with pytest.raises(LayerloomError, match=r"x\.json"):
        own.find("x")


def test_device_and_seed_in_a_file_change_nothing(own):
    own.keep("x", Recipe())
    content = json.loads((own.folder / "x.json").read_text())
    content["training"] |= {"seed": 5, "device": "cuda"}
    (own.folder / "x.json").write_text(json.dumps(content))
    assert own.find("x").applied(Recipe(seed=1)).seed == 1


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LayerloomError, match="could not be kept"):
        OwnPresets(tmp_path / "file").keep("x", Recipe())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("漢" * 100, "shorter name"),
        ("x" * 300, "shorter name"),
        ("\udcff", "not UTF-8"),
        ("!", "letters and digits"),
        ("", "letters and digits"),
        ("a\0b", "called 'ab': give it a name of letters"),
    ],
)
def test_a_name_that_no_file_can_have_is_refused_however_it_is_used(own, name, why):
    for use in (own.check, own.has, own.find, own.remove, lambda one: own.keep(one, Recipe())):
        with pytest.raises(LayerloomError, match=why):
            use(name)
    assert own.keep("漢" * 60, Recipe()) == own.find("漢" * 60)


def test_names_that_look_alike_as_files_have_one_each(own):
    names = ("a b", "a-b", "a/b", "A b", "CON", "nul.json")
    for place, name in enumerate(names, start=1):
        assert not own.has(name)
        own.keep(name, Recipe(epochs=place))
    assert [own.find(name).applied(Recipe()).epochs for name in names] == [1, 2, 3, 4, 5, 6]
    assert {"con.json", "nul.json.json"}.isdisjoint(path.name.lower() for path in own.folder.iterdir())
    own.remove("a b")
    own.keep("a/b", Recipe(epochs=7))
    own.rename("a-b", "a b")
    assert {preset.name: preset.applied(Recipe()).epochs for preset in own.all()} == {
        "a b": 2,
        "a/b": 7,
        "A b": 4,
        "CON": 5,
        "nul.json": 6,
    }
    assert not own.has("a-b")


def test_what_a_preset_says_of_itself_has_every_value():
    told = Preset("x", "X", {"epochs": 7}).to_json()
    assert told["values"]["epochs"] == 7
    assert told["values"].keys() == Recipe.model_fields.keys() - set(OF_THE_PERSON)


def test_a_card_has_two_lines_of_what_the_preset_sets(own):
    lines = {name: kind.preset().lines() for name, kind in RECIPES.items()}
    assert lines == {
        "quick_start": ("AdamW 3e-3, batch 16", "5 epochs, cosine"),
        "alexnet_2012": ("SGD 1e-2, batch 128", "90 epochs, plateau"),
        "modern": ("AdamW 3e-3, batch 64", "30 epochs, one cycle"),
    }
    kept = own.keep("x", Recipe(epochs=1, batch_size=2048, optimiser="adagrad", schedule="step"))
    assert kept.lines() == ("Adagrad 3e-3, batch 2\u202f048", "1 epoch, step")


def test_one_is_renamed_and_never_over_another(own):
    own.keep("first", Recipe(learning_rate=0.2))
    own.keep("second", Recipe())
    assert own.rename("first", " The  First ").name == "The First"
    assert [preset.name for preset in own.all()] == ["second", "The First"]
    assert own.find("The First").applied(Recipe()).learning_rate == 0.2
    assert own.rename("The First", "the first").name == "the first"
    for other, why in (("second", "'second' exists already"), ("Modern", "comes with Layerloom"), (" ", "letters")):
        with pytest.raises(LayerloomError, match=why):
            own.rename("the first", other)
    assert [preset.name for preset in own.all()] == ["second", "the first"]
    assert [own.has(name) for name in ("second", " the first", "third")] == [True, True, False]
