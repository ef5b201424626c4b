"""Fetches a published file: goes on where it broke off, and takes nothing but the file that was published."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from engine.data.published import PublishedFile
from engine.data.web import CHUNK, Answer, WebError, host_of
from engine.words import memory, thousands

Told = Callable[[int], None]
"""Hears how many bytes are here, again and again; what it raises calls the fetching off."""

_MOST_ATTEMPTS = 100  # at one server
_MOST_IN_VAIN = 3


def fetch(file: PublishedFile, path: Path, *, told: Told) -> None:
    """Fetch a file to ``path``, from the first of its servers that has it, unless it is there already.

    Until it is whole and its checksum is right it is called ``path`` + ".part"; that stays where it breaks off or is
    called off, and is gone on with the next time. Raises `WebError`, whose text is the end of a sentence, and
    ``OSError`` where it cannot be written.
    """
    if path.is_file():
        if not why_other(file, path, told=told):
            return
        path.unlink()
    part = _Part(path, told)
    reasons = dict[str, None]()
    for folder in file.folders:
        try:
            _fetch_from(folder + file.name, file, part)
        except WebError as error:
            reasons[str(error)] = None
        else:
            part.become_whole()
            return
    raise WebError("; ".join(reasons))


def bytes_here(file: PublishedFile, path: Path) -> int:
    """How many bytes of a file are at ``path``, whole or as a part."""
    for one in (path, _part_of(path)):
        with suppress(OSError):  # there is none, or somebody takes it away now
            return min(file.size, one.stat().st_size)
    return 0


def why_other(file: PublishedFile, path: Path, *, told: Told) -> str:
    """Why what is at ``path`` is not the published file, as the end of a sentence; "" if it is."""
    size = path.stat().st_size
    if size != file.size:
        return f"it has {thousands(size)} bytes and not {thousands(file.size)}"
    digest, read = _new_digest(), 0
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
            read += len(chunk)
            told(read)
    return "" if digest.hexdigest() == file.md5 else "its checksum is another one"


def _fetch_from(url: str, file: PublishedFile, part: _Part) -> None:
    """Fetch what is missing of a file from one server; in vain if that brings nothing new several times."""
    furthest, in_vain = part.size, 0
    for _ in range(_MOST_ATTEMPTS):
        if part.size < file.size:
            _ask_for_the_rest(url, file, part)
        if part.size == file.size and part.is_of(file):
            return
        if part.size >= file.size:
            pieced = part.is_pieced
            part.drop()
            if not pieced:
                raise WebError(f"what {host_of(url)} sends is not the published file")
        in_vain += part.size <= furthest
        furthest = max(furthest, part.size)
        if in_vain == _MOST_IN_VAIN:
            break
    raise WebError(f"{host_of(url)} broke off after {memory(furthest)} of {memory(file.size)}")


def _ask_for_the_rest(url: str, file: PublishedFile, part: _Part) -> None:
    try:
        with Answer(url, part.range_headers(url), listen=part.tell) as answer:
            _take(answer, url, file, part)
    except WebError as error:
        if error.status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        part.drop()


def _take(answer: Answer, url: str, file: PublishedFile, part: _Part) -> None:
    partial = answer.status == HTTPStatus.PARTIAL_CONTENT
    if partial and not part.goes_on_with(answer, url):
        part.drop()
        return
    length = answer.header("Content-Length")
    if length.isdecimal() and (size := int(length) + part.size * partial) != file.size:
        other = f"{thousands(size)} bytes and not {thousands(file.size)}"
        raise WebError(f"{host_of(url)} has another file than was published, {other}")
    if not partial:
        part.drop()
    part.append(answer, url, most=file.size)


class _Part:
    """The beginning of a file that has arrived; ``is_pieced`` where it did not in one answer, and may not fit together.

    Beside it stand the address that its end is from, and the mark that the server there gave that version.
    """

    def __init__(self, path: Path, told: Told) -> None:
        self._whole = path
        self._path = _part_of(path)
        self._mark_path = self._path.with_name(f"{self._path.name}.mark")
        self._told = told
        self._digest = _new_digest()
        self.size = 0
        if self._path.is_file():
            with self._path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    self._count(chunk)
        self.is_pieced = self.size > 0

    def tell(self) -> None:
        """Say how much is here."""
        self._told(self.size)

    def range_headers(self, url: str) -> dict[str, str]:
        """What asks for the rest, or for all if the server has another version now."""
        if not self.size:
            return {}
        mark = self._mark(url)
        return {"Range": f"bytes={self.size}-"} | ({"If-Range": mark} if mark else {})

    def goes_on_with(self, answer: Answer, url: str) -> bool:
        """Whether an answer is the rest of the same version, as far as the server tells."""
        starts = re.match(r"bytes (\d+)-", answer.header("Content-Range"))
        before, now = self._mark(url), _mark_of(answer)
        return starts is not None and int(starts[1]) == self.size and (before == now or not (before and now))

    def append(self, answer: Answer, url: str, *, most: int) -> None:
        """Take what comes until the line breaks, or the end; raises `WebError` if it is more than ``most`` bytes."""
        self._mark_path.write_text(f"{url}\n{_mark_of(answer)}", encoding="utf-8")
        self.is_pieced = self.size > 0
        with self._path.open("ab") as file:
            while (chunk := self._next(answer)) and self.size + len(chunk) <= most:
                file.write(chunk)
                self._count(chunk)
        if chunk:
            self.drop()
            raise WebError(f"{host_of(url)} sends more than the {thousands(most)} bytes that were published")

    def is_of(self, file: PublishedFile) -> bool:
        """Whether it has the checksum of a file."""
        return self._digest.hexdigest() == file.md5

    def drop(self) -> None:
        """Begin anew."""
        self._path.unlink(missing_ok=True)
        self._mark_path.unlink(missing_ok=True)
        self.size, self.is_pieced, self._digest = 0, False, _new_digest()

    def become_whole(self) -> None:
        """Bring it to the disk, and give it its name."""
        with self._path.open("rb+") as file:
            os.fsync(file.fileno())
        self._path.replace(self._whole)
        self._mark_path.unlink(missing_ok=True)

    def _count(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self.size += len(chunk)
        self.tell()

    def _mark(self, url: str) -> str:
        """The mark of the version that is here, "" if there is none or it is from another server."""
        if not self._mark_path.is_file():
            return ""
        known, _, mark = self._mark_path.read_text(encoding="utf-8", errors="replace").partition("\n")
        return mark if known == url else ""

    @staticmethod
    def _next(answer: Answer) -> bytes:
        try:
            return answer.read()
        except WebError:  # what is here is kept, and the rest asked for
            return b""


def _part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _mark_of(answer: Answer) -> str:
    """What a server calls the version of a file that it sends; "" where it has no mark that surely tells them apart."""
    tag = answer.header("ETag")
    return tag if tag and not tag.startswith("W/") else answer.header("Last-Modified")


def _new_digest() -> hashlib._Hash:
    return hashlib.md5(usedforsecurity=False)
