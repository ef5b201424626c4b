"""A system with large text gets a window that is larger as a whole."""

import os
import subprocess
import sys

import pytest

from gui.preferences import LARGEST_SCALE, Preferences
from gui.shell.scaling import note_scale, prepare_scale, scale_for


@pytest.mark.parametrize(("text", "scale"), [(9, 1), (13, 1), (14.7, 1), (16.25, 1.25), (18, 1.4), (40, LARGEST_SCALE)])
def test_usual_text_changes_nothing_and_large_text_counts_up_to_a_half_more(text, scale):
    assert scale_for(text, limit=2.0) == scale


@pytest.mark.parametrize(("limit", "scale"), [(0.7, 1), (1.09, 1.05), (1.24, 1.2), (3, 1.4)])
def test_the_window_never_outgrows_the_screen(limit, scale):
    assert scale_for(18, limit=limit) == scale


def test_the_scale_is_remembered_and_nonsense_is_not(tmp_path):
    path = tmp_path / "layerloom.ini"
    Preferences(path).scale = 1.25
    assert Preferences(path).scale == 1.25
    Preferences(path).scale = 40
    assert Preferences(path).scale == LARGEST_SCALE
    path.write_text("[General]\nscale=large\n")
    assert Preferences(path).scale == 1


def test_usual_text_is_seen_as_such(qapp, tmp_path):
    preferences = Preferences(tmp_path / "layerloom.ini")
    note_scale(preferences)
    assert preferences.scale == 1


def test_what_was_seen_holds_for_qt_unless_it_was_told_otherwise(tmp_path, monkeypatch):
    preferences = Preferences(tmp_path / "layerloom.ini")
    preferences.scale = 1.25
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    prepare_scale(preferences)
    assert os.environ["QT_SCALE_FACTOR"] == "2"
    monkeypatch.delenv("QT_SCALE_FACTOR")
    code = (
        "import sys; from pathlib import Path; from gui.preferences import Preferences;"
        "from gui.shell.scaling import prepare_scale; prepare_scale(Preferences(Path(sys.argv[1])));"
        "from PySide6.QtWidgets import QApplication; print(QApplication([]).devicePixelRatio())"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "layerloom.ini")]
    preferences._settings.sync()
    assert float(subprocess.run(run, capture_output=True, text=True, check=True).stdout) == 1.25
