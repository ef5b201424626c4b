"""Which port rings an item shows: those that wires use, and those that still wait for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.network import Network
from gui.draw.canvas.items.node_item import Port
from gui.draw.canvas.model.boxes import Box
from gui.draw.canvas.model.links import Kind, Terminal, Wiring
from gui.draw.canvas.model.outline import Outline
from gui.draw.canvas.model.ports import Ports


class Rings:
    """The rings of entries for one state of wiring and geometry."""

    def __init__(self, network: Network, outline: Outline, wiring: Wiring, ports: Ports) -> None:
        self._network = network
        self._outline = outline
        self._wiring = wiring
        self._ports = ports

    def of(self, name: str, box: Box) -> tuple[Port, ...]:
        """All rings of an entry that stands in ``box``."""
        flowing = self._ports.flowing
        rings = self._of(name, flowing.turned(box))
        return tuple(replace(ring, x=ring.y, y=ring.x) for ring in rings) if flowing.rightwards else rings

    def _of(self, name: str, box: Box) -> tuple[Port, ...]:
        """The rings of an entry, all in flow coordinates."""
        if self._outline.is_frame(name):
            return tuple(self._gates(name, box))
        rings = [*self._inputs(name, box), *self._outputs(name, box)]
        if not self._outline.is_block(name):
            rings += self._free_inputs(name, box, {ring.name for ring in rings})
        return tuple(rings)

    def _inputs(self, name: str, box: Box) -> Iterable[Port]:
        is_node = not self._outline.is_block(name)
        for end in dict.fromkeys(link.end for link in self._wiring.into(name)):
            goal = self._ports.goal(end)
            node, port = (name, end.key) if is_node else ("", "")
            yield Port(goal.x - box.left, goal.y - box.top, node, port)

    def _outputs(self, name: str, box: Box) -> Iterable[Port]:
        starts = dict.fromkeys(link.start for link in self._wiring.out_of(name))
        for start in starts:
            yield Port(self._ports.start(start).x - box.left, box.height, start.key)
        if not starts and (source := self._free_output(name)):
            yield Port(box.width / 2, box.height, source, taken=False)

    def _free_output(self, name: str) -> str:
        """The node whose output leaves an entry that nothing reads yet: of a block, the last that nothing reads."""
        network = self._network
        free = [node for node in self._outline.members(name) if network.layer(node).has_output]
        unread = [node for node in free if not network.outgoing(node)]
        return max(unread or free, key=network.order, default="")

    def _free_inputs(self, name: str, box: Box, taken: set[str]) -> Iterable[Port]:
        """The first free input waits at the top if nothing stands there, the others at the right."""
        layer = self._network.layer(name)
        wanted = layer.ports_for(2) if layer.variadic else layer.input_ports
        free = [port for port in wanted if port not in taken]
        at_top = len(free) == len(wanted)
        for index, port in enumerate(free):
            top = at_top and index == 0
            share = (index + 1 - at_top) / (len(free) + 1 - at_top) if not top else 0
            yield Port(box.width / 2 if top else box.width, box.height * share, name, port, taken=False)

    def _gates(self, name: str, box: Box) -> Iterable[Port]:
        gates = {t for link in self._wiring.at.get(name, ()) for t in link if t.entry == name}
        for gate in sorted(gates):
            yield from self._gate(gate, box)

    def _gate(self, gate: Terminal, box: Box) -> Iterable[Port]:
        x = self._ports.start(gate).x - box.left
        if gate.kind is Kind.GATE_OUT:
            yield Port(x, box.height, gate.key)
        else:
            inner = self._ports.start(gate).y - box.top
            if inner:
                yield Port(x, 0.0)
            yield Port(x, inner, gate.key)
