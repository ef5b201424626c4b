"""Presets that a person keeps: one JSON file each in the folder of the user's configuration."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import platformdirs
from pydantic import ValidationError

from engine.errors import LayerloomError
from engine.files import as_file_name, is_file, numbered, reason_of, require_text, write_whole
from engine.reasons import reason
from engine.recipe.presets import OF_THE_PERSON, RECIPES, Preset
from engine.recipe.recipe import Recipe

_FORMAT = "layerloom-recipe"
_OF_A_RUN = "rate_changes"
_LONGEST = 200  # bytes of a file's name; systems take 255, and the file being written has a few more
_SHOWN = 40  # characters of a name that is too long
_LARGEST = 1_000_000  # bytes; a file beyond this is no recipe that anybody kept here


def recipe_folder() -> Path:
    """The folder of the user's own presets."""
    return platformdirs.user_config_path("layerloom", appauthor=False) / "recipes"


class OwnPresets:
    """A person's presets by name, in a folder. Every error is a `LayerloomError`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or recipe_folder()

    def all(self) -> tuple[Preset, ...]:
        """All that can be read, by name; a file that somebody damaged is passed over."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                found.append(_read(path))
            except LayerloomError:
                continue
        return tuple(sorted(found, key=lambda preset: preset.name.casefold()))

    def find(self, name: str) -> Preset:
        """The preset of that name, of the program or the person's own; answers a slip with the nearest name."""
        if RECIPES.has(name):
            return RECIPES.find(name).preset()
        if (path := self._path(name)).is_file():
            return _read(path)
        known = [*RECIPES, *(preset.name for preset in self.all())]
        by_lower = {one.lower(): one for one in known}
        near = difflib.get_close_matches(name.lower(), by_lower, n=1)
        hint = f"Did you mean '{by_lower[near[0]]}'?" if near else f"There are {', '.join(known)}."
        raise LayerloomError(f"No recipe is called '{name}'. {hint}")

    def keep(self, name: str, recipe: Recipe) -> Preset:
        """Keep the settings of ``recipe`` under a name, in place of those kept under it before."""
        name = self.check(name)
        path = self._path(name)
        values = recipe.model_dump(mode="json", exclude={*OF_THE_PERSON, _OF_A_RUN})
        text = json.dumps({"format": _FORMAT, "name": name, "training": values}, indent=2, ensure_ascii=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, f"{text}\n".encode())
        except OSError as error:
            raise LayerloomError(f"The recipe '{name}' could not be kept: {reason_of(error)}.") from error
        return _read(path)

    def check(self, name: str) -> str:
        """The name under which a preset can be kept, without doubled spaces; raises `LayerloomError` if none can."""
        name = _plain(name)
        if RECIPES.has(name) or any(kind.title.lower() == name.lower() for kind in RECIPES.values()):
            raise LayerloomError(f"The recipe '{name}' comes with Layerloom and stays as it is: choose another name.")
        self._path(name)
        return name

    def has(self, name: str) -> bool:
        """Whether a preset of the person's own would be replaced by one of that name."""
        return self._path(name).is_file()

    def check_renaming(self, name: str, other: str) -> None:
        """Raises `LayerloomError` where a preset cannot be called so, as another one that exists is."""
        other = self.check(other)
        if self.has(other) and other != _plain(name):
            raise LayerloomError(f"A recipe '{other}' exists already: choose another name.")

    def rename(self, name: str, other: str) -> Preset:
        """Call a preset of the person's own something else."""
        self.check_renaming(name, other)
        kept = self.keep(other, self.find(name).applied(Recipe()))
        if kept.name != _plain(name):
            self.remove(name)
        return kept

    def remove(self, name: str) -> None:
        """Remove one of the person's own."""
        if RECIPES.has(name):
            raise LayerloomError(f"The recipe '{name}' comes with Layerloom and cannot be removed.")
        self.find(name)
        try:
            self._path(name).unlink()
        except OSError as error:
            raise LayerloomError(f"The recipe '{name}' could not be removed: {reason_of(error)}.") from error

    def _path(self, name: str) -> Path:
        """The file that holds the preset of that name; the first that could where none does.

        Names that look alike as files have one each, numbered. A damaged file holds nothing, and can be replaced.
        """
        name = _plain(name)
        stem = _stem(name)
        if found := next((path for path in sorted(self.folder.glob("*.json")) if _held(path) == name), None):
            return found
        return next(path for path in numbered(self.folder / f"{stem}.json") if not _held(path))


def _plain(name: str) -> str:
    """A name without doubled spaces."""
    return " ".join(name.split())


def _stem(name: str) -> str:
    """What the file of a preset is called, without its ending; raises `LayerloomError` where none can be."""
    require_text(name, what="A recipe")
    stem = as_file_name(name)
    if not stem or not name.isprintable():
        shown = "".join(filter(str.isprintable, name))[:_SHOWN]
        raise LayerloomError(f"A recipe cannot be called '{shown}': give it a name of letters and digits.")
    if len(stem.encode()) > _LONGEST:
        raise LayerloomError(f"A recipe cannot be called '{name[:_SHOWN]}…': give it a shorter name.")
    return stem


def _held(path: Path) -> str:
    """The name of the preset that a file holds; "" for none, or one that cannot be read."""
    try:
        return _read(path).name if is_file(path) else ""
    except LayerloomError:
        return ""


def _read(path: Path) -> Preset:
    try:
        if path.stat().st_size > _LARGEST:
            raise LayerloomError(f"{path} is too large to be a recipe.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LayerloomError(f"{path} could not be read: {reason_of(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise LayerloomError(f"{path} is damaged: it is no JSON.") from error
    match content:
        case {"format": str(kind), "name": str(name), "training": dict(values)} if kind == _FORMAT:
            pass
        case _:
            raise LayerloomError(f"{path} is no recipe.")
    try:
        recipe = Recipe.model_validate({key: value for key, value in values.items() if key not in OF_THE_PERSON})
    except ValidationError as error:
        raise LayerloomError(f"{path} is damaged. {reason(error, Recipe)}") from error
    return Preset(name, name, recipe.model_dump(mode="json", exclude=set(OF_THE_PERSON)), "Your own.")
