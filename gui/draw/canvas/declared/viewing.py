"""Zooming, and bringing the drawing into view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.draw.canvas.declared.base import CANVAS, CanvasCommand
from gui.registry.commands import COMMANDS, Spot
from gui.registry.menus import VIEW, Place

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas


class _Viewing(CanvasCommand):
    changes = False
    in_vain = "Go to Draw first."

    def possible(self, subject: Canvas) -> bool:
        return subject.isVisible()


@COMMANDS.register
class ZoomIn(_Viewing):
    """One step larger."""

    name = "zoom_in"
    text = "Zoom in"
    keys = ("Ctrl++", "Ctrl+=")
    local_keys = ("Ctrl+Shift++",)
    place = Place(VIEW, 3, 1)

    def act(self, subject: Canvas) -> None:
        subject.zoom_in()


@COMMANDS.register
class ZoomOut(_Viewing):
    """One step smaller."""

    name = "zoom_out"
    text = "Zoom out"
    keys = ("Ctrl+-",)
    place = Place(VIEW, 3, 2)

    def act(self, subject: Canvas) -> None:
        subject.zoom_out()


@COMMANDS.register
class Zoom100(_Viewing):
    """A px of the drawing is a px of the screen."""

    name = "zoom_100"
    text = "Zoom to 100 %"
    keys = ("Ctrl+0",)
    place = Place(VIEW, 3, 3)

    def act(self, subject: Canvas) -> None:
        subject.zoom_100()


class _Fitting(_Viewing):
    in_vain = "There is nothing in view: go to Draw, and add a layer."

    def possible(self, subject: Canvas) -> bool:
        return super().possible(subject) and len(subject.document.network) > 0


@COMMANDS.register
class FitSelection(_Fitting):
    """Show the selection, or all if nothing is selected."""

    name = "fit_selection"
    text = "Fit selection"
    icon = "mdi6.fit-to-page-outline"
    local_keys = ("F",)
    place = Place(VIEW, 3, 4)

    def act(self, subject: Canvas) -> None:
        subject.commands.fit_selection()


@COMMANDS.register
class FitAll(_Fitting):
    """Show everything."""

    name = "fit_all"
    text = "Fit all"
    menu_icon = "mdi6.fit-to-page-outline"
    local_keys = ("Home",)
    place = Place(VIEW, 3, 5)
    spots = (Spot(CANVAS, 2, 2),)

    def act(self, subject: Canvas) -> None:
        subject.commands.fit_all()
