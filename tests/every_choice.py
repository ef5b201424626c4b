"""Everything that a recipe can be given, found in the recipe itself."""

from typing import get_origin

from engine.choices import Registry
from engine.recipe.recipe import Recipe


def registries():
    """The registries of the settings that are a choice, by the name of the setting; not of those that are several."""
    return {
        name: part
        for name, field in Recipe.model_fields.items()
        if get_origin(field.annotation) is not tuple
        for part in field.metadata + [one for one in _inner(field.annotation) if isinstance(one, Registry)]
        if isinstance(part, Registry)
    }


def _inner(annotation):
    """What the parts of a union are annotated with."""
    return [part for one in getattr(annotation, "__args__", ()) for part in getattr(one, "__metadata__", ())]


def choices():
    """Each choice of each registry, as ``--with`` names it."""
    return [f"training.{setting}={name}" for setting, registry in registries().items() for name in registry]


def values():
    """Each value of every setting that has a few of them: of the recipe itself, and of each of its choices."""
    found = [f"training.{path}" for path in _values(Recipe)]
    for setting, registry in registries().items():
        for name, kind in registry.items():
            found += [f"training.{setting}={name} training.{setting}.{path}" for path in _values(kind)]
    return found


def _values(model):
    """``setting=value`` for switches and lists of words that are not the default."""
    schema = model.model_json_schema()
    for name, field in schema.get("properties", {}).items():
        told = {**schema.get("$defs", {}).get(field.get("$ref", "").rpartition("/")[2], {}), **field}
        several = told.get("enum", [True, False] if told.get("type") == "boolean" else [])
        yield from (f"{name}={value}" for value in several if value != told.get("default"))
