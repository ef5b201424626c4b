"""The settings that the table of runs has columns for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.data.settings import DataSettings
from engine.recipe.changes import said
from engine.recipe.recipe import Recipe
from gui.train.runs.differences import NO_MATTER, WORDS
from gui.train.runs.run import Run


@dataclass(frozen=True, slots=True)
class Field:
    """A setting of runs: ``data.steps`` or ``training.epochs``, its title, and whether the runs differ in it."""

    part: str
    name: str
    title: str
    differs: bool

    @property
    def key(self) -> str:
        """Its path in a project file."""
        return f"{self.part}.{self.name}"

    def value(self, run: Run) -> Any:
        """What a run has."""
        return getattr(getattr(run.project, self.part), self.name)

    def text(self, run: Run) -> str:
        """What a run has, in words."""
        return WORDS.get(self.name, said)(self.value(run))


def fields_of(runs: Sequence[Run]) -> list[Field]:
    """All settings of training and data that decide the figures of runs."""
    found = []
    for part, kind in (("training", Recipe), ("data", DataSettings)):
        for name, field in kind.model_fields.items():
            values = [getattr(getattr(run.project, part), name) for run in runs]
            differs = any(value != values[0] for value in values)
            if name not in NO_MATTER:
                found.append(Field(part, name, field.title or name.replace("_", " ").capitalize(), differs))
    return found
