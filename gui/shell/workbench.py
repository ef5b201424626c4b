"""The open document's surroundings: centre, docks and panels, arranged by workspace."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.errors import LayerloomError
from gui.data.panel import DataSetPanel
from gui.draw.canvas.canvas import Canvas
from gui.evaluate.workspace import Evaluate
from gui.look.workspace import LookInside
from gui.registry.panels import SIDES, Side
from gui.registry.session import Session
from gui.registry.workspaces import WORKSPACES
from gui.shell.arrangement import Arrangement
from gui.shell.docks import PanelTab
from gui.shell.made import join, made_centre, made_panel, set_active
from gui.shell.panels import (
    PANELS,
    GalleryPanel,
    InspectorPanel,
    MyBlocksPanel,
    PalettePanel,
    ProblemsPanel,
)
from gui.train.workspace import TrainWorkspace
from gui.widgets.pages import Pages


class Workbench(QObject):
    """Makes every panel once and moves them about as the workspace changes."""

    workspace_changed = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.workspace = ""
        self.session = session
        self._changes = False  # whether another workspace is about to come up
        self.centre = Pages()
        self._centres = {name: made_centre(workspace, session) for name, workspace in WORKSPACES.items()}
        for centre in self._centres.values():
            self.centre.addWidget(centre.page)
        self._undocked = QWidget(session.window)  # what stands nowhere yet goes with the window too
        self._undocked.hide()
        self.panels = {name: PanelTab(kind.tab, made_panel(kind, session)) for name, kind in PANELS.items()}
        for panel in self.panels.values():
            panel.widget.setParent(self._undocked)
        for workspace in WORKSPACES.values():
            join(workspace, session)
        self._in_front: dict[tuple[str, str], str] = {}
        self.arrangement = session.share(Arrangement(session.window, session.preferences))
        self.docks = self.arrangement.docks
        self._beside: frozenset[str] = frozenset()  # panels that came up because of another
        self._covered: dict[tuple[str, str], str] = {}  # what was in front at a side before them
        for dock in self.docks.values():
            dock.front_changed.connect(self._follow_fronts)
        session.follow(self.workspace_changed, *(dock.visibilityChanged for dock in self.docks.values()))

    # The parts that the window itself has to do with

    @property
    def canvas(self) -> Canvas:
        return self.session.part(Canvas)

    @property
    def train(self) -> TrainWorkspace:
        return self.session.part(TrainWorkspace)

    @property
    def look_inside(self) -> LookInside:
        return self.session.part(LookInside)

    @property
    def evaluate(self) -> Evaluate:
        return self.session.part(Evaluate)

    @property
    def palette(self) -> PalettePanel:
        return self.session.part(PalettePanel)

    @property
    def gallery(self) -> GalleryPanel:
        return self.session.part(GalleryPanel)

    @property
    def my_blocks(self) -> MyBlocksPanel:
        return self.session.part(MyBlocksPanel)

    @property
    def inspector(self) -> InspectorPanel:
        return self.session.part(InspectorPanel)

    @property
    def problems(self) -> ProblemsPanel:
        return self.session.part(ProblemsPanel)

    @property
    def data(self) -> DataSetPanel:
        return self.session.part(DataSetPanel)

    # Arranging

    def show_workspace(self, name: str) -> None:
        """Arrange everything for a workspace, as it was left the last time; raises `LayerloomError` if none is so."""
        WORKSPACES.find(name)
        if name == self.workspace:
            return
        self._changes = True
        self.arrangement.leave()
        for side in SIDES:
            dock = self.docks[side]
            if self.workspace:
                self._in_front[self.workspace, side] = dock.current
            keys = PANELS.at(name, side)
            dock.set_panels(tuple(self.panels[key] for key in keys), self._in_front.get((name, side), ""))
        if self.workspace:
            self._set_active(False)
        self.workspace = name
        self.centre.setCurrentWidget(self._centres[name].page)
        self.arrangement.show(name)
        self._set_active(True)
        self._changes = False
        self._follow_fronts()
        if self.centre.hasFocus():
            self.middle().setFocus(Qt.FocusReason.OtherFocusReason)
        self.workspace_changed.emit(name)

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, in the first workspace that has it if this one does not."""
        PANELS.find(name)
        here = (self.workspace, *(workspace.name for workspace in WORKSPACES.ordered()))
        places = [(workspace, side) for workspace in here for side in SIDES if name in PANELS.at(workspace, side)]
        if not places:
            raise LayerloomError(f"The panel '{PANELS[name].tab.title}' stands in no workspace.")
        workspace, side = places[0]
        self.show_workspace(workspace)
        self.docks[side].show_panel(name)

    def is_in_front(self, panel: str) -> bool:
        """Whether a panel can be seen in one of the docks."""
        return panel in (dock.front for dock in self.docks.values())

    def give_way(self, panel: str, *, to: str) -> None:
        """Let a panel that is in front give way to another at its side, in whichever workspace that is."""
        for workspace in WORKSPACES:
            for side in SIDES:
                here = PANELS.at(workspace, side)
                if not {panel, to} <= set(here):
                    continue
                if workspace != self.workspace:
                    if self._in_front.get((workspace, side), here[0]) == panel:
                        self._in_front[workspace, side] = to
                elif self.docks[side].current == panel:
                    self.docks[side].bring_forward(to)
                    self.arrangement.fold_again()

    def _follow_fronts(self) -> None:
        """Bring up what the panels in front want beside them, and what was there before once they are gone."""
        if self._changes:
            return
        before = self._beside
        rooms = [dock.room for dock in self.docks.values() if dock.front and dock.room is not None]
        self._beside = frozenset(name for room in rooms for name in room.beside)
        if self._beside != before:
            for side in SIDES:
                self._bring_beside(side, before)
        self.session.front_changed.emit()

    def _bring_beside(self, side: Side, before: frozenset[str]) -> None:
        dock, here = self.docks[side], PANELS.at(self.workspace, side)
        for name in self._beside & set(here):
            if dock.current != name:
                self._covered[self.workspace, side] = dock.current
                dock.bring_forward(name)
        if dock.current in before - self._beside:
            dock.bring_forward(self._covered.get((self.workspace, side), here[0]))

    def _set_active(self, active: bool) -> None:
        set_active(WORKSPACES[self.workspace], self._centres[self.workspace], active)

    def middle(self) -> QWidget:
        """What the workspace is about: canvas, curves, maps or matrix; or what stands there until they do."""
        here = self._centres[self.workspace]
        return next((place for place in (here.middle, here.page) if place.isVisible()), self.centre)

    def set_visible(self, visible: bool) -> None:
        """Show or hide all docks at once, as the start screen needs it."""
        if visible:
            self.arrangement.show(self.workspace)
        else:
            self.arrangement.hide()
