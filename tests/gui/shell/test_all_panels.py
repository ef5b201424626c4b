"""Every panel in its dock: made, shown wide and narrow, in both themes, whatever the project is, and closed."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QWidget
from train_parts import settings
from window_states import broken, drawing

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.network import Network
from engine.project import Project
from gui.registry.panels import EVERYWHERE, SIDES
from gui.registry.workspaces import WORKSPACES
from gui.shell.arrangement import AREAS
from gui.shell.docks import LOWEST, NARROWEST
from gui.shell.panels import PANELS
from gui.widgets.elided_label import ElidedLabel
from templates import build

PROJECTS = {
    "empty": Project,
    "a template": lambda: Project(build("lenet5")),
    "a broken network": lambda: Project(broken()),
    "no images": lambda: Project(drawing(), DataSettings(source=Folder(path="/nowhere/at/all"))),
    "a run": lambda: Project(drawing(), training=settings(epochs=1)),
}
SIZES = {"narrow": (NARROWEST, LOWEST), "usual": (304, 240), "wide": (420, 400)}


@pytest.fixture
def show(window, person):
    """Opens a project."""

    def show(project):
        window.document.undo_stack.setClean()
        window.document.replace(project)
        window.files.opened.emit()
        person.until(lambda: not window.workspaces().runs.loading)

    person.until(lambda: window.view is not None and bool(window.warm_up.devices))
    return show


def home_of(name):
    """The first workspace and the side that a panel says it stands at."""
    place = PANELS[name].tab.places[0]
    first = WORKSPACES.ordered()[0].name
    return (first if place.workspace == EVERYWHERE else place.workspace), place.side


def cut_off(panel: QWidget) -> list[str]:
    """The words of a panel that have less room than they need, as far as nobody can scroll to them."""
    words = [widget for widget in panel.findChildren(QWidget) if widget.isVisible() and _must_fit(widget)]
    return [
        f"{type(widget).__name__} '{widget.text()}' has {widget.width()} of {widget.minimumSizeHint().width()} px"
        for widget in words
        if widget.width() < widget.minimumSizeHint().width() or not _in_reach(widget, panel)
    ]


def _must_fit(widget: QWidget) -> bool:
    """Whether a widget has words on one line, all of which are to be read."""
    if isinstance(widget, ElidedLabel):
        return False
    if isinstance(widget, QLabel):
        return bool(widget.text()) and not widget.wordWrap()
    return isinstance(widget, QAbstractButton) and bool(widget.text())


def _in_reach(widget: QWidget, panel: QWidget) -> bool:
    """Whether a widget stands within the panel's sides, or within something that scrolls sideways."""
    around = widget.parentWidget()
    while around is not None and around is not panel:
        if isinstance(around, QAbstractScrollArea) and around.horizontalScrollBar().maximum() > 0:
            return True
        around = around.parentWidget()
    area = QRect(widget.mapTo(panel, QPoint(0, 0)), widget.size())
    return area.left() >= 0 and area.right() <= panel.width()


@pytest.mark.parametrize("project", list(PROJECTS))
def test_every_panel_is_shown_whole_in_every_size_and_theme(window, person, show, project):
    show(PROJECTS[project]())
    view, cut = window.workspaces(), {}
    if project == "a run":
        view.runs.start()
        person.until(lambda: view.runs.active is None)
        view.bench.evaluate.evaluator.start()
        person.until(lambda: view.bench.evaluate.evaluator.result is not None)
    for theme in ("theme_light", "theme_dark"):
        window.actions_[theme].trigger()
        for name in PANELS:
            workspace, side = home_of(name)
            view.show_workspace(workspace)
            view.show_panel(name)
            dock, panel = view.bench.docks[side], view.bench.panels[name].widget
            person.until(lambda: not view.bench.data.data.busy)
            for size, (width, height) in SIZES.items():
                along = Qt.Orientation.Vertical if side == "bottom" else Qt.Orientation.Horizontal
                window.resizeDocks([dock], [height if side == "bottom" else width], along)
                for _ in range(3):  # what fits itself to its width does so with the next event
                    QApplication.processEvents()
                assert dock.current == name
                assert panel.isVisible()
                assert not panel.grab().isNull()
                if words := cut_off(panel):
                    cut[name, size, theme] = words
    assert cut == {}


def test_every_panel_has_a_place_and_its_own_words(window, show):
    show(Project(Network("empty")))
    view = window.workspaces()
    for name, kind in PANELS.items():
        assert kind.tab.places, name
        assert {place.workspace for place in kind.tab.places} <= {EVERYWHERE, *WORKSPACES}, name
        assert type(view.bench.panels[name].widget) is kind
    for workspace in WORKSPACES:
        for side in SIDES:
            titles = [PANELS[name].tab.title for name in PANELS.at(workspace, side)]
            assert len(titles) == len(set(titles))
            assert len(orders_at(workspace, side)) == len(titles)
    assert set(AREAS) == set(SIDES)


def orders_at(workspace, side):
    """The numbers that panels have there, each once."""
    places = [place for kind in PANELS.values() for place in kind.tab.places if place.side == side]
    return {place.order for place in places if place.workspace in (EVERYWHERE, workspace)}


def test_panels_close_while_each_is_in_front(window, show, person):
    show(Project(build("lenet5")))
    view = window.workspaces()
    for name in PANELS:
        view.show_panel(name)
        window.files.close()
        person.until(lambda name=name: not view.bench.panels[name].widget.isVisible())
        show(Project(build("lenet5")))
    view.show_workspace("data")
    window.close()
    assert not window.isVisible()
