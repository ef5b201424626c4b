"""Every command of the window, once: menus, shortcuts, the command palette and the shortcuts window come from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """A command: its name in code, its words, its keys.

    ``keys`` are bound in the whole window; ``canvas_keys`` are only shown: the canvas answers them itself, so that
    a letter typed elsewhere stays a letter. ``checkable`` commands are switches; those with a ``choice`` are one of
    several of that name.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    canvas_keys: str = ""
    icon: str = ""
    checkable: bool = False
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Submenu:
    """A menu within a menu; without items, the window fills it when it opens."""

    name: str
    text: str
    items: tuple[ActionSpec | None, ...] = ()


MenuItem = ActionSpec | Submenu | None  # None draws a line

_A = ActionSpec

MENUS: dict[str, tuple[MenuItem, ...]] = {
    "File": (
        _A("new", "New empty network", ("Ctrl+N",), icon="mdi6.plus"),
        _A("open", "Open…", ("Ctrl+O",), icon="mdi6.folder-open-outline"),
        Submenu("recent", "Open recent"),
        _A("new_from_folder", "Start from an image folder…", icon="mdi6.folder-image"),
        _A("templates", "Templates…", ("Ctrl+T",), icon="mdi6.view-grid-outline"),
        None,
        _A("save", "Save", ("Ctrl+S",), icon="mdi6.content-save-outline"),
        _A("save_as", "Save as…", ("Ctrl+Shift+S",)),
        _A("export_python", "Export Python…", ("Ctrl+E",), icon="mdi6.export-variant"),
        None,
        _A("close", "Close", ("Ctrl+W",)),
        _A("quit", "Quit", ("Ctrl+Q",)),
    ),
    "Edit": (
        _A("undo", "Undo", ("Ctrl+Z",), icon="mdi6.undo"),
        _A("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), icon="mdi6.redo"),
        None,
        _A("cut", "Cut", canvas_keys="Ctrl+X"),
        _A("copy", "Copy", canvas_keys="Ctrl+C"),
        _A("paste", "Paste", canvas_keys="Ctrl+V"),
        _A("duplicate", "Duplicate with wires", canvas_keys="Ctrl+D"),
        _A("delete", "Delete and close the gap", canvas_keys="Delete"),
        _A("delete_leave_gap", "Delete, leave the gap", canvas_keys="Shift+Delete"),
        _A("select_all", "Select all", canvas_keys="Ctrl+A"),
        None,
        _A("find_layer", "Find layer in the network…", ("Ctrl+F",), icon="mdi6.magnify"),
        _A("search_layers", "Search the palette", ("Ctrl+K",)),
        _A("find_command", "Find command…", ("Ctrl+Shift+P",)),
        None,
        _A("wheel_zooms", "Wheel zooms", checkable=True),
    ),
    "View": (
        _A("draw", "Draw", ("Ctrl+1",), icon="mdi6.vector-polyline", choice="workspace"),
        _A("train_view", "Train", ("Ctrl+2",), icon="mdi6.chart-line", choice="workspace"),
        _A("look_inside", "Look inside", ("Ctrl+3",), icon="mdi6.eye-outline", choice="workspace"),
        _A("evaluate", "Evaluate", ("Ctrl+4",), icon="mdi6.target", choice="workspace"),
        None,
        _A("compare", "Compare…", ("Ctrl+Shift+D",), icon="mdi6.compare-horizontal"),
        None,
        _A("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+=")),
        _A("zoom_out", "Zoom out", ("Ctrl+-",)),
        _A("zoom_100", "Zoom to 100 %", ("Ctrl+0",)),
        _A("fit_selection", "Fit selection", canvas_keys="F", icon="mdi6.fit-to-page-outline"),
        _A("fit_all", "Fit all", canvas_keys="Home"),
        None,
        Submenu(
            "flow",
            "Flow",
            (
                _A("flow_folded", "Folded", choice="flow"),
                _A("flow_one_column", "One column", choice="flow"),
                _A("flow_left_to_right", "Left to right", choice="flow"),
            ),
        ),
        Submenu(
            "theme",
            "Theme",
            (
                _A("theme_system", "System", choice="theme"),
                _A("theme_dark", "Dark", choice="theme"),
                _A("theme_light", "Light", choice="theme"),
            ),
        ),
        Submenu(
            "panels",
            "Panels",
            (
                _A("left_panel", "Left", checkable=True),
                _A("right_panel", "Right", checkable=True),
                _A("bottom_panel", "Bottom", checkable=True),
                None,
                _A("reset_panels", "Put all back"),
            ),
        ),
        _A("next_part", "Next part of the window", ("F6",)),
        _A("previous_part", "Previous part of the window", ("Shift+F6",)),
        _A("full_screen", "Full screen", ("F11",), checkable=True, icon="mdi6.crop-free"),
    ),
    "Insert": (
        _A("add_layer", "Add layer…", canvas_keys="Tab", icon="mdi6.plus"),
        Submenu("insert_layer", "Layer"),
        _A("insert_block", "From My blocks", ("Ctrl+B",)),
    ),
    "Arrange": (
        _A("tidy", "Tidy layout", ("Ctrl+L",), icon="mdi6.sitemap-outline"),
        None,
        _A("group", "Group", ("Ctrl+G",), icon="mdi6.card-multiple-outline"),
        _A("ungroup", "Ungroup", ("Ctrl+Shift+G",)),
        _A("toggle_block", "Expand or collapse", canvas_keys="E", icon="mdi6.arrow-expand-all"),
        _A("repeat", "Repeat…", canvas_keys="R", icon="mdi6.repeat"),
        _A("keep_block", "Keep in My blocks", canvas_keys="K", icon="mdi6.bookmark-plus-outline"),
        None,
        _A("bypass", "Bypass", canvas_keys="B"),
        _A("freeze", "Freeze", canvas_keys="Z", icon="mdi6.snowflake"),
        _A("rename", "Rename", canvas_keys="F2"),
    ),
    "Train": (
        _A("train", "Train", ("Ctrl+Enter", "Ctrl+Return"), icon="mdi6.play"),
        _A("pause", "Pause", ("Ctrl+.",), icon="mdi6.pause"),
        _A("stop", "Stop", icon="mdi6.stop"),
        None,
        _A("choose_data", "Choose a data set", icon="mdi6.database-outline"),
        _A("training_settings", "Training settings", icon="mdi6.tune"),
        Submenu(
            "device",
            "Device",
            (
                _A("device_auto", "Automatic", choice="device"),
                _A("device_cuda", "CUDA", choice="device"),
                _A("device_mps", "MPS", choice="device"),
                _A("device_cpu", "CPU", choice="device"),
            ),
        ),
        None,
        _A("next_problem", "Next problem", ("F8",), icon="mdi6.alert-circle"),
        _A("apply_fix", "Apply its fix", ("Ctrl+Shift+F8",), icon="mdi6.auto-fix"),
    ),
    "Look inside": (
        _A("show_maps", "Feature maps of the selected layer", ("Ctrl+M",), icon="mdi6.eye-outline"),
        _A("show_mistakes", "Confusion matrix and mistakes", icon="mdi6.target"),
        _A("show_weights", "Weights of the selected layer", icon="mdi6.chart-histogram"),
    ),
    "Help": (
        _A("shortcuts", "Keyboard shortcuts", ("F1",), icon="mdi6.help-circle-outline"),
        Submenu(
            "lessons",
            "Cost lessons",
            (
                _A("lesson_inception", "Naive and reduced Inception", icon="mdi6.school-outline"),
                _A("lesson_small_kernels", "Two 3×3 and one 5×5", icon="mdi6.school-outline"),
                _A(
                    "lesson_separable",
                    "Depthwise-separable and standard convolution",
                    icon="mdi6.school-outline",
                ),
            ),
        ),
        _A("about", "About Layerloom"),
    ),
}

START_MENUS = ("File", "View", "Help")
"""The menus that make sense while no document is open."""


def specs_of(items: Iterable[MenuItem]) -> Iterator[ActionSpec]:
    """The commands of a menu and of the menus within it."""
    for item in items:
        if isinstance(item, ActionSpec):
            yield item
        elif isinstance(item, Submenu):
            yield from specs_of(item.items)


def all_specs() -> dict[str, tuple[str, ActionSpec]]:
    """Every command by name, with the path of menus it stands under: "View › Theme"."""
    found: dict[str, tuple[str, ActionSpec]] = {}
    for menu, items in MENUS.items():
        for item in items:
            if isinstance(item, ActionSpec):
                found[item.name] = (menu, item)
            elif isinstance(item, Submenu):
                found |= {child.name: (f"{menu} › {item.text}", child) for child in item.items if child}
    return found
