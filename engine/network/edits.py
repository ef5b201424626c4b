"""Compound edits: what one gesture does to a network, for use inside one undo step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from engine.layers import Layer
from engine.network.blocks import common_block, nodes_of, roots_of
from engine.network.errors import NetworkError, PortError
from engine.network.geometry import (
    GAP,
    GAP_SHAPE_CHANGES,
    GRID,
    HEADER,
    NODE_HEIGHT,
    NODE_WIDTH,
    SLIM_HEIGHT,
    Box,
    around,
    axis_of,
    box_of,
    child_of,
    has_place,
    snap,
    snap_up,
)
from engine.network.making_space import boxes_in, changing, resizing, shift
from engine.network.names import inside, parent
from engine.network.network import Network
from engine.network.partners import find_partner, may_be_partner, names_partner, require_value, values_from
from engine.network.parts import Edge, Point

LANE_GAP = 40


def add_after(network: Network, layer: Layer, name: str, *, new_name: str = "") -> str:
    """Add a layer after a node or block, as on its wire: it takes over all that the output fed; return its name.

    A layer without an output (`Output`) or a source without wires gets just the one new wire.
    """
    source, outgoing = _output_of(network, name)
    if not layer.has_output:
        outgoing = []
    return _add_between(network, layer, source, outgoing, block=parent(name), new_name=new_name)


def insert_on_edge(network: Network, layer: Layer, edge: Edge, *, new_name: str = "", block: str | None = None) -> str:
    """Put a layer into an edge: both ends reconnect, what stands below moves down; return the new node's name.

    It comes into ``block``, or else the innermost block that holds both ends.
    """
    if not layer.has_output:
        raise PortError(f"{layer.title} gives no output: it cannot stand in a wire.")
    require_value(network, edge)
    if block is None:
        block = common_block((edge.source, edge.target))
    return _add_between(network, layer, edge.source, [edge], block=block, new_name=new_name)


def add_before(network: Network, layer: Layer, name: str, port: str | None = None, *, new_name: str = "") -> str:
    """Add a layer that feeds an input port of a node (the first free one), above it; return its name."""
    block = parent(name)
    added: list[str] = []

    def change() -> None:
        added.append(network.add(layer, new_name, block=block))
        network.connect(added[0], name, port)
        if has_place(network, name):
            left, top, *_ = box_of(network, name)
            x = left + axis_of(network, name) - NODE_WIDTH / 2
            height = snap_up(_height(layer) + GAP_SHAPE_CHANGES)
            _move_down(network, block, Box(left, top, left + NODE_WIDTH, top), height)
            network.set_node(added[0], position=Point(x, top))

    changing(network, block, change)
    return added[0]


def remove(network: Network, names: Iterable[str]) -> None:
    """Remove nodes and whole blocks with their edges; everything else stays where it is."""
    blocks = network.block_prefixes()
    network.remove(*nodes_of(network, names))
    for prefix in blocks:
        if not network.is_block(prefix):
            network.forget_block(prefix)


def remove_and_close_gap(network: Network, names: Iterable[str]) -> None:
    """Remove nodes and blocks, and connect what fed them to what they fed; what stands below moves up."""
    names = roots_of(names)
    nodes = set(nodes_of(network, names))
    bridges = [
        (source, edge)
        for name in network.topological()
        if name in nodes
        for edge in network.outgoing(name)
        if edge.target not in nodes and (source := _source_beyond(network, name, nodes))
    ]
    for prefix in dict.fromkeys(parent(name) for name in names):
        gone = [name for name in names if parent(name) == prefix]
        changing(network, prefix, lambda gone=gone, prefix=prefix: _remove_here(network, gone, prefix))  # type: ignore[misc]

    def bridge() -> None:
        for source, edge in bridges:
            if names_partner(network, edge) and not may_be_partner(network, edge._replace(source=source)):
                continue
            if network.why_not_connect(source, edge.target, edge.port) is None:
                network.connect(source, edge.target, edge.port)

    _rewiring(network, [end for source, edge in bridges for end in (source, edge.target)], bridge)


def connect(
    network: Network, source: str, target: str, port: str | None = None, *, without: Sequence[Edge] = ()
) -> None:
    """Let ``source`` feed a port of ``target``, or its first free one, in place of some edges of before."""

    def change() -> None:
        for edge in without:
            network.disconnect(edge)
        network.connect(source, target, port)

    _rewiring(network, [end for edge in (Edge(source, target), *without) for end in edge[:2]], change)


def _rewiring(network: Network, ends: Iterable[str], change: Callable[[], None]) -> None:
    """Run a change of edges between some nodes; frames that it makes wider are given room."""
    whole = change
    for prefix in dict.fromkeys(parent(name) for name in ends):
        whole = partial(resizing, network, prefix, whole)
    whole()


def move(network: Network, names: Iterable[str], dx: float, dy: float) -> None:
    """Move nodes and blocks; frames around them follow, and neighbours of frames that grow give way."""
    by_frame: dict[str, list[str]] = {}
    for name in names:
        by_frame.setdefault(parent(name), []).append(name)
    for prefix, here in by_frame.items():

        def change(here: Sequence[str] = here) -> None:
            for name in here:
                shift(network, name, snap(dx), snap(dy))

        resizing(network, prefix, change)


def freeze(network: Network, names: Iterable[str], *, frozen: bool = True) -> None:
    """Keep the parameters of nodes, and of all nodes in blocks, from training; or let them train again."""
    for name in nodes_of(network, names):
        network.set_node(name, frozen=frozen)


def bypass(network: Network, names: Iterable[str], *, bypassed: bool = True) -> None:
    """Let inputs pass through nodes unchanged, or no longer; in a block, all nodes that have one input.

    Raises `NetworkError` if none of them can be bypassed.
    """
    nodes = nodes_of(network, names)
    able = [name for name in nodes if can_bypass(network.layer(name))]
    if nodes and not able:
        raise NetworkError(f"{nodes[0]} cannot be bypassed: only a layer with one input and an output can.")
    for name in able:
        network.set_node(name, bypassed=bypassed)


def can_bypass(layer: Layer) -> bool:
    """Whether a layer has the one input and the output that a bypass connects."""
    return layer.has_output and not layer.variadic and len(layer.input_ports) == 1


def _output_of(network: Network, name: str) -> tuple[str, list[Edge]]:
    """The node whose output a node or block gives, and the edges that take it outside."""
    if name in network:
        return name, values_from(network, name)
    members = sorted(nodes_of(network, [name]), key=network.place, reverse=True)
    for member in members:
        leaving = [edge for edge in values_from(network, member) if not inside(edge.target, name)]
        if leaving:
            return member, leaving
    return next((member for member in members if network.layer(member).has_output), members[0]), []


def _add_between(
    network: Network, layer: Layer, source: str, edges: Sequence[Edge], *, block: str, new_name: str
) -> str:
    added: list[str] = []

    def change() -> None:
        for edge in edges:
            network.disconnect(edge)
        name = network.add(layer, new_name, inputs=source, block=block)
        added.append(name)
        find_partner(network, name)
        for edge in edges:
            network.connect(name, edge.target, edge.port)
        _place_between(network, name, source, [edge.target for edge in edges])

    changing(network, block, change)
    return added[0]


def _place_between(network: Network, name: str, source: str, targets: Sequence[str]) -> None:
    """Place a node under what feeds it, or, if other things stand between that and its targets, right of those."""
    block = parent(name)
    boxes = boxes_in(network, block)
    above = child_of(source, block) if inside(source, block) else ""
    below = [item for item in dict.fromkeys(child_of(t, block) for t in targets if inside(t, block)) if item in boxes]
    if above not in boxes and (above or not below):
        return  # not laid out
    height = _height(network.layer(name))
    start = boxes[above].bottom if above else HEADER
    if _leads_aside(boxes, above, below):
        _place_over(network, name, below[0], snap_up(start + GAP))
        return
    guide = above or below[0]
    x = boxes[guide].left + axis_of(network, guide) - NODE_WIDTH / 2
    end = min((boxes[item].top for item in below), default=start)
    way = Box(x, start, x + NODE_WIDTH, end)
    between = [box for item, box in boxes.items() if item not in (above, *below) and box.overlaps(way)]
    if between:
        left = snap_up(around(between).right + LANE_GAP)
        _move_right(network, block, left - GRID, NODE_WIDTH + LANE_GAP)
        top = max(snap((start + end - height) / 2), snap_up(start + GAP))
        network.set_node(name, position=Point(left, top))
    else:
        _move_down(network, block, Box(x, start, x + NODE_WIDTH, start), snap_up(height + GAP_SHAPE_CHANGES))
        network.set_node(name, position=Point(x, snap_up(start + GAP)))
    _lower(network, block, below, snap_up(box_of(network, name).bottom + GAP), but=name)


def _leads_aside(boxes: Mapping[str, Box], above: str, below: Sequence[str]) -> bool:
    """Whether a new node would part what feeds it from what stands right below, and leads to none of that."""
    if above not in boxes or not below or any(boxes[item].beside(boxes[above]) for item in below):
        return False
    start = boxes[above].bottom
    others = (box for item, box in boxes.items() if item != above and box.beside(boxes[above]))
    return any(start <= box.top < start + NODE_HEIGHT + 2 * GAP for box in others)


def _place_over(network: Network, name: str, target: str, top: float) -> None:
    """Place a node straight above its target, at ``top`` or lower; the target and what it leads to move down."""
    block = parent(name)
    left, target_top, *_ = box_of(network, target)
    height = _height(network.layer(name))
    top = max(top, snap(target_top - GAP - height))
    network.set_node(name, position=Point(left + axis_of(network, target) - NODE_WIDTH / 2, top))
    down = snap_up(top + height + GAP) - target_top
    for other in {child_of(node, block) for node in network.downstream(name) if inside(node, block)} - {name}:
        shift(network, other, 0, max(0, down))


def _move_down(network: Network, block: str, box: Box, step: float) -> None:
    for name, other in boxes_in(network, block).items():
        if other.beside(box) and other.top >= box.top:
            shift(network, name, 0, step)


def _lower(network: Network, block: str, names: Sequence[str], top: float, *, but: str) -> None:
    """Move the highest of some entries, and all ``but`` one that does not stand above it, down to ``top``."""
    boxes = boxes_in(network, block)
    highest = min((boxes[name].top for name in names), default=top)
    for name, box in boxes.items():
        if name != but and box.top >= highest < top:
            shift(network, name, 0, top - highest)


def _move_right(network: Network, block: str, edge: float, step: float) -> None:
    for name, box in boxes_in(network, block).items():
        if box.left >= edge:
            shift(network, name, step, 0)


def _remove_here(network: Network, names: Sequence[str], block: str) -> None:
    """Remove what stands in one frame and move up what stands below it, where nothing stands beside it."""
    for name in names:
        placed, box = has_place(network, name), box_of(network, name)
        remove(network, [name])
        column = {n: other for n, other in boxes_in(network, block).items() if other.beside(box)}
        below = [n for n, other in column.items() if other.top >= box.bottom]
        if placed and below and not any(other.overlaps(box) for other in column.values()):
            up = min(column[n].top for n in below) - box.top
            for n in below:
                shift(network, n, 0, -up)


def _source_beyond(network: Network, name: str, nodes: set[str]) -> str | None:
    """What feeds ``name`` from outside ``nodes``, followed up through first inputs."""
    while name in nodes:
        values = [edge.source for edge in network.incoming(name) if not names_partner(network, edge)]
        if not values:
            return None
        name = values[0]
    return name


def _height(layer: Layer) -> int:
    return SLIM_HEIGHT if layer.keeps_shape else NODE_HEIGHT
