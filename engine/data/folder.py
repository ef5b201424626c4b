"""A folder of images: those that can be learned from, each with its class and, where it has one, its part."""

from __future__ import annotations

import difflib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from engine.data.beginnings import State, look
from engine.data.copies import Copies, copies_of
from engine.data.data_words import (
    layout_notes,
    left_out_words,
    narrowed_words,
    skipped_words,
    tree_notes,
    unclear_words,
    without_images,
)
from engine.data.image_names import may_be_image, why_unused
from engine.data.images import FileBits, UnreadableImageError, bits_of_file
from engine.data.indexed import Indexed
from engine.data.layout import Layout, Unclear, classes_alone, read_layout, same_text
from engine.data.part_words import PartName
from engine.data.progress import Listener, Progress, tell
from engine.data.source import LeftOutClass, Unreadable
from engine.data.split import OwnParts
from engine.data.tree import Tree, read_tree
from engine.errors import LayerloomError
from engine.files import readable, require_text
from engine.words import thousands

_REPORT_EVERY = 64  # files
_MISSPELT = 0.8  # how like names are of which one is taken for the other with a slip
_REMEDY = "make one sub-folder for each class and put its images there."


class UnclearFolderError(LayerloomError):
    """The names in a folder can be read in two ways."""


class ImageFile(NamedTuple):
    """A file with the class and the part that it stands in; ``part`` is None where the folder has no parts.

    ``deep`` says that it has more than 8 bits, ``mark`` is that of its ends, ``state`` that of its `State`.
    """

    path: Path
    owner: str
    part: PartName | None = None
    deep: bool = False
    mark: str = ""
    state: int = 0


@dataclass(frozen=True)
class ImageFolder:
    """The image files of a folder; ``notes`` are sentences on how it was read.

    ``called`` are names of classes where they are other ones than those of their folders. ``left_out`` are classes
    whose images are not among these.
    """

    path: Path
    images: tuple[ImageFile, ...]
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[LeftOutClass, ...] = ()

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """The folders of the classes, sorted."""
        return tuple(sorted({image.owner for image in self.images}))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, in the order of their folders."""
        return tuple(self.called.get(owner, owner) for owner in self.owners)

    @property
    def class_folders(self) -> dict[str, str]:
        """The folders of classes that have another name, by that."""
        return {name: owner for owner, name in self.called.items()}

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """The class of each image, as its place in ``classes``."""
        places = {owner: place for place, owner in enumerate(self.owners)}
        return np.array([places[image.owner] for image in self.images], np.int64)

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The files alone."""
        return tuple(image.path for image in self.images)

    @property
    def deep_files(self) -> dict[int, Path]:
        """Those of more than 8 bits, by their places."""
        return {place: image.path for place, image in enumerate(self.images) if image.deep}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Their paths below the folder, with /."""
        top = f"{self.path.as_posix().rstrip('/')}/"
        return tuple(file.as_posix().removeprefix(top) for file in self.files)

    def copies(self, *, progress: Listener | None = None) -> Copies:
        """The images that are the same file, byte for byte."""
        return copies_of(self.files, marks=[image.mark for image in self.images], progress=progress)

    @property
    def own_parts(self) -> OwnParts:
        """Which images validate and test because they stand so in the folder."""
        parts = np.array([image.part or "" for image in self.images])
        return OwnParts(np.flatnonzero(parts == "validation"), np.flatnonzero(parts == "test"))

    @property
    def lacking(self) -> tuple[PartName, ...]:
        """The parts that it has no images for, where it has parts at all."""
        parts = {image.part for image in self.images} - {None}
        return tuple(part for part in get_args(PartName) if parts and part not in parts)

    @property
    def too_few(self) -> str:
        """Why it cannot be learned from: it has one class only; "" where it has more."""
        if len(self.classes) > 1:
            return ""
        only = readable(self.classes[0])
        has = f"The folder {self.path} has one class only, '{only}'"
        if self.left_out:
            return f"{has}, as others are left out; training needs two: bring another one back."
        return f"{has}, training needs two: {_REMEDY}{self._unused}"

    @property
    def _unused(self) -> str:
        return f" {skipped_words(self.unreadable)}" if self.unreadable else ""

    def require_images(self) -> None:
        """Raise `LayerloomError` if it has none."""
        if self.images:
            return
        if self.unreadable:
            unread = f"None of the {thousands(len(self.unreadable))} images in {self.path} could be read."
            raise LayerloomError(f"{unread}{self._unused}")
        raise _no_images(self.path)

    def without(self, reasons: Mapping[int, str]) -> ImageFolder:
        """The same without the images at some places, for these reasons; raises `LayerloomError` if none is left."""
        unreadable = [Unreadable(self.images[place].path, reason, self.path) for place, reason in reasons.items()]
        kept = tuple(image for place, image in enumerate(self.images) if place not in reasons)
        found = replace(self, images=kept, unreadable=(*self.unreadable, *unreadable))
        found.require_images()
        return replace(found, notes=(*self.notes, *without_images(set(self.classes), found.classes)))

    def leaving_out(self, names: Collection[str]) -> ImageFolder:
        """The same without the classes of some names, or in folders of these names.

        Raises `LayerloomError` if no class is left.
        """
        if not names:
            return self
        classes = dict(zip(self.owners, self.classes, strict=True))
        known = {same_text(name): owner for owner, called in classes.items() for name in (owner, called)}
        found = {name: known.get(same_text(name)) for name in names}
        kept = tuple(image for image in self.images if image.owner not in found.values())
        if not kept:
            raise LayerloomError(f"All classes of the folder {self.path} are left out: training needs two.")
        counts = Counter(image.owner for image in self.images if image.owner in found.values())
        left_out = tuple(LeftOutClass(classes[owner], counts[owner]) for owner in self.owners if counts[owner])
        unknown = [name for name, owner in found.items() if owner is None]
        self._refuse_misspelt(unknown, [classes[owner] for owner in self.owners if owner not in found.values()])
        notes = left_out_words(left_out, unknown)
        return replace(self, images=kept, left_out=left_out, notes=(*self.notes, *notes))

    def _refuse_misspelt(self, unknown: Iterable[str], kept: Sequence[str]) -> None:
        """Raise `LayerloomError` for a class to be left out that is none, but almost the name of another."""
        for name in unknown:
            if near := difflib.get_close_matches(name, kept, n=1, cutoff=_MISSPELT):
                raise LayerloomError(
                    f"The folder {self.path} has no class '{readable(name)}' that could be left out. "
                    f"Did you mean '{readable(near[0])}'?"
                )


def scan_folder(path: Path, *, as_version_1: bool = False, progress: Listener | None = None) -> ImageFolder:
    """Find the images of a folder, classes and files by name; only the beginning of each file is read.

    ``as_version_1`` takes each sub-folder for a class, whatever its name, and follows no links inside. Raises
    `LayerloomError` for a folder that cannot be learned from.
    """
    tree, layout = read_names(path, as_version_1=as_version_1, progress=progress)
    return images_of(path, tree, layout, as_version_1=as_version_1, progress=progress)


def images_of(
    path: Path,
    tree: Tree,
    layout: Layout,
    *,
    more: Sequence[ImageFile] = (),
    as_version_1: bool = False,
    progress: Listener | None = None,
) -> ImageFolder:
    """The images of a folder that was read as ``layout``, and ``more`` of it whose classes are known otherwise."""
    placed = {image.path for image in more}
    loose = [file for file in _loose(path, tree, layout) if file not in placed]
    unused = [Unreadable(file, "in no folder of a class", path) for file in loose]
    named: list[ImageFile] = []
    files = [*_files(path, tree, layout), *more]
    for image in files:
        if reason := why_unused(image.path.name):
            unused.append(Unreadable(image.path, reason, path))
        else:
            named.append(image)
    if not any(may_be_image(image.path.name) for image in files):
        raise _no_images(path, unused)
    if not as_version_1:
        named, again = _once_each(path, named)
        unused += again
    folder = gather(path, named, unused=unused, progress=progress)
    return replace(folder, notes=(*tree_notes(tree), *layout_notes(layout, folder.owners), *folder.notes))


_INDEXED: Indexed[ImageFolder] = Indexed()  # which folder, and what it holds


def _no_images(path: Path, unused: Sequence[Unreadable] = ()) -> LayerloomError:
    left_out = f" {skipped_words(unused)}" if unused else ""
    return LayerloomError(f"The folder {path} has no images in sub-folders: {_REMEDY}{left_out}")


def _once_each(path: Path, images: Sequence[ImageFile]) -> tuple[list[ImageFile], list[Unreadable]]:
    """The images that are files of their own, and links to these, hard ones too, which are left out."""
    same: dict[tuple[int, int], list[Path]] = defaultdict(list)
    for image in images:
        with suppress(OSError):  # whoever reads it says why it cannot
            found = os.stat(image.path)  # noqa: PTH116 - faster for as many as there may be
            same[found.st_dev, found.st_ino].append(image.path)
    again: dict[Path, Path] = {}
    for paths in same.values():
        if len(paths) > 1:
            one, *others = sorted(paths, key=Path.is_symlink)  # a link is never the one that is kept
            again |= dict.fromkeys(others, one)
    left_out = [
        Unreadable(link, f"it is the same file as {readable(one.relative_to(path).as_posix())}", path)
        for link, one in again.items()
    ]
    return [image for image in images if image.path not in again], left_out


def gather(
    path: Path, images: Sequence[ImageFile], *, unused: Sequence[Unreadable] = (), progress: Listener | None = None
) -> ImageFolder:
    """A folder of those images that can be read; only the beginning of each file is looked at.

    ``unused`` are files that are left out already. Raises `LayerloomError` if there is none.
    """
    asked = hash((path, *images, *unused))
    with _INDEXED.alone(progress):
        paths = [os.fspath(image.path) for image in images]
        folder = _INDEXED.recalled(asked, paths)
        if folder is None:
            began = time.time_ns()
            folder, states = _gathered(path, images, unused, progress)
            _INDEXED.keep(asked, states, folder, began=began)
    folder.require_images()
    return folder


def _gathered(
    path: Path, images: Sequence[ImageFile], unused: Sequence[Unreadable], progress: Listener | None
) -> tuple[ImageFolder, list[State]]:
    """What `gather` gives, and the state in which each file was seen."""
    kept: list[ImageFile] = []
    states: list[State] = []
    narrowed: list[str] = []
    unreadable = list(unused)
    for done, image in enumerate(images):
        if done % _REPORT_EVERY == 0:
            tell(progress, Progress("Checking files", done, len(images), "files"))
        seen = look(image.path)
        states.append(seen.state)
        try:
            bits = FileBits.EIGHT if seen.plain else bits_of_file(image.path)
        except UnreadableImageError as error:
            unreadable.append(Unreadable(image.path, error.reason, path))
            continue
        kept.append(image._replace(deep=bits is FileBits.MORE, mark=seen.mark, state=seen.state.mark))
        if bits is FileBits.EIGHT_OF_MORE:
            narrowed.append(readable(image.path.relative_to(path).as_posix()))
    return ImageFolder(path, tuple(kept), tuple(unreadable), narrowed_words(narrowed)), states


def image_files(path: Path, *, left_out: Collection[str] = (), progress: Listener | None = None) -> Iterator[Path]:
    """The files that are named like images of a class, in the order of `scan_folder`; raises `LayerloomError`.

    Those in folders of the classes ``left_out`` are not among them.
    """
    tree, layout = read_names(path, progress=progress)
    out = {*map(same_text, left_out)}
    named = (image for image in _files(path, tree, layout) if not why_unused(image.path.name))
    return (image.path for image in named if same_text(image.owner) not in out)


def read_names(path: Path, *, as_version_1: bool = False, progress: Listener | None = None) -> tuple[Tree, Layout]:
    """The names in a folder and how they are read; raises `LayerloomError`."""
    require_text(path, what="The folder of images")
    tree = read_tree(path, follow_links=not as_version_1, progress=progress)
    layout = classes_alone((), tree) if as_version_1 else read_layout(tree)
    if isinstance(layout, Unclear):
        raise UnclearFolderError(unclear_words(path, layout))
    for group in layout.groups:
        if tree.at(group.place).has_images:
            require_text(path.joinpath(*group.place), what="The folder of a class")
    return tree, layout


def _files(path: Path, tree: Tree, layout: Layout) -> Iterator[ImageFile]:
    """Every file of every class, in an order that is the same on every machine."""
    left_out = {left.place for left in layout.left_out}
    for group in layout.groups:
        for place, name in tree.at(group.place).walk(group.place):
            if not any(place[:depth] in left_out for depth in range(len(group.place), len(place) + 1)):
                yield ImageFile(path.joinpath(*place, name), group.owner, group.part)


def _loose(path: Path, tree: Tree, layout: Layout) -> Iterator[Path]:
    """Files beside the folders of classes that may be meant as images."""
    placed = {group.place for group in layout.groups} | {left.place for left in layout.left_out}
    for place, name in tree.walk():
        if may_be_image(name) and not any(place[:depth] in placed for depth in range(1, len(place) + 1)):
            yield path.joinpath(*place, name)
