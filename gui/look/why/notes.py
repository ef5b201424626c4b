"""What is to be known of explanations, each with what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QWidget

from engine.inspection.explaining.evidence import Note
from gui.look.why.why import Why
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.sentence import Sentence


class Notes(QWidget):
    """A line for each sentence, with a button where another layer can be asked; hidden without any."""

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = why
        self._shown: tuple[Note, ...] = ()
        self._column = layouts.column(self, spacing=6)
        why.changed.connect(self.refresh)
        why.chosen.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Follow what there is to see."""
        found = tuple(dict.fromkeys(self._found()))
        if found != self._shown:
            self._shown = found
            self._show(found)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said."""
        return tuple(note.sentence for note in self._shown)

    def _found(self) -> list[Note]:
        why, found = self._why, []
        if not why.look.trained and why.answers:
            found.append(Note("The weights are untrained: this is what random ones make of the image."))
        for asked in why.cards():
            refused, evidence = why.refused(asked), why.evidence(asked)
            if refused is not None:
                found.append(Note(refused.sentence, refused.instead))
            elif evidence is not None:
                found.extend(evidence.notes)
        refused = why.refused(why.check()) if why.sanity else None
        if refused is not None:
            found.append(Note(refused.sentence, refused.instead))
        return found

    def _show(self, notes: Sequence[Note]) -> None:
        layouts.clear(self._column)
        for note in notes:
            line = QFrame()
            role(line, "note")
            sentence, button = Sentence(note.sentence), OfferButton()
            role(sentence, "small")
            row = layouts.row(line, spacing=10)
            row.setContentsMargins(12, 6, 8, 6)
            row.addWidget(sentence, 1)
            row.addWidget(button)
            if note.instead:
                choose = partial(self._why.look.choose_node, note.instead)
                button.show_offer(Offer(f"Use {note.instead}", choose))
            self._column.addWidget(line)
        self.setVisible(bool(notes))
