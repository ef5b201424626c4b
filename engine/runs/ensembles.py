"""Ensembles: runs of one network with other seeds for weights and order, on the same parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from engine.errors import LayerloomError
from engine.project import Project
from engine.recipe.recipe import LARGEST_ENSEMBLE, Recipe
from engine.runs.record import Member
from engine.runs.run_folder import RunFolder


class Training(NamedTuple):
    """What one run is to train, and which of an ensemble it is; ``member`` is None for a run of its own."""

    project: Project
    member: Member | None = None


def trainings(project: Project) -> tuple[Training, ...]:
    """The runs that a project asks for, the members of a new ensemble where its recipe asks for several."""
    recipes = project.training.members()
    if len(recipes) == 1:
        return (Training(project),)
    return _of_ensemble(project, recipes, uuid4().hex[:12])


def all_of(known: Training) -> tuple[Training, ...]:
    """All members of the ensemble that a run is one of; raises `LayerloomError` where its seed cannot be right."""
    member, recipe = known.member, known.project.training
    if member is None:
        return (known,)
    first = recipe.seed - (member.number - 1)
    if first < 0:
        raise LayerloomError(
            f"Run {member.number} of an ensemble has seed {recipe.seed}, but seeds go up by one from 0 at least."
        )
    whole = Recipe.model_validate({**recipe.model_dump(), "seed": first, "ensemble": member.of})
    return _of_ensemble(known.project, whole.members(), member.ensemble)


def missing(known: Training, there: Iterable[Member | None]) -> tuple[Training, ...]:
    """The members of the ensemble of a run that are not ``there``."""
    numbers = {other.number for other in there if other and known.member and other.ensemble == known.member.ensemble}
    return tuple(one for one in all_of(known) if one.member is not None and one.member.number not in numbers)


def _of_ensemble(project: Project, recipes: tuple[Recipe, ...], ensemble: str) -> tuple[Training, ...]:
    return tuple(
        Training(replace(project, training=recipe), Member(ensemble=ensemble, number=number, of=len(recipes)))
        for number, recipe in enumerate(recipes, 1)
    )


def member_path(folder: Path, number: int) -> Path:
    """Where the run of that number is kept in the folder of an ensemble."""
    return folder / f"run-{number}"


def members_in(folder: Path) -> tuple[RunFolder, ...]:
    """The runs in the folder of an ensemble, in their order; none where it is no such folder."""
    paths = (member_path(folder, number) for number in range(1, LARGEST_ENSEMBLE + 1))
    runs = [RunFolder(path) for path in paths if RunFolder.is_run(path)]
    ensembles = {run.record.member.ensemble if run.record.member else "" for run in runs}
    return tuple(runs) if len(ensembles) == 1 and "" not in ensembles else ()
