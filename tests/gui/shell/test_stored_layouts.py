"""Dock layouts that an older window kept, or that a disk damaged, do the window no harm."""

from pathlib import Path

import pytest
from a_person import PATIENCE, Person
from PySide6.QtCore import QByteArray, QPoint, QRect, QSettings, QSize, Qt

from gui.preferences import Preferences
from gui.registry.panels import PANELS
from gui.shell.main_window import MainWindow
from gui.style.appearance import ThemeChoice, appearance
from gui.style.style import apply_style

KEPT = Path(__file__).parents[2] / "golden/version1/layerloom.ini"
"""Written by version 1's window: left dock dragged wide, right dock closed, bottom dock moved to the left."""

WORKSPACES = {"draw": "draw", "train": "train_view", "look_inside": "look_inside", "evaluate": "evaluate"}


@pytest.fixture
def file(tmp_path) -> Path:
    copy = tmp_path / "layerloom.ini"
    copy.write_bytes(KEPT.read_bytes())
    return copy


@pytest.fixture
def opened(qapp, qtbot):
    """Opens the window with a preferences file, at a template."""
    apply_style(qapp)
    appearance().choose(ThemeChoice.DARK)
    windows = []

    def open_with(file: Path) -> MainWindow:
        window = MainWindow(Preferences(file))
        windows.append(window)
        window.resize(QSize(1600, 1000))
        with qtbot.waitExposed(window, timeout=PATIENCE):
            window.show()
        Person(window, qtbot).open_template("lenet5")
        return window

    yield open_with
    for window in windows:
        window.close_at_once()
        window.deleteLater()


def _tour(window) -> None:
    bench = window.workspaces().bench
    for name, action in WORKSPACES.items():
        window.actions_[action].trigger()
        assert bench.workspace == name
        for side, dock in bench.docks.items():
            assert dock.strip.isVisible() == dock.isVisible(), (name, side)
            assert dock.stack.count() == len(PANELS.at(name, side)), (name, side)


def test_layouts_of_version_1_come_back(opened, file):
    window = opened(file)
    _tour(window)
    window.actions_["draw"].trigger()
    docks = window.workspaces().bench.docks
    assert window.dockWidgetArea(docks["bottom"]) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert not docks["right"].isVisible()
    window.actions_["train_view"].trigger()
    assert window.dockWidgetArea(docks["bottom"]) == Qt.DockWidgetArea.BottomDockWidgetArea
    assert docks["left"].extent == 300


def _apart(window) -> None:
    """Nothing lies over anything else."""
    bench = window.workspaces().bench
    parts = [part for part in (*bench.docks.values(), bench.centre) if part.isVisible()]
    areas = [QRect(part.mapTo(window, QPoint(0, 0)), part.size()) for part in parts]
    overlaps = [(a, b) for i, a in enumerate(areas) for b in areas[:i] if a.intersects(b)]
    assert not overlaps


def _cut(state: bytes) -> bytes:
    return state[: len(state) // 2]


def _turned(state: bytes) -> bytes:
    return bytes(255 - byte for byte in state)


def _strangers(state: bytes) -> bytes:
    """The layout of a window whose docks had other names."""
    return state.replace("left-dock".encode("utf-16-be"), "lost-dock".encode("utf-16-be"))


@pytest.mark.parametrize(
    "damage",
    [_cut, _turned, _strangers, lambda state: state[:60], lambda _: b"x"],
    ids=["cut", "turned", "strangers", "60 bytes", "x"],
)
def test_damaged_layouts_leave_every_panel_in_reach(opened, file, damage):
    kept = QSettings(str(file), QSettings.Format.IniFormat)
    for key in [f"state/docks/{name}" for name in WORKSPACES] + ["state/window"]:
        kept.setValue(key, QByteArray(damage(kept.value(key).data())))
    kept.sync()
    window = opened(file)
    _tour(window)
    _apart(window)
    window.actions_["reset_panels"].trigger()
    bench = window.workspaces().bench
    assert all(dock.isVisible() for side, dock in bench.docks.items() if PANELS.at(bench.workspace, side))


def _kept_layout(file: Path) -> Preferences:
    """Preferences with a layout as this version keeps it."""
    kept = Preferences(file)
    kept.keep_state("docks/draw", QSettings(str(KEPT), QSettings.Format.IniFormat).value("state/docks/draw"))
    kept.keep_strings("recent", ["/a.loom"])
    QSettings(str(file), QSettings.Format.IniFormat).sync()
    return kept


def test_no_damaged_byte_of_a_layout_reaches_qt(tmp_path):
    kept = _kept_layout(tmp_path / "layerloom.ini")
    assert len(kept.state("docks/draw").data()) > 100
    raw = QSettings(str(tmp_path / "layerloom.ini"), QSettings.Format.IniFormat)
    whole = bytes(raw.value("checked/docks/draw").data())
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        raw.setValue("checked/docks/draw", QByteArray(damaged))
        assert kept.state("docks/draw").isEmpty()


def test_a_layout_of_a_file_cut_short_does_not_reach_qt(tmp_path):
    kept = _kept_layout(tmp_path / "layerloom.ini")
    whole = bytes(kept.state("docks/draw").data())
    content = (tmp_path / "layerloom.ini").read_bytes()
    cut = tmp_path / "cut.ini"
    for length in range(len(content)):
        cut.write_bytes(content[:length])
        assert bytes(Preferences(cut).state("docks/draw").data()) in (b"", whole)


@pytest.mark.parametrize("size", ["", "-1", "²", "--3", "9" * 30, "nan", "1.5"])
def test_values_that_are_no_sizes_are_passed_over(tmp_path, size):
    preferences = Preferences(tmp_path / "layerloom.ini")
    preferences.keep_strings("sizes/draw", [f"left={size}", "right=300", "bottom"])
    assert preferences.values("sizes/draw") == {"right": 300}


def test_sizes_larger_than_any_screen_leave_the_window_whole(opened, file):
    kept = Preferences(file)
    for name in WORKSPACES:
        kept.keep_values(f"sizes/{name}", {"left": 999_999, "bottom": 0})
    window = opened(file)
    _tour(window)
    assert window.workspaces().bench.docks["left"].extent < window.width()
