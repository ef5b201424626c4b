"""While a field shows what is refused, the value from before it was typed is in force, and not a part of the text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.layers import LAYERS
from gui.draw.inspector import InspectorPanel
from gui.train.recipe.panel import RecipePanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def type_into(show):
    """Puts the keyboard into a field and types; every key is followed by what waits in the event loop."""

    def type_into(field, text):
        field.setFocus()
        field.selectAll()
        for key in text:
            QTest.keyClick(field, key)
            show()

    return type_into


@pytest.fixture
def inspector(document, show):
    panel = InspectorPanel(document)
    show(panel, 304, 900)
    return panel


@pytest.fixture
def training(document, show):
    panel = RecipePanel(document)
    show(panel, 304, 900)
    return panel


def rows_of(panel):
    return panel.nodes.settings.form.rows


class TestRecipe:
    def test_a_learning_rate_of_1000_leaves_the_one_before_in_force(self, training, document, type_into):
        row = training.form.rows["learning_rate"]
        before = document.project.training
        type_into(row.editor, "100")
        assert document.project.training.learning_rate == 100
        type_into(row.editor, "1000")
        assert document.project.training == before
        assert row.editor.text() == "1000"
        assert row.reason.text() == "Learning rate is 1\u202f000, at most 100 fits. 0.003 stays in force."
        assert not document.modified
        assert not document.undo_stack.canUndo()
        assert not document.undo_stack.canRedo()

    def test_leaving_the_field_leaves_text_and_reason(self, training, document, type_into, show):
        row = training.form.rows["learning_rate"]
        type_into(row.editor, "1000")
        training.form.rows["epochs"].editor.setFocus()
        show()
        assert row.editor.text() == "1000"
        assert row.reason.isVisible()
        assert document.project.training.learning_rate == 0.003

    def test_typing_on_to_a_value_that_fits_takes_it_as_one_step(self, training, document, type_into, show):
        row = training.form.rows["learning_rate"]
        type_into(row.editor, "1000")
        QTest.keyClick(row.editor, Qt.Key.Key_Backspace)
        show()
        assert row.editor.text() == "100"
        assert document.project.training.learning_rate == 100
        assert not row.reason.isVisible()
        assert document.undo_stack.count() == 1
        document.undo_stack.undo()
        show()
        assert row.editor.text() == "0.003"

    def test_escape_shows_the_value_in_force(self, training, document, type_into, show):
        row = training.form.rows["learning_rate"]
        type_into(row.editor, "1000")
        QTest.keyClick(row.editor, Qt.Key.Key_Escape)
        show()
        assert row.editor.text() == "0.003"
        assert not row.reason.isVisible()

    @pytest.mark.parametrize("text", ["-", ".", "5-", "5a"])
    def test_what_is_no_number_leaves_the_one_before(self, training, document, type_into, text):
        row = training.form.rows["epochs"]
        before = document.project.training
        type_into(row.editor, text)
        assert row.reason.text().endswith(f" {before.epochs} stays in force.")
        assert document.project.training == before
        assert document.undo_stack.count() == 0

    def test_an_emptied_field_leaves_the_value_before(self, training, document, type_into, show):
        field = training.form.rows["epochs"].editor
        before = document.project.training
        type_into(field, "5")
        assert document.project.training.epochs == 5
        QTest.keyClick(field, Qt.Key.Key_Backspace)
        show()
        assert field.text() == ""
        assert document.project.training == before

    def test_what_enter_confirmed_stays(self, training, document, type_into):
        row = training.form.rows["learning_rate"]
        type_into(row.editor, "10")
        QTest.keyClick(row.editor, Qt.Key.Key_Return)
        type_into(row.editor, "1000")
        assert document.project.training.learning_rate == 10
        assert row.reason.text().endswith("10 stays in force.")
        assert document.undo_stack.count() == 1

    def test_what_was_saved_stays(self, training, document, type_into, tmp_path):
        row = training.form.rows["learning_rate"]
        type_into(row.editor, "10")
        document.mark_saved(tmp_path / "saved.loom")
        QTest.keyClicks(row.editor, "00")
        assert document.project.training.learning_rate == 10
        assert not document.modified

    def test_text_typed_back_to_the_value_leaves_no_step(self, training, document, type_into):
        type_into(training.form.rows["learning_rate"].editor, "0.03")
        assert document.modified
        field = training.form.rows["learning_rate"].editor
        QTest.keyClick(field, Qt.Key.Key_Backspace)
        QTest.keyClicks(field, "03")
        assert field.text() == "0.003"
        assert document.undo_stack.count() == 0
        assert not document.modified


class TestLayerSettings:
    def test_the_network_goes_back(self, inspector, document, type_into, show):
        document.select(["conv1"])
        show()
        before = document.network.copy()
        row = rows_of(inspector)["out_channels"]
        type_into(row.editor, "1000000000")
        assert document.network == before
        assert document.analysis["conv1"].output.channels == 4
        assert row.editor.text() == "1000000000"
        assert row.reason.text().endswith("at most 1\u202f000\u202f000 fits. 4 stays in force.")
        assert document.undo_stack.count() == 0

    def test_the_other_half_of_a_pair_goes_back_too(self, inspector, document, type_into, show):
        document.select(["conv1"])
        show()
        row, before = rows_of(inspector)["kernel_size"], document.network.copy()
        rows, columns = row.editor.halves
        type_into(rows, "5")
        assert columns.text() == "5"
        type_into(rows, "5x5x")
        assert document.network == before
        assert (rows.text(), columns.text()) == ("5x5x", "3")
        assert row.reason.text().endswith("3×3 stays in force.")
        QTest.keyClick(columns, Qt.Key.Key_Escape)
        assert (rows.text(), columns.text()) == ("3", "3")
        assert not row.reason.isVisible()

    def test_a_good_number_in_the_other_half_ends_a_refusal(self, inspector, document, type_into, show):
        document.select(["conv1"])
        show()
        editor = rows_of(inspector)["kernel_size"].editor
        QTest.mouseClick(editor.link, LEFT)
        type_into(editor.halves[0], "0")
        type_into(editor.halves[1], "5")
        assert document.network.layer("conv1").kernel_size == (3, 5)
        assert [half.text() for half in editor.halves] == ["3", "5"]

    def test_a_word_ends_the_refusal_of_a_number(self, inspector, document, type_into, show):
        document.select(["conv1"])
        show()
        row = rows_of(inspector)["padding"]
        type_into(row.editor.halves[0], "a")
        QTest.mouseClick(row.editor.words["same"], LEFT)
        show()
        assert document.network.layer("conv1").padding == "same"
        assert row.editor.halves[0].text() == ""
        assert not row.reason.isVisible()

    def test_several_layers_go_back_each_to_its_own(self, inspector, document, type_into, show):
        document.edit("Add", lambda n: n.add(LAYERS["Conv2d"](out_channels=8), "conv2"))
        document.select(["conv1", "conv2"])
        show()
        row, before = rows_of(inspector)["out_channels"], document.network.copy()
        type_into(row.editor, "6a")
        assert document.network == before
        assert row.editor.text() == "6a"
        assert row.reason.text().endswith("What was there before stays in force.")
        assert document.undo_stack.count() == 1

    def test_the_reason_outlives_a_problem_that_a_part_of_the_text_caused(self, inspector, document, type_into, show):
        document.select(["conv1"])
        show()
        row = rows_of(inspector)["kernel_size"]
        type_into(row.editor.halves[0], "9")
        assert "larger than" in row.reason.text()
        QTest.keyClick(row.editor.halves[0], "a")
        show()
        assert document.analysis.ok
        assert row.reason.text().endswith("3×3 stays in force.")

    def test_an_edit_of_its_own_in_between_is_kept(self, inspector, document, type_into, show):
        document.select(["conv1"])
        show()
        field = rows_of(inspector)["out_channels"].editor
        type_into(field, "6")
        document.edit("Freeze", lambda network: network.set_node("fc", frozen=True))
        show()
        QTest.keyClick(field, "a")
        assert document.network.layer("conv1").out_channels == 6
        assert document.network["fc"].frozen
        assert document.undo_stack.count() == 2
