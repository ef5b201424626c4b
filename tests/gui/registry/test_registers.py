"""Commands, menus, panels and workspaces by name."""

import pytest

from engine.errors import LayerloomError
from gui.registry.commands import COMMANDS, Command, commands_in, entries
from gui.registry.menus import FILE, HELP, MENUS, VIEW, Place
from gui.registry.workspaces import WORKSPACES, Centre, Workspace
from gui.shell.commands import COMMANDS as ALL
from gui.shell.panels import PANELS


@pytest.mark.parametrize(
    ("register", "wrong", "right"),
    [
        (ALL, "look_insid", "look_inside"),
        (PANELS, "problem", "problems"),
        (WORKSPACES, "evalute", "evaluate"),
        (MENUS, "helb", "help"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(register, wrong, right):
    with pytest.raises(LayerloomError, match=f"No {register.one} is called '{wrong}'. Did you mean '{right}'?"):
        register.find(wrong)
    assert register.find(right) is register[right]


def test_what_shares_a_group_stands_together_in_its_order():
    groups = [[entry.name for entry in group] for group in entries(HELP)]
    assert groups == [["shortcuts", "lessons", "about"]]
    names = [entry.name for group in entries(FILE) for entry in group]
    assert names[:3] == ["new", "open", "recent"]
    assert [len(group) for group in entries(FILE)] == [5, 3, 2]


def test_commands_of_inner_menus_stand_where_the_menu_does():
    paths = {command.name: path for path, command in commands_in(VIEW)}
    assert paths["theme_dark"] == "View › Theme"
    assert list(paths).index("theme_dark") < list(paths).index("next_part")


def test_a_workspace_comes_and_goes_with_its_command():
    class Mine(Workspace):
        name, title, icon, order = "mine", "Mine", "mdi6.plus", 9

        def make(self, session) -> Centre:
            raise NotImplementedError

    WORKSPACES.register(Mine)
    try:
        assert COMMANDS["mine"].place == Place(VIEW, 1, 9)
        with pytest.raises(ValueError, match="workspace 'mine' is registered already"):
            WORKSPACES.register(Mine)
    finally:
        WORKSPACES.remove("mine")
    assert "mine" not in COMMANDS
    assert "mine" not in WORKSPACES


def test_a_command_that_was_taken_out_can_be_added_again():
    class Mine(Command):
        name = text = "Mine"

    for _ in range(2):
        COMMANDS.register(Mine)
        COMMANDS.remove("Mine")
    assert "Mine" not in COMMANDS


def test_a_key_that_is_taken_is_refused():
    class Mine(Command):
        name, text, keys = "mine", "Mine", ("Ctrl+G",)

        def run(self, session):
            raise NotImplementedError

    with pytest.raises(ValueError, match=r"Ctrl\+G is the key of 'Group' already"):
        ALL.register(Mine)
    assert "mine" not in ALL
