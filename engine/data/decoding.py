"""The files of a folder decoded, all of them, to hold what they show or to see that they can be read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import platformdirs

from engine.data.extents import Bounds, CommonRange, Extent, common_ranges
from engine.data.folder import ImageFolder
from engine.data.images import Pixels, UnreadableImageError, extent_of_file, read_image
from engine.data.intensity import Scaling
from engine.data.progress import Listener, Progress, tell
from engine.files import write_whole
from engine.layers.shape import Shape

_AT_ONCE = 256

T = TypeVar("T")


def read_all(folder: ImageFolder, shape: Shape, *, progress: Listener | None) -> tuple[Pixels, ImageFolder]:
    """What the files that can be read show, ``(N, C, H, W)``, and the folder with those alone."""
    pixels = np.empty((len(folder.files), *shape), dtype=np.uint8)
    reasons: dict[int, str] = {}
    for index, image in enumerate(
        _each(folder.files, partial(read_image, shape=shape), task="Reading images", progress=progress)
    ):
        if isinstance(image, UnreadableImageError):
            reasons[index] = image.reason
        else:
            pixels[index - len(reasons)] = image
    return pixels[: len(folder.files) - len(reasons)], folder.without(reasons)


def check_all(folder: ImageFolder, shape: Shape, *, progress: Listener | None) -> ImageFolder:
    """The folder with those files alone that can be read; one that could be and has not changed is not read again."""
    memory = _memory_of(folder.path)
    known = _recalled(memory)
    marks = {os.fspath(file): _mark(file) for file in folder.files}
    new = [index for index, file in enumerate(folder.files) if known.get(os.fspath(file)) != marks[os.fspath(file)]]
    files = [folder.files[index] for index in new]
    images = _each(files, partial(read_image, shape=shape), task="Checking images", progress=progress)
    reasons = {
        index: image.reason for index, image in zip(new, images, strict=True) if isinstance(image, UnreadableImageError)
    }
    for index in reasons:
        del marks[os.fspath(folder.files[index])]
    if new:
        _remember(memory, marks)
    return folder.without(reasons)


def scaled(
    files: Sequence[Path], shape: Shape, scaling: Scaling, *, progress: Listener | None
) -> Iterator[Pixels | UnreadableImageError]:
    """What some files show on another scale, ``(C, H, W)`` each, or why one cannot be read any more."""
    read = partial(read_image, shape=shape, scaling=scaling)
    return _each(files, read, task="Reading images", progress=progress)


def extents(
    files: Sequence[Path], bounds: Bounds, *, progress: Listener | None
) -> Iterator[Extent | UnreadableImageError]:
    """The extent within bounds of each of some files of more than 8 bits, or why one cannot be read any more."""
    return _each(files, partial(extent_of_file, bounds=bounds), task="Measuring images", progress=progress)


def ranges_of(
    files: Mapping[int, Path], places: Iterable[int], *, progress: Listener | None
) -> tuple[CommonRange, ...]:
    """The ranges that some images of a set share, one for each depth; ``files`` are its deep ones by their places."""

    def measure(wanted: Iterable[int], bounds: Bounds) -> dict[int, Extent]:
        listed = list(wanted)
        found = extents([files[place] for place in listed], bounds, progress=progress)
        return {place: one for place, one in zip(listed, found, strict=True) if isinstance(one, Extent)}

    return common_ranges([place for place in places if place in files], measure)


def _each(
    files: Sequence[Path], read: Callable[[Path], T], *, task: str, progress: Listener | None
) -> Iterator[T | UnreadableImageError]:
    """What ``read`` gives for each file, or why it cannot be read."""

    def decoded(file: Path) -> T | UnreadableImageError:
        try:
            return read(file)
        except UnreadableImageError as error:
            return error

    with ThreadPoolExecutor() as pool:  # Pillow decodes and resizes without holding the interpreter
        for start in range(0, len(files), _AT_ONCE):
            tell(progress, Progress(task, start, len(files), "images"))
            yield from pool.map(decoded, files[start : start + _AT_ONCE])


# What was checked before: for each file its size and the time of its last change


def _memory_of(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:32]
    return platformdirs.user_cache_path("layerloom", appauthor=False) / "checked" / f"{name}.json"


def _mark(file: Path) -> list[int]:
    try:
        found = file.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]


def _recalled(memory: Path) -> Mapping[str, list[int]]:
    try:
        found = json.loads(memory.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(memory: Path, marks: Mapping[str, list[int]]) -> None:
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        write_whole(memory, json.dumps(marks).encode())
    except OSError:
        return  # it is checked again the next time
