"""All registries by their names."""

import pytest

from engine.errors import LayerloomError
from engine.recipe.optimisers import OPTIMISERS
from engine.registries import REGISTRIES, registries


def test_one_or_all_are_given():
    assert registries() == REGISTRIES
    assert registries("optimisers") == (OPTIMISERS,)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("optimizers", "There is no registry 'optimizers'. Did you mean 'optimisers'?"),
        (
            "x",
            "There is no registry 'x'. There are optimisers, schedules, losses, initialisations, metrics, "
            "recipes, augmentation, normalisations, sampling, sources, tasks, views, interventions, damages, looks.",
        ),
    ],
)
def test_a_slip_is_told_with_what_there_is(title, words):
    with pytest.raises(LayerloomError) as error:
        registries(title)
    assert str(error.value) == words
