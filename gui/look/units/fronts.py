"""Which panels are in front beside the cards of units."""

from __future__ import annotations

from gui.look.units.layers import LayersPanel
from gui.look.units.panel import UnitPanel
from gui.registry.panels import PANELS, Side
from gui.registry.session import Session

_OURS: dict[Side, str] = {"left": LayersPanel.tab.name, "right": UnitPanel.tab.name}
_WORKSPACE = "look_inside"


class UnitPanels:
    """Brings up the panels of units with their cards, and afterwards those that were there before."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: dict[Side, str] = {}

    def turn(self, units: bool) -> None:
        """The cards are in front now, or no longer."""
        for side, ours in _OURS.items():
            here = PANELS.at(_WORKSPACE, side)
            if units:
                front = next((name for name in here if self._session.is_in_front(name)), here[0])
                self._before |= {side: front} if front != ours else {}
                for name in here:
                    self._session.give_way(name, to=ours)
            else:
                self._session.give_way(ours, to=self._before.get(side, here[0]))
