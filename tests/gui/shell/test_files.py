"""Opening and saving: nothing is lost, and what fails is said in one sentence."""

import os
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.layers.convolution import Conv2d
from engine.log import log_file
from engine.network import Point
from engine.project import Project, load_project
from engine.recipe.recipe import Recipe
from engine.runs.session import run_project
from gui.shell.export import export_python, write_source
from gui.start.unsaved import place_of, rescued
from templates import build


def edit(window):
    window.document.edit(
        "Add Conv2d", lambda network: network.add(Conv2d(), network.free_name("conv"), position=Point(800, 400))
    )


def test_a_template_is_not_modified_until_it_is_edited(window, person):
    person.open_template("lenet5")
    assert not window.document.modified
    edit(window)
    assert window.document.modified
    assert window.menu.title.text() == "lenet5.loom — edited"


def test_save_and_open_again(window, person, tmp_path):
    person.open_template("lenet5")
    edit(window)
    path = tmp_path / "mine.loom"
    assert window.files.save_to(path)
    assert window.menu.title.text() == "mine.loom"
    assert window.files.recent.paths() == [path]
    saved = window.document.network.copy()
    window.files.close()
    assert not window.has_document
    window.files.open_file(path)
    person.until(lambda: window.has_document)
    assert window.document.network == saved


@pytest.mark.parametrize(
    ("name", "stem"), [("a/b", "a-b"), ("/etc/passwd", "etc-passwd"), ("../up", "up"), ("§", "network")]
)
def test_a_name_that_leads_elsewhere_is_suggested_as_a_file_name(window, person, tmp_path, monkeypatch, name, stem):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (asked.append(Path(given[2])), ("", ""))[1])
    person.open_template("lenet5")
    window.document.network.name = name
    window.files.save_as()
    export_python(window)
    assert [path.name for path in asked] == [f"{stem}.loom", f"{stem}.py"]
    assert {path.parent for path in asked} == {window.preferences.folder}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name")
def test_a_file_of_a_name_that_is_no_text_is_saved_and_opens_again(window, person, tmp_path):
    person.open_template("lenet5")
    path = tmp_path / os.fsdecode(b"mine\xff.loom")
    assert window.files.save_to(path)
    assert load_project(path).network.name == "mine?"


@pytest.mark.parametrize(("answer", "closes"), [("Don't save", True), ("Cancel", False)])
def test_closing_asks_for_unsaved_changes(window, person, answer, closes):
    person.open_template("lenet5")
    edit(window)
    person.answer(answer)
    assert window.files.close() is closes
    assert window.has_document is not closes


def test_a_file_that_cannot_be_read_leaves_the_document_open(window, person, tmp_path):
    person.open_template("lenet5")
    before = window.document.network.copy()
    broken = tmp_path / "broken.loom"
    broken.write_text("{")
    window.files.open_file(broken)
    person.until(window.messages.isVisible)
    assert "broken.loom" in window.messages.text.text()
    assert "Traceback" not in window.messages.text.text()
    assert window.document.network == before
    assert broken.read_text() == "{"


def test_a_save_that_fails_keeps_the_document_open_and_modified(window, person, tmp_path):
    person.open_template("lenet5")
    edit(window)
    assert not window.files.save_to(tmp_path / "no such folder" / "a.loom")
    assert window.messages.isVisible()
    assert window.document.modified
    assert window.has_document


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_loses_nothing(window, person, tmp_path, monkeypatch):
    person.open_template("lenet5")
    edit(window)
    full = tmp_path / "full.loom"
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *_, **__: real(Path("/dev/full"), "wb"))
    assert not window.files.save_to(full)
    monkeypatch.undo()
    assert "full.loom could not be saved" in window.messages.text.text()
    assert window.document.modified


def test_unsaved_work_is_kept_aside_and_offered(window, person):
    person.open_template("lenet5")
    edit(window)
    drawn = window.document.network.copy()
    window.recovery.keep()
    assert rescued() == []  # its window is still open
    window.close_at_once()
    (rescue,) = rescued()
    assert rescue.project.network == drawn
    assert rescue.title == "lenet5"
    assert rescue.origin.key == window.document.key
    rescue.forget()
    assert rescued() == []


def test_a_clean_close_keeps_nothing_aside(window, person, tmp_path):
    person.open_template("lenet5")
    edit(window)
    window.recovery.keep()
    window.files.save_to(tmp_path / "a.loom")
    window.close()
    assert not window.isVisible()
    assert rescued() == []


def test_changes_that_are_given_up_are_not_kept_aside(window, person):
    person.open_template("lenet5")
    edit(window)
    window.recovery.keep_now()
    person.answer("Don't save")
    assert window.close()
    window.recovery.keep()  # as the window loses the focus
    assert rescued() == []
    assert not place_of(window.document.key).exists()


def test_export_python_writes_what_the_code_panel_shows(window, person, tmp_path):
    person.open_template("lenet5")
    write_source(window, tmp_path / "net.py")
    text = (tmp_path / "net.py").read_text()
    assert "def build(" in text
    compile(text, "net.py", "exec")
    assert window.messages.isVisible()


def test_the_saved_file_holds_the_project(window, person, tmp_path):
    person.open_template("lenet5")
    window.files.save_to(tmp_path / "a.loom")
    project = load_project(tmp_path / "a.loom")
    assert project.network == window.document.network
    assert project.training == window.document.project.training


def test_the_folder_of_a_run_opens_a_copy_of_its_project(window, person, tmp_path):
    small = Project(build("lenet5"), training=Recipe(epochs=1, batch_size=1000, device="cpu"))
    list(run_project(small, tmp_path / "run"))
    window.open_target(str(tmp_path / "run"))
    person.until(lambda: window.has_document)
    assert window.document.network.topological() == small.network.topological()
    assert window.document.path is None


@pytest.fixture
def pets(tmp_path):
    """A folder of three classes."""
    for name in ("cats", "dogs", "newts"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "pets" / name / "one.png")
    return tmp_path / "pets"


def test_an_image_folder_opens_a_network_with_its_classes(window, person, pets):
    window.open_dropped(pets)
    person.until(lambda: window.has_document)
    assert window.document.analysis["output"].output == (3,)
    assert window.document.project.data == DataSettings(source=Folder(path=str(pets)))
    assert not window.document.modified


def drop_on_window(window, folder):
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(folder))])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), action, carried, button, keys))


WAYS_TO_A_FOLDER = {
    "dropped on the window": drop_on_window,
    "dropped on the canvas": lambda window, folder: window.workspaces().canvas.image_folder_dropped.emit(str(folder)),
    "asked for": lambda window, _: window.actions_["new_from_folder"].trigger(),
    "chosen in Data": lambda window, folder: window.workspaces().bench.data.choose_folder(str(folder)),
}


@pytest.mark.parametrize("way", WAYS_TO_A_FOLDER)
def test_a_folder_for_the_open_project_changes_its_source_alone(window, person, pets, way, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(pets))
    before = DataSettings(split=SplitSettings(validation=0.3, test=0.25, seed=7))
    window.document.replace(Project(build("lenet5"), before), modified=True)
    window.files.opened.emit()
    WAYS_TO_A_FOLDER[way](window, pets)
    assert window.document.project.data == before.from_source(Folder(path=str(pets)))
    window.document.undo_stack.undo()
    assert window.document.project.data == before


def test_a_folder_without_images_opens_nothing_and_says_why(window, person, tmp_path):
    window.open_dropped(tmp_path)
    person.until(window.messages.isVisible)
    assert "no images in sub-folders" in window.messages.text.text()
    assert not window.has_document


def test_unsaved_work_that_cannot_be_kept_aside_is_noted_and_kept_the_next_time(window, person):
    person.open_template("lenet5")
    edit(window)
    recovery = window.recovery
    recovery.keep()
    person.until(lambda: not recovery._keeping.running)
    kept = recovery._folder / "project.loom"
    kept.unlink()
    kept.mkdir()  # no file can be written there
    recovery.keep()
    person.until(lambda: not recovery._keeping.running)
    assert "project.loom" in log_file().read_text(encoding="utf-8")
    kept.rmdir()
    recovery.keep()
    person.until(lambda: not recovery._keeping.running)
    assert kept.is_file()


def test_saving_is_confirmed_and_names_the_network_after_its_file(window, person, tmp_path):
    person.open_template("lenet5")
    view = window.workspaces()
    assert window.files.save_to(tmp_path / "mine.loom")
    assert view.status.sentence.text() == f"Saved mine.loom in {tmp_path}"
    assert window.document.network.name == "mine"
    assert view.canvas.breadcrumb.layout().itemAt(0).widget().text() == "mine"
    assert window.files.save_to(tmp_path / "yours.loom")
    assert load_project(tmp_path / "yours.loom").network.name == "yours"
    assert load_project(tmp_path / "mine.loom").network.name == "mine"
    window.document.network.name = "chosen on purpose"
    assert window.files.save_to(tmp_path / "third.loom")
    assert load_project(tmp_path / "third.loom").network.name == "chosen on purpose"


def test_a_save_that_fails_gives_the_network_its_name_back(window, person, tmp_path):
    person.open_template("lenet5")
    before = window.document.network.name
    assert not window.files.save_to(tmp_path / "none" / "mine.loom")
    assert window.document.network.name == before
