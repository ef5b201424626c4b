"""The command, the panel and the workspace of CONTRIBUTING: declared once in a module outside, and there everywhere."""

import pytest
from a_person import PATIENCE, Person
from contributing import WINDOW, examples, in_the_window
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPlainTextEdit, QToolButton

from gui.preferences import Preferences
from gui.registry.menus import ARRANGE, MENUS, Menu, Place
from gui.shell.command_palette import CommandPalette
from gui.shell.commands import COMMANDS
from gui.shell.main_window import MainWindow
from gui.shell.panels import PANELS
from gui.shell.shortcuts_window import ShortcutsWindow
from gui.style.style import apply_style


@pytest.fixture
def added(tmp_path):
    with in_the_window(tmp_path) as names:
        yield names


@pytest.fixture
def window(added, qapp, qtbot, tmp_path):
    """The real window, opened with what was added."""
    apply_style(qapp)
    window = MainWindow(Preferences(tmp_path / "layerloom.ini"))
    window.resize(QSize(1600, 1000))
    with qtbot.waitExposed(window, timeout=PATIENCE):
        window.show()
    yield window
    if window.isVisible():
        window.close_at_once()
    window.deleteLater()


@pytest.fixture
def person(window, qtbot):
    return Person(window, qtbot)


@pytest.fixture
def opened(window, person):
    """The same with LeNet-5 in it and the keyboard on the canvas."""
    person.open_template("lenet5")
    window.activateWindow()
    person.until(window.isActiveWindow)
    return window


def test_contributing_shows_one_of_each_in_about_ten_lines(added):
    assert list(added) == list(WINDOW)
    assert all(len(block.split("\n\n", 1)[1].splitlines()) <= 13 for block in examples(WINDOW))


def test_names_are_taken_once(added, tmp_path):
    with pytest.raises(ValueError, match=f"command '{added['COMMANDS']}' is registered already"):
        COMMANDS.register(type(COMMANDS[added["COMMANDS"]]))
    with pytest.raises(ValueError, match=f"panel '{added['PANELS']}' is registered already"):
        PANELS.register(PANELS[added["PANELS"]])


def frozen(window):
    return [name for name in window.document.network if window.document.network[name].frozen]


@pytest.mark.parametrize("way", ["key", "menu", "palette"])
def test_the_command_works_by_every_way(added, opened, way):
    name = added["COMMANDS"]
    action = opened.actions_[name]
    if way == "key":
        QTest.keySequence(QApplication.focusWidget(), COMMANDS[name].keys[0])
    elif way == "menu":
        menu = opened.actions_.menus["arrange"]
        menu.popup(opened.mapToGlobal(opened.rect().center()))
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    else:
        palette = CommandPalette(opened.actions_, opened)
        palette.open_over(opened)
        QTest.keyClicks(palette.field, "freeze every")
        assert palette.list.item(0).text() == "Arrange › Freeze everything"
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert frozen(opened) == list(opened.document.network)
    assert opened.actions_["undo"].text() == "Undo freeze everything"
    opened.actions_["undo"].trigger()
    assert frozen(opened) == []


def test_the_command_is_in_the_shortcuts_window(added, window):
    shortcuts = ShortcutsWindow(window)
    words = [label.text() for label in shortcuts.findChildren(QLabel)]
    assert words[words.index("Freeze everything") + 1] == "Ctrl+Shift+F"


def test_the_command_does_nothing_while_it_says_that_it_cannot(added, window, person):
    name = added["COMMANDS"]
    action = window.actions_[name]
    assert not action.isEnabled()  # the start screen
    person.until(lambda: window.view is not None)
    window.files.new()
    window.activateWindow()
    person.until(window.isActiveWindow)
    assert not action.isEnabled()
    action.trigger()
    QTest.keySequence(QApplication.focusWidget(), COMMANDS[name].keys[0])
    assert window.document.undo_stack.count() == 0
    palette = CommandPalette(window.actions_, window)
    assert name not in [palette.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(palette.list.count())]
    palette.close()
    window.workspaces().canvas.empty_state.add_input.emit()
    assert action.isEnabled()
    window.document.undo_stack.undo()
    assert not action.isEnabled()


class Listing(Menu):
    """Fills itself, with a menu within it."""

    fills_itself = True

    def __init__(self):
        super().__init__("listing", "Listing", place=Place(ARRANGE, 9, 9))

    def fill(self, menu, session):
        menu.addAction("Plain")
        menu.addMenu("Within").addAction("Something")


def test_a_menu_that_fills_itself_keeps_nothing_of_the_time_before(qapp, qtbot, request):
    MENUS.register(Listing)
    try:
        opened = request.getfixturevalue("opened")
        menu = opened.actions_.menus["listing"]
        for _ in range(3):
            menu.aboutToShow.emit()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            assert [action.text() for action in menu.actions()] == ["Plain", "Within"]
            assert [child.title() for child in menu.findChildren(QMenu)] == ["Within"]
    finally:
        MENUS.remove("listing")


def test_the_panel_stands_in_its_dock_and_follows_the_drawing(added, opened, person):
    bench = opened.workspaces().bench
    dock = bench.docks["right"]
    tabs = [dock.strip.tabs.tabText(index) for index in range(dock.strip.tabs.count())]
    assert tabs == ["Inspector", "Weights", "Help", "Size"]
    opened.session.show_panel(added["PANELS"])
    panel = bench.panels[added["PANELS"]].widget
    assert dock.current == added["PANELS"]
    person.until(lambda: panel.facts.facts == (("Layers", str(len(opened.document.network))),))
    opened.document.edit("Remove", lambda network: network.remove("flatten"))
    person.until(lambda: panel.facts.facts == (("Layers", str(len(opened.document.network))),))
    for theme in ("theme_light", "theme_dark"):
        opened.actions_[theme].trigger()
        assert panel.isVisible()
        assert not dock.grab().isNull()
    icon = dock.findChild(QToolButton, f"rail-{added['PANELS']}")
    assert icon.accessibleName() == "Size"
    opened.session.show_workspace("train")
    assert not panel.isVisible()
    opened.session.show_panel(added["PANELS"])
    assert bench.workspace == "draw"
    assert panel.isVisible()
    opened.document.undo_stack.setClean()
    opened.actions_["close"].trigger()
    assert not panel.isVisible()
    opened.close()
    assert not opened.isVisible()


def test_the_workspace_is_gone_to_and_comes_back_as_it_was_left(added, opened, person):
    name, view = added["WORKSPACES"], opened.workspaces()
    QTest.keySequence(QApplication.focusWidget(), COMMANDS[name].keys[0])
    assert view.bench.workspace == name
    assert view.toolbar.workspaces.value == name
    assert opened.actions_[name].isChecked()
    page = view.bench.centre.currentWidget()
    assert isinstance(page, QPlainTextEdit)
    assert QApplication.focusWidget() is page
    view.show_panel("code")
    assert view.bench.docks["bottom"].current == "code"
    opened.actions_["draw"].trigger()
    person.click(view.toolbar.workspaces.button(name))
    assert view.bench.centre.currentWidget() is page
    assert view.bench.docks["bottom"].current == "code"
    assert not view.bench.docks["left"].isVisible()  # no panel stands there
    assert not opened.actions_["left_panel"].isEnabled()
    opened.actions_["draw"].trigger()
    assert view.bench.docks["left"].isVisible()
