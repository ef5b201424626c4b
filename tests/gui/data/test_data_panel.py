"""The Data panel: choosing, reading in a thread, dividing, fitting."""

import numpy as np
import pytest
from look_parts import PATIENCE
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from toy_regression import registered, toy_project

from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.project import Project
from gui.data.panel import DataPanel


@pytest.fixture
def panel(document, show, qtbot):
    panel = DataPanel(document)
    show(panel, 1056, 330)
    yield panel
    panel.loader.cancel()


@pytest.fixture
def read(panel, qtbot, show):
    """Waits until the panel has read what it wants."""

    def read():
        show()
        qtbot.waitUntil(lambda: not panel.loader.running, timeout=PATIENCE)
        show()

    return read


@pytest.fixture
def folder(tmp_path):
    """Three classes of four 6×6 images, and a file that is none."""
    for label, name in enumerate(("cat", "dog", "owl")):
        (tmp_path / name).mkdir()
        for index in range(4):
            pixels = np.full((6, 6, 3), 60 * label + index, np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{index}.png")
    (tmp_path / "cat" / "broken.png").write_bytes(b"")
    return tmp_path


def test_the_embedded_digits_are_shown(panel, read):
    read()
    assert panel.samples.description.images == 1797
    assert "1\u202f797 images · 10 classes" in panel.about.text()
    assert panel.sheet.height() > 10 * 28
    panel.grab()


def test_data_without_classes_are_shown_by_their_number_and_pictures(panel, document, read):
    with registered():
        read()
        assert panel.sheet.isVisible()
        document.replace(toy_project())
        read()
        assert panel.about.text() == "<b>Brightness</b> &nbsp; 1\u202f797 images · 1×8×8"
        assert panel.split.parts.text().startswith("About 1\u202f257 training, 270 validation and 270 test")
        assert panel.pictures.isVisible()
        assert not panel.sheet.isVisible()
        assert len(panel.pictures.pictures) == 160
        for width in (1056, 700):
            panel.window().resize(width, 330)
            read()
            assert panel.pictures.height() == panel.pictures.heightForWidth(panel.pictures.width()) > 100
            assert 0 < panel.pictures.y() - panel.about.geometry().bottom() <= 16  # right below what is said of them
        panel.grab()
        document.replace(Project(document.network))
        read()
        assert panel.sheet.isVisible()
        assert not panel.pictures.isVisible()


def test_choosing_a_data_set_is_an_undo_step(panel, document, read):
    read()
    item = panel.chooser.item(1)
    place = panel.chooser.visualItemRect(item).center()
    QTest.mouseClick(panel.chooser.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert document.project.data.source.name == "mnist"
    assert document.undo_stack.undoText() == "Choose MNIST"
    read()
    assert panel.act.text() == "Download 11.6 MB"
    assert panel.split.rows["test"].isHidden()
    document.undo_stack.undo()
    read()
    assert panel.samples.settings.source.name == "digits"
    assert not panel.act.isVisible()


def test_a_folder_shows_its_classes_and_what_cannot_be_read(panel, document, folder, read):
    panel.choose_folder(str(folder))
    read()
    assert panel.samples.description.classes == ("cat", "dog", "owl")
    assert panel.message.text() == "1 file is left out: cat/broken.png (it is empty)."
    assert "cat/broken.png" in panel.message.toolTip()
    assert np.bincount(panel.samples.thumbnails.labels).tolist() == [4, 4, 4]


def test_classes_that_do_not_fit_offer_the_fix(panel, document, folder, read):
    panel.choose_folder(str(folder))
    read()
    assert panel.split.fit.text().startswith("Output gives 10 classes")
    QTest.mouseClick(panel.split.fix_button, Qt.MouseButton.LeftButton)
    assert document.network.layer("fc").out_features == 3
    read()
    assert not panel.split.fix_button.isVisible()


def test_a_wrong_folder_is_one_sentence(panel, document, tmp_path, read):
    panel.choose_folder(str(tmp_path / "none"))
    read()
    assert panel.message.property("role") == "error"
    assert "none" in panel.message.text()
    assert panel.act.text() == "Choose folder"


def test_no_folder_asks_for_one(panel, document, read):
    settings = document.project.data.from_source(Folder())
    document.change_settings("Folder", settings)
    read()
    assert panel.act.text() == "Choose folder"
    assert not panel.loader.running


def test_cancelling_keeps_what_was_there(panel, document, folder, read):
    read()
    panel.choose_folder(str(folder))
    panel.refresh_now()
    panel.cancel()
    assert not panel.loader.running
    assert panel.samples.settings.source.name == "digits"
    assert panel.act.text() == "Read again"
    QTest.mouseClick(panel.act, Qt.MouseButton.LeftButton)
    read()
    assert panel.samples.settings.source.name == "folder"


def test_shares_are_typed_in_per_cent_as_one_step(panel, document, read):
    field = panel.split.rows["validation"].editor
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12.5")
    assert document.project.data.split.validation == 0.125
    assert document.undo_stack.count() == 1
    field.selectAll()
    QTest.keyClicks(field, "90")
    assert panel.split.rows["validation"].reason.text() == "Validation is 0 to 80 %. 15 stays in force."
    assert document.project.data.split.validation == 0.15
    assert document.undo_stack.count() == 0
    read()
    assert field.text() == "90"
    seed = panel.split.rows["seed"].editor
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, "7-")
    assert panel.split.rows["seed"].reason.text().endswith("0 stays in force.")
    assert document.project.data.split.seed == 0
    QTest.keyClick(seed, Qt.Key.Key_Escape)
    QTest.keyClick(seed, Qt.Key.Key_Up)
    assert document.project.data.split.seed == 1


def test_it_says_how_images_reach_the_input(panel, document, read):
    read()
    assert panel.split.fit.text() == "The images fit the input, 1×8×8."
    document.edit("Grow", lambda n: n.set_layer("input", LAYERS["Input"](channels=3, height=16, width=16)))
    read()
    assert (
        panel.split.fit.text()
        == "Images of 1×8×8 are resized, with their one channel three times, to fit the input, 3×16×16."
    )


def test_an_unseen_panel_reads_nothing(document, qtbot):
    panel = DataPanel(document)
    qtbot.addWidget(panel)
    assert not panel.loader.running


def test_parts_of_a_folder_are_shown_and_not_cut(panel, tmp_path, read):
    generator = np.random.default_rng(0)
    for part in ("seg_train", "seg_test"):
        for name in ("cat", "dog"):
            (tmp_path / part / name).mkdir(parents=True)
            for index in range(4):
                pixels = generator.integers(0, 256, (6, 6, 3), np.uint8)
                Image.fromarray(pixels).save(tmp_path / part / name / f"{index}.png")
    (tmp_path / "seg_pred").mkdir()
    Image.new("RGB", (6, 6)).save(tmp_path / "seg_pred" / "0.png")
    panel.choose_folder(str(tmp_path))
    read()
    assert panel.message.text() == (
        "2 parts found: seg_train for training and seg_test for test. "
        "seg_pred is left out: it has no sub-folder for each class. "
        "Images for validation are cut from training."
    )
    assert panel.samples.description.counts == (8, 8)
    assert not panel.split.rows["validation"].isHidden()
    assert panel.split.rows["test"].isHidden()
    assert panel.split.parts.text() == "About 7 training, 1 validation and its own 8 test images."


def test_a_folder_that_may_be_read_in_two_ways_offers_another(panel, tmp_path, read):
    for part in ("train", "test"):
        (tmp_path / part).mkdir()
        Image.new("RGB", (6, 6)).save(tmp_path / part / "0.png")
    panel.choose_folder(str(tmp_path))
    read()
    assert panel.message.property("role") == "error"
    assert "can be read in two ways" in panel.message.text()
    assert panel.act.text() == "Choose folder"


@pytest.mark.parametrize("width", [660, 1056])
def test_a_long_sentence_is_never_cut(panel, document, read, show, tmp_path, width):
    for name in ("v1", "v2"):
        for owner in ("cats", "dogs"):
            (tmp_path / name / owner).mkdir(parents=True)
            Image.new("L", (6, 6)).save(tmp_path / name / owner / "a.png")
    panel.choose_folder(str(tmp_path))
    read()
    assert "If they are no classes, choose the one that has the classes" in panel.message.text()
    show(panel, width, 138)
    assert panel.message.height() >= panel.message.heightForWidth(panel.message.width())
    assert panel.message.width() > 0.7 * panel.message.parentWidget().width()
    assert panel.act.geometry().bottom() < panel.message.geometry().top()
