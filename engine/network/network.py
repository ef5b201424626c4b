"""The network that the user draws: a directed graph of named nodes that can never be impossible."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

import networkx as nx
from psygnal import Signal

from engine.layers import Layer
from engine.layers.input_output import Input, Output
from engine.network import names
from engine.network.changes import (
    BlockChanged,
    Change,
    EdgeAdded,
    EdgeRemoved,
    NodeAdded,
    NodeChanged,
    NodeRemoved,
    NodeRenamed,
    keeps_structure,
)
from engine.network.errors import BadNameError, CycleError, NameTakenError, NetworkError, PortError, UnknownNodeError
from engine.network.parts import Block, Edge, Node, Point
from engine.network.ports import first_free, has_port, port_order
from engine.network.structure import Structure


class Network:
    """Nodes by name, edges between them, and what is noted of blocks.

    It refuses the impossible with a `NetworkError` and lets the unfinished be; `engine.network.analysis` reports
    that. Every mutation is announced on ``changed`` as a `Change`, after it happened.
    """

    changed = Signal(object)

    def __init__(self, name: str = "network") -> None:
        self.name = name
        self._graph = nx.MultiDiGraph()
        self._blocks: dict[str, Block] = {}
        self._members: dict[str, int] = {}  # prefix -> how many nodes stand below it
        self._next_order = 0
        self._known: Structure | None = None
        self._journal: list[Change] | None = None
        self.heeds_places = True  # edits lay out what they touch

    # Reading

    def __contains__(self, name: object) -> bool:
        return name in self._graph

    def __len__(self) -> int:
        return len(self._graph)

    def __iter__(self) -> Iterator[str]:
        """Names in the order the nodes came in."""
        return iter(self._structure.nodes)

    def __getitem__(self, name: str) -> Node:
        self._require(name)
        node: Node = self._graph.nodes[name]["node"]
        return node

    def __eq__(self, other: object) -> bool:
        """Equal nodes in equal order, edges, block notes and name."""
        if not isinstance(other, Network):
            return NotImplemented
        return (
            self.name == other.name
            and [(name, self[name]) for name in self] == [(name, other[name]) for name in other]
            and set(self.edges()) == set(other.edges())
            and self._blocks == other._blocks
        )

    __hash__ = None  # type: ignore[assignment]  # mutable

    def layer(self, name: str) -> Layer:
        """The layer of a node; raises `UnknownNodeError`."""
        return self[name].layer

    def order(self, name: str) -> int:
        """Place of a node among all nodes; earlier nodes are smaller."""
        order: int = self._graph.nodes[name]["order"]
        return order

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the input nodes, in order."""
        return tuple(name for name in self if isinstance(self.layer(name), Input))

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the output nodes, in order."""
        return tuple(name for name in self if isinstance(self.layer(name), Output))

    def edges(self) -> tuple[Edge, ...]:
        """All edges."""
        return tuple(Edge(source, target, port) for source, target, port in self._graph.edges(keys=True))

    def incoming(self, name: str) -> tuple[Edge, ...]:
        """Edges into a node, in port order."""
        found = self._structure.incoming.get(name)
        if found is None:
            layer = self.layer(name)
            edges = [Edge(source, name, port) for source, ports in self._graph.pred[name].items() for port in ports]
            found = tuple(sorted(edges, key=lambda edge: port_order(layer, edge.port)))
            self._structure.incoming[name] = found
        return found

    def outgoing(self, name: str) -> tuple[Edge, ...]:
        """Edges out of a node, by the order of their targets."""
        found = self._structure.outgoing.get(name)
        if found is None:
            self._require(name)
            edges = [Edge(name, target, port) for target, ports in self._graph.adj[name].items() for port in ports]
            found = tuple(sorted(edges, key=lambda edge: (self.order(edge.target), edge.port)))
            self._structure.outgoing[name] = found
        return found

    def free_port(self, name: str) -> str | None:
        """The first input port of a node that takes an edge, or None if all are taken."""
        return first_free(self.layer(name), {edge.port for edge in self.incoming(name)})

    def topological(self) -> list[str]:
        """All names so that every node comes after its inputs; otherwise in the order they came in."""
        return list(self._structure.topological)

    def place(self, name: str) -> int:
        """Where a node stands in `topological`."""
        return self._structure.place[name]

    def downstream(self, name: str) -> set[str]:
        """Every node that depends on ``name``."""
        return set(nx.descendants(self._graph, name))

    def upstream(self, name: str) -> set[str]:
        """Every node that ``name`` depends on."""
        return set(nx.ancestors(self._graph, name))

    def why_not_connect(self, source: str, target: str, port: str | None = None) -> NetworkError | None:
        """The error that `connect` would raise, or None; what a drag asks on every move."""
        try:
            self._port_for(source, target, port)
        except NetworkError as error:
            return error
        return None

    # Blocks: prefixes of names, with notes

    @property
    def blocks(self) -> Mapping[str, Block]:
        """What is noted of blocks, by prefix; a block without a note is not in it."""
        return MappingProxyType(self._blocks)

    def block(self, prefix: str) -> Block:
        """What is noted of a block; the default if nothing is."""
        return self._blocks.get(prefix, Block())

    def block_prefixes(self) -> tuple[str, ...]:
        """Every prefix that has nodes below it, outer before inner, in order of their first node."""
        return tuple(prefix for prefix in self._structure.children if prefix)

    def is_block(self, prefix: str) -> bool:
        """Whether any node stands inside ``prefix``."""
        return prefix in self._members

    def members(self, prefix: str) -> tuple[str, ...]:
        """All nodes anywhere inside a block, in order; all nodes for ""."""
        return self._structure.members.get(prefix, ())

    def children(self, prefix: str) -> tuple[str, ...]:
        """Names of the nodes and blocks that stand directly in a block ("": the top level), in order."""
        return self._structure.children.get(prefix, ())

    # Editing

    def add(
        self,
        layer: Layer,
        name: str = "",
        *,
        inputs: str | Sequence[str] = (),
        position: Point | None = None,
        block: str = "",
    ) -> str:
        """Add a node, connect it to ``inputs`` in port order, and return its name.

        Without ``name`` it gets the next free one (conv1, conv2 …) inside ``block``.
        """
        name = name or self.free_name(layer.stem, block=block)
        sources = (inputs,) if isinstance(inputs, str) else inputs
        self._apply(NodeAdded(name, Node(layer, position), self._next_order))
        for source in sources:
            self.connect(source, name)
        return name

    def remove(self, *nodes: str) -> None:
        """Remove nodes with their edges."""
        for name in nodes:
            self._require(name)
            for edge in (*self.incoming(name), *self.outgoing(name)):
                self._apply(EdgeRemoved(edge))
            self._apply(NodeRemoved(name, self[name], self.order(name)))

    def connect(self, source: str, target: str, port: str | None = None) -> Edge:
        """Let the output of ``source`` flow into ``target``: into ``port``, or its first free one."""
        edge = Edge(source, target, self._port_for(source, target, port))
        self._apply(EdgeAdded(edge))
        return edge

    def disconnect(self, edge: Edge) -> None:
        """Remove an edge; raises `PortError` if there is none."""
        if not self._graph.has_edge(*edge):
            raise PortError(f"There is no edge from {edge.source} to {edge.target}.")
        self._apply(EdgeRemoved(edge))

    def rename(self, before: str, after: str) -> None:
        """Give a node another name; its edges follow."""
        self._require(before)
        if before != after:
            self._apply(NodeRenamed(before, after))

    def set_layer(self, name: str, layer: Layer) -> None:
        """Replace a node's layer or its settings; the edges must fit its ports."""
        if extra := [edge for edge in self.incoming(name) if not has_port(layer, edge.port)]:
            raise PortError(f"{type(layer).__name__} has no input '{extra[0].port}', which {name} uses.")
        if not layer.has_output and self.outgoing(name):
            fed = self.outgoing(name)[0].target
            raise PortError(f"{type(layer).__name__} gives no output, but {name} feeds {fed}.")
        self.set_node(name, layer=layer)

    def set_node(self, name: str, **fields: object) -> None:
        """Change some of a node's ``layer``, ``position``, ``frozen`` and ``bypassed``."""
        before = self[name]
        after = replace(before, **fields)  # type: ignore[arg-type]
        if after.bypassed and not (after.layer.has_output and after.layer.input_ports):
            raise NetworkError(f"{name} cannot be bypassed: only a layer with an input and an output can.")
        if before != after:
            self._apply(NodeChanged(name, before, after))

    def set_block(self, prefix: str, **fields: object) -> None:
        """Change some of what is noted of a block: ``kind``, ``collapsed``, ``position``."""
        before = self._blocks.get(prefix)
        after = replace(before or Block(), **fields)  # type: ignore[arg-type]
        if before != after:
            self._apply(BlockChanged(prefix, before, after))

    def forget_block(self, prefix: str) -> None:
        """Drop what is noted of a block."""
        if prefix in self._blocks:
            self._apply(BlockChanged(prefix, self._blocks[prefix], None))

    def free_name(self, stem: str, *, block: str = "", besides: Collection[str] = ()) -> str:
        """The first of ``stem1``, ``stem2`` … that no node or block in ``block`` uses, and is none of ``besides``."""
        candidates = (f"{block}.{stem}{i}" if block else f"{stem}{i}" for i in itertools.count(1))
        return next(name for name in candidates if name not in self and not self.is_block(name) and name not in besides)

    # Changes as values

    @contextmanager
    def rehearsal(self, *, places: bool = True) -> Iterator[list[Change]]:
        """Edits made inside are announced to nobody and undone at its end; gives the changes that they make.

        Without ``places`` they lay nothing out, which takes most of their time.
        """
        outer = self._journal, self._known, self.heeds_places
        with self.changed.blocked():
            changes: list[Change] = []
            self._journal, self.heeds_places = changes, places
            try:
                yield changes
            finally:
                self._journal = None
                self.revert(changes)
                self._journal, self._known, self.heeds_places = outer

    def rehearse(self, change: Callable[[Network], object]) -> list[Change]:
        """The changes that an edit would make; nothing is announced and the network is as before."""
        with self.rehearsal() as changes:
            change(self)
        return changes

    def edit(self, change: Callable[[Network], object]) -> list[Change]:
        """Run an edit whole or not at all and return the changes it made."""
        changes = self.rehearse(change)
        self.replay(changes)
        return changes

    def replay(self, changes: Iterable[Change]) -> None:
        """Make recorded changes again."""
        for change in changes:
            self._apply(change)

    def revert(self, changes: Sequence[Change]) -> None:
        """Undo recorded changes, last first."""
        for change in reversed(changes):
            self._apply(change.inverse())

    def copy(self) -> Network:
        """An equal network that shares no mutable part and has no listeners."""
        other = Network(self.name)
        other._graph = self._graph.copy()
        other._blocks = dict(self._blocks)
        other._members = dict(self._members)
        other._next_order = self._next_order
        return other

    # Checks and the one place that mutates

    @property
    def _structure(self) -> Structure:
        if self._known is None:
            self._known = Structure(self._graph)
        return self._known

    def _require(self, name: str) -> None:
        if name not in self._graph:
            raise UnknownNodeError(f"There is no layer called '{name}'.")

    def _require_new(self, name: str) -> None:
        if reason := names.why_not_a_name(name):
            raise BadNameError(reason)
        if name in self._graph or self.is_block(name):
            raise NameTakenError(f"'{name}' is taken.")
        for prefix in names.prefixes(name):
            if prefix in self._graph:
                raise NameTakenError(f"'{name}' cannot stand inside '{prefix}': that is a layer, not a block.")

    def _port_for(self, source: str, target: str, port: str | None) -> str:
        self._require(source)
        self._require(target)
        if not self.layer(source).has_output:
            raise PortError(f"{source} gives no output.")
        port = port or self.free_port(target)
        if port is None and not self.incoming(target):
            raise PortError(f"{target} takes no input.")
        if source == target or nx.has_path(self._graph, target, source):  # whatever may become free: that stays
            raise CycleError(f"{source} depends on {target}: an edge back would make a cycle.")
        if port is None:
            raise PortError(f"Every input of {target} is taken.")
        self._require_free_port(target, port)
        return port

    def _require_free_port(self, target: str, port: str) -> None:
        if not has_port(self.layer(target), port):
            raise PortError(f"{target} has no input '{port}'.")
        if any(edge.port == port for edge in self.incoming(target)):
            raise PortError(f"The input '{port}' of {target} is taken.")

    def _apply(self, change: Change) -> None:
        if not keeps_structure(change):
            self._known = None
        match change:
            case NodeAdded(name, node, order):
                self._require_new(name)
                self._graph.add_node(name, node=node, order=order)
                self._count_members(name, 1)
                self._next_order = max(self._next_order, order + 1)
            case NodeRemoved(name):
                self._graph.remove_node(name)
                self._count_members(name, -1)
            case NodeChanged(name, _, after):
                self._graph.nodes[name]["node"] = after
            case NodeRenamed(before, after):
                self._rename(before, after)
            case EdgeAdded(edge):
                self._graph.add_edge(*edge)
            case EdgeRemoved(edge):
                self._graph.remove_edge(*edge)
            case BlockChanged(prefix, _, None):
                del self._blocks[prefix]
            case BlockChanged(prefix, _, Block() as after):
                self._blocks[prefix] = after
        if self._journal is not None:
            self._journal.append(change)
        self.changed.emit(change)

    def _rename(self, before: str, after: str) -> None:
        self._count_members(before, -1)
        try:
            self._require_new(after)
        except NetworkError:
            self._count_members(before, 1)
            raise
        nx.relabel_nodes(self._graph, {before: after}, copy=False)
        self._count_members(after, 1)

    def _count_members(self, name: str, step: int) -> None:
        for prefix in names.prefixes(name):
            self._members[prefix] = self._members.get(prefix, 0) + step
            if not self._members[prefix]:
                del self._members[prefix]
