"""What was there before a stay in a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Stay:
    """Keeps the values from before the stay in a field that changed them last, for when its text is refused."""

    def __init__(self) -> None:
        self._gesture: object = None
        self._values: dict[str, Any] = {}

    def begin(self, gesture: object, values: Mapping[str, Any]) -> None:
        """Note the values, unless this stay has begun already; None is a stay of its own each time."""
        if gesture is None or gesture != self._gesture:
            self._gesture, self._values = gesture, dict(values)

    def before(self, gesture: object, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values from before this stay; ``values`` themselves if it has changed nothing."""
        return dict(self._values if gesture is not None and gesture == self._gesture else values)
