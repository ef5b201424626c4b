"""Writing files whole or not at all; into a device or a pipe, as it is."""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from engine.errors import LayerloomError
from engine.locks import is_held, try_to_lock

_REASONS = {"No space left on device": "the disk is full", "Is a directory": "it is a folder"}
_DESCRIPTORS = ("/dev/fd", "/proc/self/fd")  # where the files that this program has open stand as paths
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9¹²³]", re.IGNORECASE)
_MOST_LINKS = 40  # as many as the system itself follows


def reason_of(error: OSError) -> str:
    """Why the system refused, as the end of a sentence: "the disk is full"."""
    reason = error.strerror or str(error)
    return _REASONS.get(reason, reason[:1].lower() + reason[1:])


def readable(name: str | Path) -> str:
    """A name on disk as it can be shown on a line: what is no text by its numbers, a line break as \\n."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), _as_text(name))


def _as_text(name: str | Path) -> str:
    return os.fsencode(name).decode(errors="backslashreplace")


def as_file_name(name: str) -> str:
    """A name of anything as that of a file in a folder, without what would lead elsewhere; "" if nothing is left.

    What Windows keeps for devices gets a dash: it could not be written there.
    """
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")
    return f"{stem}-" if _DEVICES.fullmatch(stem.partition(".")[0]) else stem


def numbered(path: Path) -> Iterator[Path]:
    """``path``, and then others of that name with a number: "a.json", "a-2.json", "a-3.json" …"""
    yield path
    yield from (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))


def require_text(name: str | Path, *, what: str) -> None:
    """Refuse a name on disk that is no text, and so cannot be written down; raises `LayerloomError`.

    ``what`` begins the sentence: "The folder of a class".
    """
    shown = _as_text(name)
    if shown != os.fspath(name):
        raise LayerloomError(f"{what} has a name that is not UTF-8, {shown}: rename it.")


def is_there(path: Path | str) -> bool:
    """Whether there is anything; False too where the system does not say, as of a name that is too long."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib raises for such a name, and in a folder that is shut


def is_folder(path: Path | str) -> bool:
    """Whether there is a folder; False too where the system does not say."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def is_file(path: Path | str) -> bool:
    """Whether there is a file; False too where the system does not say."""
    return os.path.isfile(path)  # noqa: PTH113 - see above


def save_whole(path: Path, content: bytes) -> None:
    """`write_whole` for a file that a person asked for; raises `LayerloomError` with what the system says."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise LayerloomError(f"{path} could not be written: {reason_of(error)}.") from error


def write_whole(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``: whoever reads it finds the old file or the new one, never a part.

    The content goes into a file beside it, to the disk, and then takes its name. Raises `OSError`; then the old
    file is as it was and nothing is left behind; what a program left that was killed while it wrote goes with the next
    writing. What is no file is never replaced: a device or a pipe gets the content, and a folder is refused.
    """
    if not is_plain(path):
        _write_into(path, content)
        return
    path = path.resolve()  # a link stays a link: what it points to is replaced
    remove_leftovers(path)
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            try_to_lock(file.fileno())  # as long as it is, it is no leftover
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def bring_to_disk(path: Path) -> None:
    """Wait until the content of a file that another library wrote is on the disk; raises `OSError`."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def read_whole(path: Path) -> bytes:
    """What a file holds; raises ``OSError``, also for a pipe or a device, which one would wait for."""
    if is_there(path) and not (is_file(path) or is_folder(path)):
        raise OSError(errno.EINVAL, "it is no file")
    return path.read_bytes()


def fingerprint(path: Path) -> str | None:
    """What tells the content of a file from any other; None if it cannot be read, or is a device or a pipe."""
    try:
        if not path.is_file():  # opening a pipe waits for whoever writes into it
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def remove_leftovers(path: Path) -> None:
    """Remove the parts of ``path`` (of a folder: of all files in it) whose writers were killed; never raises."""
    folder, of = (path, "*") if is_folder(path) else (path.parent, glob.escape(f".{path.name[:100]}.") + "*")
    for part in folder.glob(f"{of}.part"):
        if part.name.startswith(".") and part.is_file() and not is_held(part):
            with suppress(OSError):
                part.unlink()


def is_plain(path: Path) -> bool:
    """Whether a path is a file or not there yet: neither folder nor device, pipe or open file like /dev/stdout."""
    if _descriptor(path) is not None:
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def file_beside(path: Path, suffix: str) -> Path:
    """The file that goes with ``path`` under another suffix; raises `LayerloomError` where none can stand there."""
    try:
        plain = is_plain(path)
    except OSError as error:
        raise LayerloomError(f"{path} could not be written: {reason_of(error)}.") from error
    if not plain:
        raise LayerloomError(f"{path} is not a file, and nothing can stand beside it: name a file.")
    if path.suffix == suffix:
        raise LayerloomError(
            f"{path} is the name of the file that goes with it: name one that does not end in {suffix}."
        )
    return path.with_suffix(suffix)


def _write_into(path: Path, content: bytes) -> None:
    """Write into what is there, and where it already writes if this program has it open (as ``>>`` did)."""
    descriptor = _descriptor(path)
    with path.open("wb") if descriptor is None else os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(content)


def _descriptor(path: Path) -> int | None:
    """The number of the open file that a path or a link stands for: 1 for /dev/stdout."""
    path = path.absolute()
    for _ in range(_MOST_LINKS):
        if str(path.parent) in _DESCRIPTORS and path.name.isdecimal():
            return int(path.name)
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return None
