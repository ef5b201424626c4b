"""Where the folder of images of a project lies, as seen from its file, so that both can move together."""

from __future__ import annotations

import os
from pathlib import Path

from engine.data.settings import DataSettings
from engine.files import is_folder

FROM_HERE = "data_from_here"
"""The key of a project file that has it, where there is such a folder; with ``/`` between names on every system."""

_MOST_UP = 2  # the file of a run stands two folders below that of its project


def place_from(file: Path, data: DataSettings) -> dict[str, str]:
    """What a file says of its folder of images beside the path from the root; nothing where that is far away."""
    folder = data.source.folder
    if folder is None or not folder.is_absolute():
        return {}
    try:
        steps = Path(os.path.relpath(folder, file.absolute().parent)).parts
    except ValueError:  # another drive
        return {}
    up = steps.count(os.pardir)
    shared = file.absolute().parent.parts[: len(file.absolute().parent.parts) - up]
    if up > _MOST_UP or len(shared) < 2:  # the root alone is shared by everything
        return {}
    return {FROM_HERE: "/".join(steps)}


def found_from(file: Path, data: DataSettings, from_here: str) -> DataSettings:
    """The data with their folder of images where it is: as seen from the file, else at its path from the root.

    A path that does not begin at the root is taken from the file, as a person may write it there.
    """
    folder = data.source.folder
    if folder is None:
        return data
    for seen in (from_here, "" if folder.is_absolute() else str(folder)):
        place = Path(os.path.normpath(file.absolute().parent / seen))
        if seen and place != folder and is_folder(place):
            return data.from_source(data.source.moved_to(place))
    return data
