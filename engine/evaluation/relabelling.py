"""Moving image files from the folder of one class to that of another, as far as a person asks for it."""

from __future__ import annotations

import errno
import itertools
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from engine.data.progress import CancelledError, Listener, Progress, tell
from engine.errors import LayerloomError
from engine.files import is_folder, is_there, read_whole, readable, reason_of, save_whole, write_whole
from engine.locks import Lock

LOG = ".layerloom-relabelled.jsonl"
"""The file in the folder of images in which each move is kept, a line each."""


class Move(NamedTuple):
    """A file's path below the folder of images, with /, and the one that it shall have."""

    source: str
    target: str

    @property
    def back(self) -> Move:
        """What undoes it."""
        return Move(self.target, self.source)


@dataclass(frozen=True, slots=True)
class Relabelled:
    """Moves that were made together, and when."""

    time: datetime
    moves: tuple[Move, ...]

    @property
    def back(self) -> tuple[Move, ...]:
        """What undoes them."""
        return tuple(move.back for move in reversed(self.moves))


def to_class(name: str, given: str, likely: str) -> Move:
    """The move of an image out of the folder ``given`` of its class into that of another; raises `LayerloomError`.

    It is the innermost folder of that name.
    """
    *folders, file = PurePosixPath(name).parts
    if given not in folders:
        raise LayerloomError(f"{readable(name)} does not lie in a folder called {readable(given)}: move it by hand.")
    place = len(folders) - 1 - folders[::-1].index(given)
    folders[place] = likely
    return Move(name, PurePosixPath(*folders, file).as_posix())


def beside_others(root: Path, moves: Sequence[Move]) -> list[Move]:
    """The moves, under another name where the new place is taken: ``dogs/7.png`` becomes ``dogs/7_from_cats.png``."""
    taken, found = {move.source for move in moves}, []
    for move in moves:
        target = PurePosixPath(move.target)
        stem = f"{target.stem}_from_{_owner(move.back).name}"
        more = (f"{stem}_{number}" for number in itertools.count(2))
        names = (target.with_stem(one).as_posix() for one in itertools.chain((target.stem, stem), more))
        free = next(name for name in names if name not in taken and not _is_taken(root / name))
        taken.add(free)
        found.append(Move(move.source, free))
    return found


def relabel(root: Path | None, moves: Sequence[Move], *, progress: Listener | None = None) -> tuple[Move, ...]:
    """Move files below ``root``, the folder of a source; what moves them back, again by `relabel`.

    A link is moved as one, and leads to the same file from its new place. All are moved, or none, as where ``progress``
    calls it off: raises `LayerloomError` where there is no such folder, as a published set has none, where a
    path leads out of it, a file is not there, a class has no folder yet, the new place is taken, or another process
    moves files there.
    """
    if root is None:
        raise LayerloomError("The labels of a published data set stay as they are: only a folder of images can change.")
    if not is_folder(root):
        raise LayerloomError(f"There is no folder {root}: its images cannot be moved.")
    _require_apart(moves)
    with _alone(root):  # else one that writes the log at the same time forgets what the other moved
        for move in moves:
            _require_possible(root, move)
        before = _log(root)
        save_whole(root / LOG, before + _lines(moves))
        _move_all(root, moves, before, progress)
    return tuple(move.back for move in reversed(moves))


def last_relabelled(root: Path) -> Relabelled | None:
    """The latest moves below ``root`` that were not taken back, in whichever session; None where there are none.

    Raises `LayerloomError` where the record of them cannot be read.
    """
    made: list[Relabelled] = []
    for time, lines in itertools.groupby(_recorded(root), key=lambda line: line[0]):
        moves = tuple(move for _, move in lines)
        if made and set(made[-1].back) == set(moves):
            made.pop()
        else:
            made.append(Relabelled(time, moves))
    return made[-1] if made else None


def _recorded(root: Path) -> list[tuple[datetime, Move]]:
    """Each move with its time; those made together have the same."""
    try:
        lines = [json.loads(line) for line in _log(root).splitlines()]
        return [(datetime.fromisoformat(line["time"]), Move(str(line["from"]), str(line["to"]))) for line in lines]
    except (ValueError, TypeError, KeyError) as error:
        raise LayerloomError(f"{root / LOG} is damaged: what it says was moved cannot be moved back here.") from error


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    lock = Lock(root / f"{LOG}.lock")
    try:
        taken = lock.take()
    except OSError as error:
        raise LayerloomError(f"{lock.file} could not be written: {reason_of(error)}. Nothing is moved.") from error
    if not taken:
        raise LayerloomError(f"Files in {root} are being moved elsewhere: try again when that is done. None is moved.")
    try:
        yield
    finally:
        lock.release()


def _require_apart(moves: Sequence[Move]) -> None:
    for place, times in Counter(path for move in moves for path in move).items():
        if times > 1:
            raise LayerloomError(f"{readable(place)} stands in two of the moves: nothing is moved.")


def _require_possible(root: Path, move: Move) -> None:
    for path in move:
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or not _within(root, path):
            raise LayerloomError(f"{readable(path)} leads out of {root}: nothing is moved.")
    source, target = (root / path for path in move)
    if not (source.is_file() or source.is_symlink()):
        raise LayerloomError(f"{readable(move.source)} is not in {root} any more: nothing is moved.")
    owner = _owner(move)
    if not is_folder(root / owner):
        raise LayerloomError(f"{root} has no folder {readable(str(owner))}: nothing is moved.")
    if _is_taken(target):
        raise LayerloomError(f"{readable(move.target)} is there already and stays: nothing is moved.")


def _is_taken(path: Path) -> bool:
    return is_there(path) or path.is_symlink()


def _within(root: Path, path: str) -> bool:
    return (root / path).parent.resolve().is_relative_to(root.resolve())


def _owner(move: Move) -> PurePosixPath:
    """The folder of the class that a file comes into: as far as the first folder in which the two paths differ."""
    before, after = (PurePosixPath(path).parent.parts for path in move)
    alike = next((place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), -1)
    return PurePosixPath(*after[: alike + 1])


def _lines(moves: Sequence[Move]) -> bytes:
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    lines = (json.dumps({"time": now, "from": source, "to": target}) for source, target in moves)
    return "".join(f"{line}\n" for line in lines).encode()


def _log(root: Path) -> bytes:
    try:
        return read_whole(root / LOG)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise LayerloomError(f"{root / LOG} cannot be read: {reason_of(error)}.") from error


def _move_all(root: Path, moves: Sequence[Move], before: bytes, progress: Listener | None) -> None:
    """Move all files; where one cannot be moved, the others come back as far as they can, and so does the log."""
    done: list[Move] = []
    try:
        for move in moves:
            tell(progress, Progress("Moving files", len(done), len(moves), "files"))
            (root / move.target).parent.mkdir(parents=True, exist_ok=True)
            _move(root / move.source, root / move.target)
            done.append(move)
    except BaseException as error:  # called off, too
        gone = [move for move in done[::-1] if not _came_back(root, move)][::-1]
        with suppress(OSError):
            write_whole(root / LOG, before + _lines(gone))
        stay = f"These stay in their new places: {', '.join(readable(move.target) for move in gone)}."
        if isinstance(error, CancelledError):
            raise CancelledError(f"Moving was called off. {stay if gone else 'No file is moved.'}") from error
        if not isinstance(error, OSError):
            raise
        where, reason = readable(moves[len(done)].source), reason_of(error)
        raise LayerloomError(f"{where} could not be moved: {reason}. {stay if gone else 'None is.'}") from error


def _came_back(root: Path, move: Move) -> bool:
    try:
        _move(root / move.target, root / move.source)
    except OSError:
        return False
    return True


def _move(source: Path, target: Path) -> None:
    """Give a file another path, which nothing has: a link cannot overwrite, a new name could."""
    try:
        if source.is_symlink() and not (leads_to := source.readlink()).is_absolute():
            there = source.parent.resolve() / leads_to  # which it would not find from another folder
            target.symlink_to(os.path.relpath(there, target.parent.resolve()))
        else:
            os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if is_there(target):
            raise FileExistsError(errno.EEXIST, "a file is there already") from None
        source.rename(target)
        return
    try:
        source.unlink()
    except OSError:  # as in a folder that may not be written into
        target.unlink()
        raise
