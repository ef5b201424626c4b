"""The runs that one command trains or queues: one, the members of an ensemble, or what is left of these."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cli.arguments import augmentation
from cli.endings import cured, from_scratch
from cli.opening import to_train
from cli.terminal import say
from engine.errors import LayerloomError
from engine.files import is_file
from engine.network import analyse
from engine.project import Project, setup_of, with_values
from engine.recipe.resuming import require_same_course
from engine.runs.ensembles import Training, all_of, member_path, members_in, trainings
from engine.runs.queue import Entry, QueueFolder
from engine.runs.run_folder import RunFolder, free_for_run, next_run_folder, runs_beside
from engine.tasks.refusal import require_trainable
from engine.words import counted
from templates.targets import can_train, open_run


class Job(NamedTuple):
    """A training, its run folder, whether it goes on there, and the ``place`` that all of an ensemble goes on in."""

    training: Training
    path: Path
    place: Path
    resume: bool = False


class Asked(NamedTuple):
    """What the command that trains was told: see its options."""

    target: str
    options: tuple[str, ...]
    data: str
    recipe: str | None
    values: Mapping[str, str]
    augment: tuple[str, ...]
    run: Path | None
    resume: bool
    cure: bool


def jobs_of(asked: Asked) -> list[Job]:
    """The trainings that are asked for; raises `LayerloomError` for what does not go together."""
    if not asked.resume:
        project = _project_of(asked)
        if RunFolder.is_run(asked.target):
            say(from_scratch(Path(asked.target)))
        return new_jobs(project, free_for_run(asked.run or next_run_folder(Path("runs"), project.network.name)))
    if asked.run is None and can_train(asked.target):
        raise LayerloomError("Which run shall go on? Give its folder as --run.")
    kept = (
        (asked.cure, "network and recipe: leave out --cure or --resume."),
        (asked.recipe is not None, "recipe: leave out --recipe; --with changes single settings."),
        (bool(asked.augment), "augmentation: leave out --augment."),
        (bool(asked.options), "network: leave out --set."),
    )
    if refused := next((words for said, words in kept if said), ""):
        raise LayerloomError(f"A resumed run keeps its {refused}")
    return resumed(asked.run or Path(asked.target), asked.values, moved_to=asked.data)


def queued(asked: Asked) -> str:
    """Queue what is asked for beside the runs of its project, and say so; raises `LayerloomError`."""
    if asked.resume or asked.run:
        raise LayerloomError("A queued run is a new one beside those of its project: leave out --resume and --run.")
    target = Path(asked.target)
    if RunFolder.is_run(target):
        place = target.absolute().parent
    elif is_file(target):
        place = runs_beside(target)
    else:
        raise LayerloomError(f"{asked.target} has no queue: only a project file or a run has one.")
    project, folder = _project_of(asked), QueueFolder(place)
    require_trainable(project.task, setup_of(project, analyse(project.network)))
    waiting = len(folder.save(folder.load().queue.added([Entry.of(project)])).entries)
    return f"Queued in {place}, where {counted(waiting, 'run')} {'waits' if waiting == 1 else 'wait'} for the window."


def _project_of(asked: Asked) -> Project:
    """The project of a new training."""
    project = to_train(asked.target, list(asked.options), data=asked.data, recipe=asked.recipe, values=asked.values)
    if asked.cure:
        project = cured(asked.target, project)
    if asked.augment:
        project.data = project.data.model_copy(update={"steps": augmentation(asked.augment)})
    return project


def new_jobs(project: Project, place: Path) -> list[Job]:
    """What a project trains: a run in ``place``, or each run of an ensemble in a folder of its own in there."""
    return [_job(training, place) for training in trainings(project)]


def resumed(place: Path, values: Mapping[str, str], *, moved_to: str) -> list[Job]:
    """What goes on in a run folder, or in that of an ensemble whose runs are not all done, with other settings.

    Raises `LayerloomError` for what cannot be changed any more.
    """
    runs = members_in(place)
    if not runs:
        run = open_run(str(place))
        return [Job(Training(_changed(run.project(), values, moved_to=moved_to)), place, place, resume=True)]
    jobs = [_job(training, place) for training in all_of(Training(runs[0].project(), runs[0].record.member))]
    return _unfinished([_with(job, values, moved_to=moved_to) for job in jobs])


def _job(training: Training, place: Path) -> Job:
    if training.member is None:
        return Job(training, place, place)
    path = member_path(place, training.member.number)
    return Job(training, path, place, resume=RunFolder.is_run(path))


def _with(job: Job, values: Mapping[str, str], *, moved_to: str) -> Job:
    """The same with other settings, those that the run itself was trained with if there is one."""
    before = RunFolder(job.path).project() if job.resume else job.training.project
    project = _changed(before, values, moved_to=moved_to)
    require_same_course(before.training, project.training)
    return job._replace(training=Training(project, job.training.member))


def _unfinished(jobs: list[Job]) -> list[Job]:
    """Those that have something left to do; raises `LayerloomError` where none has."""
    from engine.runs.session import epochs_done

    found = []
    for job in jobs:
        done = epochs_done(RunFolder(job.path), job.training.project) if job.resume else 0
        if done:
            say(f"{job.path} has done its {counted(done, 'epoch')}.")
        else:
            found.append(job)
    if not found:
        raise LayerloomError(f"All {len(jobs)} runs in {jobs[0].place} are done: ask for more epochs to go on.")
    return found


def _changed(before: Project, values: Mapping[str, str], *, moved_to: str) -> Project:
    """The project of a run that goes on, with other training settings; refuses what cannot be changed any more."""
    if moved_to and not before.data.source.takes_folder:
        raise LayerloomError("A resumed run keeps its data: leave out --data.")
    project = with_values(before, values)
    if project.data != before.data.model_copy(update={"workers": project.data.workers}):
        path = next(path for path in values if path.startswith("data."))
        raise LayerloomError(f"A resumed run keeps its data: leave out --with {path}.")
    if moved_to:
        project.data = project.data.from_source(project.data.source.moved_to(Path(moved_to)))
    return project
