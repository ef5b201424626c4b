"""Writing files whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from engine.errors import LayerloomError


def reason_of(error: OSError) -> str:
    """Why the system refused, as the end of a sentence: "the disk is full"."""
    reason = error.strerror or str(error)
    return {"No space left on device": "the disk is full"}.get(reason, reason[:1].lower() + reason[1:])


def save_whole(path: Path, content: bytes) -> None:
    """`write_whole` for a file that a person asked for; raises `LayerloomError` with what the system says."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise LayerloomError(f"{path} could not be written: {reason_of(error)}.") from error


def write_whole(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``: whoever reads it finds the old file or the new one, never a part.

    The content goes into a file beside it, to the disk, and then takes its name. Raises `OSError`; then the old
    file is as it was and nothing is left behind.
    """
    path = path.resolve()  # a link stays a link: what it points to is replaced
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
