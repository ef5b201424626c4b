"""Blocks in a row: one repeated behind itself, or a kept one put behind what is there."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from engine.network.analysis import Analysis, analyse
from engine.network.blocks import common_block, group, nodes_of, rename, rename_block
from engine.network.clipboard import duplicate, insert_fragment
from engine.network.errors import NetworkError
from engine.network.exits import leaves
from engine.network.geometry import GAP_SHAPE_CHANGES, around, box_of, child_of, has_place, snap_up
from engine.network.making_space import boxes_in, changing, set_position, shift
from engine.network.names import inside, leaf, parent
from engine.network.network import Network
from engine.network.partners import require_value, values_from
from engine.network.parts import Edge, Point

MOST_REPEATS = 100


def repeat_block(network: Network, prefix: str, times: int, *, analysis: Analysis | None = None) -> list[str]:
    """Let a block stand ``times`` times in a row, what it fed behind the last one; return the names in order.

    A block whose name ends in a number is followed by the next numbers (``layer1.0``, ``layer1.1`` …), and blocks
    that had these move on; any other becomes a block of numbered ones (``stage`` gives ``stage.0``, ``stage.1`` …),
    as torchvision names them.
    Copies are collapsed. ``analysis`` is that of the network, if it is known.

    Raises `NetworkError` if the block takes or gives more than one value, or gives another shape than it takes.
    """
    if not 2 <= times <= MOST_REPEATS:
        raise NetworkError(f"A block can stand 2 to {MOST_REPEATS} times in a row, not {times}.")
    _require_repeatable(network, prefix, analysis or analyse(network))
    if not leaf(prefix)[-1].isdigit():
        prefix = _wrapped(network, prefix)
    row = [prefix]
    changing(network, parent(prefix), lambda: _extend(network, row, times))
    return row


def insert_behind(network: Network, text: str, name: str) -> list[str]:
    """Add a copied part behind a node or block and return the names of what now stands there.

    Free inputs of the part take the output of ``name``, and what that fed takes the part's; a part without a
    free input or with several loose ends is added with those wires alone that are certain. Raises `LayerloomError`.
    """
    return _insert_below(network, text, _end_of(network, name), above=name)


def insert_in_edge(network: Network, text: str, edge: Edge) -> list[str]:
    """Put a copied part into an edge, wired as `insert_behind` does; return the names of what now stands there."""
    require_value(network, edge)
    block = common_block((edge.source, edge.target))
    return _insert_below(network, text, _End(edge.source, (edge,)), above=child_of(edge.source, block))


def gives_value(network: Network, name: str) -> bool:
    """Whether something can follow a node or block."""
    return any(_gives_outside(network, member, name) for member in nodes_of(network, [name]))


@dataclass(frozen=True, slots=True)
class _End:
    """Where a value leaves a node or block: the node that gives it and the edges that take it outside."""

    source: str
    edges: tuple[Edge, ...]


def _insert_below(network: Network, text: str, end: _End, *, above: str) -> list[str]:
    def change() -> list[str]:
        at = _place_below(network, above)
        added = insert_fragment(network, text, block=parent(above), at=at)
        _connect_behind(network, added, end)
        if at:
            _make_room(network, above, added)
        return added

    return changing(network, parent(above), change)


def _require_repeatable(network: Network, prefix: str, analysis: Analysis) -> None:
    members = nodes_of(network, [prefix])
    entering = dict.fromkeys(edge.source for edge in _entering(network, prefix))
    leaving = [name for name in members if _gives_outside(network, name, prefix)]
    for verb, values in (("takes", entering), ("gives", leaving)):
        if len(values) != 1:
            raise NetworkError(f"{prefix} cannot be repeated: it {verb} {len(values) or 'no'} values, not one.")
    taken, given = analysis[next(iter(entering))].output, analysis[leaving[0]].output
    if taken is None or given is None:
        raise NetworkError(f"{prefix} cannot be repeated: its shapes are not known yet.")
    if taken != given:
        raise NetworkError(f"{prefix} cannot follow itself: it takes {taken} and gives {given}.")


def _entering(network: Network, prefix: str) -> list[Edge]:
    """The edges into a block from outside."""
    members = network.members(prefix)
    return [edge for name in members for edge in network.incoming(name) if not inside(edge.source, prefix)]


def _gives_outside(network: Network, name: str, prefix: str) -> bool:
    """Whether a node of a block gives a value to the outside, or to nobody."""
    return network.layer(name).has_output and (not network.outgoing(name) or leaves(network, name, prefix))


def _end_of(network: Network, name: str) -> _End:
    """The last value that leaves a node or block."""
    members = sorted(nodes_of(network, [name]), key=network.place)
    giving = [member for member in members if _gives_outside(network, member, name)]
    if not giving:
        raise NetworkError(f"Nothing can follow {name}: it gives no output.")
    edges = values_from(network, giving[-1])
    return _End(giving[-1], tuple(edge for edge in edges if not inside(edge.target, name)))


def _wrapped(network: Network, prefix: str) -> str:
    """Put a block as "0" into a new block of its name, and return its new prefix."""
    outer = parent(prefix)
    aside = network.free_name(f"{leaf(prefix)}_", block=outer)
    rename_block(network, prefix, aside)
    inner = f"{group(network, [aside], leaf(prefix))}.0"
    rename_block(network, f"{parent(inner)}.{leaf(aside)}", inner)
    return inner


def _extend(network: Network, row: list[str], times: int) -> None:
    first, names = row[0], _free_numbers(network, row[0], times - 1)
    end = _end_of(network, first)
    entering = _entering(network, first)
    for edge in end.edges:
        network.disconnect(edge)
    for name in names:
        before, copy = row[-1], duplicate(network, [first])[0]
        rename_block(network, copy, name)
        network.set_block(name, collapsed=True)
        for edge in entering:
            network.connect(before + end.source[len(first) :], name + edge.target[len(first) :], edge.port)
        if place := _place_below(network, before):
            set_position(network, name, place)
            _make_room(network, before, [name])
        row.append(name)
    for edge in end.edges:
        network.connect(row[-1] + end.source[len(first) :], edge.target, edge.port)


def _free_numbers(network: Network, prefix: str, copies: int) -> list[str]:
    """The names of copies: the next numbers. Later numbers beside the block move on if it feeds all of them."""
    stem = re.sub(r"[0-9]+$", "", prefix)
    own = int(prefix[len(stem) :])
    tails = [name[len(stem) :] for name in network.children(parent(prefix)) if name.startswith(stem)]
    later = sorted(
        (int(tail) for tail in tails if re.fullmatch("0|[1-9][0-9]*", tail) and int(tail) > own), reverse=True
    )
    fed = {below for member in network.members(prefix) for below in network.downstream(member)}
    if all(fed.intersection(nodes_of(network, [f"{stem}{number}"])) for number in later):
        for number in later:
            rename(network, f"{stem}{number}", f"{stem}{number + copies}")
    else:
        own = later[0]
    return [f"{stem}{own + index + 1}" for index in range(copies)]


def _connect_behind(network: Network, added: list[str], end: _End) -> None:
    """Feed the free inputs of what was added from an end, and what that fed from its one loose end."""
    nodes = nodes_of(network, added)
    loose = [name for name in nodes if network.layer(name).has_output and not network.outgoing(name)]
    fed = [name for name in nodes if _wants_input(network, name)]
    for name in fed:
        network.connect(end.source, name)
    if fed and len(loose) == 1:
        for edge in end.edges:
            network.disconnect(edge)
            network.connect(loose[0], edge.target, edge.port)


def _wants_input(network: Network, name: str) -> bool:
    """Whether a node needs one more input; a merge needs two."""
    layer, taken = network.layer(name), len(network.incoming(name))
    return taken < (2 if layer.variadic else len(layer.input_ports))


def _place_below(network: Network, above: str) -> Point | None:
    """Where something that follows a node or block stands; None if that is not laid out."""
    box = box_of(network, above)
    return Point(box.left, snap_up(box.bottom + GAP_SHAPE_CHANGES)) if has_place(network, above) else None


def _make_room(network: Network, above: str, added: Collection[str]) -> None:
    """Move down what stood below a node or block before others came to stand there."""
    upper, new = box_of(network, above), around([box_of(network, name) for name in added])
    for other, box in boxes_in(network, parent(above)).items():
        if other not in added and box.beside(upper) and box.top >= upper.bottom:
            shift(network, other, 0, snap_up(new.bottom - new.top + GAP_SHAPE_CHANGES))
