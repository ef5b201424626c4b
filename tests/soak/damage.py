"""Project files as accidents, other programs and hands leave them."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 7, 3.5, -0.0, 1e308, -1e308, 10**6, 10**9, 2**63, 10**400),
    *("", " ", "none", "true", "\0", "\ud800", "é", "e\u0301", "class", "self", "train", "shape_env", "T_destination"),
    *("1", "a.b", "a..b", ".", "..", "../../etc/passwd", "x" * 10_000, "\u202e", "Conv2d", "Output", "input"),
    *([], {}, [[]], [0, 0], [1, 1], [3], [3, 3, 3], [None], ["a"], {"a": 1}, {"name": "conv1"}),
)
_RAW = (b"", b"{", b"}", b"[", b"null", b"NaN", b"-Infinity", b"\xff\xfe", b"\0" * 64, b"9" * 5000, b'{"a":' * 400)
_BYTES = 0.25  # share of files that are damaged as bytes


def damaged(chances: random.Random, document: dict[str, Any]) -> bytes:
    """The content of a file that held ``document``, damaged in one to four places."""
    if chances.random() < _BYTES:
        return damaged_bytes(chances, json.dumps(document, ensure_ascii=False).encode())
    other = copy.deepcopy(document)
    for _ in range(_times(chances)):
        _values(chances, other)
    return json.dumps(other).encode()


def damaged_bytes(chances: random.Random, whole: bytes) -> bytes:
    """A file's content, damaged in one to four places."""
    for _ in range(_times(chances)):
        whole = _bytes(chances, whole)
    return whole


def _times(chances: random.Random) -> int:
    return chances.choice((1, 1, 1, 2, 4))


def _bytes(chances: random.Random, whole: bytes) -> bytes:
    """Bytes flipped, cut, doubled or put in."""
    start = chances.randrange(len(whole) + 1)
    end = min(len(whole), start + chances.choice((1, 1, 2, 8, 100)))
    match chances.randrange(6):
        case 0:
            return whole[:start] + bytes(chances.randrange(256) for _ in range(end - start)) + whole[end:]
        case 1:
            return whole[:start]
        case 2:
            return whole[:start] + whole[end:]
        case 3:
            return whole[:end] + whole[start:]
        case 4:
            return chances.choice(_RAW)
        case _:
            return whole[:start] + chances.choice(_RAW) + whole[start:]


def _values(chances: random.Random, document: dict[str, Any]) -> None:
    """A value, key or entry of the document, at any depth, replaced, removed, renamed, doubled or moved."""
    places = list(_places(document))
    if not places:  # all of it is gone already
        return
    holder, key = chances.choice(places)
    match chances.randrange(7):
        case 0 | 1 | 2:
            holder[key] = copy.deepcopy(chances.choice(ODD))
        case 3:
            del holder[key]
        case 4:
            other, at = chances.choice(places)
            holder[key] = copy.deepcopy(other[at]) if at in _keys(other) else None
        case 5 if isinstance(holder, list):
            holder.insert(chances.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
        case 5:
            holder[str(chances.choice(ODD))[:40]] = holder.pop(key)
        case _ if isinstance(holder, list):
            chances.shuffle(holder)
        case _:
            deep: Any = holder[key]
            for _ in range(chances.choice((1, 3, 200))):
                deep = [deep]
            holder[key] = deep


def _places(value: Any) -> Any:
    """Every holder of a value with the value's key."""
    for key in _keys(value):
        yield value, key
        yield from _places(value[key])


def _keys(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
