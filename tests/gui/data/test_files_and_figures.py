"""The panels of files and figures beside the sheet."""

import numpy as np
import pytest
from data_parts import make_folder
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from gui.data.files_panel import FilesPanel
from gui.data.statistics_panel import StatisticsPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def files(data, show):
    made = FilesPanel(data)
    show(made, 288, 700)
    return made


@pytest.fixture
def figures(data, show):
    made = StatisticsPanel(data)
    show(made, 288, 900)
    yield made
    made.close_jobs()


def rows(panel):
    model = panel.list.model()
    return [
        (model.index(row).data(), model.index(row).data(Qt.ItemDataRole.UserRole)) for row in range(model.rowCount())
    ]


def test_files_that_are_left_out_have_their_reason(files, data, document, folder, read):
    (folder / "loose.png").write_bytes((folder / "dog" / "0.png").read_bytes())
    document.change_settings("Data", DataSettings(source=Folder(path=str(folder))))
    read()
    assert rows(files) == [("loose.png", "in no folder of a class"), ("cat/broken.png", "it is empty")]
    assert files.which.button("left_out").text() == "Left out  2"


def test_copies_across_parts_are_told_and_brought_together(files, data, document, tmp_path, read):
    top = make_folder(tmp_path / "pets", {"cat": 30, "dog": 30})
    for number in range(30):
        (top / "dog" / f"copy_{number}.png").write_bytes((top / "dog" / f"{number}.png").read_bytes())
    document.change_settings("Data", DataSettings(source=Folder(path=str(top))))
    read()
    QTest.mouseClick(files.which.button("copies"), LEFT)
    assert len(rows(files)) == 30
    copied = sum(data.copied().values())
    assert copied > 0
    assert files.remedy.words.text().endswith("also in training.")
    apart = ["," in about.rpartition(": in ")[2] for _, about in rows(files)]
    assert apart == sorted(apart, reverse=True)
    assert 0 < sum(apart) < 30
    QTest.mouseClick(files.remedy.button, LEFT)
    assert document.project.data.split.copies_together
    read()
    assert sum(data.copied().values()) == 0
    assert not files.remedy.isVisible()
    document.undo_stack.undo()
    assert not document.project.data.split.copies_together


def test_images_under_two_labels_are_shown_first_and_copies_across_parts_with_them(
    panel, files, data, document, tmp_path, read
):
    top = make_folder(tmp_path / "pets", {"cat": 30, "dog": 30}, broken="cat")
    for number in range(30):
        (top / "dog" / f"copy_{number}.png").write_bytes((top / "dog" / f"{number}.png").read_bytes())
    (top / "dog" / "same.png").write_bytes((top / "cat" / "7.png").read_bytes())
    document.change_settings("Data", DataSettings(source=Folder(path=str(top))))
    read()
    assert panel.labels.words.text().startswith("1 image stands under two labels: ")
    QTest.mouseClick(panel.labels.button, LEFT)
    assert panel.labels.button.text() == "Show them"
    assert files.which.value == "copies"
    assert rows(files)[0][0] == "cat/7.png"
    assert len(rows(files)) == 31
    QTest.mouseClick(panel.show_files, LEFT)
    assert rows(files) == [("cat/broken.png", "it is empty")]
    panel.copies.more.menu().actions()[0].trigger()
    assert files.which.value == "copies"


def test_a_set_without_files_says_so(files, read):
    read()
    assert rows(files) == []
    assert files.about.text() == "Every file can be used."


def test_figures_are_those_of_the_training_images(figures, data, read, qtbot):
    read()
    qtbot.waitUntil(lambda: bool(figures.channels.lines), timeout=PATIENCE)
    pixels = data.listing.pictures._pixels[data.division.train] / 255
    (line,) = figures.channels.lines
    assert [cell.text for cell in line.cells] == ["Grey", f"{pixels.mean():.3f}", f"{pixels.std():.3f}"]
    assert figures.said.text() == "On the scale 0 to 1, over 1\u202f257 training images at 1×8×8."
    assert ("Size", "8 × 8 px") in figures.facts.facts
    assert ("Bit depth", "8 bit") in figures.facts.facts
    assert ("Grey", "1\u202f257") in figures.facts.facts
    assert "115 kB" in figures.memory.text()


def test_each_part_is_counted_class_by_class(figures, data, document, read):
    read()
    lines = [[cell.text for cell in line.cells] for line in figures.parts.lines]
    counts = [np.bincount(data.listing.labels[part], minlength=10) for part in data.division]
    assert lines[3] == ["3", *(str(part[3]) for part in counts)]
    assert lines[-1] == ["All", "1\u202f257", "270", "270"]
    settings = document.project.data.model_copy(update={"split": SplitSettings(test=0.3)})
    document.change_settings("Split", settings)
    read()
    assert [cell.text for cell in figures.parts.lines[-1].cells] == ["All", "988", "270", "539"]


def test_the_same_is_measured_once(figures, data, read, qtbot):
    read()
    qtbot.waitUntil(lambda: bool(figures.channels.lines), timeout=PATIENCE)
    data.changed.emit()
    figures.refresh_now()
    assert not figures._measuring.running
