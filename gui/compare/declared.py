"""The commands that put two networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import HELP, VIEW, Place, submenu
from gui.registry.session import Session
from gui.start.gallery import Gallery

if TYPE_CHECKING:
    from gui.compare.window import CompareWindow

LESSONS = submenu("lessons", "Cost lessons", Place(HELP, 1, 2))
_LESSONS = (  # as `templates.lessons` has them, which takes too long to load for the first paint
    ("inception", "Naive and reduced Inception"),
    ("small_kernels", "Two 3×3 and one 5×5"),
    ("separable", "Depthwise-separable and standard convolution"),
)


@COMMANDS.register
class Compare(Command):
    """Put the drawing and a template side by side."""

    name = "compare"
    text = "Compare…"
    icon = "mdi6.compare-horizontal"
    keys = ("Ctrl+Shift+D",)
    place = Place(VIEW, 2, 1)
    needs_project = False

    def run(self, session: Session) -> None:
        _window(session).open()


class ShowLesson(Command):
    """Put the two networks of a cost lesson side by side."""

    icon = "mdi6.school-outline"
    needs_project = False

    def __init__(self, lesson: str, title: str, order: int) -> None:
        self._lesson = lesson
        self.name, self.text = f"lesson_{lesson}", title
        self.place = Place(LESSONS, 1, order)

    def run(self, session: Session) -> None:
        _window(session).show_lesson(self._lesson)


for _order, (_lesson, _title) in enumerate(_LESSONS):
    COMMANDS.add(ShowLesson(_lesson, _title, _order))


def _window(session: Session) -> CompareWindow:
    """The window made the first time that it is asked for."""
    from gui.compare.window import CompareWindow

    made = session.window.findChild(CompareWindow)
    return made or CompareWindow(session.document, session.part(Gallery), session.preferences, session.window)
