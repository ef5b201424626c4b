"""How much auxiliary heads count in the loss: settings of the network that people look for beside the loss."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pydantic import ValidationError
from PySide6.QtWidgets import QWidget

from engine.layers.input_output import Output
from engine.network import Network
from engine.network.names import parent
from engine.reasons import reason
from gui.document import Document
from gui.train.recipe.line import Line, LineField
from gui.widgets import layouts
from gui.widgets.values import kinds_of

_IN_A_LINE = 2
_WEIGHT = next(kind for kind in kinds_of(Output) if kind.name == "loss_weight")


class AuxiliaryHeads(QWidget):
    """A number for each auxiliary head, called as the block that it ends; hidden where the network has none."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.fields: dict[str, LineField] = {}
        self._lines = layouts.column(self)

    def refresh(self) -> bool:
        """Show the weights in force, what is being typed stays while it stands for them; True if fields are new."""
        heads = _auxiliary(self._document.network)
        anew = list(heads) != list(self.fields)
        if anew:
            self._make(list(heads))
        for name, head in heads.items():
            self.fields[name].set_value(head.loss_weight)
        self.setVisible(bool(heads))
        return anew

    def _make(self, names: list[str]) -> None:
        layouts.clear(self._lines)
        self.fields = {name: self._field(name) for name in names}
        for first in range(0, len(names), _IN_A_LINE):
            line = Line("" if first else "Auxiliary heads")
            for name in names[first : first + _IN_A_LINE]:
                line.add(self.fields[name])
            line.fit()
            self._lines.addWidget(line)

    def _field(self, name: str) -> LineField:
        called = parent(name) or name
        field = LineField(replace(_WEIGHT, title=f"Weight of {called} in the loss", unit=called))
        field.editor.edited.connect(partial(self._edit, name))
        field.editor.refused.connect(partial(self._refuse, name))
        return field

    def _edit(self, name: str, weight: float) -> None:
        field = self.fields[name]
        try:
            head = self._document.network.layer(name).with_settings(loss_weight=weight)
        except ValidationError as error:
            self._refuse(name, reason(error, Output))
            return
        field.show_reason("")
        label = f"Change {field.kind.title[0].lower()}{field.kind.title[1:]}"
        self._document.edit(label, lambda network: network.set_layer(name, head), merge=(name, field.gesture))

    def _refuse(self, name: str, why: str) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        field = self.fields[name]
        if why:
            self._document.take_back((name, field.gesture))
        field.refuse(why, _auxiliary(self._document.network)[name].loss_weight)


def _auxiliary(network: Network) -> dict[str, Output]:
    """The auxiliary heads by their names, in the order of the network."""
    heads = {name: layer for name in network.outputs if isinstance(layer := network.layer(name), Output)}
    return {name: head for name, head in heads.items() if head.auxiliary}
