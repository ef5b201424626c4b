"""Published data sets, fetched once and kept in the user's cache folder."""

from __future__ import annotations

import errno
import hashlib
import http.client
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import numpy as np
import platformdirs
from numpy.typing import NDArray

from engine.data.progress import Listener, Progress, tell
from engine.data.published import Published, RawImages
from engine.errors import LayerloomError

_CHUNK = 1 << 17  # bytes; small enough that cancelling answers at once on a slow line
_TIMEOUT = 20  # seconds without a single byte


def data_folder() -> Path:
    """Where downloaded data sets are kept."""
    return platformdirs.user_cache_path("layerloom", appauthor=False) / "data"


def is_downloaded(source: Published) -> bool:
    """Whether a data set can be used without a network."""
    return not source.download_bytes or _kept(source).exists()


def downloaded(source: Published, *, progress: Listener | None = None) -> RawImages:
    """The images of a data set from the cache folder, where they are put first if they are not there.

    They are put there whole or not at all. Raises `LayerloomError` when they cannot be had.
    """
    try:
        return _read(_kept(source))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):  # not there yet, or damaged since
        _download(source, progress)
        return _read(_kept(source))


def _kept(source: Published) -> Path:
    return data_folder() / f"{source.name}.npz"


def _read(path: Path) -> RawImages:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return RawImages(arrays["pixels"], arrays["labels"], int(arrays["tests"]))


def _download(source: Published, progress: Listener | None) -> None:
    try:
        data_folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=data_folder(), prefix=f"{source.name}-", ignore_cleanup_errors=True
        ) as place:
            images = _fetch(source, Path(place), progress)
            whole = Path(place) / "whole.npz"
            np.savez(whole, pixels=images.pixels, labels=images.labels, tests=np.array(images.tests))
            whole.replace(_kept(source))
    except OSError as error:
        raise LayerloomError(_explain(source.title, error)) from error


def _explain(title: str, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no room for {title} in {data_folder()}."
    if error.errno in (errno.EACCES, errno.EROFS):
        return f"{title} could not be kept: {data_folder()} may not be written to."
    return f"{title} could not be downloaded: there is no connection to its server. Digits needs no download."


@dataclass(frozen=True, slots=True)
class _Archive:
    """A file to fetch: where it lies (several servers may have it), what it is called here, and its checksum."""

    urls: tuple[str, ...]
    path: Path
    md5: str


def _fetch(source: Published, place: Path, progress: Listener | None) -> RawImages:
    """Fetch what torchvision's reader expects, with progress, then let it check and read."""
    from engine.torchvision_compat import torchvision

    reader = getattr(torchvision().datasets, source.reader)
    _Fetching(source.title, source.download_bytes, progress).fetch(_archives(reader, place))
    tell(progress, Progress(f"Unpacking {source.title}", 0, 0, "files"))
    parts = [reader(place, train=train, download=True) for train in (True, False)]
    pixels = np.concatenate([_channels_first(np.asarray(part.data)) for part in parts])
    labels = np.concatenate([np.asarray(part.targets, dtype=np.int64) for part in parts])
    return RawImages(pixels, labels, len(parts[1]))


def _archives(reader: Any, place: Path) -> Sequence[_Archive]:
    if hasattr(reader, "mirrors"):
        raw = place / reader.__name__ / "raw"
        return [
            _Archive(tuple(mirror + file for mirror in reader.mirrors), raw / file, md5)
            for file, md5 in reader.resources
        ]
    return [_Archive((reader.url,), place / reader.filename, reader.tgz_md5)]


def _channels_first(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return pixels[:, None] if pixels.ndim == 3 else pixels.transpose(0, 3, 1, 2)


class _Fetching:
    """Fetches archives one after the other and counts their bytes."""

    def __init__(self, title: str, total: int, progress: Listener | None) -> None:
        self._task = f"Downloading {title}"
        self._title = title
        self._total = total
        self._progress = progress
        self._done = 0

    def fetch(self, archives: Sequence[_Archive]) -> None:
        """Fetch every archive; raises `OSError` when no server answers, `LayerloomError` for a wrong checksum."""
        for archive in archives:
            archive.path.parent.mkdir(parents=True, exist_ok=True)
            self._fetch_from_any(archive)

    def _fetch_from_any(self, archive: _Archive) -> None:
        before = self._done
        for url in archive.urls:
            self._done = before
            try:
                digest = self._fetch_one(url, archive.path)
            except (OSError, http.client.HTTPException) as error:
                if url == archive.urls[-1] or getattr(error, "errno", None) == errno.ENOSPC:
                    raise _as_os_error(error) from error
            else:
                if digest != archive.md5:
                    raise LayerloomError(
                        f"{self._title} could not be downloaded: {archive.path.name} from {urlparse(url).hostname} "
                        "is not the published file."
                    )
                return

    def _fetch_one(self, url: str, path: Path) -> str:
        digest = hashlib.md5(usedforsecurity=False)
        request = urllib.request.Request(url, headers={"User-Agent": "layerloom"})
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as response, path.open("wb") as file:
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                digest.update(chunk)
                self._done += len(chunk)
                tell(self._progress, Progress(self._task, self._done, max(self._total, self._done), "bytes"))
        return digest.hexdigest()


def _as_os_error(error: OSError | http.client.HTTPException) -> OSError:
    return error if isinstance(error, OSError) else OSError(str(error))
