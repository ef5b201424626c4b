"""Learning rates that are offered beside the field: what the optimiser usually takes, and what a range test found."""

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

    def for_recipe(self, recipe: Recipe) -> tuple[RateOffer, ...]:
        """The rates that the recipe does not have already; none beside the one that was found for it."""
        if self.suggested is not None and self.suggested.rate == recipe.learning_rate:
            return ()
        usual = recipe.optimiser.usual_rate
        about = f"{recipe.optimiser.title} usually learns well at {rate_text(usual)}."
        known = ((self.suggested,) if self.suggested else ()) + (RateOffer(usual, about),)
        by_rate = {offer.rate: offer for offer in reversed(known)}
        return tuple(offer for rate, offer in reversed(by_rate.items()) if rate != recipe.learning_rate)
