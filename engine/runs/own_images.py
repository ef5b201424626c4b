"""Images of the user's own that a run is measured on: in a folder for each class, none of which trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.data.layout import same_text
from engine.data.loaded import LoadedData, Split
from engine.data.loading import Earlier, load
from engine.data.looks import Looks
from engine.data.parts import Parts
from engine.data.progress import Listener
from engine.data.user_folder import FolderSource, source_of
from engine.errors import LayerloomError
from engine.files import readable
from engine.runs.run_folder import RunFolder
from engine.words import counted


def load_own(
    run: RunFolder, folder: Path, *, looks: Looks | None = None, progress: Listener | None = None
) -> LoadedData:
    """The images of ``folder``, all of them test images, brought to what the run takes as it was when it trained.

    Copies of images that trained, and images of classes that the run did not learn, belong to no part; the notes say
    so. Raises `LayerloomError` where none is left.
    """
    source = source_of(folder).from_here()
    assert isinstance(source, FolderSource)  # of a folder
    names, record = source.scan(progress=progress).names, run.record
    parts = Parts((), (), names)
    as_in = Earlier(parts, run.normalisation, record.intensities, {}, record.classes, record.colours)
    data = load(run.project().data.from_source(source), run.input_shape, as_in=as_in, looks=looks, progress=progress)
    test, notes = data.test, list(data.notes)
    trained = {run.fingerprints.get(str(name)) for name in run.parts.train} if run.parts is not None else set()
    if data.fingerprints:
        kept = np.array([data.fingerprints[place] not in trained for place in test.indices], bool)
        if copies := int((~kept).sum()):
            are = "is a copy of one that trained and is" if copies == 1 else "are copies of some that trained and are"
            notes.append(f"{counted(copies, 'image')} {are} left out.")
        test = _some(test, np.flatnonzero(kept))
    if data.new_classes:
        named = ", ".join(map(readable, data.new_classes))
        notes.append(f"Left out, as the run did not learn it: {named}.")
    if not len(test):
        why = " ".join(notes) or f"its classes are {', '.join(map(readable, record.classes))}"
        raise LayerloomError(f"{readable(folder)} has no image that the run can be measured on. {why}")
    return replace(data, test=test, notes=tuple(notes))


def class_folders(run: RunFolder, folder: Path) -> tuple[str, ...]:
    """The folders in ``folder`` that are called like classes of a run."""
    known = set(map(same_text, run.record.classes))
    return tuple(sorted(one.name for one in folder.iterdir() if one.is_dir() and same_text(one.name) in known))


def _some(split: Split, positions: np.ndarray) -> Split:
    return replace(split, indices=split.indices[positions], targets=split.targets.of(positions))
