"""Quick add and the list of targets: what the popups offer, and what a pick does."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QWidget

from engine.layers import Layer, Shape
from engine.network import edits
from engine.network.exits import exit_of
from engine.network.names import entry_name, short_name
from engine.words import path_text, shape_text
from gui.document import Document
from gui.draw.canvas.commands import Commands
from gui.draw.canvas.floating.quick_add import Choice, Chooser
from gui.draw.canvas.floating.suggestions import Place, offers
from gui.draw.canvas.gestures.drop import add_at
from gui.draw.canvas.model.targets import allowed_targets, replaceable
from gui.draw.canvas.view import CanvasView

_BELOW = 12.0
_FREE = "no input yet"
_GOES = "Enter shows the layer, Esc closes."


class Adding(QObject):
    """Owns the popups of one canvas."""

    closed = Signal()
    found = Signal(object)  # the name of the layer that was looked for

    def __init__(self, document: Document, view: CanvasView, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self._view = view
        self._scene = view.canvas_scene
        self._commands = commands
        self._place = Place()
        self._spot: QPointF | None = None
        self._source = ""
        self.layers = Chooser(parent)
        self.layers.text_changed.connect(self._offer_layers)
        self.layers.chosen.connect(self._add)
        self.layers.closed.connect(self.closed)
        self.targets = Chooser(parent)
        self.targets.text_changed.connect(self._offer_targets)
        self.targets.chosen.connect(self._connect)
        self.targets.closed.connect(self.closed)
        self.places = Chooser(parent)
        self.places.text_changed.connect(self._offer_places)
        self.places.chosen.connect(self.found)
        self.places.closed.connect(self.closed)

    @property
    def popups(self) -> tuple[Chooser, ...]:
        """Everything that it may open."""
        return (self.layers, self.targets, self.places)

    def open_after_selection(self) -> None:
        """Offer what may follow the selected layers, below the last of them."""
        names = [name for name in self._commands.names if name in self._scene.nodes]
        self._spot, self._source = None, ""
        self._place = self._place_after(names)
        called = entry_name(names[-1], self._document.network) if names else ""
        where = f"Add after {called}: type a name" if names else "Add a layer: type a name"
        self.layers.open_at(self.below(names[-1] if names else ""), where)

    def open_at(self, spot: QPointF, source: str) -> None:
        """Offer what may follow ``source`` (or start a path, if it is "") at a point of the scene."""
        self._spot, self._source = spot, source
        self._place = self._place_after([source] if source else [])
        where = f"Add after {short_name(source)}: type a name" if source else "Add a layer: type a name"
        self.layers.open_at(self._view.viewportTransform().map(spot), where)

    def open_targets(self) -> None:
        """Offer everything that the selected layer may feed."""
        names = [name for name in self._commands.names if name in self._document.network]
        if not names or not self._document.network.layer(names[-1]).has_output:
            self._commands.refused.emit("Select a layer with an output to connect it.")
            return
        self._source = names[-1]
        self.targets.open_at(self.below(names[-1]), f"Connect {short_name(names[-1])} to: type a name")

    def open_search(self) -> None:
        """Offer every layer of the network by name, to go to it."""
        self.places.open_at(QPointF(self._view.width() / 2, _BELOW), "Find a layer: type its name or kind")

    def below(self, name: str) -> QPointF:
        """The point of the canvas where a popup for an entry hangs."""
        box = self._scene.geometry.boxes.get(name)
        if box is None:
            return QRectF(self._view.rect()).center() - QPointF(0, 100)
        self._view.reveal(name)
        return self._view.viewportTransform().map(QPointF(box.centre, box.bottom)) + QPointF(0, _BELOW)

    def _place_after(self, names: list[str]) -> Place:
        network, analysis = self._document.network, self._document.analysis
        nodes = [exit_of(network, name) for name in names]
        shapes: list[Shape | None] = []
        for node in nodes:
            found = analysis.nodes.get(node)
            shapes.append(found.output if found else None)
        return Place(tuple(shapes), network.layer(nodes[-1]) if nodes else None)

    def _offer_layers(self, text: str) -> None:
        rows = [
            Choice(offer.title, offer.layer, family=offer.layer.family, right=offer.gives, fails=offer.fails)
            for offer in offers(text, self._place)
        ]
        self.layers.offer(rows, nothing=f"No layer is called '{text.strip()}'.")

    def _add(self, layer: Layer) -> None:
        if self._spot is None:
            self._commands.add_layer(layer)
        else:
            add_at(self._view, layer, self._spot, source=self._source)

    def _offer_targets(self, text: str) -> None:
        if not self._source:
            return
        network, analysis = self._document.network, self._document.analysis
        allowed = allowed_targets(network, self._source)
        found = [name for name in network.topological() if name in allowed and text.strip().lower() in name.lower()]
        rows = []
        for name in sorted(found, key=lambda name: bool(replaceable(network, self._source, name))):
            shapes = analysis.nodes[name].inputs if name in analysis.nodes else ()
            replaced = replaceable(network, self._source, name)
            shape = shape_text(shapes[0]) if shapes else _FREE
            right = f"replaces {short_name(replaced[0].source)}" if replaced else shape
            rows.append(Choice(path_text(name), name, family=network.layer(name).family, right=right))
        self.targets.offer(rows, nothing="No layer can take this output.")

    def _offer_places(self, text: str) -> None:
        network, analysis, words = self._document.network, self._document.analysis, text.lower().split()
        rows = []
        for name in network.topological():
            layer = network.layer(name)
            if all(word in f"{path_text(name)} {layer.title}".lower() for word in words):
                output = analysis.nodes[name].output if name in analysis.nodes else None
                rows.append(Choice(path_text(name), name, family=layer.family, right=shape_text(output)))
        self.places.offer(rows, nothing=f"No layer of this network is called '{text.strip()}'.", foot=_GOES)

    def _connect(self, target: str) -> None:
        source = self._source
        replaced = replaceable(self._document.network, source, target)[:1]
        self._document.edit(
            f"Connect {short_name(source)} to {short_name(target)}",
            lambda network: edits.connect(network, source, target, without=replaced),
        )
        self._document.select((self._scene.outline.drawn_as(target),))
        self._commands.reveal()
