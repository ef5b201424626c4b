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
    """What a window offers; others suggest rates here, and ``changed`` tells the form."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._suggested: RateOffer | None = None

    def suggest(self, offer: RateOffer | None) -> None:
        """Offer a rate that was found to be good, in place of the one before; None takes it away."""
        if offer != self._suggested:
            self._suggested = offer
            self.changed.emit()

    def for_recipe(self, recipe: Recipe) -> tuple[RateOffer, ...]:
        """The rates that the recipe does not have already."""
        usual = recipe.optimiser.usual_rate
        about = f"{recipe.optimiser.title} usually learns well at {rate_text(usual)}."
        known = ((self._suggested,) if self._suggested else ()) + (RateOffer(usual, about),)
        by_rate = {offer.rate: offer for offer in reversed(known)}
        return tuple(offer for rate, offer in reversed(by_rate.items()) if rate != recipe.learning_rate)
