"""What is done to the network and the image that are looked at; it undoes by itself, apart from the document."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.inspection import Alteration


@dataclass(frozen=True, slots=True)
class _Step:
    before: Alteration
    label: str
    gesture: Hashable


class Alterations(QObject):
    """The alteration in force, those before it, and the images that interventions take values of, by name."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.value = Alteration()
        self.pictures: Mapping[str, NDArray[np.uint8]] = {}
        self._steps: list[_Step] = []

    @property
    def undo_label(self) -> str:
        """What the last step did; "" if there is none."""
        return self._steps[-1].label if self._steps else ""

    def put(self, value: Alteration, label: str, gesture: Hashable = None) -> None:
        """Let another alteration be in force; what one ``gesture`` does is one step."""
        if value == self.value:
            return
        if gesture is None or not self._steps or self._steps[-1].gesture != gesture:
            self._steps.append(_Step(self.value, label, gesture))
        self._set(value)

    def take_back(self, gesture: Hashable) -> None:
        """Undo what a gesture has done so far, as it has come to mean nothing."""
        if gesture is not None and self._steps and self._steps[-1].gesture == gesture:
            self.undo()

    def undo(self) -> None:
        """Go back to the alteration before the last step."""
        if self._steps:
            self._set(self._steps.pop().before)

    def reset(self) -> None:
        """Look at the network and the image as they are; this can be undone."""
        self.put(Alteration(), "Undo all")

    def forget(self) -> None:
        """Another network is looked at: nothing is altered, and there is nothing to undo."""
        self._steps.clear()
        self.pictures = {}
        if self.value != Alteration():
            self._set(Alteration())

    def keep_picture(self, pixels: NDArray[np.uint8]) -> str:
        """Keep an image ``(C, H, W)`` for interventions to take values of; the name that it goes by."""
        known = (name for name, kept in self.pictures.items() if np.array_equal(kept, pixels))
        name = next(known, f"kept image {len(self.pictures) + 1}")
        self.pictures = {**self.pictures, name: pixels}
        return name

    def _set(self, value: Alteration) -> None:
        self.value = value
        self.changed.emit()
