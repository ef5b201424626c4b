"""Where the settings stand in a form is declared with them."""

import pytest
from every_choice import registries

from engine.recipe.recipe import Recipe
from engine.recipe.sections import Section


@pytest.mark.parametrize("name", Recipe.model_fields)
def test_every_setting_of_a_recipe_has_a_section(name):
    assert Recipe.model_fields[name].json_schema_extra["section"] in list(Section)


def test_the_settings_of_choices_name_sections_that_there_are():
    kinds = [kind for registry in registries().values() for kind in registry.values()]
    named = {field.json_schema_extra.get("section", "") for kind in kinds for field in kind.model_fields.values()}
    assert named == {"", Section.REGULARISATION}
