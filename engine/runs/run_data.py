"""The images of a run, divided and normalised as when it trained."""

from __future__ import annotations

from engine.data.layout import same_text
from engine.data.loaded import LoadedData
from engine.data.loading import Earlier, load
from engine.data.parts import Parts, PartsError
from engine.data.progress import Listener
from engine.errors import LayerloomError
from engine.runs.run_folder import RunFolder
from engine.words import counted


def load_run_data(run: RunFolder, *, progress: Listener | None = None) -> LoadedData:
    """The data of a run: each image in the part that it was in, by ``parts.json``; those in no part are left out.

    Raises `LayerloomError` if they cannot be had, or if their classes are others now.
    """
    record = run.record
    as_in = Earlier(run.parts, run.normalisation, record.intensities, run.fingerprints)
    try:
        data = load(run.project().data, run.input_shape, as_in=as_in, progress=progress)
    except PartsError as error:
        raise LayerloomError(f"{run.parts_file} is damaged: {error}.") from error
    if [*map(same_text, data.classes)] != [*map(same_text, record.classes)]:
        raise LayerloomError(
            f"{data.title} has changed since the run: it had {len(record.classes)} classes "
            f"({', '.join(record.classes[:3])} …), now it has {len(data.classes)} ({', '.join(data.classes[:3])} …)."
        )
    return data


def what_changed(data: LoadedData, run: RunFolder) -> tuple[str, ...]:
    """Sentences on how the images differ from those that the run had."""
    sentences = []
    if data.unassigned:
        sentences.append(_left_out(data.unassigned, edited=_counts(data.parts) != run.record.images))
    if data.gone:
        are = "is" if data.gone == 1 else "are"
        unread = " or cannot be read" if data.skipped else ""
        sentences.append(f"{counted(data.gone, 'image')} of the run {are} not there any more{unread}.")
    return tuple(sentences)


def _left_out(images: int, *, edited: bool) -> str:
    """What is said of images in no part: in parts that were ``edited`` by hand, some may have had one."""
    if edited:
        belong, are = ("belongs", "is") if images == 1 else ("belong", "are")
        return f"{counted(images, 'image')} {belong} to no part of the run and {are} left out."
    were = "was" if images == 1 else "were"
    return f"{counted(images, 'image')} {were} added since the run and left out."


def _counts(parts: Parts) -> dict[str, int]:
    return {part: len(names) for part, names in parts.to_json().items()}
