"""What a person says of a run: a name, and a note; kept in its folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.errors import LayerloomError
from engine.files import read_whole, reason_of, write_whole


@dataclass(frozen=True, slots=True)
class Label:
    """A name in place of the network's, and a note of any length; "" where there is none."""

    name: str = ""
    note: str = ""


def read_label(folder: Path) -> Label:
    """The label of the run in ``folder``; an empty one where there is none, or its file is damaged."""
    try:
        kept = json.loads(read_whole(_file(folder)))
        return Label(_text(kept.get("name")), _text(kept.get("note")))
    except (OSError, ValueError, AttributeError, RecursionError):
        return Label()


def keep_label(folder: Path, label: Label) -> None:
    """Keep the label of the run in ``folder``; raises `LayerloomError` if it cannot be written."""
    file = _file(folder)
    try:
        write_whole(file, json.dumps(asdict(label)).encode())
    except OSError as error:
        raise LayerloomError(f"{file} cannot be written: {reason_of(error)}.") from error


def _file(folder: Path) -> Path:
    return folder / "name.json"


def _text(value: object) -> str:
    """A text without half characters, which can be neither shown nor exported."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""
