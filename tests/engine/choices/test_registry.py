"""Choices by name: registering, finding, making, saving."""

from typing import Annotated, ClassVar

import pytest
from pydantic import Field, ValidationError

from engine.choices import Choice, Registry
from engine.errors import LayerloomError
from engine.reasons import reason
from engine.registries import REGISTRIES
from engine.settings import Settings, setting


class Fruit(Choice):
    """Something sweet."""


FRUITS: Registry[Fruit] = Registry("fruits", one="fruit")


@FRUITS.register
class Apple(Fruit):
    """Grows on trees.

    This paragraph is for programmers.
    """

    name: ClassVar = "apple"
    title: ClassVar = "Apple"
    aliases: ClassVar = ("pome",)

    seeds: Annotated[int, Field(ge=0, le=20)] = setting(5, "Seeds")


@FRUITS.register
class Pear(Fruit):
    """Grows on trees too."""

    name: ClassVar = "pear"
    title: ClassVar = "Pear"


class Basket(Settings):
    fruit: Annotated[Fruit, FRUITS] = setting(Apple(), "Fruit")
    spare: Annotated[Fruit, FRUITS] | None = setting(None, "Spare")


@pytest.mark.parametrize("value", [Apple(seeds=3), {"name": "apple", "seeds": 3}])
def test_a_choice_is_made_of_itself_and_of_what_is_saved(value):
    assert FRUITS.make(value) == Apple(seeds=3)
    assert FRUITS.saved(FRUITS.make(value)) == {"name": "apple", "seeds": 3}


@pytest.mark.parametrize("name", ["apple", "pome", "Pome"])
def test_a_name_or_an_alias_alone_gives_the_usual_settings(name):
    assert FRUITS.make(name) == Apple()
    assert list(FRUITS) == ["apple", "pear"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("aple", "No fruit is called 'aple'. Did you mean 'apple'?"),
        ("", "No fruit is called ''. There are apple, pear."),
        ({"name": "apple", "seeds": 99}, "Seeds is 99, at most 20 fits."),
        ({"name": "apple", "stones": 1}, "There is nothing called 'stones' here."),
        ({"seeds": 1}, "The fruit is named by a text, or by an object with a name."),
        (7, "The fruit is named by a text, or by an object with a name."),
        (None, "The fruit is named by a text, or by an object with a name."),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(value, words):
    with pytest.raises(LayerloomError) as error:
        FRUITS.make(value)
    assert str(error.value) == words
    with pytest.raises(ValidationError) as refused:
        Basket.model_validate({"fruit": value})
    assert reason(refused.value, Basket) == words


def test_a_class_that_was_never_registered_is_no_choice():
    class Stone(Fruit):
        name: ClassVar = "stone"
        title: ClassVar = "Stone"

    class OtherApple(Apple):
        """Has the name of one that was."""

    for made in (Stone(), OtherApple()):
        with pytest.raises(LayerloomError, match=f"{type(made).__name__} is no fruit"):
            FRUITS.make(made)


def test_a_name_is_given_once_and_is_no_setting():
    with pytest.raises(ValueError, match="fruit 'pear' is registered already"):
        FRUITS.register(Pear)

    class Quince(Fruit):
        name: ClassVar = "quince"
        title: ClassVar = "Quince"
        aliases: ClassVar = ("pome",)

    with pytest.raises(ValueError, match="fruit 'pome' is registered already"):
        FRUITS.register(Quince)
    assert "quince" not in FRUITS

    class Named(Fruit):
        title: ClassVar = "Named"
        name: str = "named"  # type: ignore[misc]

    with pytest.raises((ValueError, AttributeError)):
        FRUITS.register(Named)


@pytest.mark.parametrize("missing", ["name", "title"])
def test_a_choice_says_what_it_is_called(missing):
    names = {"name": "quince", "title": "Quince"}
    del names[missing]
    with pytest.raises(ValueError, match=f"fruit Quince has no {missing}"):
        FRUITS.register(type("Quince", (Fruit,), names | {"__annotations__": dict.fromkeys(names, ClassVar)}))
    assert "quince" not in FRUITS


def test_a_choice_has_a_default_for_every_setting():
    class Quince(Fruit):
        """Hard."""

        name: ClassVar = "quince"
        title: ClassVar = "Quince"

        seeds: int = setting(5, "Seeds")
        weight: float

    with pytest.raises(ValueError, match="fruit 'quince' has no default for its setting weight"):
        FRUITS.register(Quince)
    assert "quince" not in FRUITS


def test_what_was_taken_out_can_be_registered_again():
    class Plum(Fruit):
        """Has a stone."""

        name: ClassVar = "plum"
        title: ClassVar = "Plum"
        aliases: ClassVar = ("damson",)

    for _ in range(2):
        FRUITS.register(Plum)
        assert FRUITS.make("damson") == Plum()
        FRUITS.unregister("plum")
        assert "plum" not in FRUITS


def test_a_field_saves_what_it_reads():
    basket = Basket(fruit=Pear(), spare="apple")
    assert basket.model_dump() == {"fruit": {"name": "pear"}, "spare": {"name": "apple", "seeds": 5}}
    assert Basket.model_validate(basket.model_dump()) == basket
    assert Basket().model_dump(mode="json") == {"fruit": {"name": "apple", "seeds": 5}, "spare": None}


def test_help_is_the_first_paragraph():
    assert Apple.to_json() == {
        "name": "apple",
        "title": "Apple",
        "help": "Grows on trees.",
        "settings": {
            "seeds": {
                "title": "Seeds",
                "type": "integer",
                "default": 5,
                "minimum": 0,
                "maximum": 20,
                "unit": "",
                "advanced": False,
            }
        },
    }


EVERY = [(registry, name) for registry in REGISTRIES for name in registry]


@pytest.mark.parametrize(("registry", "name"), EVERY, ids=[f"{registry.title}-{name}" for registry, name in EVERY])
class TestEveryChoice:
    def test_is_named_in_words_and_for_files(self, registry, name):
        kind = registry[name]
        assert kind.name == name
        assert name.isascii()
        assert name.replace("_", "").isalnum()
        assert name.lower() == name
        assert kind.title.strip()
        assert kind.help().endswith(".")

    def test_is_saved_and_read_back(self, registry, name):
        choice = registry.make(name)
        assert registry.make(registry.saved(choice)) == choice
        assert registry.saved(choice)["name"] == name
        assert choice.summary()

    def test_has_words_for_every_setting(self, registry, name):
        schema = registry[name].to_json()["settings"]
        assert set(schema) == set(registry[name].model_fields)
        assert all(field.title for field in registry[name].model_fields.values())
