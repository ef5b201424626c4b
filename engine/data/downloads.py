"""Published data sets, fetched once and kept in the user's cache folder."""

from __future__ import annotations

import errno
import shutil
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import platformdirs

from engine.data.data_words import listed
from engine.data.fetching import Told, bytes_here, fetch, why_other
from engine.data.progress import Listener, Progress, tell
from engine.data.published import Published, PublishedFile, RawImages
from engine.data.source import Availability, State
from engine.data.web import WebError
from engine.errors import LayerloomError
from engine.files import bring_to_disk, is_file, reason_of
from engine.locks import Lock
from engine.words import memory

_LOOK_EVERY = 0.2  # seconds; while another program downloads the set


class NotDownloadedError(LayerloomError):
    """A set could not be downloaded; its files may be got in another way and given to `take_files`.

    ``otherwise`` says which and from where, ``in_terminal`` the whole with the command that takes them.
    """

    def __init__(self, source: Published, reason: str) -> None:
        names = [file.name for file in source.files]
        it = "that file" if len(names) == 1 else "those files"
        super().__init__(f"{source.title} could not be downloaded: {reason}.")
        got = f"Get {listed(names, most=len(names))} from {source.files[0].folders[0]} in another way and"
        self.otherwise = f"{got} choose {it}."
        chosen = " ".join(f"--file {name}" for name in names)
        self.in_terminal = f"{self} {got} give {it}: python main.py data {source.name} {chosen}."


def data_folder() -> Path:
    """Where downloaded data sets are kept."""
    return platformdirs.user_cache_path("layerloom", appauthor=False) / "data"


def is_downloaded(source: Published) -> bool:
    """Whether a data set can be used without a network."""
    return not source.download_bytes or is_file(_kept(source))


def availability(source: Published) -> Availability:
    """Where the images of a set are, and how much of its download."""
    if is_downloaded(source):
        return Availability(State.ON_DISK, source.download_bytes, source.download_bytes)
    here = _bytes_here(source)
    return Availability(State.INCOMPLETE if here else State.TO_DOWNLOAD, here, source.download_bytes)


def downloaded(source: Published, *, progress: Listener | None = None) -> RawImages:
    """The images of a data set from the cache folder, where they are put first if they are not there.

    They are put there whole or not at all; what has arrived of a download that breaks off or is cancelled waits there
    to be gone on with. Raises `LayerloomError` when they cannot be had.
    """
    found = _read(source)
    if found is None:
        with _explained(source), _alone(source, progress):
            found = _read(source)  # another program may have fetched it meanwhile
            if found is None:
                found = _keep(source, _fetched(source, progress), progress)
    return found


def take_files(source: Published, files: Sequence[Path], *, progress: Listener | None = None) -> None:
    """Keep a data set from the ``files`` that it was published in, got in another way; their names do not matter.

    Raises `LayerloomError` for a file that is none of them, and where one is missing.
    """
    found: dict[PublishedFile, Path] = {}
    with _explained(source):
        for path in files:
            found[_which(source, path, progress)] = path
        missing = [file for file in source.files if file not in found]
        if missing:
            names = listed([file.name for file in missing], most=len(missing))
            are = "is" if len(missing) == 1 else "are"
            raise LayerloomError(f"{source.title} is not complete: {names} {are} missing. Choose all its files.")
        with _alone(source, progress):
            _keep(source, [found[file] for file in source.files], progress)


def _which(source: Published, path: Path, progress: Listener | None) -> PublishedFile:
    """Which of the published files is at ``path``: no two of a set have the same size."""
    if not is_file(path):
        raise LayerloomError(f"There is no file {path}.")
    size = path.stat().st_size
    file = next((file for file in source.files if size == file.size), None)
    if file is None:
        named = [file for file in source.files if file.name == path.name] or source.files
        wanted = listed([f"{file.name} ({memory(file.size)})" for file in named], most=len(named))
        raise LayerloomError(f"{path} is no file of {source.title}: it has {memory(size)}. Needed: {wanted}.")
    told = _teller(progress, f"Checking {path.name}", size)
    if reason := why_other(file, path, told=told):
        raise LayerloomError(f"{path} is not {file.name} of {source.title} as it was published: {reason}.")
    return file


def _kept(source: Published) -> Path:
    return data_folder() / f"{source.name}.npz"


def _place(source: Published) -> Path:
    """Where the files of a set wait until all of them are there."""
    return data_folder() / source.name


def _bytes_here(source: Published) -> int:
    return sum(bytes_here(file, _place(source) / file.name) for file in source.files)


def _read(source: Published) -> RawImages | None:
    """The set as it is kept; None where it is not there yet, or damaged since."""
    try:
        with _kept(source).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return RawImages(arrays["pixels"], arrays["labels"], int(arrays["tests"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _fetched(source: Published, progress: Listener | None) -> list[Path]:
    """All files of a set, fetched as far as they are not there."""
    _require_room(source)
    _place(source).mkdir(exist_ok=True)
    paths = [_place(source) / file.name for file in source.files]
    before = 0
    for file, path in zip(source.files, paths, strict=True):
        told = _teller(progress, f"Downloading {source.title}", source.download_bytes, before=before)
        try:
            fetch(file, path, told=told)
        except WebError as error:
            raise NotDownloadedError(source, str(error)) from error
        before += file.size
    return paths


def _teller(progress: Listener | None, task: str, total: int, *, before: int = 0) -> Told:
    return lambda done: tell(progress, Progress(task, before + done, total, "bytes"))


def _require_room(source: Published) -> None:
    """Refuse what the disk has no room for: the rest of the files, and the pixels that they hold."""
    needed = source.download_bytes - _bytes_here(source) + sum(source.counts) * source.shape.elements
    free = shutil.disk_usage(data_folder()).free
    if free < needed:
        sizes = f"it needs {memory(needed)}, {memory(free)} are free"
        raise LayerloomError(f"There is no room for {source.title} in {data_folder()}: {sizes}.")


def _keep(source: Published, paths: Sequence[Path], progress: Listener | None) -> RawImages:
    """Read the published files, keep their images, and remove what was downloaded."""
    tell(progress, Progress(f"Unpacking {source.title}", 0, 0, "files"))
    images = source.read(paths)
    _place(source).mkdir(exist_ok=True)
    whole = _place(source) / "whole.npz"
    try:
        np.savez(whole, pixels=images.pixels, labels=images.labels, tests=np.array(images.tests))
        bring_to_disk(whole)
        whole.replace(_kept(source))
    except BaseException:
        whole.unlink(missing_ok=True)
        raise
    shutil.rmtree(_place(source), ignore_errors=True)
    return images


@contextmanager
def _alone(source: Published, progress: Listener | None) -> Iterator[None]:
    """Hold the place of a set, after whichever program downloads it now."""
    data_folder().mkdir(parents=True, exist_ok=True)
    lock = Lock(data_folder() / f"{source.name}.lock")
    while not lock.take():
        task = f"Waiting for another download of {source.title}"
        tell(progress, Progress(task, _bytes_here(source), source.download_bytes, "bytes"))
        time.sleep(_LOOK_EVERY)
    try:
        yield
    finally:
        with suppress(OSError):  # something has arrived, or all is in its place
            _place(source).rmdir()
        lock.release()


@contextmanager
def _explained(source: Published) -> Iterator[None]:
    """Say in a sentence why files could not be written or read."""
    try:
        yield
    except OSError as error:
        raise LayerloomError(_explain(source.title, error)) from error


def _explain(title: str, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"There is no room for {title} in {data_folder()}; nothing that has arrived is lost."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{title} could not be kept: {data_folder()} may not be written to."
    return f"{title} could not be kept: {reason_of(error)}."
