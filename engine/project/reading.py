"""From a file to JSON values, refusing everything that cannot be a project with one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import LayerloomError
from engine.files import is_file, is_folder, is_there, reason_of
from engine.words import memory, thousands

LARGEST_FILE = 64_000_000  # bytes; a drawing of 5 000 nodes takes about 1 MB
MOST_VALUES = 4_000_000  # braces and commas; such a drawing has about 100 000
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")
LARGEST_OBJECT = 100_000  # keys; whoever checks an object notes every one that is wrong


class ProjectFileError(LayerloomError):
    """A project file that cannot be read or written; the file is as it was."""


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; raises `ProjectFileError`."""
    text = _read_text(path)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ProjectFileError(_what_is_wrong(path.name, text, error)) from error
    except RecursionError as error:
        raise ProjectFileError(f"{path.name} is not a Layerloom project: it is nested too deeply.") from error
    except ValueError as error:  # NaN, or a number of more digits than Python reads
        raise ProjectFileError(f"{path.name} holds a number that is not finite or far too long.") from error
    if not isinstance(value, dict):
        raise ProjectFileError(f"{path.name} is not a Layerloom project: it holds no object.")
    if half := _half_character(text, value):
        raise ProjectFileError(f"{path.name} holds half a character, {half}, which can be neither shown nor saved.")
    if any(len(found) > LARGEST_OBJECT for found in _objects(value)):
        raise ProjectFileError(
            f"{path.name} is too large: an object in it has more than {thousands(LARGEST_OBJECT)} keys."
        )
    return value


def _half_character(text: str, value: object) -> str:
    """An escape in JSON text that stands for half of a pair whose other half is missing; "" without one."""
    if not _HALVES.search(text):
        return ""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        return f"\\u{ord(error.object[error.start]):04x}"
    return ""


def _objects(value: object) -> Iterator[dict[str, Any]]:
    """All JSON objects in a value, itself too."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as found:
                yield found
                waiting.extend(found.values())
            case list() as found:
                waiting.extend(found)


def _read_text(path: Path) -> str:
    try:
        if is_folder(path):
            raise ProjectFileError(f"{path.name} is a folder, not a project file.")
        if is_there(path) and not is_file(path):
            raise ProjectFileError(f"{path.name} is a device, not a project file.")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise ProjectFileError(f"There is no file {path}.") from error
    except OSError as error:
        raise ProjectFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error
    except ValueError as error:  # a zero byte in the path
        raise ProjectFileError(f"{str(path)!r} is not the name of a file.") from error
    if len(content) > LARGEST_FILE:
        raise ProjectFileError(f"{path.name} is too large: a project file has at most {memory(LARGEST_FILE)}.")
    if sum(map(content.count, (b"{", b","))) > MOST_VALUES:
        raise ProjectFileError(f"{path.name} is too large: a project file has at most {thousands(MOST_VALUES)} values.")
    if not content.strip():
        raise ProjectFileError(f"{path.name} is empty.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectFileError(f"{path.name} is not a Layerloom project: it is not a text file.") from error


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _what_is_wrong(name: str, text: str, error: json.JSONDecodeError) -> str:
    rest = text.rstrip()
    if text.lstrip().startswith("{") and (error.pos >= len(rest) or not rest.endswith("}")):
        return f"{name} is not complete: it ends in line {rest.count(chr(10)) + 1}, in the middle of the project."
    return f"{name} is not a Layerloom project: line {error.lineno}, column {error.colno} is not JSON."
