"""The Compare window, driven with mouse and keys: two sides, totals, aligned layers, lessons."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers.convolution import Conv2d
from engine.network.comparison import Match
from engine.project import Project, save_project
from gui.compare.rows_view import Column
from gui.compare.window import CompareWindow
from gui.registry.commands import COMMANDS
from gui.style.appearance import ThemeChoice, appearance
from gui.widgets.choice_field import ChoiceField
from templates import build
from templates.lessons import LESSONS


@pytest.fixture
def compare(window, person):
    """Opens the Compare window by its keys, and waits for what it compares first."""
    person.until(lambda: bool(window.gallery.templates))

    def open_() -> CompareWindow:
        window.activateWindow()
        person.until(window.isActiveWindow)
        person.press("Ctrl+Shift+D")
        found = window.findChild(CompareWindow)
        person.until(lambda: found.comparison is not None)
        return found

    return open_


def names(found):
    return found.comparison.a.name, found.comparison.b.name


def pick(side, text):
    """Choose from the drop-down of a side with the keyboard, as typing its name does."""
    side.combo.setFocus()
    QTest.keyClicks(side.combo, text)
    assert side.combo.currentText().startswith(text)


def test_without_a_drawing_two_templates_stand_side_by_side(compare):
    found = compare()
    assert not found.isModal()
    assert names(found) == ("vgg16", "resnet50")
    assert found.sides["A"].combo.findText("This drawing") < 0
    texts = {row[0]: row[1:] for row in found.totals.texts()}
    assert texts["Parameters"] == ("138 M", "25.6 M", "0.185×")


def test_choices_have_room_for_their_words_in_the_narrowest_window(person, compare):
    found = compare()
    found.resize(found.minimumSizeHint())
    person.until(lambda: found.sides["B"].options.width() < 400)
    choices = [field for field in found.sides["B"].options.fields.values() if isinstance(field, ChoiceField)]
    words = max(field.fontMetrics().horizontalAdvance("projection") for field in choices)
    person.until(lambda: all(field.width() > words + 40 for field in choices))


def test_the_drawing_is_side_a_and_edits_are_followed(window, person, compare):
    person.open_template("lenet5")
    found = compare()
    assert names(found) == ("lenet5", "resnet50")
    before = found.comparison.a.parameters
    window.document.edit(
        "Widen", lambda network: network.set_layer("conv1", Conv2d(out_channels=7, kernel_size=(5, 5)))
    )
    person.until(lambda: found.comparison.a.parameters > before)
    window.document.undo_stack.undo()
    person.until(lambda: found.comparison.a.parameters == before)


def test_what_is_chosen_stays_when_a_drawing_comes_and_goes(window, person, compare):
    found = compare()
    pick(found.sides["B"], "Plain")
    person.until(lambda: names(found) == ("vgg16", "plain34"))
    person.open_template("lenet5")
    person.until(lambda: found.sides["A"].combo.findText("This drawing") == 0)
    assert found.sides["B"].combo.currentText().startswith("Plain")
    pick(found.sides["A"], "This drawing")
    person.until(lambda: names(found) == ("lenet5", "plain34"))
    window.files.close()
    person.until(lambda: names(found) == ("vgg16", "plain34"))
    assert found.sides["A"].combo.findText("This drawing") < 0


def test_an_unfinished_drawing_is_compared_too(window, person, compare):
    person.open_template("lenet5")
    found = compare()
    window.document.edit("Remove", lambda network: network.remove("flatten"))
    person.until(lambda: found.comparison.a.layers == len(window.document.network))
    assert not found.messages.isVisible()


def test_another_template_and_its_options_by_keyboard(person, compare):
    found = compare()
    pick(found.sides["A"], "Plain")
    person.until(lambda: found.comparison.a.name == "plain34")
    depth = found.sides["B"].options.fields["depth"]
    depth.setFocus()
    QTest.keyClicks(depth, "34")
    person.until(lambda: names(found) == ("plain34", "resnet34"))
    alone = [row for row in found.comparison.rows if row.match is Match.ONLY_B]
    assert {row.b.layer for row in alone} >= {"Add"}


def test_a_refused_option_is_told_and_the_last_comparison_stays(person, compare):
    found = compare()
    size = found.sides["B"].options.fields["input_size"]
    size.setFocus()
    size.selectAll()
    QTest.keyClicks(size, "0")
    person.until(lambda: found.messages.isVisible())
    assert names(found) == ("vgg16", "resnet50")
    size.selectAll()
    QTest.keyClicks(size, "64")
    person.until(lambda: found.comparison.b.activation_bytes < 20_000_000)
    assert not found.messages.isVisible()


@pytest.mark.parametrize(("text", "last"), [("1000000", "0"), ("12a", "a")])
def test_what_is_refused_is_not_compared_in_part(person, compare, text, last):
    found = compare()
    before = found.comparison.b.parameters
    classes = found.sides["B"].options.fields["classes"]
    classes.setFocus()
    classes.selectAll()
    QTest.keyClicks(classes, text.removesuffix(last))
    person.until(lambda: found.comparison.b.parameters != before)
    QTest.keyClick(classes, last)
    assert classes.property("state") == "error"
    person.until(lambda: found.comparison.b.parameters == before)
    assert found.messages.text.text().endswith("1000 stays in force.")
    assert found.messages.isVisible()
    assert classes.text() == text
    QTest.keyClick(classes, Qt.Key.Key_Escape)
    assert classes.text() == "1000"
    assert not found.messages.isVisible()


def test_a_project_file_is_a_side_and_a_bad_one_a_sentence(person, compare, tmp_path):
    save_project(Project(build("mlp")), tmp_path / "mine.loom")
    (tmp_path / "bad.loom").write_text("{")
    found = compare()
    found.sides["B"].choose(tmp_path / "mine.loom", "mine.loom")
    person.until(lambda: found.comparison.b.name == "mlp")
    assert found.sides["B"].combo.currentText() == "mine.loom"
    found.sides["B"].choose(tmp_path / "bad.loom", "bad.loom")
    person.until(lambda: found.messages.isVisible())
    assert found.messages.text.text().startswith("B: ")
    assert found.comparison.b.name == "mlp"


def test_each_lesson_is_one_click(window, person, compare):
    found = compare()
    assert {name.removeprefix("lesson_") for name in COMMANDS if name.startswith("lesson_")} == set(LESSONS)
    for name, lesson in LESSONS.items():
        assert COMMANDS[f"lesson_{name}"].text == lesson.title
        person.click(found.lessons[name])
        person.until(lambda lesson=lesson: found.comparison.ratio("multiply_adds") == float(lesson.ratio))
        assert found.lesson_card.isVisible()
        assert found.lesson_card.sentence.text() == lesson.sentence
        assert [button.isChecked() for button in found.lessons.values()].count(True) == 1


def test_a_lesson_from_the_help_menu_and_back_to_templates(window, person):
    person.until(lambda: bool(window.gallery.templates))
    window.actions_["lesson_separable"].trigger()
    found = window.findChild(CompareWindow)
    person.until(lambda: found.comparison is not None and found.comparison.b.name == "depthwise_separable")
    pick(found.sides["B"], "VGG")
    person.until(lambda: found.comparison.b.name == "vgg16")
    assert not found.lesson_card.isVisible()
    assert not any(button.isChecked() for button in found.lessons.values())


def test_only_differences(person, compare):
    found = compare()
    person.click(found.lessons["inception"])
    person.until(lambda: found.comparison.b.name == "inception_reduced")
    assert found.model.rowCount() == 10
    found.only_differences.setFocus()
    QTest.keyClick(found.only_differences, Qt.Key.Key_Space)
    cells = [found.model.index(row, Column.NAME).data() for row in range(found.model.rowCount())]
    assert cells == ["reduce3x3", "reduce5x5", "project"]
    assert found.model.index(0, Column.MATCH).data() == "+ only in B"
    assert found.counts.text() == "7 same · 3 only in B"


def test_rows_change_colour_with_the_theme_but_not_their_words(person, compare):
    found = compare()
    person.click(found.lessons["separable"])
    person.until(lambda: found.comparison.b.name == "depthwise_separable")
    row = next(i for i, row in enumerate(found.comparison.rows) if row.match is Match.CHANGED)
    cell = found.model.index(row, Column.MATCH)
    colours = set()
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        appearance().choose(choice)
        colours.add(cell.data(Qt.ItemDataRole.ForegroundRole).name())
        assert cell.data() == "≠ changed"
        assert not found.grab().isNull()
    assert len(colours) == 2


def test_tab_reaches_every_part(compare):
    found = compare()
    found.activateWindow()
    reached = set()
    for _ in range(40):
        reached.add(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    wanted = {*found.lessons.values(), found.rows, found.only_differences}
    wanted |= {side.combo for side in found.sides.values()}
    assert wanted <= reached


def test_escape_closes_it_and_it_opens_again_as_it_was(person, compare):
    found = compare()
    pick(found.sides["A"], "Plain")
    person.until(lambda: found.comparison.a.name == "plain34")
    QTest.keyClick(found, Qt.Key.Key_Escape)
    assert found.isHidden()
    assert compare() is found
    assert found.sides["A"].combo.currentText().startswith("Plain")


def test_it_closes_with_the_main_window(window, person, compare):
    found = compare()
    found.sides["A"].choose("densenet")
    window.close_at_once()
    assert found.isHidden()


def test_after_a_lesson_the_drawing_is_compared_again(window, person, compare):
    person.open_template("lenet5")
    window.actions_["lesson_inception"].trigger()
    found = window.findChild(CompareWindow)
    person.until(lambda: found.comparison is not None and names(found)[0] != "lenet5")
    found.close()
    window.actions_["compare"].trigger()
    person.until(lambda: names(found) == ("lenet5", "resnet50"))
    assert not found.lesson_card.isVisible()
