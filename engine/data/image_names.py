"""Which files are images by their names, and why the others are none."""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from pathlib import Path

_LISTED_BY_PILLOW = {".pdf", ".eps", ".ps", ".mpg", ".mpeg", ".h5", ".hdf"}  # they hold no photograph
_NOT_READ = {
    "HEIC": {".heic", ".heif", ".hif"},
    "DICOM": {".dcm", ".dicom"},
    "A camera's raw format": {".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".raf", ".rw2", ".raw", ".pef", ".srw"},
}
_DOCUMENT_NAMES = {"readme", "license", "licence", "copying", "notice", "authors", "citation", "changelog", "makefile"}
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini", "icon\r"}
_FOLDERS_OF_THE_SYSTEM = {
    *("@eadir", "__macosx", "$recycle.bin", "lost+found", "system volume information", "#recycle"),
}

_FILES_OF_A_RUN = {"project.loom", "run.json"}


def is_hidden_folder(name: str) -> bool:
    """Whether a folder is none of the user's: hidden, or made by an operating system, an archive or a disk station."""
    return name.startswith(".") or name.lower() in _FOLDERS_OF_THE_SYSTEM


def is_run_folder(names: Set[str]) -> bool:
    """Whether a folder in which these stand keeps a run: runs are kept beside what they learn from."""
    return names >= _FILES_OF_A_RUN


def is_hidden_file(name: str) -> bool:
    """Whether a file is none of the user's."""
    return name.startswith(".") or name.lower() in _OF_THE_SYSTEM


def may_be_image(name: str) -> bool:
    """Whether somebody may have meant a file as an image, of whatever format and although it is not used."""
    suffix = _suffix(name).partition("?")[0]
    if not suffix:
        return name.lower() not in _DOCUMENT_NAMES
    return suffix in _suffixes() or any(suffix in suffixes for suffixes in _NOT_READ.values())


def images_at(place: Path) -> list[Path]:
    """A file, or all images in a folder and below."""
    if not place.is_dir():
        return [place]
    files = (file for file in place.rglob("*") if may_be_image(file.name) and not is_hidden_file(file.name))
    return sorted(file for file in files if file.is_file())


def why_unused(name: str) -> str:
    """Why a file of this name is not used as an image: "it has no suffix"; "" for one that is."""
    suffix = _suffix(name)
    if suffix in _suffixes():
        return ""
    if not suffix:
        return "it has no suffix: add the one of its format, such as .jpg"
    before = suffix.partition("?")[0]
    if before in _suffixes():
        return f"its name goes on after {before}: rename it"
    for kind, suffixes in _NOT_READ.items():
        if suffix in suffixes:
            return f"{kind} is not read: save it as PNG or JPEG"
    return f"{suffix} is no image format that is read"


def _suffix(name: str) -> str:
    """The end of a name from its last dot, in small letters; "" for a name that is all suffix, or ends with a dot."""
    stem, dot, suffix = name.rpartition(".")
    return f"{dot}{suffix}".lower() if stem and suffix else ""


@cache
def _suffixes() -> frozenset[str]:
    from PIL import Image

    return frozenset(Image.registered_extensions()) - _LISTED_BY_PILLOW
