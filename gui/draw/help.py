"""The Help panel: what the selected layer does, where its formula comes from and when to use it."""

from __future__ import annotations

import inspect
import re
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from engine.layers import Layer
from gui.document import Document
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.formula_view import FormulaView
from gui.widgets.inset_label import InsetLabel
from gui.widgets.panel import Panel
from gui.widgets.section import Section
from gui.widgets.values import kinds_of

_FIRST_STEPS = (
    ("Add a layer", "Drag it from Layers, or press Tab on the canvas and type its name."),
    ("Connect", "Drag from the port at the bottom of a layer to the port at the top of another, or press C."),
    ("Set", "Select a layer and press Enter: its settings take 3, 3x5 and 64*2."),
    ("Mend", "F8 goes to the next problem, Ctrl+Shift+F8 applies its fix."),
    ("Train", "Ctrl+Enter."),
    ("Take back", "Ctrl+Z takes back any change of the project, Ctrl+Y makes it again."),
)
_FORMULA = re.compile("[⌊⌈][^⌋⌉]+[⌋⌉]")


@PANELS.register
class HelpPanel(Panel):
    """The words of a layer's own declaration, so that they are never out of date."""

    tab = Tab("help", "Help", "mdi6.help-circle-outline", (DockPlace("draw", "right", 3),))

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.title, self.text = InsetLabel(inset=(16, 12, 16, 10)), InsetLabel(inset=(16, 0, 16, 10))
        role(self.title, "title")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.settings, self.formula = Section("Settings"), Section("With this layer's numbers")
        self.settings_text = QLabel()
        self.settings_text.setWordWrap(True)
        self.settings.body.addWidget(self.settings_text)
        self.formulas = FormulaView()
        self.formula.body.addWidget(self.formulas)
        self._lay_out()

    def refresh(self) -> None:
        """Explain the selected layer, or how to begin."""
        names = [name for name in self.document.selection.names if name in self.document.network]
        kinds = {type(self.document.network.layer(name)) for name in names}
        self.settings.setVisible(len(kinds) == 1)
        self.formula.hide()
        if len(kinds) == 1:
            self._show_layer(self.document.network.layer(names[0]))
            self._show_formulas(names)
        else:
            self.title.setText("First steps")
            self.text.setText("".join(_entry(term, text) for term, text in _FIRST_STEPS))

    def _show_layer(self, layer: Layer) -> None:
        self.title.setText(layer.title)
        paragraphs = inspect.cleandoc(type(layer).__doc__ or "").split("\n\n")
        self.text.setText("".join(f"<p>{_html(paragraph)}</p>" for paragraph in paragraphs))
        entries = [_entry(kind.title, kind.help) for kind in kinds_of(type(layer)) if kind.help]
        self.settings_text.setText("".join(entries))
        self.settings.setVisible(bool(entries))

    def _show_formulas(self, names: list[str]) -> None:
        found = self.document.analysis.nodes.get(names[0]) if len(names) == 1 else None
        formulas = found.explain() if found else []
        self.formulas.show_formulas(formulas)
        self.formula.setVisible(bool(formulas))

    def _lay_out(self) -> None:
        inside = QWidget()
        role(inside, "page")
        layouts.column(inside, self.title, self.text, self.settings, self.formula).addStretch(1)
        layouts.column(self, layouts.scrolling(inside))


def _entry(term: str, text: str) -> str:
    colour = appearance().theme.muted
    return f'<p style="margin: 0 0 8px 0">{escape(term)}<br><span style="color: {colour}">{_html(text)}</span></p>'


def _html(text: str) -> str:
    """Docstring text as HTML: code in double or single backticks stands out."""
    family = appearance().font(mono=True).family()
    words = _FORMULA.sub(_unbroken, escape(" ".join(text.split())))
    return re.sub(r"``?([^`]+)``?", rf"<span style=\"font-family: '{family}'\">\1</span>", words)


def _unbroken(formula: re.Match[str]) -> str:
    """A formula in which no line ends."""
    return formula[0].replace(" ", "\u00a0").replace("/", "\u2060/\u2060")
