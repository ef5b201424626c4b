"""The images of a run, divided and normalised as when it trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.data.data_words import listed
from engine.data.layout import same_text
from engine.data.loaded import LoadedData
from engine.data.loading import Earlier, load
from engine.data.looks import Looks
from engine.data.parts import Parts, PartsError
from engine.data.progress import Listener
from engine.data.source import Source
from engine.errors import LayerloomError
from engine.files import readable
from engine.project import save_project
from engine.runs.run_folder import RunFolder
from engine.runs.sole_writer import sole_writer
from engine.words import counted, thousands

_MOST_NAMED = 8  # classes in a sentence
_ENOUGH = 0.5  # of the images of a run, where its folder is said to be another one now


def load_run_data(
    run: RunFolder, *, moved_to: Source | None = None, looks: Looks | None = None, progress: Listener | None = None
) -> LoadedData:
    """The data of a run: each image in the part that it was in, by ``parts.json``; those in no part are left out.

    ``moved_to`` is where they are now, if not where they were; ``looks`` is how they will be looked at, as the run says
    if left out. The classes are those of the run: images of a new one
    belong to no part. Raises `LayerloomError` if they cannot be had, if none of the classes is there any more, or if
    what is there now has too little to do with what the run learned from.
    """
    record, settings = run.record, run.project().data
    as_in = Earlier(run.parts, run.normalisation, record.intensities, run.fingerprints, record.classes, record.colours)
    try:
        there = settings.from_source(moved_to or settings.source)
        data = load(there, run.input_shape, as_in=as_in, looks=looks, progress=progress)
    except PartsError as error:
        raise LayerloomError(f"{run.parts_file} is damaged: {error}.") from error
    moved = moved_to is not None and moved_to != settings.source
    _require_classes(data, run, all_of_them=moved)
    if moved_to is not None and moved:
        _require_the_same(data, run, moved_to)
    return data


def keep_place(run: RunFolder, source: Source) -> None:
    """Let a run look for its images where they are now; raises `LayerloomError` if that cannot be written."""
    project = run.project()
    with sole_writer(run.path):
        save_project(replace(project, data=project.data.from_source(source)), run.project_file)


def found_words(data: LoadedData, run: RunFolder) -> str:
    """How many images of a run were found where they are said to be now, and what they are known by."""
    if run.parts is None:
        found = sum(map(len, data.splits.values()))
        return f"{counted(found, 'image')} with the classes of the run {'is' if found == 1 else 'are'} there."
    found, of_all = data.parts.images - data.gone, counted(data.parts.images, "image")
    by = "name and content" if run.fingerprints else "name"
    return f"{thousands(found)} of the {of_all} of the run are there, by {by}."


def _require_classes(data: LoadedData, run: RunFolder, *, all_of_them: bool) -> None:
    """Refuse data that have none of the classes of the run, or others than they had where all of them are needed."""
    if run.parts is None:  # divided anew, which goes by all the classes
        same = [*map(same_text, data.classes)] == [*map(same_text, run.record.classes)]
        now = data.classes
    else:
        missing = data.missing_classes
        same = not (missing or data.new_classes) if all_of_them else missing != data.classes or not missing
        now = (*(name for name in data.classes if name not in missing), *data.new_classes)
    if not same:
        raise LayerloomError(
            f"{data.title} has changed since the run, which learned {_named(run.record.classes)}: now there "
            f"{'is' if len(now) == 1 else 'are'} {_named(now)}."
        )


def _named(classes: Sequence[str]) -> str:
    return listed([*map(readable, classes)], most=_MOST_NAMED)


def _require_the_same(data: LoadedData, run: RunFolder, source: Source) -> None:
    """Refuse a folder that holds other images than the run learned from."""
    had, found = sum(run.record.images.values()), data.parts.images - data.gone
    if run.parts is None and found != had:
        raise LayerloomError(
            f"The run learned from {counted(had, 'image')}, {source.about} has {thousands(found)}: it is other data."
        )
    if found < _ENOUGH * data.parts.images:
        raise LayerloomError(f"{found_words(data, run)[:-1]}: {source.about} is other data.")


def what_changed(data: LoadedData, run: RunFolder) -> tuple[str, ...]:
    """Sentences on how the images differ from those that the run had."""
    sentences = []
    if run.parts is None and run.project().data.source.takes_folder:
        sentences.append(_not_listed(data, run))
    if data.unassigned:
        sentences.append(_left_out(data.unassigned, edited=_counts(data.parts) != run.record.images))
    if data.new_classes:
        knows = "it" if len(data.new_classes) == 1 else "them"
        sentences.append(f"New since the run: {_named(data.new_classes)}. The network does not know {knows}.")
    if data.missing_classes:
        sentences.append(f"No image of {_named(data.missing_classes)} is there any more, which the run learned.")
    if data.gone:
        are = "is" if data.gone == 1 else "are"
        unread = " or cannot be read" if data.skipped else ""
        sentences.append(f"{counted(data.gone, 'image')} of the run {are} not there any more{unread}.")
    return tuple(sentences)


def _not_listed(data: LoadedData, run: RunFolder) -> str:
    """What is said of a run too old to have kept which image was in which part."""
    words = (
        "This run's record does not list its files: images that were added, removed or renamed since cannot be told, "
        "and some that trained may be among these."
    )
    had, now = sum(run.record.images.values()), data.parts.images
    return words if had == now else f"{words} It had {counted(had, 'image')}, now there are {thousands(now)}."


def _left_out(images: int, *, edited: bool) -> str:
    """What is said of images in no part: in parts that were ``edited`` by hand, some may have had one."""
    if edited:
        belong, are = ("belongs", "is") if images == 1 else ("belong", "are")
        return f"{counted(images, 'image')} {belong} to no part of the run and {are} left out."
    were = "was" if images == 1 else "were"
    return f"{counted(images, 'image')} {were} added since the run and left out."


def _counts(parts: Parts) -> dict[str, int]:
    return {part: len(names) for part, names in parts.to_json().items()}
