"""The learning rate that is offered beside the field, unless a range test found one: that is offered with its chart."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.recipe.recipe import Recipe
from engine.words import rate_text


@dataclass(frozen=True, slots=True)
class RateOffer:
    """A learning rate, and why it is offered."""

    rate: float
    about: str


class RateOffers(QObject):
    """What a window offers: others suggest rates here, or warn of the one that is set; ``changed`` tells the form."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.suggested: RateOffer | None = None
        self.warning = ""

    def suggest(self, offer: RateOffer | None, *, warning: str = "") -> None:
        """Offer a rate that was found to be good, in place of the one before; None takes it away."""
        if (offer, warning) != (self.suggested, self.warning):
            self.suggested, self.warning = offer, warning
            self.changed.emit()

    def usual(self, recipe: Recipe) -> RateOffer | None:
        """What the optimiser usually takes; None where it is set, or a test has found what this network takes."""
        usual = recipe.usual_rate
        if self.suggested is not None or usual == recipe.learning_rate:
            return None
        return RateOffer(usual, f"{recipe.optimiser.title} usually learns well at {rate_text(usual)}.")
