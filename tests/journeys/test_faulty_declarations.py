"""What is declared outside and fails costs itself alone: the window and a project open, and it is told once."""

import pytest
from a_person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from engine.errors import LayerloomError
from engine.log import log_file
from gui.draw.canvas.declared.base import ENTRY, CanvasCommand
from gui.registry.commands import Command, Spot
from gui.registry.menus import ARRANGE, MENUS, Menu, Place
from gui.registry.panels import DockPlace, Tab
from gui.registry.workspaces import WORKSPACES, Centre, Workspace
from gui.shell.commands import COMMANDS
from gui.shell.logging import CrashReporter
from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS
from gui.style.style import apply_style


def fail(*_):
    raise KeyError("nobody thought of it")


class Outside(Command):
    """A command that works."""

    name, text, place = "outside", "Outside", Place(ARRANGE, 9, 1)

    def run(self, session):
        session.tell("Done.", kind="info")


class OutsideOnCanvas(CanvasCommand):
    """A command of the canvas that works."""

    name, text, place, local_keys, spots = "outside", "Outside", Place(ARRANGE, 9, 1), ("J",), (Spot(ENTRY, 9, 9),)

    def act(self, subject):
        subject.status_message.emit("Done.")


class OutsidePanel(QLabel):
    """A panel that works."""

    tab = Tab("outside", "Outside", "mdi6.ruler", (DockPlace("draw", "right", 9), DockPlace("outside", "left", 1)))

    @classmethod
    def make(cls, session):
        return cls()


class OutsideWorkspace(Workspace):
    """A workspace that works."""

    name, title, icon, order = "outside", "Outside", "mdi6.ruler", 9

    def make(self, session):
        page = QWidget()
        return Centre(page, page)


class OutsideMenu(Menu):
    """A menu that works."""

    fills_itself = True

    def __init__(self):
        super().__init__("outside", "Outside", place=Place(ARRANGE, 9, 2))

    def fill(self, menu, session):
        menu.addAction("Something")


def but(kind, **wrong):
    """The same with something wrong in it."""
    return type(kind.__name__, (kind,), wrong)


def nothing(*_):
    return None


def inactive(*_):
    page = QWidget()
    return Centre(page, page, fail)


FAULTS = {
    "enabled": (COMMANDS, but(Outside, enabled=fail), "the command"),
    "words": (COMMANDS, but(Outside, words=fail), "the command"),
    "no words": (COMMANDS, but(Outside, words=nothing), "the command"),
    "checked": (COMMANDS, but(Outside, switch=True, checked=fail), "the command"),
    "possible": (COMMANDS, but(OutsideOnCanvas, possible=fail), "the command"),
    "panel": (PANELS, but(OutsidePanel, make=fail), "the panel"),
    "no panel": (PANELS, but(OutsidePanel, make=nothing), "the panel"),
    "workspace": (WORKSPACES, but(OutsideWorkspace, make=fail), "the workspace"),
    "no workspace": (WORKSPACES, but(OutsideWorkspace, make=nothing), "the workspace"),
    "join": (WORKSPACES, but(OutsideWorkspace, join=fail), "the workspace"),
}


@pytest.fixture
def add(qapp, qtbot):
    """Registers something for the windows that are opened after it, and takes it out again."""
    added = []

    def register(registry, kind):
        before = set(registry)
        registry.register(kind)
        added.append((registry, *(set(registry) - before)))

    yield register
    for registry, name in added:
        if name in registry:
            registry.remove(name)


@pytest.fixture
def open_window(qapp, qtbot):
    """Opens a window with LeNet-5 in it."""
    windows = []

    def opened():
        apply_style(qapp)
        window = MainWindow()
        windows.append(window)
        window.resize(1600, 1000)
        with qtbot.waitExposed(window):
            window.show()
        Person(window, qtbot).open_template("lenet5")
        return window

    yield opened
    for window in windows:
        window.close_at_once()
        window.deleteLater()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_once_and_everything_else_works(fault, add, open_window):
    registry, kind, what = FAULTS[fault]
    add(registry, kind)
    window = open_window()
    assert window.has_document
    assert window.messages.isVisible()
    assert window.messages.text.text() == (
        f"Left out because of an error: {what} 'Outside'. The log holds the details; "
        "mend what declares it, or start without it."
    )
    assert [button.text() for button in window.messages.buttons] == ["Open the log"]
    assert log_file().read_text("utf-8").count("Traceback") == 1
    window.messages.hide()
    for workspace in WORKSPACES:
        window.session.show_workspace(workspace)
    for panel in PANELS:
        window.session.show_panel(panel)
    window.session.show_workspace("draw")
    window.document.select(["conv1"])
    window.actions_["duplicate"].trigger()
    assert not window.messages.isVisible()
    assert log_file().read_text("utf-8").count("Traceback") == 1
    if registry is COMMANDS:
        assert not window.actions_["outside"].isEnabled()
    else:
        shown = [label.text() for label in window.findChildren(QLabel)]
        assert ("Outside is left out because of an error. The log holds the details." in shown) == (fault != "join")


def test_all_faults_are_told_in_one_sentence(add, open_window):
    add(COMMANDS, but(Outside, name="shown", enabled=fail))
    add(*FAULTS["panel"][:2])
    add(*FAULTS["workspace"][:2])
    told = open_window().messages.text.text()
    assert told.startswith(
        "Left out because of an error: the workspace 'Outside', the panel 'Outside', the command 'Outside'."
    )


def test_a_workspace_that_fails_when_it_is_shown_is_told_then(add, open_window):
    add(WORKSPACES, but(OutsideWorkspace, make=inactive))
    window = open_window()
    assert not window.messages.isVisible()
    window.actions_["outside"].trigger()
    assert window.session.workspace == "outside"
    assert window.messages.text.text().startswith("Left out because of an error: the workspace 'Outside'.")
    window.actions_["draw"].trigger()
    assert window.workspaces().canvas.isVisible()


def test_a_menu_that_fails_opens_with_what_it_has(add, open_window):
    add(MENUS, but(OutsideMenu, fill=fail))
    window = open_window()
    window.actions_.menus["outside"].aboutToShow.emit()
    assert window.messages.text.text().startswith("Left out because of an error: the menu 'Outside'.")


def test_a_context_menu_has_everything_but_the_faulty(add, open_window):
    window = open_window()
    canvas = window.workspaces().canvas

    def listed():
        canvas.show_menu("conv1", canvas.mapToGlobal(canvas.rect().center()))
        menu = QApplication.activePopupWidget()
        words = [action.text().partition("\t")[0] for action in menu.actions()]
        menu.close()
        return words

    before = listed()
    assert "Outside" not in before
    for wrong in ({"possible": fail}, {"offered": fail}, {"face": fail}):
        add(COMMANDS, but(OutsideOnCanvas, name="another", place=None, **wrong))
        assert [word for word in listed() if word] == [word for word in before if word]
        COMMANDS.remove("another")


def test_what_a_command_tells_looks_like_what_it_is(add, open_window):
    add(COMMANDS, Outside)
    window = open_window()
    window.actions_["outside"].trigger()
    assert window.messages.text.text() == "Done."
    assert window.messages.property("role") == "bar-info"
    window.session.tell("Beware.", kind="warning")
    assert window.messages.property("role") == "bar-warning"
    window.session.tell("No.")
    assert window.messages.property("role") == "bar-error"


def test_a_panel_that_stands_in_no_workspace_cannot_be_shown(add, open_window):
    add(PANELS, but(OutsidePanel, tab=Tab("outside", "Outside", "mdi6.ruler", (DockPlace("nowhere", "left", 1),))))
    add(COMMANDS, but(Outside, name="show", run=lambda _, session: session.show_panel("outside")))
    window = open_window()
    window.actions_["show"].trigger()
    assert window.messages.text.text() == "The panel 'Outside' stands in no workspace."


def refuse(*_):
    raise LayerloomError("There is nothing to do.")


def by_menu(window):
    window.actions_["outside"].trigger()


def by_key(window):
    canvas = window.workspaces().canvas
    canvas.take_focus()
    QTest.keyClick(canvas.view, Qt.Key.Key_J)


def by_context_menu(window):
    canvas = window.workspaces().canvas
    canvas.show_menu("conv1", canvas.mapToGlobal(canvas.rect().center()))
    menu = QApplication.activePopupWidget()
    next(action for action in menu.actions() if action.text() == "Outside\tJ").trigger()
    menu.close()


WAYS = [
    (but(Outside, run=None), by_menu),
    (but(OutsideOnCanvas, act=None), by_menu),
    (but(OutsideOnCanvas, act=None), by_key),
    (but(OutsideOnCanvas, act=None), by_context_menu),
]


@pytest.mark.parametrize(("kind", "way"), WAYS)
@pytest.mark.parametrize("error", [refuse, fail])
def test_what_a_command_raises_becomes_a_sentence(kind, way, error, add, open_window, monkeypatch, caplog):
    add(COMMANDS, but(kind, **{"run" if kind.__base__ is Outside else "act": error}))
    window = open_window()
    reporter = CrashReporter(window)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    reporter.install()
    reporter.crashed.connect(window.tell_crash)
    for _ in range(2):
        window.messages.hide()
        caplog.clear()
        way(window)
        assert window.messages.isVisible()
        told = window.messages.text.text()
        if error is refuse:
            assert told == "There is nothing to do."
            assert caplog.text == ""
        else:
            assert told == "Something went wrong inside Layerloom (KeyError). The log holds the details."
            assert "nobody thought of it" in caplog.text
