"""What figures hang on: the data, the network, the training, and how all of it is repeated."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from engine.data.part_words import SPOKEN
from engine.evaluation.report.blocks import Commands, Facts, Section, Table, Words
from engine.evaluation.report.subject import Subject
from engine.files import fingerprint
from engine.machine.devices import choose_device
from engine.network import analyse
from engine.recipe.recipe import Device
from engine.runs.record import now, versions
from engine.runs.run_data import what_changed
from engine.runs.run_folder import RunFolder
from engine.words import counted, shape_text, si, thousands

_MOST_FILES = 50


def data_section(subject: Subject) -> Section:
    """Which images there were, and which were left out."""
    data, record, settings = subject.data, subject.runs[0].record, subject.project.data
    counts = ", ".join(f"{thousands(count)} {SPOKEN[part]}" for part, count in record.images.items())
    now_there = ", ".join(f"{thousands(len(split))} {SPOKEN[part]}" for part, split in data.splits.items())
    folder = [("Folder", str(subject.source.folder))] if subject.source.folder else []
    values = [", ".join(f"{value:.6g}" for value in some) for some in (record.mean, record.std)]
    facts = [
        ("Data", record.data),
        *folder,
        ("Classes", thousands(len(record.classes))),
        ("Images when it trained", counts),
        ("Images now", now_there),
        ("Input of the network", shape_text(record.input_shape)),
        ("Normalisation", f"{settings.normalise.title}: mean {values[0]}, standard deviation {values[1]} (0 to 1)"),
        ("Augmentation", "; ".join(step.summary() for step in settings.steps if step.on) or "none"),
    ]
    notes = [Words(text) for text in (*what_changed(data, subject.runs[0]), *data.copies, *data.notes)]
    if not data.skipped:
        return Section("Data", (Facts(facts), *notes))
    rows = [(one.name, one.reason) for one in data.skipped[:_MOST_FILES]]
    more = f", the first {_MOST_FILES}" if len(data.skipped) > _MOST_FILES else ""
    caption = f"{counted(len(data.skipped), 'file')} left out that could not be read{more}"
    return Section("Data", (Facts(facts), *notes, Table(caption, ("File", "Why"), rows, 2)))


def network_section(subject: Subject) -> Section:
    """Every layer with its shape and cost."""
    network = subject.project.network
    analysis = analyse(network)
    facts = [
        ("Network", network.name),
        ("Parameters", f"{thousands(analysis.parameters)}, of which {thousands(analysis.trainable_parameters)} learn"),
        ("Multiply-adds (MACs)", f"{thousands(analysis.multiply_adds)} an image (convolutions and matrix products)"),
    ]
    rows = []
    for name in analysis.nodes:
        node = analysis[name]
        figures = (shape_text(node.output), thousands(node.parameters), si(node.multiply_adds))
        rows.append((name, network.layer(name).title, *figures))
    titles = ("Node", "Layer", "Output", "Parameters", "MACs")
    return Section("Network", (Facts(facts), Table("Layers in the order of computation", titles, rows, 2)))


def training_section(subject: Subject) -> Section:
    """The whole recipe and all settings of the data, by their paths in the project file."""
    project = subject.project
    settings = {"training": project.training.model_dump(mode="json"), "data": project.data.model_dump(mode="json")}
    several = " The first run's; the seeds of all runs are below." if len(subject.runs) > 1 else ""
    caption = (
        f"Every setting, by its path in the project file; --with PATH=VALUE sets it, --augment the steps.{several}"
    )
    return Section("Training", (Table(caption, ("Setting", "Value"), list(_flat(settings)), 2),))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The values of nested ones, by their paths; a list of numbers or names is one value, as it is typed."""
    steps = isinstance(value, list) and any(_has_settings(one) for one in value)
    items = value.items() if _has_settings(value) else enumerate(value) if steps else ()
    if not items:
        yield path, _value_text(value)
        return
    for key, one in items:
        yield from _flat(one, f"{path}.{key}" if path else str(key))


def _has_settings(value: Any) -> bool:
    """Whether it is more than the name of a choice."""
    return isinstance(value, Mapping) and value.keys() != {"name"}


def _value_text(value: Any) -> str:
    if isinstance(value, list):
        rows = any(isinstance(one, list) for one in value)
        return ("; " if rows else ", ").join(map(_value_text, value)) or "none"
    if isinstance(value, Mapping):
        return str(value["name"])
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def repeating_section(subject: Subject, file: str, *options: str) -> Section:
    """Seeds, versions, devices, checksums, and the commands that do it again, with the name of the report."""
    here = ", ".join(f"{name} {version}" for name, version in versions().items())
    facts = [("Evaluated", f"{now()} on {choose_device(Device.AUTO).label}, with {here}")]
    blocks = [Facts(facts), *(Facts(list(_facts_of(run))) for run in subject.runs)]
    moved = _moved(subject)
    trains = [_typed("train", str(run.project_file), "--run", f"{run.path}-again", *moved) for run in subject.runs]
    return Section(
        "To repeat it",
        (
            *blocks,
            Commands("To train again, with the same network, settings, seeds and division of the images:", trains),
            Commands("To evaluate again:", [_evaluation(subject, file, *options)]),
        ),
    )


def _facts_of(run: RunFolder) -> Iterator[tuple[str, str]]:
    record, weights = run.record, run.checkpoint(run.newest("best"))
    done = max((event.epoch for event in run.epochs() if event.best), default=None)
    yield "Run", str(run.path)
    yield "Trained", f"{record.started} on {record.device}, seed {record.seed}"
    yield "With", ", ".join(f"{name} {version}" for name, version in record.versions.items())
    yield "Weights", f"{weights.name}" + (f", of epoch {done}" if done and weights.stem == "best" else "")
    for title, file in (("SHA-256 of the weights", weights), ("SHA-256 of parts.json", run.parts_file)):
        yield title, fingerprint(file) or "the file is not there"


def _evaluation(subject: Subject, file: str, *options: str) -> str:
    looks = subject.looks.typed() or ("--draws 0" if subject.project.data.test_time > 1 else "")
    runs = [str(run.path) for run in subject.runs]
    asked = ("--split", subject.split, *looks.split(), *_moved(subject))
    return _typed("evaluate", *runs, *options, *asked, "--report", file)


def _moved(subject: Subject) -> tuple[str, ...]:
    folder = subject.moved_to.folder if subject.moved_to else None
    return ("--data", str(folder)) if folder else ()


def _typed(*words: str) -> str:
    return shlex.join(("python", "main.py", *words))
