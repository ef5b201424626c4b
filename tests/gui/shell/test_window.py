"""Menus, shortcuts, workspaces, docks, message bar and status bar of the real window."""

import itertools

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton

from engine.layers.convolution import Conv2d
from engine.network import Severity
from engine.network.edits import remove_and_close_gap
from gui.registry.commands import commands_in_menus, native
from gui.shell.command_palette import CommandPalette
from gui.shell.commands import COMMANDS
from gui.shell.shortcuts_window import ShortcutsWindow
from gui.style.appearance import ThemeChoice, appearance


def test_no_two_commands_share_a_key():
    keys = [QKeySequence(key).toString() for command in COMMANDS.values() for key in command.keys]
    assert len(keys) == len(set(keys))


def _does_something(action) -> bool:
    """Whether anybody answers it besides the menus and buttons that show it."""
    shown = [place for place in action.associatedObjects() if isinstance(place, (QMenu, QToolButton))]
    return action.receivers("2triggered(bool)") > len(shown)


def test_every_command_does_something(window):
    window.workspaces()
    idle = [name for name in COMMANDS if not _does_something(window.actions_[name])]
    assert idle == []


@pytest.mark.parametrize("place", ["inspector", "problems"])
def test_after_a_fix_the_canvas_has_the_keyboard(window, person, place):
    person.open_template("lenet5")
    document, bench = window.document, window.workspaces().bench
    document.edit("Remove flatten", lambda network: remove_and_close_gap(network, ["flatten"]))
    document.select(["fc1"])
    bench.show_panel(place)
    panel = bench.inspector if place == "inspector" else bench.problems
    panel.refresh_now()
    button = next(b for b in panel.findChildren(QPushButton) if b.text() == "Insert Flatten")
    button.setFocus()
    person.click(button)
    person.until(lambda: not document.analysis.problems)
    assert window.focusWidget() is bench.canvas.view


def test_workspaces_by_key_keep_their_panels(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    fronts = {}
    for key, name in enumerate(("draw", "train", "look_inside", "evaluate"), start=1):
        window.actions_[("draw", "train_view", "look_inside", "evaluate")[key - 1]].trigger()
        assert view.bench.workspace == name
        assert view.toolbar.workspaces.value == name
        fronts[name] = view.bench.docks["left"].current
    assert fronts["draw"] == "layers"
    assert fronts["train"] == "runs"


def test_a_panel_in_front_is_still_in_front_after_another_workspace(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    view.show_panel("code")
    view.show_workspace("train")
    view.show_workspace("draw")
    assert view.bench.docks["bottom"].current == "code"


def test_small_windows_fold_and_large_ones_open_again(window, person, qtbot):
    person.open_template("lenet5")
    docks = window.workspaces().bench.docks
    assert not docks["left"].folded
    window.resize(1100, 700)
    person.until(lambda: docks["left"].folded and docks["bottom"].folded)
    person.until(lambda: docks["left"].width() == 48 and docks["bottom"].height() == 28)
    person.click(docks["left"].findChild(QToolButton, "rail-layers"))
    assert not docks["left"].folded
    window.resize(1600, 1000)
    person.until(lambda: not docks["bottom"].folded)


def test_docks_have_the_designed_sizes(window, person):
    person.open_template("lenet5")
    docks = window.workspaces().bench.docks
    person.until(lambda: docks["left"].width() == 240)
    assert docks["right"].width() == 304
    assert docks["bottom"].height() == 200


def test_docks_keep_their_sizes_when_the_window_changes_its_own(window, person):
    person.open_template("lenet5")
    docks = window.workspaces().bench.docks
    person.until(lambda: docks["left"].width() == 240)
    for width in (1400, 1280, 1600):
        window.resize(width, 1000)
        person.until(lambda: docks["left"].width() == 240 and docks["right"].width() == 304)


def test_the_toolbar_cuts_no_word_off(window, person):
    person.open_template("lenet5")
    window.resize(1280, 800)
    toolbar = window.workspaces().toolbar
    toolbar.device.set_words("NVIDIA H200", "139 GB, 12 % in use by others")
    toolbar.fit()
    person.until(lambda: toolbar.layout().sizeHint().width() <= toolbar.width())


def test_news_stands_beside_the_counts_and_not_over_them(window, person):
    person.open_template("lenet5")
    window.document.edit("Remove", lambda network: network.remove("flatten"))
    status = window.workspaces().status
    status.announce("Tab adds a layer here.")
    assert status.sentence.text() == "Tab adds a layer here."
    assert status.counts[Severity.UNFINISHED].isVisible()
    assert not status.currentMessage()


def test_train_says_why_it_cannot_be_used(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    assert view.toolbar.train.isEnabled()
    window.document.edit("Remove", lambda network: network.remove("flatten"))
    person.until(lambda: not view.toolbar.train.isEnabled())
    why = "fc1 has no input. To train, connect an output to fc1, or remove it."
    assert why in view.toolbar.train.toolTip()
    assert view.status.counts[Severity.UNFINISHED].text() == "1 unfinished"
    assert not view.status.counts[Severity.ERROR].isVisible()
    person.until(lambda: view.status.sentence.text() == why)  # after news
    window.document.undo_stack.undo()
    person.until(view.toolbar.train.isEnabled)
    assert not view.status.counts[Severity.UNFINISHED].isVisible()


def test_train_says_that_errors_block_it(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    window.document.edit("Remove", lambda network: remove_and_close_gap(network, ["flatten"]))
    person.until(lambda: not view.toolbar.train.isEnabled())
    assert "1 error blocks training: fc1." in view.toolbar.train.toolTip()
    assert view.status.counts[Severity.ERROR].isVisible()
    person.until(lambda: view.status.sentence.text() == "1 error blocks training: fc1.")


def test_training_with_a_refused_text_takes_the_value_that_the_form_names(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    view.show_panel("training")
    row = view.bench.panels["training"].widget.form.rows["learning_rate"]
    row.editor.setFocus()
    row.editor.selectAll()
    for key in "1000":
        QTest.keyClick(row.editor, key)
        QApplication.processEvents()
    window.activateWindow()
    person.until(lambda: window.isActiveWindow() and not view.runs.loading)
    person.press("Ctrl+Return")
    person.until(lambda: view.runs.active is not None)
    assert view.runs.active.settings.learning_rate == 0.003
    assert not row.editor.isVisible()  # the run took the place of the settings
    view.show_panel("training")
    assert row.editor.isVisible()
    assert row.editor.text() == "1000"
    assert row.reason.text().endswith("0.003 stays in force.")
    assert not window.document.modified


def test_undo_names_the_step(window, person):
    person.open_template("lenet5")
    assert not window.actions_["undo"].isEnabled()
    window.document.edit("Add Conv2d", lambda network: network.add(Conv2d(), "conv9"))
    assert window.actions_["undo"].text() == "Undo add Conv2d"
    window.actions_["undo"].trigger()
    assert "conv9" not in window.document.network
    assert window.actions_["redo"].text() == "Redo add Conv2d"
    assert not window.actions_["undo"].isEnabled()


def test_the_theme_is_switched_and_remembered(window):
    window.actions_["theme_light"].trigger()
    assert appearance().choice is ThemeChoice.LIGHT
    assert window.preferences.theme is ThemeChoice.LIGHT
    assert window.grab().toImage().pixelColor(2, 60) == appearance().colour("panel")


def test_the_command_palette_runs_what_it_finds(window, person):
    person.open_template("lenet5")
    palette = CommandPalette(window.actions_, window)
    palette.open_over(window)
    QTest.keyClicks(palette.field, "flow one")
    assert palette.list.count() == 1
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.document.project.view.flow.value == "one_column"
    window.document.undo_stack.undo()
    assert window.document.project.view.flow.value == "folded"


def test_the_command_palette_says_when_there_is_nothing(window):
    palette = CommandPalette(window.actions_, window)
    palette.open_over(window)
    QTest.keyClicks(palette.field, "zzz")
    assert not palette.list.isVisible()
    palette.close()


def test_f6_goes_round_the_window(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    seen = []
    for _ in range(6):
        window.actions_["next_part"].trigger()
        focus = window.focusWidget()
        seen.append(next((i for i, part in enumerate(window.parts()) if part.isAncestorOf(focus)), None))
    assert None not in seen
    assert len(set(seen)) >= 5
    assert view.centre in window.parts()


@pytest.mark.parametrize("side", ["left", "right", "bottom"])
def test_a_dock_is_hidden_and_shown_again_from_the_menu(window, person, side):
    person.open_template("lenet5")
    action, dock = window.actions_[f"{side}_panel"], window.workspaces().bench.docks[side]
    for shown in (False, True):
        action.trigger()
        assert action.isChecked() == shown
        assert dock.isVisible() == shown


def test_enter_goes_to_the_settings_and_esc_comes_back(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    view.canvas.focus_node("conv1")
    view.canvas.take_focus()
    QTest.keyClick(view.canvas.view, Qt.Key.Key_Return)
    assert view.bench.inspector.isAncestorOf(window.focusWidget())
    window.focusWidget().selectAll()
    QTest.keyClicks(window.focusWidget(), "12")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.focusWidget() is view.canvas.view
    assert window.document.network["conv1"].layer.out_channels == 12


def test_the_shortcuts_window_lists_every_key(window):
    shortcuts = ShortcutsWindow(window)
    shortcuts.show()
    words = [label.text() for label in shortcuts.findChildren(QLabel)]
    rows = set(itertools.pairwise(words))
    assert {("Save", "Ctrl+S"), ("Group", "Ctrl+G"), ("Copy", "Ctrl+C"), ("Bypass", "B")} <= rows
    with_keys = [command for _, command in commands_in_menus() if command.keys or command.local_keys]
    assert len(with_keys) > 40
    for command in with_keys:
        keys = ", ".join(map(native, command.keys)) or command.local_keys[0]
        assert (command.text.removesuffix("…"), keys) in rows
    shortcuts.close()


def test_an_unexpected_error_is_one_sentence(window):
    window.tell_crash("Something went wrong inside Layerloom (KeyError). The log holds the details.")
    assert window.messages.isVisible()
    assert [button.text() for button in window.messages.buttons] == ["Open the log"]


@pytest.mark.parametrize("size", [(1600, 1000), (1280, 800), (1100, 700)])
def test_nothing_of_the_toolbar_is_cut_off(window, person, size):
    person.open_template("lenet5")
    window.resize(*size)
    toolbar = window.workspaces().toolbar
    person.until(lambda: toolbar.width() == size[0])
    person.until(lambda: toolbar._line.size() == QSize(1, 24))
    for widget in (toolbar.workspaces, toolbar.data, toolbar.device, toolbar.train):
        person.until(lambda widget=widget: widget.width() >= widget.minimumSizeHint().width())


def test_a_long_name_in_the_toolbar_leaves_room_for_all_else(window, person):
    person.open_template("lenet5")
    toolbar, name = window.workspaces().toolbar, f"a{'x' * 300}z"
    toolbar.data.set_words(name, "8 classes", "/photos")
    toolbar.fit()
    assert toolbar.data.accessibleDescription() == f"{name} 8 classes"
    assert toolbar.data.sizeHint().width() + 600 < toolbar.width()


def test_an_announcement_stands_in_place_of_the_status_sentence(window, person):
    person.open_template("lenet5")
    status = window.workspaces().status
    status.announce("Tab adds a layer here.")
    status.refresh()
    assert status.sentence.text() == "Tab adds a layer here."


def test_the_command_palette_is_no_longer_than_what_it_found(window, person):
    person.open_template("lenet5")
    palette = CommandPalette(window.actions_, window)
    palette.open_over(window)
    whole = palette.height()
    QTest.keyClicks(palette.field, "tidy")
    assert palette.list.count() == 1
    assert palette.height() < whole
    palette.close()
