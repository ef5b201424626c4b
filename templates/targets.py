"""What a person may name to work on: a project file, the folder of a run, or a template."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.asking import class_count, missing_of
from engine.data.settings import choose
from engine.errors import LayerloomError
from engine.files import is_file, is_folder, is_there
from engine.network import Network
from engine.project import Project, load_project, with_values
from templates import TEMPLATES, find

if TYPE_CHECKING:
    from engine.recipe.presets import Preset
    from engine.runs.run_folder import RunFolder


def load_target(
    target: str,
    options: Mapping[str, str] | None = None,
    *,
    data: str = "",
    fit_classes: bool = False,
    values: Mapping[str, str] | None = None,
    preset: Preset | None = None,
) -> Project:
    """The project that ``target`` names, learning from ``data``, a data set or folder, if that is given.

    ``options`` are those of a template, whose number of classes follows the data if ``fit_classes`` and no option
    says otherwise. The recipe is that of ``preset``, if one is given; then ``values`` change settings by their paths
    (`with_values`). A file wins over a template of the same
    name. Raises `LayerloomError`.
    """
    values = values or {}
    if target in TEMPLATES and not is_file(target):
        project = _with(Project(Network(target), data=choose(data or "digits")), preset, values)
        return _from_template(target, dict(options or {}), project, fit_classes=fit_classes)
    if options:
        raise LayerloomError(f"--set belongs to templates, and '{target}' is none.")
    project = _from_disk(target)
    if data:
        project.data = choose(data, project.data)
    return _with(project, preset, values)


def _with(project: Project, preset: Preset | None, values: Mapping[str, str]) -> Project:
    if preset is not None:
        project.training = preset.applied(project.training)
    return with_values(project, values)


def _from_disk(target: str) -> Project:
    from engine.runs.run_folder import RunFolder  # a template needs no runs

    path = Path(target)
    if RunFolder.is_run(path):
        return RunFolder(path).project()
    if target and is_folder(path):
        raise LayerloomError(f"{target} is a folder, but neither a project file nor a run.")
    if target and (is_there(path) or path.suffix or len(path.parts) > 1):
        return load_project(path)
    near = difflib.get_close_matches(target, TEMPLATES, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"Templates are {', '.join(TEMPLATES)}."
    raise LayerloomError(f"'{target}' is neither a file nor a template. {hint}")


def _from_template(name: str, options: dict[str, str], project: Project, *, fit_classes: bool) -> Project:
    """The project with the network of a template: with as many outputs as its loss tells its classes apart by."""
    template, source = find(name), project.data.source
    if fit_classes and "classes" in template.options and not missing_of(source):
        outputs = project.training.loss.outputs_for(class_count(source))
        options.setdefault("classes", str(outputs[0]))
    return replace(project, network=template.build(**options))


def can_train(text: str) -> bool:
    """Whether a text names a file or a template, which a run can be made of, and no folder."""
    return not is_folder(text) and (is_file(text) or text in TEMPLATES)


def open_run(text: str) -> RunFolder:
    """The run in a folder; raises `LayerloomError` that tells a run from what can be trained."""
    from engine.runs.run_folder import RunFolder

    if can_train(text):
        raise LayerloomError(f"{text} is not trained yet: train it, then give the folder of that run.")
    if not is_there(text):
        raise LayerloomError(f"There is no run folder {text}.")
    return RunFolder(text)


def open_runs(texts: Sequence[str]) -> list[RunFolder]:
    """The runs in several folders, of which those of ensembles stand for all their runs."""
    from engine.runs.ensembles import members_in

    return [run for text in texts for run in (members_in(Path(text)) or (open_run(text),))]
