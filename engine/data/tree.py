"""The names in a folder, all the way down."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

from engine.data.image_names import is_hidden_file, is_hidden_folder, may_be_image
from engine.data.progress import Listener, Progress, tell
from engine.errors import LayerloomError
from engine.files import reason_of

DEEPEST = 100
"""Folders within folders that are read."""

_REPORT_EVERY = 64  # files

Place = tuple[str, ...]
"""The names of the folders, from the top down, to one of them."""

_Identity = tuple[int, int]
"""What tells a folder or a file from all others, whatever way leads to it."""


@dataclass(frozen=True)
class Tree:
    """A folder with the names of its files and its folders, each sorted; what systems put there is left out.

    ``again`` are links in it to folders that are read elsewhere, ``too_deep`` folders in it that are not read.
    """

    name: str
    files: tuple[str, ...] = ()
    folders: tuple[Tree, ...] = ()
    again: tuple[str, ...] = ()
    too_deep: tuple[str, ...] = ()

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

    def every(self, place: Place = ()) -> Iterator[tuple[Place, Tree]]:
        """It and every folder in it with its place, each before those in it."""
        yield place, self
        for folder in self.folders:
            yield from folder.every((*place, folder.name))

    def walk(self, place: Place = ()) -> Iterator[tuple[Place, str]]:
        """Every file with its place, those of a folder before those of the folders in it."""
        return ((where, name) for where, folder in self.every(place) for name in folder.files)


def read_tree(path: Path, *, follow_links: bool = True, progress: Listener | None = None) -> Tree:
    """The names in the folder at ``path``, each folder once, where it stands rather than where a link leads to it.

    A link to a folder that ``path`` is in is not followed. ``follow_links`` says to follow any others, and not only
    those at the top, which may then lead to one folder twice. Raises `LayerloomError`.
    """
    try:
        if not path.exists():
            raise LayerloomError(f"There is no folder {path}.")
        if not path.is_dir():
            raise LayerloomError(f"{path} is a file: choose the folder that holds one sub-folder for each class.")
        reader = _Once(path) if follow_links else _AtTheTop(path)
        return reader.read(progress)
    except PermissionError as error:
        raise LayerloomError(f"The folder {error.filename or path} may not be opened.") from None
    except OSError as error:
        raise LayerloomError(f"The folder {path} could not be read: {reason_of(error)}.") from error


@dataclass(eq=False)
class _Folder:
    """A folder that is being read, ``depth`` folders down."""

    path: str
    name: str
    depth: int = 0
    parent: _Folder | None = None
    files: list[str] = field(default_factory=list)
    folders: list[Tree] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    too_deep: list[str] = field(default_factory=list)

    def done(self) -> Tree:
        """What was read, after all in it was."""
        folders = tuple(sorted(self.folders, key=lambda folder: folder.name))
        return Tree(self.name, tuple(sorted(self.files)), folders, tuple(sorted(self.again)), tuple(self.too_deep))


class _Once:
    """Reads each folder once: the links wait until every folder that stands there itself has been read."""

    def __init__(self, path: Path) -> None:
        self.top = _Folder(os.fspath(path), path.name)
        self._seen = {_identity(parent) for parent in path.resolve().parents}
        self._waiting: deque[_Folder] = deque([self.top])
        self._links: deque[_Folder] = deque()

    def read(self, progress: Listener | None) -> Tree:
        """All that is in the folder."""
        numbers, found = count(1), list[_Folder]()
        while self._waiting or self._links:
            folder = (self._waiting or self._links).popleft()
            if not self._enters(folder):
                continue
            found.append(folder)
            with os.scandir(folder.path) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if (number := next(numbers)) % _REPORT_EVERY == 0:
                        tell(progress, Progress("Looking for images", number, 0, "files"))
                    self._take(entry, folder)
        for folder in reversed(found[1:]):
            assert folder.parent is not None  # all but the first are in one
            folder.parent.folders.append(folder.done())
        return self.top.done()

    def _take(self, entry: os.DirEntry[str], folder: _Folder) -> None:
        if not _is_folder(entry):
            if not is_hidden_file(entry.name):
                folder.files.append(entry.name)
        elif is_hidden_folder(entry.name):
            return
        elif folder.depth == DEEPEST:
            folder.too_deep.append(entry.name)
        else:
            within = _Folder(entry.path, entry.name, folder.depth + 1, folder)
            (self._links if entry.is_symlink() else self._waiting).append(within)

    def _enters(self, folder: _Folder) -> bool:
        identity = _identity(folder.path)
        if identity in self._seen:
            if folder.parent is not None:
                folder.parent.again.append(folder.name)
            return folder.parent is None
        self._seen.add(identity)
        return True


class _AtTheTop(_Once):
    """Reads links at the top alone, each as a folder of its own."""

    def _enters(self, folder: _Folder) -> bool:
        if folder.parent is None or not os.path.islink(folder.path):  # noqa: PTH114 - a path is text here
            return True
        return folder.parent is self.top and _identity(folder.path) != _identity(self.top.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _identity(path: str | Path) -> _Identity:
    found = os.stat(path)  # noqa: PTH116 - a path may be text here
    return found.st_dev, found.st_ino
