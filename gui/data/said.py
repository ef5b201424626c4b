"""What the workspace Data says of its data set."""

from __future__ import annotations

from dataclasses import dataclass

from gui.widgets.offer import Offer


@dataclass(frozen=True, slots=True)
class Said:
    """What is to say of the data beside what they hold, and what can be done about it."""

    text: str = ""
    offers: tuple[Offer, ...] = ()
    wrong: bool = False


NOTHING = Said()
