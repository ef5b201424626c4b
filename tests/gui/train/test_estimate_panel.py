"""What Train says of the next run: it follows each key, keeps nothing old, mends what does not fit, and measures."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from train_parts import PATIENCE, settings

from engine.layers.activation import ReLU
from engine.layers.linear import Linear
from engine.machine.memory import Memory
from engine.network import Network
from engine.recipe.recipe import Device, Precision
from engine.words import brief
from gui.style.appearance import ThemeChoice, appearance
from gui.train.estimate import estimating
from gui.train.estimate.panel import EstimatePanel
from gui.train.estimate.words import otherwise_words
from gui.train.recipe.panel import RecipePanel

GIGABYTE = 10**9


@pytest.fixture
def panel(document, runs, qtbot):
    made = EstimatePanel(document, runs)
    made.resize(664, 460)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def settled(panel, qtbot):
    """Wait until the panel says what is so now."""

    def wait():
        known = panel.estimating
        qtbot.waitUntil(lambda: not panel._stale and not known.busy and bool(known.others), timeout=PATIENCE)
        return panel

    return wait


@pytest.fixture
def small(monkeypatch):
    """A computer with so many bytes of memory."""

    def have(total, used=0):
        monkeypatch.setattr("engine.training.estimate.device_memory", lambda _: Memory(used, total))

    return have


def tile(panel, caption):
    """What a card says: its figure and its note."""
    found = next(one for one in panel.tiles if one._caption.startswith(caption))
    return found._figure.text(), found._note.text()


def others(panel):
    layout = panel.others.layout()
    return [layout.itemAt(index).widget().text() for index in range(layout.count())]


def bytes_of(panel):
    return {part.name: part.bytes for part in panel.legend.parts}


def test_it_adds_up_and_says_how_much_is_left(settled, small):
    small(2 * GIGABYTE, used=GIGABYTE // 2)
    panel = settled()
    parts = bytes_of(panel)
    weights = 4 * (4 * 9 + 4 + 10 * 4 * 6 * 6 + 10)
    assert (parts["weights"], parts["gradients"], parts["optimiser"]) == (weights, weights, 2 * weights)
    assert parts["program"] == GIGABYTE // 2
    assert panel.of.text() == "of 2.00 GB in this computer"
    assert panel.needed.text() == "500 MB"
    assert panel.free.text() == "1.50 GB free"
    assert panel.about.text() == "tiny, 1.49 k parameters, 2.74 kMACs an image"
    assert tile(panel, "Epoch")[1] == "20 steps and validation"
    assert tile(panel, "Run")[1] == "2 epochs"
    assert tile(panel, "Largest batch")[1] == "all training images"
    assert [text.partition(":")[0] for text in others(panel)] == ["What if", "bfloat16", "accumulate 2", "batch 32"]
    assert "calculated" in panel.basis.text()


def test_it_follows_what_is_typed_in_the_form(settled, document, qtbot):
    form = RecipePanel(document)
    qtbot.addWidget(form)
    form.resize(320, 900)
    form.show()
    before = bytes_of(settled())
    field = form.form.rows["batch_size"].editor
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "128")
    assert document.project.training.batch_size == 128
    after = bytes_of(settled())
    assert after["activations"] > 1.5 * before["activations"]
    assert after["weights"] == before["weights"]
    assert "batch 64" in others(settled())[-1]


def test_an_answer_to_an_old_question_is_never_shown(settled, document, hold, qtbot):
    panel = settled()
    held = hold("engine.training.estimate.Estimator.estimate")
    document.change_settings("Batch", settings(batch_size=7))
    qtbot.waitUntil(lambda: bool(held.threads), timeout=PATIENCE)
    shown = []
    panel.estimating.changed.connect(lambda: shown.append(panel.estimating.found.batch_size))
    document.change_settings("Batch", settings(batch_size=9))
    qtbot.waitUntil(lambda: 9 in shown, timeout=PATIENCE)
    assert panel.needed.text()  # what was there before stayed
    held.let_go()
    settled()
    assert set(shown) <= {64, 9}
    assert panel.estimating.found.batch_size == 9


def test_an_answer_that_comes_between_two_keys_is_not_taken_for_that_to_the_second(settled, document, hold, qtbot):
    known = settled().estimating
    held = hold("engine.training.estimate.Estimator.estimate")
    document.change_settings("Batch", settings(batch_size=7))
    qtbot.waitUntil(lambda: bool(held.threads), timeout=PATIENCE)
    known._delay.setInterval(2 * PATIENCE)
    document.change_settings("Batch", settings(batch_size=9))
    qtbot.waitUntil(known._delay.isActive, timeout=PATIENCE)
    shown = []
    known.changed.connect(lambda: shown.append(known.found.batch_size))
    held.let_go()
    qtbot.waitUntil(lambda: not known._job.running, timeout=PATIENCE)
    known._delay.start(0)
    settled()
    assert set(shown) <= {64, 9}
    assert known.found.batch_size == 9


def test_an_edit_of_the_network_is_followed_and_one_of_its_places_is_not(settled, document):
    before = bytes_of(settled())["weights"]
    document.edit("Wider", lambda network: network.set_layer("fc", Linear(out_features=10, bias=False)))
    panel = settled()
    assert bytes_of(panel)["weights"] == before - 40
    asked = panel.estimating._asked
    document.edit("Move", lambda network: network.set_node("fc", position=(500.0, 5.0)))
    assert settled().estimating._asked is asked


def test_what_is_too_large_is_mended_in_one_undo_step(settled, small, document, qtbot):
    document.change_settings("Batch", settings(batch_size=4096, precision=Precision.BFLOAT16))
    small(1_000_000)
    panel = settled()
    needs = f"bfloat16 at batch 4\u202f096 needs {panel.needed.text()}, this computer has 1.00 MB."
    assert panel.note.text.text() == needs
    assert panel.free.text().endswith("too much")
    largest = panel.estimating.found.largest_batch
    assert panel.note.button.text().replace("\u202f", "") == f"Batch {largest}"
    steps = document.undo_stack.count()
    QTest.mouseClick(panel.note.button, Qt.MouseButton.LeftButton)
    assert document.project.training.batch_size == largest
    assert document.undo_stack.count() == steps + 1
    assert settled().note is None
    document.undo_stack.undo()
    assert document.project.training.batch_size == 4096
    assert settled().note is not None


def test_the_batch_that_fits_is_the_one_that_the_form_offers(settled, small, document, monkeypatch, qtbot):
    monkeypatch.setattr("engine.project.readiness.free_bytes", lambda: 900_000)
    document.change_settings("Batch", settings(batch_size=1000, learning_rate=0.1))
    small(1_000_000)
    panel = settled()
    qtbot.waitUntil(lambda: bool(panel.runs.readiness.problems), timeout=PATIENCE)
    (problem,) = panel.runs.readiness.problems
    qtbot.waitUntil(lambda: panel.note.button.text() == problem.suggestions[0].label, timeout=PATIENCE)
    QTest.mouseClick(panel.note.button, Qt.MouseButton.LeftButton)
    assert settled().note is None
    assert panel.runs.readiness.problems == ()


def test_half_the_number_format_is_offered_where_that_is_enough(settled, small, document):
    document.change_settings("Batch", settings(batch_size=4096))
    needed = settled().estimating.found
    halved = next(other for other in settled().estimating.others if other.label == "bfloat16").found
    small((needed.bytes - bytes_of(settled())["program"] + halved.bytes - halved.parts[-1].bytes) // 2)
    document.change_settings("Epochs", settings(batch_size=4096, epochs=3))
    panel = settled()
    assert panel.note.button.text() == "bfloat16"
    QTest.mouseClick(panel.note.button, Qt.MouseButton.LeftButton)
    assert document.project.training.precision is Precision.BFLOAT16
    assert settled().note is None


def test_where_not_even_one_image_fits_nothing_is_offered(settled, small):
    small(1000)
    panel = settled()
    assert panel.note.button.isHidden()
    assert tile(panel, "Largest batch") == ("0", "not even one image fits")


def test_without_a_network_a_template_is_offered(panel, document, qtbot):
    document.replace(replace(document.project, network=Network()))
    qtbot.waitUntil(lambda: panel.empty.text() == "Draw a network first.", timeout=PATIENCE)
    with qtbot.waitSignal(panel.template_wanted):
        QTest.mouseClick(panel.offer, Qt.MouseButton.LeftButton)


def test_a_network_with_problems_says_which_and_leads_there(settled, document, qtbot):
    panel = settled()
    document.edit("Remove", lambda network: network.remove("flatten"))
    qtbot.waitUntil(lambda: panel.figures.isHidden(), timeout=PATIENCE)
    assert panel.empty.text() == panel.runs.obstacle.text
    with qtbot.waitSignal(panel.problems_wanted):
        QTest.mouseClick(panel.offer, Qt.MouseButton.LeftButton)
    document.undo_stack.undo()
    assert not settled().figures.isHidden()


def test_a_device_that_is_not_there_is_said(panel, document, qtbot):
    document.change_settings("Device", settings(device=Device.MPS))
    qtbot.waitUntil(lambda: "no mps device" in panel.empty.text(), timeout=PATIENCE)
    assert panel.figures.isHidden()
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: not panel.figures.isHidden(), timeout=PATIENCE)


def test_measured_steps_take_the_place_of_calculated_ones(settled, document, qtbot):
    panel = settled()
    QTest.mouseClick(panel.measure, Qt.MouseButton.LeftButton)
    assert not panel.measure.isEnabled()
    qtbot.waitUntil(lambda: "measured steps" in panel.basis.text(), timeout=PATIENCE)
    assert panel.tiles[0]._caption == "Step"
    assert panel.measure.isEnabled()
    document.change_settings("Epochs", settings(epochs=9, patience=3, seed=4))  # the same steps
    assert "measured steps" in settled().basis.text()
    assert tile(panel, "Run")[1] == "at most 9 epochs"
    data = document.project.data
    for other in (
        settings(batch_size=7),
        settings(precision=Precision.BFLOAT16),
        settings(optimiser="sgd"),
        data.model_copy(update={"workers": 1}),
    ):
        document.change_settings("Other steps", other)
        assert "calculated" in settled().basis.text()
        document.undo_stack.undo()
        assert "measured steps" in settled().basis.text()


def test_other_settings_take_more_memory_than_these_only_where_they_do(settled, document, monkeypatch):
    held = itertools.count(10**9, 10**9)  # more whenever it is asked for, as after trials of another number format
    monkeypatch.setattr("engine.training.estimate.device_memory", lambda _: Memory(next(held), 10**12))
    document.change_settings("Epochs", settings(epochs=3))
    known = settled().estimating
    taken = {other.label: other.found.bytes for other in known.others}
    assert taken["batch 32"] < known.found.bytes
    assert taken["accumulate 2"] == known.found.bytes


def test_other_settings_are_as_much_slower_as_steps_have_been_found_to_be(settled):
    panel = settled()
    found = panel.estimating.found
    other = next(one for one in panel.estimating.others if one.label == "batch 32")
    seconds = other.found.times.epoch
    for slower in (1.0, 3.0):
        told, wrong = otherwise_words(other, found, slower)
        assert told.endswith(f", epoch about {brief(float(f'{slower * seconds:.2g}'))}")
        assert wrong == ""
    halved = next(one for one in panel.estimating.others if one.label == "bfloat16")
    assert ", epoch about " in otherwise_words(halved, found, 1.0)[0]
    assert "epoch" not in otherwise_words(halved, found, 3.0)[0]  # nobody has found how slow these are
    panel.estimating.found = found.at_pace(found.pace.measured(3 * found.pace.step, 20), settings(), None)
    assert panel.estimating.slower == pytest.approx(3)


def test_a_run_ends_the_measuring_and_its_steps_are_gone_by(settled, finish, hold, qtbot):
    panel = settled()
    held = hold("engine.runs.measuring.prepare")
    QTest.mouseClick(panel.measure, Qt.MouseButton.LeftButton)
    held.wait()
    panel.runs.start()
    assert not panel.estimating.paces.measuring
    assert not panel.measure.isEnabled()
    assert "is still training" in panel.measure.toolTip()
    held.let_go()
    qtbot.waitUntil(lambda: panel.runs.active is None, timeout=PATIENCE)
    assert panel.runs.current.status.value == "finished"
    assert settled().basis.text() == "Times as in run 1 · tiny, 40 steps."
    assert panel.measure.isEnabled()


def test_escape_ends_the_measuring(settled, hold, qtbot):
    panel = settled()
    held = hold("engine.runs.measuring.prepare")
    QTest.mouseClick(panel.measure, Qt.MouseButton.LeftButton)
    held.wait()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.estimating.paces.measuring
    assert panel.measure.isEnabled()
    assert "calculated" in panel.basis.text()


def test_the_pointer_names_a_part_in_bar_and_legend(settled, small):
    small(4_000_000)
    panel = settled()
    part, area = next((part, area) for part, area in panel.bar.areas() if part.name == "activations")
    QTest.mouseMove(panel.bar, area.center().toPoint())
    assert panel.legend.marked == panel.bar.marked == "activations"
    assert panel.bar.part_at(area.center().x(), 10) is part
    QTest.mouseMove(panel.legend, QPoint(20, 10))
    assert panel.legend.marked == panel.bar.marked == "weights"
    assert "Activations" in panel.bar.accessibleDescription()
    assert "Activations" in panel.legend.accessibleDescription()


@pytest.mark.parametrize("theme", [ThemeChoice.DARK, ThemeChoice.LIGHT])
@pytest.mark.parametrize("width", [664, 448, 420])
def test_nothing_is_cut_off_at_any_width(settled, theme, width, qtbot):
    panel = settled()
    appearance().choose(theme)
    panel.resize(width, 460)
    last, columns = panel.tiles[-1], 4 if width == 664 else 2
    qtbot.waitUntil(lambda: round(width / (last.width() + 8)) == columns, timeout=PATIENCE)
    area = panel.figures
    assert area.widget().width() <= area.viewport().width()
    for label in panel.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.width() >= min(label.sizeHint().width(), 200) or label.wordWrap(), label.text()
    bottom = [one.geometry().bottom() for one in (panel.bar, panel.legend, *panel.tiles, panel.others)]
    assert len(panel.legend.parts) == 5
    assert bottom == sorted(bottom)


def test_a_hidden_panel_rests(settled, document, qtbot):
    panel = settled()
    panel.hide()
    document.change_settings("Batch", settings(batch_size=7))
    document.edit("Add", lambda network: network.add(ReLU(), "more"))
    document.undo_stack.undo()
    assert not panel.estimating.busy
    panel.show()
    assert settled().estimating.found.batch_size == 7


def test_why_nothing_is_said_of_other_settings_is_said_in_place_of_it(panel, settled, document, qtbot, monkeypatch):
    assert others(settled())[0] == "What if"

    def burst(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(estimating, "_others", burst)
    document.change_settings("Batch", settings(batch_size=32))
    qtbot.waitUntil(lambda: panel.no_others.isVisible(), timeout=PATIENCE)
    assert panel.no_others.text().startswith(
        "The comparison with other settings ended unexpectedly: ZeroDivisionError."
    )
    assert not panel.others.isVisible()
    assert panel.estimating.found is not None
    monkeypatch.undo()
    document.change_settings("Batch", settings(batch_size=16))
    qtbot.waitUntil(lambda: panel.others.isVisible(), timeout=PATIENCE)
    assert not panel.no_others.isVisible()
