"""What the canvas tells assistive tools: the selected layer as one walks, new shapes, errors that come and go.

Everything is announced by the view. Interfaces for single nodes (`QAccessibleInterface` through
``QAccessible.installFactory``) end the interpreter when a view is destroyed while a tool listens (PySide6 6.11), so
the Summary table is where a screen reader walks through layers as a list.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from engine.network.names import short_name
from gui.document import Document
from gui.draw.canvas.model.spoken import by, spoken_node, spoken_wire
from gui.draw.canvas.view import CanvasView


class Announcer(QObject):
    """Says what is selected, what shape it gets, and what became of the errors."""

    said = Signal(str)

    def __init__(self, document: Document, view: CanvasView) -> None:
        super().__init__(view)
        self._document = document
        self._view = view
        self._errors = self._messages()
        self._shape = self._selected_shape()
        document.analysed.connect(self._after_edit)
        document.replaced.connect(self._after_edit)
        document.selection_changed.connect(self._after_selection)

    def _after_edit(self) -> None:
        errors, shape = self._messages(), self._selected_shape()
        words = [f"Error: {by(message)}" for message in sorted(errors - self._errors)]
        if self._errors - errors:
            words.append(f"An error is fixed, {len(errors)} left." if errors else "All errors are fixed.")
        if shape != self._shape and shape[1] and shape[0] == self._shape[0]:
            words.append(f"{short_name(shape[0])}: output {by(shape[1])}.")
        self._errors, self._shape = errors, shape
        self._say(" ".join(words))

    def _after_selection(self) -> None:
        self._shape = self._selected_shape()
        self._say(self._selected())

    def _selected(self) -> str:
        """The selected thing in words; it also stands in the view's description, for tools that ask."""
        selection, outline = self._document.selection, self._view.canvas_scene.outline
        words = ""
        if selection.edge is not None:
            words = spoken_wire(self._document, selection.edge)
        elif selection.names and selection.names[-1] in outline:
            words = spoken_node(self._document, outline, selection.names[-1])
        self._view.setAccessibleDescription(words)
        return words

    def _say(self, words: str) -> None:
        if words:
            self.said.emit(words)
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._view, words))

    def _messages(self) -> set[str]:
        return {problem.message for problem in self._document.analysis.errors}

    def _selected_shape(self) -> tuple[str, str]:
        names = self._document.selection.names
        found = self._document.analysis.nodes.get(names[-1]) if names else None
        return (names[-1] if names else "", str(found.output) if found and found.output else "")
