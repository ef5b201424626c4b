"""Something that a person may want done: a button that is there while it is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QPushButton, QWidget

from gui.style.style import mark


@dataclass(frozen=True, slots=True)
class Offer:
    """What the button says and does; ``about`` is its tooltip."""

    label: str
    run: Callable[[], None]
    about: str = ""


class OfferButton(QPushButton):
    """A small button, hidden while nothing is offered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: Offer | None = None
        mark(self, "scale", "small")
        self.clicked.connect(self._take)
        self.hide()

    def show_offer(self, offer: Offer | None) -> None:
        """Offer something, or nothing."""
        self._offer = offer
        self.setText(offer.label if offer else "")
        self.setToolTip(offer.about if offer else "")
        self.setVisible(offer is not None)

    def _take(self) -> None:
        if self._offer is not None:
            self._offer.run()
