"""The names in a folder, all the way down."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from engine.data.image_names import is_hidden_file, is_hidden_folder, may_be_image
from engine.data.progress import Listener, Progress, tell
from engine.errors import LayerloomError
from engine.files import reason_of

_REPORT_EVERY = 64  # files

Place = tuple[str, ...]
"""The names of the folders, from the top down, to one of them."""


@dataclass(frozen=True)
class Tree:
    """A folder with the names of its files and its folders, each sorted; what systems put there is left out."""

    name: str
    files: tuple[str, ...] = ()
    folders: tuple[Tree, ...] = ()

    @cached_property
    def has_images(self) -> bool:
        """Whether anywhere in it is a file that may be meant as an image, of whatever format."""
        return self.has_loose_images or any(folder.has_images for folder in self.folders)

    @cached_property
    def has_loose_images(self) -> bool:
        """Whether right in it is a file that may be meant as an image."""
        return any(map(may_be_image, self.files))

    @property
    def with_images(self) -> tuple[Tree, ...]:
        """Its folders that have images."""
        return tuple(folder for folder in self.folders if folder.has_images)

    def at(self, place: Place) -> Tree:
        """The folder at a place in it."""
        for name in place:
            (self,) = (folder for folder in self.folders if folder.name == name)
        return self

    def walk(self, place: Place = ()) -> Iterator[tuple[Place, str]]:
        """Every file with its place, those of a folder before those of the folders in it."""
        yield from ((place, name) for name in self.files)
        for folder in self.folders:
            yield from folder.walk((*place, folder.name))


def read_tree(path: Path, *, follow_links: bool = True, progress: Listener | None = None) -> Tree:
    """The names in the folder at ``path``; a link that leads back to a folder it stands in is passed over.

    ``follow_links`` says to follow those to folders at any depth, not only at the top. Raises `LayerloomError`.
    """
    seen = count(1)

    def read(place: Path, above: frozenset[tuple[int, int]]) -> Tree:
        above |= {_identity(place.stat())}
        files, folders = [], []
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if (number := next(seen)) % _REPORT_EVERY == 0:
                    tell(progress, Progress("Looking for images", number, 0, "files"))
                if not _is_folder(entry):
                    files.append(entry.name)
                elif not is_hidden_folder(entry.name) and _is_entered(entry, above, follow_links or place == path):
                    folders.append(read(Path(entry.path), above))
        return Tree(place.name, tuple(file for file in files if not is_hidden_file(file)), tuple(folders))

    try:
        if not path.exists():
            raise LayerloomError(f"There is no folder {path}.")
        if not path.is_dir():
            raise LayerloomError(f"{path} is a file: choose the folder that holds one sub-folder for each class.")
        return read(path, frozenset())
    except PermissionError as error:
        raise LayerloomError(f"The folder {error.filename or path} may not be opened.") from None
    except OSError as error:
        raise LayerloomError(f"The folder {path} could not be read: {reason_of(error)}.") from error


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_entered(entry: os.DirEntry[str], above: frozenset[tuple[int, int]], follows: bool) -> bool:
    return not entry.is_symlink() or (follows and _identity(entry.stat()) not in above)


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
