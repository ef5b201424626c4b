"""Copying: a part of a network as JSON text, and pasting it under new names."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from pydantic import ValidationError

from engine.errors import LayerloomError
from engine.network.blocks import common_block, nodes_of, roots_of
from engine.network.encoding import NetworkEntry, decode, encode_part
from engine.network.geometry import Box, around, box_of, child_of, has_place, snap_up
from engine.network.making_space import boxes_in, resizing, shift
from engine.network.names import inside, leaf, why_not_a_name
from engine.network.network import Network
from engine.network.parts import Point

PASTE_OFFSET = 32
ROOT = "part"  # the block that a copied part stands in, so that "0" of a block may be copied too


class _Fragment(NetworkEntry):
    format: Literal["layerloom-fragment"]
    version: Literal[1]


def fragment_to_json(network: Network, names: Iterable[str]) -> str:
    """Nodes and blocks, with the edges among them, as text for the clipboard."""
    names = list(names)
    outer = common_block(names)
    part = encode_part(
        network,
        nodes_of(network, names),
        [prefix for prefix in network.blocks if any(prefix == name or inside(prefix, name) for name in names)],
    )
    for node in part["nodes"]:
        node["name"] = _moved(node["name"], outer, ROOT)
    part["edges"] = [
        [_moved(source, outer, ROOT), _moved(target, outer, ROOT), p] for source, target, p in part["edges"]
    ]
    part["blocks"] = {_moved(prefix, outer, ROOT): note for prefix, note in part["blocks"].items()}
    return json.dumps({"format": "layerloom-fragment", "version": 1, **part}, ensure_ascii=False)


def insert_fragment(
    network: Network, text: str, *, block: str = "", at: Point | None = None, clear: bool = True
) -> list[str]:
    """Add the copied nodes and blocks to ``block`` and return the names of what now stands there.

    Names that are taken get the next free number. ``at`` is the top left corner in the block's frame; without it
    the copies stand a little off the originals. They go as far right and down as they must to be ``clear`` of what is
    there. Raises `LayerloomError` if the text is no copied part.
    """
    return list(_insert(network, fragment_from_json(text), block=block, at=at, clear=clear).values())


def fragment_from_json(text: str) -> Network:
    """The copied part as a network of its own; raises `LayerloomError`."""
    try:
        entry = _Fragment.model_validate(json.loads(text))
    except (ValueError, RecursionError, ValidationError) as error:
        raise LayerloomError("The clipboard holds no layers.") from error
    part = decode(entry)
    if part.children("") != (ROOT,):
        raise LayerloomError("The clipboard holds no layers.")
    return part


def duplicate(network: Network, names: Sequence[str], *, wires: bool = False) -> list[str]:
    """Copy nodes and blocks beside themselves and return the names of the copies.

    With ``wires`` each copy also takes its inputs from where its original takes them.
    """
    names = roots_of(names)
    outer = common_block(names)
    nodes = nodes_of(network, names)
    incoming = [edge for name in nodes for edge in network.incoming(name) if edge.source not in set(nodes)]
    copies = _insert(network, fragment_from_json(fragment_to_json(network, names)), block=outer)
    if wires:
        for edge in incoming:
            network.connect(edge.source, _copied(_moved(edge.target, outer, ROOT), copies), edge.port)
    return list(copies.values())


def _insert(
    network: Network, part: Network, *, block: str, at: Point | None = None, clear: bool = True
) -> dict[str, str]:
    """Add a part and return the new name of each of its roots."""
    copies: dict[str, str] = {}

    def change() -> None:
        for root in part.children(ROOT):
            copies[root] = _free_name(network, part, root, block=block, besides=set(copies.values()))
        for name in part.members(ROOT):
            node = part[name]
            added = network.add(node.layer, _copied(name, copies), position=node.position)
            network.set_node(added, frozen=node.frozen, bypassed=node.bypassed)
        for prefix in part.block_prefixes():
            note = part.block(prefix)
            if prefix != ROOT:
                copied = _copied(prefix, copies)
                network.set_block(copied, kind=note.kind, collapsed=note.collapsed, position=note.position)
        for edge in part.edges():
            network.connect(_copied(edge.source, copies), _copied(edge.target, copies), edge.port)
        _stand(network, list(copies.values()), block, at, clear=clear)

    resizing(network, block, change)
    return copies


def _moved(name: str, outer: str, new: str) -> str:
    """A name in the block ``outer`` as it is in the block ``new``."""
    return f"{new}.{name[len(outer) + 1 :] if outer else name}"


def _copied(name: str, copies: dict[str, str]) -> str:
    """What a name of a part is called where the part was put."""
    root = child_of(name, ROOT)
    return copies[root] + name[len(root) :]


def _free_name(network: Network, part: Network, root: str, *, block: str, besides: Collection[str]) -> str:
    last = leaf(root)
    path = f"{block}.{last}" if block else last
    taken = path in network or network.is_block(path) or path in besides
    if not taken and not why_not_a_name(path):
        return path
    plain = part.layer(root).stem if root in part else "block"
    stem = re.sub(r"[0-9]+$", "", last) or ("" if block else plain)
    return network.free_name(stem, block=block, besides=besides)


def _stand(network: Network, names: list[str], block: str, at: Point | None, *, clear: bool) -> None:
    placed = [name for name in names if has_place(network, name)]
    if not placed:
        return
    box = around([box_of(network, name) for name in placed])
    dx, dy = (at.x - box.left, at.y - box.top) if at else (PASTE_OFFSET, PASTE_OFFSET)
    if clear:
        others = [other for name, other in boxes_in(network, block).items() if name not in placed]
        past = _way_past(others, Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy))
        dx, dy = dx + past.x, dy + past.y
    for name in placed:
        shift(network, name, dx, dy)


def _way_past(others: Sequence[Box], box: Box) -> Point:
    """The shortest way right and down after which a rectangle overlaps none of the others."""
    best = Point(_way_right(others, box), 0)
    for down in sorted({snap_up(other.bottom + PASTE_OFFSET - box.top) for other in others}):
        if down >= best.x + best.y:
            break
        if down > 0:
            right = _way_right(others, Box(box.left, box.top + down, box.right, box.bottom + down))
            best = min(best, Point(right, down), key=sum)
    return best


def _way_right(others: Sequence[Box], box: Box) -> int:
    way = 0
    while blocker := next((other for other in others if other.overlaps(box)), None):
        step = snap_up(blocker.right + PASTE_OFFSET - box.left)
        box = Box(box.left + step, box.top, box.right + step, box.bottom)
        way += step
    return way
