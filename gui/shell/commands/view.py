"""The menu View, as far as it is not about the drawing: theme, panels, parts of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import VIEW, Place, submenu
from gui.registry.panels import PANELS, SIDES, Side
from gui.registry.session import Session
from gui.shell.session import window_of
from gui.style.appearance import ThemeChoice, appearance

if TYPE_CHECKING:
    from gui.shell.arrangement import Arrangement

THEME = submenu("theme", "Theme", Place(VIEW, 4, 2))
PANELS_MENU = submenu("panels", "Panels", Place(VIEW, 4, 3))


class ChooseTheme(Command):
    """Choose how the window looks."""

    choice = "theme"
    needs_project = False

    def __init__(self, theme: ThemeChoice, order: int) -> None:
        self._theme = theme
        self.name, self.text = f"theme_{theme.value}", theme.value.capitalize()
        self.place = Place(THEME, 1, order)

    def checked(self, session: Session) -> bool:
        return session.preferences.theme is self._theme

    def run(self, session: Session) -> None:
        session.preferences.theme = self._theme
        appearance().choose(self._theme)


class ShowSide(Command):
    """Show the panels at a side of the window, or hide them."""

    switch = True
    in_vain = "This workspace has no panels there."

    def __init__(self, side: Side, order: int) -> None:
        self._side: Side = side
        self.name, self.text = f"{side}_panel", side.capitalize()
        self.place = Place(PANELS_MENU, 1, order)

    def enabled(self, session: Session) -> bool:
        return bool(PANELS.at(session.workspace, self._side))

    def checked(self, session: Session) -> bool:
        return session.is_open and _arrangement(session).docks[self._side].isVisible()

    def run(self, session: Session) -> None:
        dock = _arrangement(session).docks[self._side]
        dock.setVisible(not dock.isVisible())


for _order, _theme in enumerate(ThemeChoice):
    COMMANDS.add(ChooseTheme(_theme, _order))
for _order, _side in enumerate(SIDES):
    COMMANDS.add(ShowSide(_side, _order))


@COMMANDS.register
class ResetPanels(Command):
    """Put the panels of this workspace back to where they belong."""

    name = "reset_panels"
    text = "Put all back"
    place = Place(PANELS_MENU, 2, 1)

    def run(self, session: Session) -> None:
        _arrangement(session).reset()


@COMMANDS.register
class NextPart(Command):
    """Move the keyboard to the next part of the window."""

    name = "next_part"
    text = "Next part of the window"
    keys = ("F6",)
    place = Place(VIEW, 4, 4)
    needs_project = False

    def run(self, session: Session) -> None:
        window_of(session).cycle_parts(1)


@COMMANDS.register
class PreviousPart(Command):
    """Move the keyboard to the part of the window before."""

    name = "previous_part"
    text = "Previous part of the window"
    keys = ("Shift+F6",)
    place = Place(VIEW, 4, 5)
    needs_project = False

    def run(self, session: Session) -> None:
        window_of(session).cycle_parts(-1)


@COMMANDS.register
class FullScreen(Command):
    """Fill the screen, or not."""

    name = "full_screen"
    text = "Full screen"
    icon = "mdi6.crop-free"
    keys = ("F11",)
    place = Place(VIEW, 4, 6)
    switch = True
    needs_project = False

    def checked(self, session: Session) -> bool:
        return session.window.isFullScreen()

    def run(self, session: Session) -> None:
        if session.window.isFullScreen():
            session.window.showNormal()
        else:
            session.window.showFullScreen()


def _arrangement(session: Session) -> Arrangement:
    from gui.shell.arrangement import Arrangement  # the first paint does without it

    return session.part(Arrangement)
