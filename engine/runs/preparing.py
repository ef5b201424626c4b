"""From a project to all that a training needs, or the reason why it cannot train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from torch import fx

from engine.compiling import compile_network
from engine.data.data_words import skipped_words
from engine.data.hues import seen_in
from engine.data.loaded import LoadedData
from engine.data.loading import load
from engine.data.progress import Listener
from engine.data.warnings import step_warnings
from engine.layers.shape import Shape
from engine.machine.devices import choose_device
from engine.machine.memory import free_bytes
from engine.network import Analysis, Network, analyse
from engine.project import Project, setup_of
from engine.recipe.initialising import initialise
from engine.recipe.lengthening import lengthening_words
from engine.recipe.losses import fitted_loss
from engine.recipe.recipe import Device
from engine.recipe.resuming import changed_words
from engine.recipe.shown import shown_words
from engine.runs.checkpoints import load_position
from engine.runs.record import Member, RunRecord, now, versions
from engine.runs.run_data import load_run_data, what_changed
from engine.runs.run_folder import RunFolder
from engine.tasks.heads import Heads, heads_of, left_out_for
from engine.tasks.loss_words import loss_notes
from engine.tasks.refusal import NotTrainableError, require_trainable
from engine.tasks.setup import Setup

__all__ = ["NotTrainableError", "Prepared", "prepare"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A network ready to train on its data. ``notes`` are sentences for people."""

    model: fx.GraphModule
    data: LoadedData
    heads: Heads
    notes: tuple[str, ...]
    record: RunRecord


def prepare(
    project: Project,
    *,
    resumed: RunFolder | None = None,
    progress: Listener | None = None,
    member: Member | None = None,
) -> Prepared:
    """Check a project, load its data and compile its network; a ``resumed`` run keeps the division that it had.

    Raises `NotTrainableError` when network, data and settings do not go together, another `LayerloomError` when
    the data cannot be had or the device is missing.
    """
    network, recipe = project.network, project.training
    analysis = analyse(network)
    setup = setup_of(project, analysis)
    require_trainable(project.task, setup)
    device = choose_device(recipe.device)
    if resumed is None:
        data = load(project.data, input_shape(network, analysis), progress=progress)
    else:
        data = load_run_data(resumed, moved_to=project.data.source, progress=progress)
        data.require("train")
    known = replace(
        setup,
        classes=len(data.classes),
        images=len(data.train),
        validates=len(data.validation) > 0,
        devices=(device,),
        free=free_bytes(),
        colour=data.colour,
        warnings=tuple(step_warnings(project.data, seen_in(data, steps=project.data.steps))),
    )
    require_trainable(project.task, known)
    model = compile_network(network, left_out=left_out_for(recipe.loss, network), seed=recipe.seed, reuse_memory=True)
    started = initialise(model, network, recipe.initialisation, seed=recipe.seed)
    record = _record(project, data, device, member)
    notes = _notes(project, data, setup=known, resumed=resumed)
    if resumed is None and (words := started.words(recipe.initialisation)):
        notes = (*notes, words)
    return Prepared(model, data, heads_of(network), notes, record)


def _record(project: Project, data: LoadedData, device: Device, member: Member | None) -> RunRecord:
    """What the run remembers of its circumstances."""
    recipe = project.training
    return RunRecord(
        name=project.network.name,
        started=now(),
        device=device,
        seed=recipe.seed,
        task=project.task.name,
        data=data.title,
        classes=data.classes,
        input_shape=(data.shape.channels, data.shape.height, data.shape.width),
        mean=data.normalisation.mean,
        std=data.normalisation.std,
        intensities=data.intensities,
        colours=data.colours,
        images={name: len(split) for name, split in data.splits.items()},
        class_weights=fitted_loss(recipe.loss, data.train.targets.counts).class_weighting,
        skipped_files=len(data.skipped),
        member=member,
        versions=versions(),
    )


def input_shape(network: Network, analysis: Analysis) -> Shape:
    """The shape of the network's only input."""
    shape = analysis[network.inputs[0]].output
    assert shape is not None  # an Input always has one
    return shape


def _lengthened(project: Project, data: LoadedData, *, resumed: RunFolder) -> Iterator[str]:
    """What becomes of the learning rate where a run goes on for more epochs, and which settings are others."""
    if resumed.is_untrained():
        return
    step = load_position(resumed.checkpoint("last")).step
    steps_per_epoch = data.train.steps(project.training.images_per_step)
    words = lengthening_words(resumed.project().training, project.training, step=step, steps_per_epoch=steps_per_epoch)
    if words:
        yield words
    if words := changed_words(resumed.project().training, project.training):
        yield words


def _notes(project: Project, data: LoadedData, *, setup: Setup, resumed: RunFolder | None) -> tuple[str, ...]:
    drawn = setup.analysis.problems
    notes = [problem.message for problem in project.task.problems(setup) if problem not in drawn]
    notes.extend(loss_notes(project.training.loss, project.network, classes=len(data.classes)))
    notes.extend((*shown_words(project.training), *data.notes, *data.copies))
    if data.skipped:
        notes.append(skipped_words(data.skipped))
    if resumed is not None:
        notes.extend(what_changed(data, resumed))
        notes.extend(_lengthened(project, data, resumed=resumed))
    if not len(data.validation):
        watched = project.task.watched(project.training).title.lower()
        notes.append(f"No images validate: the best epoch is the one with the best training {watched}.")
    return tuple(notes)
