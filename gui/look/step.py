"""The right side of Look inside: the value that is pinned, step by step."""

from __future__ import annotations

from typing import Self

from PySide6.QtWidgets import QWidget

from engine.inspection.results import Steps
from gui.look.look import Look
from gui.look.step_view import StepView
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session

_EMPTY = "Click a value in a map of a convolution, or of the layer after it."


@PANELS.register
class StepPanel(StepView):
    """How the value that is pinned comes about; without one, what to do for it, or why there is none."""

    tab = Tab("step", "Step through", "mdi6.calculator-variant-outline", (DockPlace("look_inside", "right", 1),))

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        look.reset.connect(self._clear)
        look.node_changed.connect(self._clear)
        self._clear()

    @classmethod
    def make(cls, session: Session) -> Self:
        """The one that Look inside has made."""
        return session.part(cls)

    def show_result(self, steps: Steps | None) -> None:
        """Show the steps, if there are some."""
        if steps is None:
            self._clear()
        else:
            self.show_steps(steps, self.look.summary(steps.node))

    def _clear(self) -> None:
        self.say(self.look.refusal or _EMPTY)
