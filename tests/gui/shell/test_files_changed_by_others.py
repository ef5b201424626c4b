"""A file that another program changed is not overwritten without a question, and the window says so."""

import pytest
from PySide6.QtWidgets import QFileDialog

from engine.project import Project, load_project, save_project
from templates import build


@pytest.fixture
def path(window, person, tmp_path):
    """The file of the open project, which another program changes after an edit here."""
    path = tmp_path / "mine.loom"
    person.open_template("mlp")
    window.files.save_to(path)
    window.document.edit("Rename", lambda network: network.rename("fc1", "first"))
    save_project(Project(build("lenet5")), path)
    return path


@pytest.mark.parametrize(
    ("answer", "saved", "name", "open_after"),
    [
        ("Save anyway", True, "mine", "mine"),
        ("Cancel", False, "lenet5", "mine"),
        ("Reload", False, "lenet5", "lenet5"),
        ("Save as…", True, "lenet5", "other"),
    ],
)
def test_saving_asks_first(window, person, path, monkeypatch, answer, saved, name, open_after):
    other = path.with_name("other.loom")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(other), ""))
    person.answer(answer)
    assert window.files.save() is saved
    assert load_project(path).network.name == name
    person.until(lambda: window.document.network.name == open_after)
    assert window.document.modified is (answer == "Cancel")
    assert other.exists() is (answer == "Save as…")
    if answer == "Save anyway":
        window.document.edit("Rename", lambda network: network.rename("first", "fc1"))
        assert window.files.save()  # it is known again: no question


def test_the_window_tells_when_it_is_looked_at_once(window, person, path):
    told = []
    window.files.changed_by_others.connect(told.append)
    window.files.look_at_disk()
    person.until(lambda: told == ["mine.loom"])
    assert window.messages.text.text() == "mine.loom was changed by another program."
    window.files.look_at_disk()
    person.until(lambda: not window.files._looking.running)
    assert told == ["mine.loom"]
    person.answer("Don't save")
    person.click(window.messages.buttons[0])
    person.until(lambda: window.document.network.name == "lenet5")
    assert not window.document.modified


def test_a_file_that_is_gone_is_written_again(window, path):
    path.unlink()
    assert window.files.save()
    assert load_project(path).network.name == "mine"


def test_a_name_without_its_ending_overwrites_nothing_in_silence(window, person, path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path.with_suffix("")), ""))
    person.answer("Cancel")
    assert not window.files.save_as()
    assert load_project(path).network.name == "lenet5"
    person.answer("Replace")
    assert window.files.save_as()
    assert load_project(path).network.name == "mine"
