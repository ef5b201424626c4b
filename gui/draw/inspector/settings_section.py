"""The settings of one layer, or those that several layers share."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from pydantic import ValidationError
from PySide6.QtWidgets import QLabel

from engine.errors import LayerloomError
from engine.layers import Layer
from engine.network import Network, Problem
from engine.network.partners import may_be_partner, partner_edge, partner_words
from engine.reasons import reason
from engine.words import counted
from gui.document import Document
from gui.style.style import role
from gui.widgets.form import Form
from gui.widgets.section import Section
from gui.widgets.values import kinds_of


class SettingsSection(Section):
    """A form whose every key is an edit of the document; one stay in a field is one undo step.

    A value that no layer can have stays typed, with the reason below it, and the network goes back to the one from
    before the field was entered. A value that does not fit the shapes here goes in, and the reason stands below it as
    long as it does not fit.
    """

    def __init__(self, document: Document) -> None:
        super().__init__("Settings")
        self.document = document
        self.names: tuple[str, ...] = ()
        self.twins: tuple[str, ...] = ()  # nodes elsewhere that take every edit too
        self.form = Form(Layer, fields=())  # an empty one, until there are nodes
        self._forms: dict[tuple[type[Layer], tuple[str, ...]], Form] = {}
        self._caused: tuple[str, str] | None = None  # the field whose edit caused the problem of that code
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        role(self.nothing, "caption")
        self.body.addWidget(self.nothing)

    def show_nodes(self, names: tuple[str, ...]) -> None:
        """Show the settings of these nodes; what is being typed into them stays."""
        same = self._take_form(names) and names == self.names
        self.names = names
        values = self._values()
        if same:
            self.form.set_values(values)
            self._follow_problem()
        else:
            self._caused = None
            self.form.reset(values)
        self.nothing.setVisible(not self.form.rows)
        self.nothing.setText(self._why_nothing())

    def _take_form(self, names: tuple[str, ...]) -> bool:
        """Put up the form for these nodes, made once for each kind of layer; True if it stands there already."""
        layers = [self.document.network.layer(name) for name in names]
        shared = tuple(
            kind.name
            for kind in kinds_of(type(layers[0]))
            if all(any(_alike(kind, other) for other in kinds_of(type(layer))) for layer in layers[1:])
        )
        form = self._forms.get((type(layers[0]), shared))
        if form is None:
            form = self._forms[type(layers[0]), shared] = Form(type(layers[0]), fields=shared)
            form.edited.connect(self._edit)
            form.refused.connect(self._refuse)
            self.body.addWidget(form)
        if form is self.form:
            return True
        self.form.hide()
        self.form = form
        form.show()
        return False

    def _values(self) -> dict[str, Any]:
        layers = [self.document.network.layer(name) for name in self.names]
        return {field: _common([getattr(layer, field) for layer in layers]) for field in self.form.rows}

    def _edit(self, field: str, value: Any, gesture: object) -> None:
        changed = (*self.names, *self.twins)

        def change(network: Network) -> None:
            for name in changed:
                network.set_layer(name, network.layer(name).with_settings(**{field: value}))

        before = self._problem()
        label = f"Change {self.form.rows[field].kind.title.lower()} of {self._who()}"
        try:
            self.document.edit(label, change, merge=self._merge(field, gesture))
        except (LayerloomError, ValidationError) as error:
            self._refuse(field, reason(error, self.form.model), gesture)
            return
        self.form.set_values(self._values())  # before the next key: later it would look like a change from elsewhere
        after = self._problem()
        if after and (before is None or before.code != after.code):
            self._caused = (field, after.code)

    def _refuse(self, field: str, why: str, gesture: object) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        if why:
            self.document.take_back(self._merge(field, gesture))
        if self._caused is not None and self._caused[0] == field:
            self._caused = None
        self.form.refuse(field, why, self._values()[field])

    def _merge(self, field: str, gesture: object) -> Hashable:
        """What makes the keys of one stay in a field one undo step."""
        return None if gesture is None else (self.names, self.twins, field, gesture)

    def _follow_problem(self) -> None:
        """Keep the reason below the field that caused the problem here, as long as it lasts."""
        if self._caused is None:
            return
        (field, code), problem = self._caused, self._problem()
        if problem is None or problem.code != code:
            self._caused = problem = None
        self.form.show_reason(field, problem.message if problem else "")

    def _problem(self) -> Problem | None:
        """The error of the one node shown."""
        found = self.document.analysis.nodes.get(self.names[0]) if len(self.names) == 1 else None
        return found.problem if found else None

    def _who(self) -> str:
        changed = (*self.names, *self.twins)
        return changed[0] if len(changed) == 1 else counted(len(changed), "layer")

    def _why_nothing(self) -> str:
        if len(self.names) > 1:
            return "These layers share no setting."
        network = self.document.network
        naming = partner_edge(network, self.names[0])
        if naming is not None and may_be_partner(network, naming):
            return f"This layer has nothing to set of its own: it goes by those of {partner_words(naming)}."
        return "This layer has nothing to set."


def _alike(one: Any, other: Any) -> bool:
    return (one.name, one.editor, one.words) == (other.name, other.editor, other.words)


def _common(values: list[Any]) -> Any:
    """The value that all share, or None."""
    return values[0] if all(value == values[0] for value in values) else None
