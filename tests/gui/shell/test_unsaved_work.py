"""However the program ends, an edit is there at the next start, and runs of what was never saved can be reached."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.settings import DataSettings
from engine.project import Project
from engine.recipe.recipe import Recipe
from engine.runs.session import run_project
from gui.start.origin import Origin
from gui.start.unsaved import keep_aside, place_of, rescued
from gui.train.runs.places import runs_folder
from templates import build

TESTS = Path(__file__).parents[2]


@pytest.fixture
def program(tmp_path):
    """Starts the window with an edit in it as a program of its own, and returns it when the edit is made."""
    started = []
    # Python's own check of what Qt may call ends with the program, not with this one's warnings.
    paths = os.pathsep.join(map(str, (TESTS, TESTS.parent)))

    def start(*arguments):
        one = subprocess.Popen(
            [sys.executable, str(TESTS / "edited_window.py"), *arguments],
            env={**os.environ, "PYTHONPATH": paths, "QT_LOGGING_RULES": "default.warning=false"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(one)
        assert one.stdout.readline() == "edited\n"
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()


def added():
    """Whether the edit can be had back."""
    return [("added" in work.project.network, work.title) for work in rescued()]


@pytest.mark.slow
def test_an_edit_outlives_a_kill(program, qtbot):
    killed = program()
    qtbot.waitUntil(lambda: any(place_of("").glob("*/project.loom")), timeout=60_000)
    assert rescued() == []  # its window lives
    killed.kill()
    killed.communicate()
    assert added() == [(True, "lenet5")]


@pytest.mark.slow
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize("arguments", [[], ["ASK"]], ids=["", "while it asks"])
def test_a_signal_ends_the_program_in_order_and_keeps_the_edit(program, number, arguments):
    asked = program(*arguments)
    asked.send_signal(signal.Signals[number])
    _, said = asked.communicate(timeout=120)
    assert (asked.returncode, said) == (0, "")
    assert added() == [(True, "lenet5")]


@pytest.fixture
def left(tmp_path):
    """Where another window left its work once ``left()`` is called, all at once: this one looks for it meanwhile."""

    def left():
        place_of("one").parent.mkdir(parents=True, exist_ok=True)
        return (tmp_path / "left").rename(place_of("one"))

    (tmp_path / "left").mkdir()
    return left


def test_the_next_start_offers_it(window, person, left, tmp_path):
    keep_aside(tmp_path / "left", Project(build("mlp")), Origin(key="one"))
    left()
    window.recovery.look()
    person.until(window.messages.isVisible)
    text = "Layerloom ended unexpectedly with changes to mlp that were not saved."
    assert window.messages.text.text() == text
    person.click(window.messages.buttons[0])
    person.until(lambda: window.has_document)
    assert window.document.network == build("mlp")
    assert window.document.modified
    assert rescued() == []  # it is this window's now
    window.close_at_once()
    assert [work.project.network for work in rescued()] == [build("mlp")]  # and is not lost with it


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"format":"layerloom","version":1}', "\x00"])
def test_unsaved_work_that_cannot_be_read_is_told_and_stays(window, person, content, left, tmp_path):
    (tmp_path / "left" / "project.loom").write_text(content)
    folder = left()
    window.recovery.look()
    person.until(window.messages.isVisible)
    assert window.messages.text.text().startswith(f"Changes that were not saved are in {folder}. project.loom ")
    assert (folder / "project.loom").read_text() == content
    person.click(window.messages.buttons[0])
    assert not folder.exists()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"path": 3}', b"\xff", b'{"path": "a\\u0000"}', b'{"path": "\\ud800"}', b"[" * 100_000]
)
def test_a_damaged_note_of_where_it_came_from_costs_no_work(content):
    keep_aside(place_of("one"), Project(build("mlp")), Origin(path="/tmp/mine.loom"))
    (place_of("one") / "origin.json").write_bytes(content)
    assert [(work.title, work.path) for work in rescued()] == [("mlp", None)]


def test_what_an_older_version_kept_aside_is_offered():
    keep_aside(place_of("one"), Project(build("mlp")), Origin())
    (place_of("one") / "origin.json").write_text(json.dumps({"path": "/tmp/mine.loom"}))
    (place_of("one") / "lock").write_text("4711\npython\nhost\n")
    assert [(work.title, work.path) for work in rescued()] == [("mine.loom", Path("/tmp/mine.loom"))]


def test_an_undone_edit_and_a_saved_one_are_kept_no_longer(window, person, tmp_path):
    person.open_template("mlp")
    folder = place_of(window.document.key)
    edit = lambda: window.document.edit("Rename", lambda network: network.rename("fc1", "first"))  # noqa: E731
    edit()
    person.until((folder / "project.loom").exists)
    window.document.undo_stack.undo()
    assert not folder.exists()
    edit()
    person.until((folder / "project.loom").exists)
    window.files.save_to(tmp_path / "mine.loom")
    assert not folder.exists()


def test_runs_of_a_project_never_saved_are_its_own_and_stand_among_the_recent_files(window, person):
    person.open_template("lenet5")
    first = runs_folder(window.document)
    small = Project(build("lenet5"), DataSettings(), Recipe(epochs=1, batch_size=1000, device="cpu"))
    list(run_project(small, first / "run-1"))
    window.files.close()
    person.open_template("lenet5")
    assert runs_folder(window.document) != first
    window.files.close()
    recent = window.start.recent
    person.until(lambda: [row.accessibleName() for row in recent.rows] == ["lenet5"])
    assert recent.rows[0]._state.text().startswith("Not saved · 1 run · today")
    QTest.keyClick(recent.rows[0], Qt.Key.Key_Return)
    person.until(lambda: window.has_document)
    runs = window.workspaces().runs
    person.until(lambda: not runs.loading)
    assert [run.folder for run in runs.all] == [first / "run-1"]
    assert not window.document.modified
