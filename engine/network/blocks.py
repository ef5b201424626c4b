"""Blocks: grouping, ungrouping and renaming by prefix; expanding and collapsing with room made for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from engine.network.errors import BadNameError, NameTakenError, NetworkError
from engine.network.geometry import ORIGIN, Box, around, box_of, child_of, has_place
from engine.network.layout import tidy
from engine.network.making_space import changing, give_way, resizing, set_position, shift
from engine.network.names import inside, leaf, parent, prefixes, why_not_a_name
from engine.network.network import Network
from engine.network.parts import Point


def expand(network: Network, prefix: str) -> None:
    """Show a block as a frame around its members; its neighbours make room."""
    resizing(network, prefix, lambda: network.set_block(prefix, collapsed=False))


def collapse(network: Network, prefix: str) -> None:
    """Show a block as one node; its neighbours close up."""
    resizing(network, prefix, lambda: network.set_block(prefix, collapsed=True))


def nodes_of(network: Network, names: Iterable[str]) -> list[str]:
    """The nodes that a selection of nodes and blocks stands for, each once, in the network's order."""
    names = list(names)
    chosen = {node for name in names for node in ((name,) if name in network else network.members(name))}
    unknown = [name for name in names if name not in network and not network.is_block(name)]
    if unknown:
        raise NetworkError(f"There is no layer or block called '{unknown[0]}'.")
    return [name for name in network if name in chosen]


def roots_of(names: Iterable[str]) -> list[str]:
    """Each name once, without those that stand inside another."""
    names = list(dict.fromkeys(names))
    return [name for name in names if not any(inside(name, other) for other in names)]


def common_block(names: Iterable[str]) -> str:
    """The innermost block that holds all of ``names`` (nodes or blocks); "" is the top level."""
    paths = [prefixes(name) for name in names]
    shared = [level[0] for level in zip(*paths, strict=False) if len(set(level)) == 1]
    return shared[-1] if shared else ""


def group(network: Network, names: Sequence[str], block: str = "", *, kind: str = "") -> str:
    """Put nodes and blocks into a new block where they stand and return its prefix.

    Raises `NetworkError` if a path leaves the selection and comes back: such a block could not be one module.
    """
    nodes = nodes_of(network, names)
    if not nodes:
        raise NetworkError("There is nothing to group: select layers first.")
    if between := _detour(network, nodes):
        raise NetworkError(f"'{between}' lies on a path between the selected layers: select it too.")
    outer = common_block(names)
    prefix = f"{outer}.{block}" if outer and block else block or network.free_name("block", block=outer)
    _require_free(network, prefix)
    roots = roots_of(names)
    items = dict.fromkeys(child_of(name, outer) for name in roots)
    placed = all(has_place(network, item) for item in items)
    old = [box_of(network, item) for item in items]

    def change() -> None:
        for name in roots:
            _move(network, name, prefix + "." + (name[len(outer) + 1 :] if outer else name))
        network.set_block(prefix, kind=kind)
        if placed:
            _frame(network, prefix, around(old))

    changing(network, outer, change)
    return prefix


def ungroup(network: Network, prefix: str) -> list[str]:
    """Take a block's members out into the block around it and return their names; what is taken gets a new one.

    Raises `NetworkError` if there is no such block.
    """
    if not network.is_block(prefix):
        raise NetworkError(f"'{prefix}' is no block: there is nothing to take apart.")
    if network.block(prefix).collapsed:
        expand(network, prefix)
    outer, frame = parent(prefix), box_of(network, prefix)
    new_names: list[str] = []

    def change() -> None:
        for child in network.children(prefix):
            shift(network, child, frame.left, frame.top - ORIGIN.y)
            new_names.append(_free_in(network, child, outer))
            _move(network, child, new_names[-1])
        network.forget_block(prefix)
        content = around([box_of(network, name) for name in new_names])
        give_way(network, outer, before=frame, after=content, but=new_names)

    changing(network, outer, change)
    return new_names


def move_into(network: Network, block: str, places: Mapping[str, Point]) -> list[str]:
    """Put nodes and blocks into another block ("": out of all) at places in its frame; return their new names.

    Raises `NetworkError` if there is no such block, if it is one of them, or if a path would leave a block and come
    back.
    """
    names = roots_of(places)
    nodes_of(network, names)
    if block and not network.is_block(block):
        raise NetworkError(f"There is no block called '{block}'.")
    if any(name == block or inside(block, name) for name in names):
        raise NetworkError(f"'{block}' cannot stand inside itself.")
    left = dict.fromkeys(parent(name) for name in names)
    moved: list[str] = []

    def change() -> None:
        for name in names:
            moved.append(_free_in(network, name, block))
            _move(network, name, moved[-1])
            set_position(network, moved[-1], places[name])
        for prefix in [prefix for prefix in network.blocks if not network.is_block(prefix)]:
            network.forget_block(prefix)
        _require_modules(network, (block, *left))

    whole: Callable[[], None] = change
    for prefix in left:
        whole = partial(resizing, network, prefix, whole)
    changing(network, block, whole)
    return moved


def rename(network: Network, name: str, new: str) -> None:
    """Give a node or a block another name, both as full paths; a block's nodes keep their last parts."""
    if name in network:
        network.rename(name, new)
    else:
        rename_block(network, name, new)


def rename_block(network: Network, prefix: str, new: str) -> None:
    """Give a block another prefix; its nodes keep their last parts."""
    if prefix != new:
        nodes_of(network, [prefix])
        _require_free(network, new)
        _move(network, prefix, new)


def _move(network: Network, path: str, new: str) -> None:
    """Rename a node, or all that stands in a block together with what is noted of it."""
    if path in network:
        network.rename(path, new)
        return
    notes = {p: note for p, note in network.blocks.items() if p == path or inside(p, path)}
    for name in network.members(path):
        network.rename(name, new + name[len(path) :])
    for prefix, note in notes.items():
        network.forget_block(prefix)
        network.set_block(new + prefix[len(path) :], kind=note.kind, collapsed=note.collapsed, position=note.position)


def _frame(network: Network, prefix: str, old: Box) -> None:
    """Stand a new frame around members that have the places they had outside it; neighbours give way.

    Members that come from several frames are laid out anew.
    """
    children = network.children(prefix)
    if all(has_place(network, child) for child in children):
        for child in children:
            shift(network, child, ORIGIN.x - old.left, ORIGIN.y - old.top)
    else:
        tidy(network, within=prefix)
    network.set_block(prefix, position=Point(old.left - ORIGIN.x, old.top))
    give_way(network, parent(prefix), before=old, after=box_of(network, prefix), but={prefix})


def _free_in(network: Network, path: str, outer: str) -> str:
    """What a node or block can be called in another: as it is if that is free, else with its old block's name first."""
    last, old = leaf(path), leaf(parent(path))
    longer = f"{old}_{last}" if old else f"{last}_"
    for name in (last, longer):
        new = f"{outer}.{name}" if outer else name
        if new not in network and not network.is_block(new) and not why_not_a_name(new):
            return new
    return network.free_name(longer if longer.endswith("_") else f"{longer}_", block=outer)


def _require_modules(network: Network, blocks: Iterable[str]) -> None:
    """Refuse blocks that could not be one module, these or any around them."""
    around_them = {prefix for block in blocks if block for prefix in (*prefixes(block), block)}
    for prefix in sorted(around_them):
        if between := _detour(network, network.members(prefix)):
            raise NetworkError(f"A path would leave {leaf(prefix)} for '{between}' and come back.")


def _require_free(network: Network, prefix: str) -> None:
    reason = why_not_a_name(prefix)
    if reason:
        raise BadNameError(reason)
    if prefix in network or network.is_block(prefix):
        raise NameTakenError(f"'{prefix}' is taken.")


def _detour(network: Network, nodes: Iterable[str]) -> str:
    """A node on a path that leaves some nodes and comes back, or ""; with it they could not be one module."""
    chosen, outside = set(nodes), set[str]()
    for name in network.topological():
        sources = {edge.source for edge in network.incoming(name)}
        if name in chosen and sources & outside:
            return sorted(sources & outside)[0]
        if name not in chosen and sources & (chosen | outside):
            outside.add(name)
    return ""
