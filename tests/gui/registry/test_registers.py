"""Commands, menus, panels and workspaces by name."""

import pytest

from engine.errors import LayerloomError
from gui.registry.commands import COMMANDS, Command, commands_in, entries
from gui.registry.menus import FILE, HELP, MENUS, VIEW, Menu, Place
from gui.registry.panels import SIDES, DockPlace, Tab
from gui.registry.workspaces import WORKSPACES, Centre, Workspace
from gui.shell.commands import COMMANDS as ALL
from gui.shell.panels import PANELS
from gui.train.run_commands import RUN_COMMANDS, RunCommand


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

        def run(self, session):
            raise NotImplementedError

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


def do(*_):
    raise NotImplementedError


PANELS_AT = {
    ("draw", "left"): ("layers", "templates", "my_blocks"),
    ("draw", "right"): ("inspector", "weights", "help"),
    ("draw", "bottom"): ("problems", "summary", "code"),
    ("data", "left"): ("data_set", "data_files", "data_statistics"),
    ("data", "right"): ("steps", "sampling", "inspector"),
    ("data", "bottom"): ("problems", "summary", "code"),
    ("train", "left"): ("runs", "training", "layers"),
    ("train", "right"): ("progress", "queue", "inspector", "weights"),
    ("train", "bottom"): ("problems", "summary", "code"),
    ("look_inside", "left"): ("image", "unit_layers"),
    ("look_inside", "right"): ("step", "inspector", "method", "unit", "intervene"),
    ("look_inside", "bottom"): ("problems", "summary", "code"),
    ("evaluate", "left"): ("figures", "runs"),
    ("evaluate", "right"): (),
    ("evaluate", "bottom"): ("problems", "summary", "code"),
}


def test_panels_stand_in_their_order_at_each_side_of_each_workspace():
    """The first is in front when a workspace comes up; nothing else says so."""
    found = {(workspace, side): PANELS.at(workspace, side) for workspace in WORKSPACES for side in SIDES}
    assert found == PANELS_AT


def test_workspaces_are_listed_in_their_order():
    names = [workspace.name for workspace in WORKSPACES.ordered()]
    assert names == ["draw", "data", "train", "look_inside", "evaluate"]


PLACES = (DockPlace("draw", "right", 9),)
GOOD = {
    Command: (ALL, {"name": "mine", "text": "Mine", "icon": "mdi6.ruler", "keys": ("Ctrl+Alt+J",), "run": do}),
    RunCommand: (RUN_COMMANDS, {"name": "mine", "text": "Mine", "local_keys": ("J",), "act": do}),
    Workspace: (WORKSPACES, {"name": "mine", "title": "Mine", "icon": "mdi6.ruler", "make": do}),
    Menu: (MENUS, {"__init__": lambda menu: Menu.__init__(menu, "mine", "Mine"), "fill": do}),
    object: (PANELS, {"tab": Tab("mine", "Mine", "mdi6.ruler", PLACES), "make": do}),
}
REFUSED = [
    (Command, {"name": None}, "name"),
    (Command, {"name": ""}, "name"),
    (Command, {"text": 5}, "text"),
    (Command, {"icon": "mdi6.no-such-thing"}, "no icon 'mdi6.no-such-thing'"),
    (Command, {"keys": "Ctrl+Alt+J"}, "keys"),
    (Command, {"keys": ("Ctrl+Nonsense",)}, "'Ctrl\\+Nonsense' of 'Mine' is no key"),
    (Command, {"place": FILE}, "place"),
    (Command, {"tool": 3}, "tool"),
    (Command, {"run": Command.run}, "'mine' has no run"),
    (RunCommand, {"act": RunCommand.act}, "'mine' has no act"),
    (RunCommand, {"local_keys": ("Nonsense",)}, "'Nonsense' of 'Mine' is no key"),
    (RunCommand, {"spots": None}, "spots"),
    (Workspace, {"title": None}, "title"),
    (Workspace, {"icon": "ruler of all"}, "no icon 'ruler of all'"),
    (Workspace, {"keys": ("Ctrl+G",)}, "Ctrl\\+G is the key of 'Group' already"),
    (Workspace, {"order": "first"}, "order"),
    (Workspace, {"make": Workspace.make}, "'mine' has no make"),
    (Menu, {"__init__": lambda menu: Menu.__init__(menu, "mine", None)}, "text"),
    (Menu, {"fills_itself": True, "fill": Menu.fill}, "'mine' has no fill"),
    (object, {"tab": None}, "tab"),
    (object, {"tab": Tab("mine", "Mine", "mdi6.ruler", ())}, "'mine' stands at no side"),
    (object, {"tab": Tab("mine", "Mine", "mdi6.ruler", (DockPlace("draw", "top", 1),))}, "'mine' stands at no side"),
    (object, {"tab": Tab("mine", "Mine", "no", PLACES)}, "no icon 'no'"),
    (object, {"tab": Tab("", "Mine", "mdi6.ruler", PLACES)}, "name"),
    (object, {"make": None}, "'mine' has no make"),
]


@pytest.mark.parametrize(("kind", "wrong", "words"), REFUSED)
def test_what_cannot_work_is_refused_where_it_is_registered(kind, wrong, words):
    register, good = GOOD[kind]
    before = dict(register), dict(COMMANDS)
    with pytest.raises(ValueError, match=words):
        register.register(type("Mine", (kind,), good | wrong))
    assert (dict(register), dict(COMMANDS)) == before
    register.register(type("Mine", (kind,), good))
    register.remove("mine")
