"""Every command in every state of the window: what is enabled works, what is disabled does nothing by any way."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from window_states import STATES, Stage

from gui.draw.canvas.declared import canvas_commands
from gui.registry.commands import commands_in_menus, top_menus
from gui.registry.menus import MENUS
from gui.shell.command_palette import CommandPalette
from gui.shell.commands import COMMANDS
from gui.style.style import apply_style


@pytest.fixture
def stage(qapp, qtbot, request):
    apply_style(qapp)
    stage = Stage(qtbot, STATES[request.param])
    stage.state_name = request.param
    yield stage
    stage.stop()


BOX = {"cut", "copy", "duplicate", "delete", "delete_leave_gap"}
ON_NODES = BOX | {"group", "repeat", "keep_block", "bypass", "freeze", "rename"}
ON_BLOCKS = {"ungroup", "toggle_block"}
SELECTED = ON_NODES | ON_BLOCKS
HISTORY = {"undo", "redo"}
BEGINS = {"train", "range_test"}  # where there is something to train
RUNNING = {"pause", "stop"}
ZOOM = {"zoom_in", "zoom_out", "zoom_100", "fit_selection", "fit_all"}
WITHOUT_RUNS = {"train_queue", "copy_settings"}
RESTING = {"apply_fix"} | HISTORY | RUNNING | WITHOUT_RUNS  # a sound project that was just opened
UNTRAINABLE = BEGINS | {"add_to_queue"}
DISABLED = {
    "empty": (RESTING | SELECTED | {"select_all", "find_layer", "tidy", "fit_selection", "fit_all"} | UNTRAINABLE)
    - {"apply_fix"},  # which adds an input
    "nothing selected": RESTING | SELECTED,
    "one node": RESTING | ON_BLOCKS,
    "several nodes": RESTING | ON_BLOCKS,
    "a wire": RESTING | SELECTED - {"delete", "delete_leave_gap"},
    "a block": RESTING,
    "a collapsed block": RESTING,
    "a node in a block": RESTING | {"ungroup"},
    "broken": (RESTING | SELECTED | UNTRAINABLE) - {"apply_fix"},
    "training": (RESTING | SELECTED | ZOOM | BEGINS) - RUNNING - {"copy_settings"},
    "paused": (RESTING | ON_BLOCKS | BEGINS) - RUNNING - {"copy_settings"},
    "trained": (RESTING | SELECTED | ZOOM) - {"copy_settings"},
    "in Data": RESTING | SELECTED | ZOOM,
    "in Train": RESTING | SELECTED | ZOOM,
    "in Look inside": RESTING | ON_BLOCKS | ZOOM,
    "in Evaluate": RESTING | SELECTED | ZOOM | {"right_panel"},  # which has no panel there
    "in a field": RESTING | ON_BLOCKS,
}
ON_START = {
    *("new", "open", "new_from_folder", "templates", "close", "quit", "find_command", "wheel_zooms", "compare"),
    *("theme_system", "theme_dark", "theme_light", "next_part", "previous_part", "full_screen", "shortcuts"),
    *("lesson_inception", "lesson_small_kernels", "lesson_separable", "about"),
}

every_state = pytest.mark.parametrize("stage", list(STATES), indirect=True)


def what_there_is(window):
    """What a command could have changed: the project, what is shown and what is open."""
    document, shown = window.document, [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    seen = [document.project.data, document.project.training, document.project.view, document.selection]
    if window.view is not None:
        runs, bench = window.view.runs, window.view.bench
        seen += [bench.workspace, runs.active, runs.active and runs.active.status, len(runs.all)]
        seen += [(dock.current, dock.isVisible(), dock.folded) for dock in bench.docks.values()]
    return [document.network.copy(), document.undo_stack.index(), window.has_document, shown, *seen]


def offered(window):
    """The commands that the palette lists."""
    palette = CommandPalette(window.actions_, window)
    found = {palette.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(palette.list.count())}
    palette.close()
    return found


@every_state
def test_what_would_do_nothing_is_disabled_and_nothing_else(stage):
    disabled = {name for name in COMMANDS if not stage.window.actions_[name].isEnabled()}
    assert disabled == DISABLED.get(stage.state_name, set(COMMANDS) - ON_START)
    for name, command in COMMANDS.items():
        why_not = command.why_not(stage.window.session)
        assert bool(why_not) == (name in disabled), name
        assert why_not.endswith(".") == (name in disabled), name
        assert name not in disabled or stage.window.actions_[name].toolTip() == why_not, name


@pytest.mark.slow
@every_state
def test_enabled_commands_work_and_leave_the_window_usable(stage, qtbot):
    for name in COMMANDS:
        window = stage.window
        if window.actions_[name].isEnabled():
            with qtbot.captureExceptions() as raised:
                window.actions_[name].trigger()
                QApplication.processEvents()
                assert raised == [], name
                assert window.isVisible() or name in {"quit", "close"}, name
                stage.restore()
                assert raised == [], name
                assert stage.window.has_document == (stage.state.network is not None), name


@every_state
def test_disabled_commands_do_nothing_by_any_way(stage, qtbot):
    window, before = stage.window, what_there_is(stage.window)
    assert menus_agree(window)
    in_palette = offered(window)
    for name, command in COMMANDS.items():
        action = window.actions_[name]
        assert action.isEnabled() == command.usable(window.session), name
        assert (name in in_palette) == (action.isEnabled() and command.place is not None), name
        if not action.isEnabled():
            action.trigger()
            if not isinstance(QApplication.focusWidget(), QLineEdit):
                local = () if stage.state.network is None else command.local_keys
                for keys in (*command.keys, *local):
                    QTest.keySequence(QApplication.focusWidget(), keys)
            QApplication.processEvents()
            assert what_there_is(window) == before, name


def menus_agree(window):
    """Whether every command stands in its menu, checked as it says, and the bar has the menus for what is open."""
    for path, command in commands_in_menus():
        shown = window.actions_.menus[command.place.menu.name]
        assert window.actions_[command.name] in shown.actions(), (path, command.name)
        assert window.actions_[command.name].isChecked() == command.checked(window.session), command.name
    bar = {menu: window.actions_.menus[menu.name].menuAction().isVisible() for menu in top_menus()}
    return bar == {menu: window.has_document or menu.on_start_screen for menu in bar}


@pytest.mark.parametrize("stage", ["in a field"], indirect=True)
def test_a_letter_typed_in_a_field_stays_a_letter(stage):
    before = what_there_is(stage.window)
    field = QApplication.focusWidget()
    letters = {keys for command in canvas_commands() for keys in command.local_keys if len(keys) == 1}
    assert len(letters) > 5
    for letter in sorted(letters):
        field.clear()
        QTest.keyClicks(field, letter.lower())
        assert QApplication.focusWidget() is field
        assert field.text() == letter.lower()
        assert what_there_is(stage.window) == before
    field.clear()


@pytest.mark.parametrize("name", ["add_layer", "find_layer", "repeat", "rename"])
@pytest.mark.parametrize("stage", ["in Look inside"], indirect=True)
def test_what_opens_on_the_canvas_brings_it_to_the_front(stage, name):
    stage.window.actions_[name].trigger()
    canvas = stage.window.workspaces().canvas
    stage.until(canvas.isVisible)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert canvas.isAncestorOf(QApplication.focusWidget())


def test_no_key_twice_where_it_is_heard():
    for kind in (lambda one: one.keys, lambda one: one.local_keys):
        keys = [QKeySequence(text).toString() for command in COMMANDS.values() for text in kind(command)]
        assert len(keys) == len(set(keys))
        assert "" not in keys


def test_words_follow_the_grammar():
    """Sentence case, no full stop; "…" where something is asked for first; each word once in its menu."""
    for thing in (*COMMANDS.values(), *MENUS.values()):
        assert re.fullmatch(r"[A-Z][^.]*?…?", thing.text), thing.text
        assert thing.text.strip() == thing.text
    paths = [f"{path} › {command.text}" for path, command in commands_in_menus()]
    assert len(paths) == len(set(paths))
    assert all(command.__doc__ for command in COMMANDS.values())


def test_every_command_is_in_reach():
    in_menus = {command.name for _, command in commands_in_menus()}
    assert all(command.local_keys and command.spots for command in COMMANDS.values() if command.name not in in_menus)
