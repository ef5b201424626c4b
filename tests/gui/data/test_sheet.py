"""The sheet: which images it shows, in which order, and what hands and keys do there."""

import numpy as np
import pytest
from cut_text import cut_texts
from data_parts import make_folder
from look_parts import PATIENCE
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.data.part_words import SPOKEN
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from gui.data.sheet.grid import GAP, MARGIN, USUAL
from gui.data.sheet.head import HEIGHT, SheetHead
from gui.widgets import tile_pictures as tiles

LEFT, CTRL, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def pets(document, tmp_path):
    """A folder of 60 images, which is the project's data."""
    top = make_folder(tmp_path / "pets", {"cat": 30, "dog": 20, "owl": 10}, size=(40, 20))
    document.change_settings("Data", DataSettings(source=Folder(path=str(top))))
    return top


@pytest.fixture
def grid(sheet, pets, read):
    read()
    sheet.grid.setFocus()
    return sheet.grid


def settle(sheet, qtbot):
    qtbot.waitUntil(lambda: not sheet.pictures.busy, timeout=PATIENCE)


def click(grid, index, modifiers=NONE):
    QTest.mouseClick(grid.viewport(), LEFT, modifiers, grid.area_of(index).center())


def test_tiles_stand_as_the_picture_has_them(grid):
    assert grid.columns == 10
    assert grid.area_of(1).left() - grid.area_of(0).left() == 88
    assert grid.area_of(10).top() - grid.area_of(0).top() == 108


@pytest.mark.parametrize("width", [700, 718, 730, 760, 928, 1500])
def test_no_column_stays_free_beside_the_tiles(sheet, grid, width):
    sheet.resize(width, 376)
    QApplication.processEvents()
    row = [grid.area_of(index) for index in range(grid.columns)]
    room = grid.viewport().width() - MARGIN - row[-1].right()
    assert 0 <= room < grid.edge / 2 + GAP
    assert grid.edge * 0.9 < grid.side <= grid.edge
    assert grid.index_at(row[-1].center()) == grid.columns - 1


def test_a_part_is_shown_shuffled_by_the_seed_or_in_order_of_class(sheet, grid, data, document):
    first = data.places()
    assert set(first.tolist()) == set(data.division.train.tolist())
    assert (
        first.tolist() == data.division.train[data.listing.shuffled(data.division.train, 0)].tolist() != sorted(first)
    )
    assert sheet.head.about.text() == "all classes, shuffled"
    sheet.head.about.menu().actions()[1].trigger()
    assert data.listing.labels[data.places()].tolist() == sorted(data.listing.labels[first].tolist())
    QTest.mouseClick(sheet.head.parts.button("test"), LEFT)
    assert set(data.places().tolist()) == set(data.division.test.tolist())
    assert sheet.head.parts.button("test").text() == "Test  9"
    settings = document.project.data
    split = settings.split.model_copy(update={"seed": 3})
    document.change_settings("Seed", settings.model_copy(update={"split": split}))
    assert set(data.places().tolist()) == set(data.division.test.tolist())


def test_one_image_of_each_class_is_marked_at_first(grid, data):
    marked = data.marked.images
    assert len(marked) == 3
    assert [data.listing.label(place) for place in marked] == list(
        dict.fromkeys(data.listing.label(place) for place in data.places().tolist())
    )
    shown = data.places().tolist()
    assert list(marked) == sorted(marked, key=shown.index)


def test_the_seventh_mark_takes_the_place_of_the_first(grid, data):
    data.marked.show(())
    for index in range(7):
        click(grid, index, CTRL)
    shown = data.places().tolist()
    assert list(data.marked.images) == shown[1:7]
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert list(data.marked.images) == shown[1:6]
    click(grid, 0)
    assert list(data.marked.images) == shown[1:6]


def test_the_current_image_is_seen_whether_it_is_marked_or_not(sheet, grid, data, qtbot):
    data.marked.show(())
    grid.move_to(3)
    settle(sheet, qtbot)
    area = grid.area_of(3)
    inner = area.adjusted(24, 24, -2, -2)  # beside the badge
    unmarked = grid.viewport().grab(inner).toImage()
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert data.marked.images == (grid.current,)
    assert grid.hasFocus()
    assert grid.viewport().grab(inner).toImage() == unmarked


def test_arrows_move_and_home_and_end_reach_the_ends(grid, data):
    shown = data.places().tolist()
    for key, index in [
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 11),
        (Qt.Key.Key_Left, 10),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, len(shown) - 1),
        (Qt.Key.Key_Home, 0),
    ]:
        QTest.keyClick(grid, key)
        assert grid.current == shown[index]
        area = grid.area_of(index)
        assert grid.viewport().rect().contains(area)
    place = shown[0]
    number = data.listing.numbers[place]
    assert grid.accessibleDescription() == f"{data.listing.label(place)}\u00a0{number}, marked 1, 1 of 42"


def test_only_what_can_be_seen_is_read(grid, sheet, data, qtbot):
    settle(sheet, qtbot)
    seen = {int(data.places()[index]) for index in grid.in_view()}
    assert {place for place in range(60) if sheet.pictures.picture(place) is not None} == seen
    assert len(seen) < 42
    QTest.keyClick(grid, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: sheet.pictures.picture(int(data.places()[-1])) is not None, timeout=PATIENCE)


def test_pictures_keep_their_proportions_and_are_not_enlarged(grid, sheet, data, qtbot):
    settle(sheet, qtbot)
    picture = sheet.pictures.picture(int(data.places()[0]))
    assert (picture.width(), picture.height()) == (20, 40)


def test_the_memory_of_pictures_is_bounded(grid, sheet, qtbot, monkeypatch):
    monkeypatch.setattr(tiles, "_MOST_BYTES", 10_000)
    for _ in range(3):
        QTest.keyClick(grid, Qt.Key.Key_PageDown)
        QApplication.processEvents()
        settle(sheet, qtbot)
    assert 0 < sheet.pictures.bytes <= 10_000


def test_names_and_labels_are_searched(sheet, grid, data, pets, qtbot):
    QTest.keyClick(grid, Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is sheet.head.search
    QTest.keyClicks(sheet.head.search, "OWL")
    qtbot.waitUntil(lambda: data.shown.filter.text == "OWL")
    assert {data.listing.label(place) for place in data.places().tolist()} == {"owl"}
    assert sheet.head.about.text() == f"{len(data.places())} found in all classes, shuffled"
    sheet.head.search.setText("dog/7.png")
    qtbot.waitUntil(lambda: data.shown.filter.text == "dog/7.png")
    part = data.part_of(data.listing.names.index("dog/7.png"))
    data.shown.show_part(part)
    assert [data.listing.names[place] for place in data.places().tolist()] == ["dog/7.png"]


def found(data, text):
    """The captions of the images that a search finds."""
    data.shown.search(text)
    return [data.listing.caption(place).replace("\u00a0", " ") for place in data.places().tolist()]


def test_a_digit_that_is_searched_is_the_label_and_no_part_of_a_number(data, read):
    read()
    captions = found(data, "6")
    assert len(captions) == np.count_nonzero(data.listing.labels[data.division.train] == 6)
    assert {caption.split()[0] for caption in captions} == {"6"}


def test_numbers_are_found_below_the_tiles_by_a_sign_or_behind_their_label(data, read):
    read()
    data.shown.show_part("train")
    there = {data.listing.caption(place) for place in data.division.train.tolist()}
    assert sorted(found(data, "#12")) == [f"{label} 12" for label in range(10) if f"{label}\u00a012" in there]
    assert found(data, "6 12") == ["6 12"] * ("6\u00a012" in there)
    assert found(data, "# 12") == found(data, "#12")
    assert found(data, f"#{10**30}") == found(data, "#") == found(data, "1234") == []


def test_a_label_that_is_just_so_comes_before_those_that_have_it_in_them(data, panel, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"cat": 20, "tomcat": 20, "dog": 20})))
    read()
    for shuffled in (True, False):
        data.shown.shuffle(shuffled)
        labels = [caption.split()[0] for caption in found(data, "cat")]
        assert labels == ["cat"] * labels.count("cat") + ["tomcat"] * labels.count("tomcat")
        assert min(labels.count("cat"), labels.count("tomcat")) == 14


@pytest.mark.parametrize("told", [True, False])
def test_the_head_fits_counts_that_come_late(show, data, read, told):
    """Whether it is told of them or only its words change, at any width."""
    head, found = SheetHead(data), []
    show(head, 500, HEIGHT)
    read()
    head.refresh(0)
    counted = {part: head.parts.button(part).text() for part in SPOKEN}
    for width in range(380, 900, 3):
        for part, words in SPOKEN.items():
            head.parts.set_text(part, words)
        head.window().resize(width, HEIGHT)
        show()
        head.fit()
        show()
        if told:
            head.refresh(0)
        else:
            for part, words in counted.items():
                head.parts.set_text(part, words)
        show()
        found += cut_texts(head.window())
    assert found == []
    assert counted["train"].startswith("Training  1")


def test_a_search_in_vain_says_what_may_be_meant(sheet, grid, data, qtbot):
    sheet.head.search.setText("olw")
    qtbot.waitUntil(lambda: sheet.nothing.isVisible())
    assert sheet.nothing.text() == "No image is called 'olw'. Did you mean owl?"
    QTest.mouseClick(sheet.guess, LEFT)
    assert data.shown.filter.text == "owl"
    assert sheet.grid.isVisible()
    assert sheet.head.search.text() == "owl"
    sheet.head.search.setText("zzzzzz")
    qtbot.waitUntil(lambda: sheet.nothing.text() == "No image is called 'zzzzzz'.")
    assert not sheet.guess.isVisible()


def test_the_slider_makes_tiles_larger(sheet, grid, data, qtbot):
    sheet.head.slider.setValue(160)
    assert grid.area_of(0).width() == 160
    assert grid.columns == 5
    assert USUAL == 81
    settle(sheet, qtbot)


def test_enter_shows_an_image_at_its_own_size(sheet, grid, data, qtbot):
    click(grid, 2)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.large is not None and sheet.large.isVisible(), timeout=PATIENCE)
    place = int(data.places()[2])
    assert sheet.large.place == place
    assert sheet.large.title.text() == f"{data.listing.label(place)} · image {data.listing.numbers[place]}"
    assert sheet.large.path.text().endswith(data.listing.names[place])
    assert sheet.large.facts.text() == f"{data.listing.label(place)} · training · 20 × 40 px · shown at 400 %"
    assert sheet.large.picture.pixmap().height() == 160
    QTest.keyClick(sheet.large, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: sheet.large.place == int(data.places()[3]), timeout=PATIENCE)
    before = data.marked.images
    QTest.keyClick(sheet.large, Qt.Key.Key_Space)
    assert data.marked.images != before
    QTest.keyClick(sheet.large, Qt.Key.Key_Escape)
    assert not sheet.large.isVisible()
    assert QApplication.focusWidget() is grid
    assert grid.current == int(data.places()[3])


def test_a_double_click_opens_the_large_view(sheet, grid, qtbot):
    QTest.mouseDClick(grid.viewport(), LEFT, NONE, grid.area_of(1).center())
    qtbot.waitUntil(lambda: sheet.large is not None and sheet.large.isVisible(), timeout=PATIENCE)
    sheet.large.close_up()


def test_the_menu_copies_the_path_of_a_file(sheet, grid, data):
    click(grid, 4)
    grid.menu_wanted.emit(grid.current, QPoint(0, 0))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = {action.text().partition("\t")[0]: action for action in menu.actions()}
    words = ["Large view", "Mark for the preview", "Open in the file manager", "Copy path"]
    assert list(filter(None, actions)) == words
    actions["Copy path"].trigger()
    menu.close()
    assert QApplication.clipboard().text() == str(data.listing.pictures.path(grid.current))


def test_files_that_go_while_they_are_shown_are_told(sheet, grid, data, pets, qtbot, show):
    settle(sheet, qtbot)
    for file in sorted(pets.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    pets.rmdir()
    QTest.keyClick(grid, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: data.said.wrong, timeout=PATIENCE)
    assert data.said.text == f"The folder {pets} is not there any more."
    assert [offer.label for offer in data.said.offers] == ["Choose folder", "Scan again"]
    assert len(data.listing) == 60
    assert grid.isVisible()
    assert sheet.pictures.picture(int(data.places()[0])) is not None


def test_no_data_set_lists_those_that_there_are(sheet, document, data, read):
    document.change_settings("Folder", document.project.data.from_source(Folder()))
    read()
    assert sheet.empty.isVisible()
    assert sheet.empty.title.text() == "Choose a data set"
    QTest.mouseClick(sheet.empty.sets[0], LEFT)
    assert document.project.data.source.name == "digits"
    read()
    assert sheet.grid.isVisible()
    assert not sheet.empty.isVisible()


def test_a_set_that_is_not_here_offers_its_download(sheet, document, data, read):
    from engine.data.published_sets import MNIST

    document.change_settings("MNIST", document.project.data.from_source(MNIST()))
    read()
    assert sheet.empty.title.text() == "MNIST"
    assert [button.text() for button in sheet.empty.offers] == ["Download 11.6 MB", "Choose a file…"]
    assert data.marked.images == ()


def test_the_large_view_goes_with_its_data_set(sheet, grid, document, data, read, qtbot):
    click(grid, 2)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.large is not None and sheet.large.isVisible(), timeout=PATIENCE)
    document.undo_stack.undo()
    read()
    assert data.found.source.name == "digits"
    assert not sheet.large.isVisible()


def test_accents_case_and_unicode_forms_do_not_matter_to_a_search(sheet, data, panel, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "places", {"E\u0301cole": 4, "Straße": 4, "mer": 4})))
    read()
    for text, label in {"ecole": "École", "ÉCOLE": "École", "E\u0301c": "École", "strasse": "Straße"}.items():
        data.shown.search(text)
        assert {data.listing.label(place) for place in data.places()} == {label}


def test_the_sign_of_numbers_alone_says_what_it_is_for(sheet, data, read):
    read()
    data.shown.search("#")
    assert sheet.nothing.isVisible()
    assert sheet.nothing.text() == "#12 finds the image with the number 12 of each class."
