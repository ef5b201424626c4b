"""Where the docks stand: at first as the design says, then as each workspace was left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QMainWindow

from gui.preferences import Preferences
from gui.registry.panels import PANELS, Room, Side
from gui.registry.workspaces import WORKSPACES
from gui.shell.docks import NARROWEST, Fold, PanelDock

AREAS: dict[Side, Qt.DockWidgetArea] = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
_ALONG = {
    "left": Qt.Orientation.Horizontal,
    "right": Qt.Orientation.Horizontal,
    "bottom": Qt.Orientation.Vertical,
}
_FOLDS = {"left": Fold.RAIL, "right": Fold.RAIL, "bottom": Fold.TABS}
_FOLDS_BELOW = 820  # px of window height
_RAIL_BELOW = 1280  # px of window width
_NARROW_BELOW = 1440  # px of window width


class Arrangement(QObject):
    """Places and sizes of the docks by workspace, remembered between sessions."""

    def __init__(self, window: QMainWindow, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self.docks = {side: self._dock(side) for side in AREAS}
        self._at_first = window.saveState()
        self._workspace = ""
        self._shown = False
        self._settled = False  # whether the docks have the sizes they were given
        self._window_size = QSize()  # for which they were given
        self._given: dict[str, int] = {}  # the sizes that docks got without anybody's doing
        self._dragged: dict[str, int] = {}  # sizes that the user gave docks since this workspace came up
        self._small: dict[Side, bool] = {"left": False, "right": False, "bottom": False}  # for what does not need it
        self._given_way: tuple[bool, ...] = (False, False, False)  # as it was when the docks were folded last
        self._fronts: dict[Side, tuple[Room | None, bool]] = {}  # room and fold for which the docks have their sizes
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._finish_settling)
        for dock in self.docks.values():
            dock.front_changed.connect(self._follow_front)

    def leave(self) -> None:
        """Note how the workspace is left, before its panels go: what others do to the docks is nobody's drag."""
        self.keep()
        self._settled = self._shown = False

    def show(self, workspace: str) -> None:
        """Arrange the docks for a workspace."""
        self._end_drag()
        self._workspace, self._shown, self._settled = workspace, True, False
        self._dragged.clear()
        self._fronts = self._fronts_now()
        self._given_way = tuple(map(self._gives_way, self.docks))
        state = self._preferences.state(f"docks/{workspace}")
        if not state.isEmpty() and not self._window.restoreState(state):
            self._window.restoreState(self._at_first)  # Qt leaves its layout in pieces where a state is damaged
            state.clear()
        if state.isEmpty():
            self._redock()
        self._hide_empty()
        self._fold()
        self._settle_anew()

    def hide(self) -> None:
        """Hide all docks, as the start screen needs it."""
        self._end_drag()
        self.keep()
        self._shown = False
        for dock in self.docks.values():
            dock.hide()

    def reset(self) -> None:
        """Put the docks of this workspace back to where they belong."""
        self._end_drag()
        for key in ("sizes", "folded"):
            self._preferences.keep_values(f"{key}/{self._workspace}", {})
        self._dragged.clear()
        self._settled = False  # what docking does to sizes is nobody's drag
        self._redock()
        self._fold()
        self._settle_anew()

    def keep(self) -> None:
        """Note where the docks of this workspace stand."""
        if not (self._shown and self._settled):
            return
        self._preferences.keep_state(f"docks/{self._workspace}", self._window.saveState())
        large = {side: dock for side, dock in self.docks.items() if not (self._small[side] or self._gives_way(side))}
        self._keep("folded", {side: int(dock.folded) for side, dock in large.items()})
        self._keep("sizes", self._dragged)

    def follow_size(self, width: int, height: int) -> None:
        """Fold what there is no room for when the window has become small, and open it when it is large again.

        What stays open keeps its size; the centre takes the rest.
        """
        narrow = width < _RAIL_BELOW
        small: dict[Side, bool] = {"left": narrow, "right": narrow, "bottom": height < _FOLDS_BELOW}
        given_way = tuple(map(self._gives_way, self.docks))
        if small != self._small or given_way != self._given_way:
            self.keep()
            self._small, self._given_way = small, given_way
            self._fold()
        self._settle_anew()

    def fold_again(self) -> None:
        """Fold and open the docks as the panels in front want it, as nobody has asked for these."""
        self._fold()
        self._settle_anew()

    def _follow_front(self) -> None:
        """Make the docks as wide as the panels need that are in front now."""
        if self._shown and self._fronts != (now := self._fronts_now()):
            self._end_drag()
            given_way = tuple(map(self._gives_way, self.docks))
            if given_way != self._given_way:
                self._fronts, self._given_way = now, given_way  # folding is told too
                self._fold_one("left")
                self._fold_one("right")
            elif self._small["right"] and self._fronts["left"][0] != now["left"][0]:
                self._fronts = now
                self._fold_one("right")
            self._settle_anew()

    def _fronts_now(self) -> dict[Side, tuple[Room | None, bool]]:
        return {side: (dock.room, dock.folded) for side, dock in self.docks.items()}

    def _settle_anew(self) -> None:
        self._fronts = self._fronts_now()
        self._settled = False
        self._set_sizes()
        self._settle.start()  # a window that is being laid out does not keep sizes yet

    def _end_drag(self) -> None:
        """Let go of the edge of a dock: Qt would move what stood there before, and end the program."""
        where = QPointF(QCursor.pos())
        kind, button, none = QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        here = self._window.mapFromGlobal(where)
        self._window.event(QMouseEvent(kind, here, where, button, none, Qt.KeyboardModifier.NoModifier))

    def _note_drag(self) -> None:
        """Keep in mind how large a dock was dragged; a window that changes its size is no drag."""
        others = self._fronts != self._fronts_now()  # docks resize before that is told
        if self._settled and self._window.size() == self._window_size and not others:
            large = [side for side, dock in self.docks.items() if not (dock.folded or self._is_small(side))]
            seen = {side: self.docks[side] for side in large if self.docks[side].isVisible()}
            now = {side: dock.extent for side, dock in seen.items() if not dock.isFloating()}
            other = {side for side, extent in now.items() if extent != self._given.get(side)}
            keys = {side: self._size_key(side) for side in now}
            self._dragged |= {keys[side]: now[side] for side in now if side in other or keys[side] in self._dragged}

    def _redock(self) -> None:
        for side, dock in self.docks.items():
            dock.setFloating(False)
            self._window.addDockWidget(AREAS[side], dock)
            is_there = side != "bottom" or not WORKSPACES[self._workspace].hides_bottom
            dock.setVisible(is_there)
        self._hide_empty()

    def _hide_empty(self) -> None:
        """Hide docks that have no panels here, also where a layout is kept from when they had some."""
        for side, dock in self.docks.items():
            if not PANELS.at(self._workspace, side):
                dock.hide()

    def _fold(self) -> None:
        for side in self.docks:
            self._fold_one(side)

    def _fold_one(self, side: Side) -> None:
        at_first = {"bottom": int(WORKSPACES[self._workspace].folds_bottom)}
        folded = at_first | self._preferences.values(f"folded/{self._workspace}")
        self.docks[side].set_folded(self._is_small(side) or bool(folded.get(side, False)))

    def _is_small(self, side: Side) -> bool:
        """Whether the window has no room for a dock: a panel at the left that needs its own takes that of the right."""
        takes_room = self.docks["left"].room is not None
        return self._gives_way(side) or (
            self._small[side] and {"left": not takes_room, "right": takes_room, "bottom": True}[side]
        )

    def _gives_way(self, side: Side) -> bool:
        """Whether a dock is folded for what is in the centre, which the panel in front at the right says."""
        room, width = self.docks["right"].room, self._window.width()
        return room is not None and width < {"left": room.rail_below, "right": room.folds_below, "bottom": 0}[side]

    def _set_sizes(self) -> None:
        if self._shown:
            kept = self._preferences.values(f"sizes/{self._workspace}")
            designed, chosen = self._designed(), kept | self._dragged
            for side, dock in self.docks.items():
                size = dock.folded_extent if dock.folded else chosen.get(self._size_key(side), designed[side])
                self._window.resizeDocks([dock], [max(1, size)], _ALONG[side])  # Qt warns of 0

    def _designed(self) -> dict[Side, int]:
        """How large the docks are where nobody made them so: a share of what a large window has."""
        here, width, height = WORKSPACES[self._workspace], self._window.width(), self._window.height()
        left, right = here.left_width, here.right_width
        if width < _NARROW_BELOW:
            left, right = here.narrow_left_width or left, here.narrow_right_width or right
        if self._small["left"] or self._gives_way("left"):
            left = NARROWEST  # it was opened from its rail, and the centre has little room as it is
        sizes: dict[Side, int] = {
            "left": max(left, width // 9),
            "right": max(right, width // 7),
            "bottom": max(here.bottom_height, height // 5),
        }
        usually: dict[Side, int] = {"left": left, "right": right}
        for side, usual in usually.items():
            if (room := self.docks[side].room) is not None:
                sizes[side] += self._wide(room) - usual  # what is beside the dock stays where it is
        return sizes

    def _wide(self, room: Room) -> int:
        width = self._window.width()
        if width < _RAIL_BELOW:
            return room.small_width
        return room.narrow_width if width < _NARROW_BELOW else room.width

    def _size_key(self, side: Side) -> str:
        """Under which name a size is kept that the user gave a dock; a panel with a width of its own has its own."""
        dock = self.docks[side]
        if dock.room is None:
            return side
        return f"{side}/{dock.current}/small" if self._small[side] else f"{side}/{dock.current}"

    def _finish_settling(self) -> None:
        self._set_sizes()
        self._settled, self._window_size = self._shown, self._window.size()
        self._given = {side: dock.extent for side, dock in self.docks.items()}

    def _keep(self, key: str, values: dict[str, int]) -> None:
        name = f"{key}/{self._workspace}"
        self._preferences.keep_values(name, self._preferences.values(name) | values)

    def _dock(self, side: Side) -> PanelDock:
        dock = PanelDock(f"{side}-dock", side.capitalize(), fold=_FOLDS[side], parent=self._window)
        self._window.addDockWidget(AREAS[side], dock)
        dock.hide()
        dock.resized.connect(self._note_drag)
        return dock
