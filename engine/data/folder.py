"""A folder of images with one sub-folder a class."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.data.images import UnreadableImageError, is_deep_file
from engine.data.progress import Listener, Progress, tell
from engine.data.source import Unreadable
from engine.errors import LayerloomError
from engine.files import reason_of, require_text

_REPORT_EVERY = 64  # files
_NOT_OF_THE_USER = {"@eadir", "__macosx", "$recycle.bin", "lost+found", "system volume information", "#recycle"}
_PARTS = {"train", "training", "val", "valid", "validation", "test", "testing"}


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """Image files with the class each stands in; ``labels`` are indices into ``classes``.

    ``deep`` are the files of more than 8 bits.
    """

    path: Path
    classes: tuple[str, ...]
    files: tuple[Path, ...]
    labels: NDArray[np.int64]
    unreadable: tuple[Unreadable, ...]
    deep: frozenset[Path] = frozenset()

    @property
    def deep_files(self) -> dict[int, Path]:
        """The deep ones of the files, by their places."""
        return {place: file for place, file in enumerate(self.files) if file in self.deep}


def scan_folder(path: Path, *, progress: Listener | None = None) -> ImageFolder:
    """Find the images of a folder, classes and files by name; only the beginning of each file is read.

    Raises `LayerloomError` for a folder that cannot be learned from.
    """
    found = list(image_files(path, progress))
    files: list[Path] = []
    owners: list[str] = []
    unreadable: list[Unreadable] = []
    deep: set[Path] = set()
    for done, (owner, file) in enumerate(found):
        if done % _REPORT_EVERY == 0:
            tell(progress, Progress("Checking files", done, len(found), "files"))
        try:
            if is_deep_file(file):
                deep.add(file)
        except UnreadableImageError as error:
            unreadable.append(Unreadable(file, error.reason))
        else:
            files.append(file)
            owners.append(owner)
    return replace(gather(path, files, owners, unreadable), deep=frozenset(deep))


def gather(path: Path, files: Sequence[Path], owners: Sequence[str], unreadable: Sequence[Unreadable]) -> ImageFolder:
    """A folder from its readable files and the class each stands in; raises `LayerloomError` below two classes."""
    classes, labels = np.unique(np.array(owners, dtype=np.str_), return_inverse=True)
    folder = ImageFolder(path, tuple(classes.tolist()), tuple(files), labels.astype(np.int64), tuple(unreadable))
    _require_classes(folder)
    return folder


def image_files(path: Path, progress: Listener | None) -> Iterator[tuple[str, Path]]:
    """Class and path of each file that is named like an image, in an order that is the same on every machine."""
    suffixes = _image_suffixes()
    seen = 0
    for owner in _class_folders(path):
        for place, folders, names in os.walk(owner):
            folders[:] = sorted(name for name in folders if not _is_hidden(name))
            for name in sorted(names):
                seen += 1
                if seen % _REPORT_EVERY == 0:
                    tell(progress, Progress("Looking for images", seen, 0, "files"))
                if Path(name).suffix.lower() in suffixes and not name.startswith("."):
                    yield owner.name, Path(place, name)


def _is_hidden(folder: str) -> bool:
    """Whether a folder is none of the user's: hidden, or made by an operating system, an archive or a disk station."""
    return folder.startswith(".") or folder.lower() in _NOT_OF_THE_USER


def _image_suffixes() -> set[str]:
    documents = {".pdf", ".eps", ".ps", ".mpg", ".mpeg", ".h5", ".hdf"}  # Pillow lists them; they hold no photograph
    return set(Image.registered_extensions()) - documents


def _class_folders(path: Path) -> list[Path]:
    try:
        if not path.exists():
            raise LayerloomError(f"There is no folder {path}.")
        if not path.is_dir():
            raise LayerloomError(f"{path} is a file: choose the folder that holds one sub-folder for each class.")
        return sorted(child for child in path.iterdir() if child.is_dir() and not _is_hidden(child.name))
    except PermissionError:
        raise LayerloomError(f"The folder {path} may not be opened.") from None
    except OSError as error:
        raise LayerloomError(f"The folder {path} could not be read: {reason_of(error)}.") from error


def _require_classes(folder: ImageFolder) -> None:
    for name in folder.classes:
        require_text(folder.path / name, what="The folder of a class")
    if folder.classes and _PARTS.issuperset(name.lower() for name in folder.classes):
        listed = (
            ", ".join(folder.classes[:-1]) + f" and {folder.classes[-1]}" if folder.classes[1:] else folder.classes[0]
        )
        most = next((name for name in folder.classes if name.lower().startswith("train")), folder.classes[0])
        raise LayerloomError(
            f"The folder {folder.path} has the parts {listed} in place of classes: "
            f"choose {folder.path / most}, which Layerloom divides itself."
        )
    if len(folder.classes) >= 2:
        return
    remedy = "make one sub-folder for each class and put its images there."
    if len(folder.classes) == 1:
        only = folder.classes[0]
        raise LayerloomError(f"The folder {folder.path} has one class only, '{only}', training needs two: {remedy}")
    if folder.unreadable:
        raise LayerloomError(f"None of the {len(folder.unreadable)} images in {folder.path} could be read.")
    raise LayerloomError(f"The folder {folder.path} has no images in sub-folders: {remedy}")
