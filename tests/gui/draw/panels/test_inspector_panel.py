"""The Inspector: every setting of every layer, bad values, undo, and what each selection shows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from engine.layers import LAYERS, Shape
from engine.network import Network
from engine.project import Project
from gui.document import Document
from gui.draw.inspector import InspectorPanel
from gui.widgets.form import Form
from gui.widgets.formula_view import steps_of
from gui.widgets.values import Editor, kinds_of


@pytest.fixture
def panel(document, show):
    panel = InspectorPanel(document)
    show(panel, 304, 900)
    return panel


@pytest.fixture
def select(document, show):
    def select(*names):
        document.select(names)
        show()

    return select


def row(panel, field):
    return panel.nodes.settings.form.rows[field]


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def labels(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


class TestSettings:
    def test_shapes_follow_each_key_and_the_stay_is_one_undo_step(self, panel, document, select):
        select("conv1")
        type_into(row(panel, "out_channels").editor, "64")
        assert document.network.layer("conv1").out_channels == 64
        assert document.analysis["pool"].output == Shape(64, 3, 3)
        assert document.undo_stack.count() == 1
        assert document.undo_stack.undoText() == "Change output channels of conv1"
        document.undo_stack.undo()
        assert document.network.layer("conv1").out_channels == 4

    def test_two_stays_are_two_steps(self, panel, document, select):
        select("conv1")
        type_into(row(panel, "out_channels").editor, "8")
        type_into(row(panel, "kernel_size").editor.halves[0], "5")
        type_into(row(panel, "out_channels").editor, "9")
        assert document.undo_stack.count() == 3

    def test_undo_shows_in_the_field_that_has_the_focus(self, panel, document, select, show):
        select("conv1")
        field = row(panel, "out_channels").editor
        type_into(field, "64*2")
        show()
        assert field.text() == "64*2"
        document.undo_stack.undo()
        show()
        assert field.text() == "4"

    def test_an_impossible_value_stays_typed_and_says_why(self, panel, document, select, show):
        select("conv1")
        field = row(panel, "out_channels").editor
        type_into(field, "0")
        show()
        assert field.text() == "0"
        assert field.property("state") == "error"
        reason = row(panel, "out_channels").reason
        assert reason.text() == "Output channels is 0, at least 1 is needed. 4 stays in force."
        assert document.network.layer("conv1").out_channels == 4
        document.edit("Freeze", lambda network: network.set_node("fc", frozen=True))
        show()
        assert field.text() == "0"
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == "4"
        assert not reason.isVisible()

    @pytest.mark.parametrize(
        ("text", "words"),
        [("1000000000", "at most 1\u202f000\u202f000"), ("2.5", "whole number"), ("abc", "Type a number")],
    )
    def test_reasons(self, panel, select, text, words):
        select("conv1")
        type_into(row(panel, "out_channels").editor, text)
        assert words in row(panel, "out_channels").reason.text()

    def test_fast_typing_keeps_every_key(self, panel, document, select, show):
        select("conv1")
        field = row(panel, "out_channels").editor
        type_into(field, "12.5")
        show()
        assert field.text() == "12.5"
        why = "Output channels is 12.5, but a whole number is needed. 4 stays in force."
        assert row(panel, "out_channels").reason.text() == why
        assert document.network.layer("conv1").out_channels == 4

    def test_a_value_that_does_not_fit_here_goes_in_and_says_so_until_it_fits(self, panel, document, select, show):
        select("conv1")
        field = row(panel, "kernel_size").editor.halves[0]
        type_into(field, "9")
        show()
        assert document.network.layer("conv1").kernel_size == (9, 9)
        assert "larger than" in row(panel, "kernel_size").reason.text()
        assert panel.nodes.problem.isVisible()
        assert panel.nodes.shape.output.property("state") == "error"
        type_into(field, "5")
        show()
        assert not row(panel, "kernel_size").reason.isVisible()
        assert not panel.nodes.problem.isVisible()

    def test_advanced_settings_unfold(self, panel, select):
        select("conv1")
        more = panel.nodes.settings.form.more
        assert not row(panel, "groups").isVisible()
        QTest.mouseClick(more.button, Qt.MouseButton.LeftButton)
        assert row(panel, "groups").isVisible()

    def test_several_layers_share_a_form_and_an_undo_step(self, panel, document, select, show):
        document.edit("Add", lambda n: n.add(LAYERS["Conv2d"](out_channels=8), "conv2"))
        select("conv1", "conv2")
        field = row(panel, "out_channels").editor
        assert (field.text(), field.placeholderText()) == ("", "mixed")
        type_into(field, "6")
        show()
        assert [document.network.layer(name).out_channels for name in ("conv1", "conv2")] == [6, 6]
        assert document.undo_stack.count() == 2
        document.undo_stack.undo()
        assert [document.network.layer(name).out_channels for name in ("conv1", "conv2")] == [4, 8]

    def test_different_layers_share_what_is_alike(self, panel, select):
        select("conv1", "fc")
        assert set(panel.nodes.settings.form.rows) == {"bias"}
        select("conv1", "pool")
        assert {"kernel_size", "stride", "padding"} <= set(panel.nodes.settings.form.rows)

    def test_layers_with_nothing_in_common_say_so(self, panel, select):
        select("flatten", "fc")
        assert "These layers share no setting." in labels(panel.nodes.settings)


def other_value(kind):
    """A value that differs from the default and text that types it."""
    match kind.editor:
        case Editor.SWITCH:
            return not kind.default, None
        case Editor.CHOICE:
            return next(word for word in kind.words if word != kind.default), None
        case Editor.INTEGER:
            value = min(kind.default + 1, kind.most)
            return value, str(value)
        case Editor.REAL:
            value = kind.default / 2 or 0.25
            return value, repr(value)
        case Editor.PAIR:
            return (3, 2) if kind.default != (3, 2) else (2, 3), "3x2" if kind.default != (3, 2) else "2x3"
    return None, None


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.__name__)
def test_every_setting_of_every_layer_can_be_edited(layer, qapp, show):
    network = Network()
    network.add(layer(), "node")
    document = Document(Project(network=network))
    panel = InspectorPanel(document)
    show(panel, 304, 1200)
    document.select(["node"])
    show()
    form = panel.nodes.settings.form
    assert set(form.rows) == set(layer.model_fields)
    if hasattr(form, "more"):
        form.more.button.click()
    for kind in kinds_of(layer):
        value, text = other_value(kind)
        if value is None:
            continue
        editor, steps = form.rows[kind.name].editor, document.undo_stack.index()
        if text is not None:
            type_into(editor.halves[0] if kind.editor is Editor.PAIR else editor, text)
        elif kind.editor is Editor.SWITCH:
            QTest.keyClick(editor, Qt.Key.Key_Space)
        else:
            index = kind.words.index(value)
            editor.setCurrentIndex(index)
            editor.activated.emit(index)
        show()
        reason = form.rows[kind.name].reason.text()
        assert reason or getattr(document.network.layer("node"), kind.name) == value
        if not reason:
            assert document.undo_stack.index() == steps + 1
            document.undo_stack.undo()
            show()
    assert document.network.layer("node") == layer()
    assert panel.area.widget().minimumSizeHint().width() <= 304


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.__name__)
def test_a_form_shows_what_a_layer_holds(layer, qapp):
    form = Form(layer)
    form.reset(layer().model_dump())
    form.set_values(layer().model_dump())
    form.deleteLater()


class TestHeader:
    def test_the_name_is_typed_in_place(self, panel, document, select, show):
        select("conv1")
        show()
        panel.nodes.header.name.edit()
        QTest.keyClicks(panel.nodes.header.name.field, "stem")
        QTest.keyClick(panel.nodes.header.name.field, Qt.Key.Key_Return)
        show()
        assert "stem" in document.network
        assert document.selection.names == ("stem",)
        assert document.undo_stack.undoText() == "Rename conv1 to stem"

    def test_a_name_in_a_block_stays_in_it(self, panel, document, select):
        select("block.relu")
        panel.nodes.header.name.renamed.emit("act")
        assert "block.act" in document.network

    @pytest.mark.parametrize("name", ["fc", "a b", "train"])
    def test_a_name_that_cannot_be_is_refused_below_it(self, panel, document, select, name):
        select("conv1")
        panel.nodes.header.name.renamed.emit(name)
        assert panel.nodes.header.reason.isVisible()
        assert panel.nodes.header.reason.text()
        assert "conv1" in document.network

    def test_a_kind_that_no_file_holds_is_refused_below_the_name(self, panel, document):
        document.select(["block"])
        panel.block.kind.setText("x" * 301)
        panel.block.kind.editingFinished.emit()
        assert panel.block.header.reason.text() == "The kind of a block has at most 300 characters."
        assert document.network.block("block").kind == ""

    def test_the_path_is_said(self, panel, select):
        select("block.relu")
        assert panel.nodes.header.about.text() == "ReLU · small › block"

    def test_the_menu_deletes_and_bypasses(self, panel, document, select):
        select("block.relu")
        bypass, delete = panel.nodes.header.menu.actions()[:2]
        bypass.trigger()
        assert document.network["block.relu"].bypassed
        delete.trigger()
        assert "block.relu" not in document.network


class TestShown:
    def test_shapes_and_arithmetic(self, panel, select):
        select("conv1")
        assert [chip.text() for chip in panel.nodes.shape.inputs if chip.isVisible()] == ["1×8×8"]
        assert panel.nodes.shape.output.text() == "4×6×6"
        assert "6" in labels(panel.nodes.shape.formulas)

    @pytest.mark.parametrize(
        ("layer", "result", "steps"),
        [
            (LAYERS["Conv2d"](kernel_size=5, stride=2), "7×7", "3 + (5 − 1)·1"),
            (LAYERS["Conv2d"](kernel_size=5, padding=2, dilation=2), "8×8", "min(3 + (2·(5 − 1))·1, 8)"),
            (LAYERS["Conv2d"](kernel_size=6), "8×8", "3 + (6 − 1)·1"),
            (LAYERS["Conv2d"](kernel_size=3, padding=1, stride=3), "5×5", "3 + (3 − 1)·1"),
            (LAYERS["Conv2d"](kernel_size=5, padding=2, stride=8), "4×4", ""),
            (LAYERS["Crop2d"](), "3×3", ""),
            (LAYERS["Upsample"](mode="bilinear"), "4×4", ""),
            (LAYERS["GlobalAvgPool"](), "8×8", "min(3 + (8 − 1)·1, 8)"),
        ],
    )
    def test_the_receptive_field_shows_the_arithmetic_that_comes_out(
        self, panel, document, select, layer, result, steps
    ):
        network = Network()
        network.add(LAYERS["Input"](channels=1, height=8, width=8), "input")
        network.add(LAYERS["Conv2d"](kernel_size=3, padding=1), "conv", inputs="input")
        network.add(layer, "layer", inputs="conv")
        document.replace(Project(network))
        select("layer")
        shown = panel.nodes.cost.field
        assert (shown.line.result, shown.line.steps) == (result, steps)

    def test_costs_unfold_to_their_formula(self, panel, select):
        select("conv1")
        row = panel.nodes.cost.parameters
        assert row.line.result == "40"
        assert not row.formula.isVisible()
        QTest.mouseClick(row.line, Qt.MouseButton.LeftButton)
        assert row.formula.isVisible()

    def test_freezing_is_one_step_for_all(self, panel, document, select):
        select("conv1", "fc", "flatten")
        QTest.keyClick(panel.nodes.training.freeze, Qt.Key.Key_Space)
        assert [document.network[name].frozen for name in ("conv1", "fc", "flatten")] == [True, True, False]
        assert document.undo_stack.undoText() == "Freeze 2 layers"

    def test_a_layer_without_weights_offers_no_freezing(self, panel, select):
        select("flatten")
        assert not panel.nodes.training.isVisible()

    def test_a_problem_stands_at_the_top_and_its_fix_mends_it(self, panel, document, select, show):
        document.edit("Break", lambda n: (n.remove("flatten"), n.connect("pool", "fc")))
        select("fc")
        assert panel.nodes.problem.isVisible()
        previews = []
        panel.preview_requested.connect(previews.append)
        button = panel.nodes.problem.fixes.first
        button.setFocus()
        assert previews[-1] is document.analysis["fc"].problem.fixes[0]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        show()
        assert document.analysis.ok
        assert not panel.nodes.problem.isVisible()
        assert previews[-1] is None

    def test_a_block(self, panel, document, select, show):
        select("block")
        assert panel.block.isVisible()
        panel.block.kind.setFocus()
        QTest.keyClicks(panel.block.kind, "Rectifier")
        QTest.keyClick(panel.block.kind, Qt.Key.Key_Return)
        assert document.network.block("block").kind == "Rectifier"
        panel.block.expand.click()
        assert document.network.block("block").collapsed
        panel.block.header.name.renamed.emit("stage")
        assert document.network.is_block("stage")
        assert document.selection.names == ("stage",)
        show()
        panel.block.ungroup.click()
        assert not document.network.is_block("stage")

    def test_an_edge(self, panel, document, show):
        edge = document.network.incoming("fc")[0]
        document.select(edge=edge)
        show()
        assert panel.edge.rows["Shape"].line.result == "36"
        panel.edge.delete.click()
        assert edge not in document.network.edges()
        show()
        assert panel.network.isVisible()

    def test_nothing_selected_shows_the_network_and_its_input(self, panel, document, show):
        assert panel.network.isVisible()
        assert panel.network.rows["Layers"].line.result == "7"
        type_into(panel.network.input.form.rows["height"].editor, "16")
        assert document.network.layer("input").height == 16

    def test_an_empty_network_says_how_to_begin(self, qapp, show):
        panel = InspectorPanel(Document())
        show(panel, 304, 500)
        assert panel.network.empty.isVisible()

    def test_a_hidden_inspector_does_nothing_until_it_is_shown(self, panel, document, show):
        panel.hide()
        document.select(["fc"])
        show()
        assert panel.network.isVisibleTo(panel)
        panel.show()
        show()
        assert panel.nodes.header.name.label.text() == "fc"


def test_the_last_step_shares_its_line_with_the_result_if_it_fits():
    from engine.layers import Formula

    short = Formula("H", ("⌊(a + b) / s⌋", "⌊27.5⌋ + 1"), "28")
    assert steps_of(short) == [("⌊(a + b) / s⌋", ""), ("⌊27.5⌋ + 1", "28")]
    long = Formula("Parameters", ("3·3·64·128 + 3·3·64·128 + 128",), "147 584")
    assert steps_of(long) == [(long.steps[0], ""), ("", "147 584")]
    assert steps_of(Formula("C", (), "7")) == [("", "7")]
