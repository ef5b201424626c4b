"""A pen for templates: draws a network node by node, each after the one before unless it says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from engine.layers import Layer
from engine.layers.input_output import Input, Output
from engine.network import Network


class Drawing:
    """Draws a network from top to bottom.

    ``here`` is the name of the node drawn last; what is added next follows it. Inside ``with pen.block("layer1"):``
    names get that prefix.
    """

    def __init__(self, name: str, *, channels: int, height: int, width: int) -> None:
        self.network = Network(name)
        self._prefix = ""
        self.here = self.network.add(Input(channels=channels, height=height, width=width), "input")

    def add(self, name: str, layer: Layer, *inputs: str) -> str:
        """Add a node after ``inputs``, or after the last one, and return its full name."""
        self.here = self.network.add(layer, self._prefix + name, inputs=inputs or (self.here,))
        return self.here

    def chain(self, **layers: Layer) -> str:
        """Add named nodes one after the other and return the last one's name."""
        for name, layer in layers.items():
            self.add(name, layer)
        return self.here

    def sequence(self, name: str, layers: Iterable[Layer], *, kind: str = "") -> str:
        """Add a block of nodes called 0, 1, 2 … as ``nn.Sequential`` numbers them."""
        with self.block(name, kind=kind):
            for index, layer in enumerate(layers):
                self.add(str(index), layer)
        return self.here

    @contextmanager
    def block(self, name: str, *, kind: str = "", collapsed: bool = False) -> Iterator[str]:
        """Let what is added inside stand in a block; gives its full name."""
        outer, inner = self._prefix, self._prefix + name
        self._prefix = inner + "."
        try:
            yield inner
        finally:
            self._prefix = outer
        if kind or collapsed:
            self.network.set_block(inner, kind=kind, collapsed=collapsed)

    @contextmanager
    def branch(self, name: str, start: str) -> Iterator[str]:
        """A block that reads from ``start`` and not from what was added last."""
        self.here = start
        with self.block(name) as inner:
            yield inner

    def output(self, name: str = "output", *, auxiliary: bool = False, loss_weight: float = 1.0) -> Network:
        """End the last path in an output and return the network."""
        layer = Output(auxiliary=auxiliary, loss_weight=loss_weight)
        self.network.add(layer, self._prefix + name, inputs=self.here)
        return self.network
