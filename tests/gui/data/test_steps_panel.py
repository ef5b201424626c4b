"""The panels of steps and sampling, as a person uses them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data.augmentation.presets import PRESETS, steps_of
from engine.data.augmentation.step import AUGMENTATION
from engine.data.settings import DataSettings
from engine.data.warnings import Waited
from gui.data.marked import Marked
from gui.data.received.preview import preview_of
from gui.data.steps.adding import groups
from gui.data.steps.changes import likeness
from gui.data.steps.panel import StepsPanel
from gui.data.steps.sampling import SamplingPanel
from gui.widgets.card_note import NoteBox

PATIENCE = 60_000


def made(steps):
    return DataSettings(steps=steps).steps


def changed(step, **settings):
    return step.model_copy(update=settings)


class TestLikeness:
    @pytest.mark.parametrize("name", PRESETS)
    def test_each_preset_is_like_itself(self, name):
        found = likeness(steps_of(name))
        assert found.preset is PRESETS[name]
        assert found.changes == ()

    def test_changes_are_named_with_their_numbers(self):
        crop, mirror, rotate, jitter = steps_of("photos")
        steps = (
            crop.model_copy(update={"area": (0.08, 1.0)}),
            mirror,
            rotate,
            jitter.model_copy(update={"hue": (-30, 30)}),
            *made(({"name": "erase", "on": False},)),
        )
        assert likeness(steps).sentence() == "Photos with 2 changes: area kept from 8 %, hue ±30°"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda photos: photos[1:], "no resize then crop"),
            (lambda photos: (photos[0], photos[2], photos[1], photos[3]), "another order"),
            (lambda photos: (*photos, *made(("erase",))), "erase added"),
            (lambda photos: (photos[0].switched(False), *photos[1:]), "resize then crop off"),
            (
                lambda photos: (photos[0], photos[1].model_copy(update={"probability": 0.25}), *photos[2:]),
                "mirror 25 %",
            ),
            (lambda photos: (photos[0], photos[1].model_copy(update={"direction": "up_down"}), *photos[2:]), "up–down"),
        ],
    )
    def test_one_change(self, change, words):
        (found,) = likeness(change(steps_of("photos"))).changes
        assert words in found

    def test_steps_that_no_preset_has_are_ones_own(self):
        assert likeness(made(("greyscale",))).sentence() == "Steps of your own"

    def test_many_changes_are_counted(self):
        found = likeness((*steps_of("photos"), *made(("erase", "shear", "hue", "lens", "pad"))))
        assert found.sentence().endswith("erase added, shear added, hue added and 2 more")


@pytest.fixture
def panel(document, show):
    document.change_settings("Photos", DataSettings(steps=steps_of("photos")))
    panel = StepsPanel(document)
    preview_of(document).watch(Marked(document))
    show(panel, 384, 900)
    yield panel
    panel.preview.close()


def names(document):
    return [step.name for step in document.project.data.steps]


class TestPresets:
    def test_a_preset_is_taken_as_one_step(self, panel, document, show):
        QTest.mouseClick(panel.presets.button("alexnet_2012"), Qt.MouseButton.LeftButton)
        show()
        assert names(document) == ["crop", "mirror", "pca_colour"]
        assert panel.about.text() == PRESETS["alexnet_2012"].help()
        assert not panel.reset.isVisible()
        document.undo_stack.undo()
        show()
        assert panel.presets.value == "photos"

    def test_reset_goes_back_to_the_preset(self, panel, document, show):
        panel.steps.remove(1)
        show()
        assert panel.about.text() == "Photos with 1 change: no mirror"
        QTest.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
        show()
        assert document.project.data.steps == steps_of("photos")
        assert not panel.reset.isVisible()

    def test_no_steps_say_what_that_means_and_offer_photos(self, panel, document, show):
        QTest.mouseClick(panel.presets.button("none"), Qt.MouseButton.LeftButton)
        show()
        assert panel.nothing.isVisible()
        assert panel.nothing.text() == "No steps: every epoch shows the same images."
        QTest.mouseClick(panel.offer, Qt.MouseButton.LeftButton)
        show()
        assert document.project.data.steps == steps_of("photos")
        assert not panel.nothing.isVisible()

    def test_a_narrow_dock_has_a_list_of_presets_and_a_menu_of_steps(self, panel, document, show):
        panel.window().resize(320, 800)
        show()
        assert not panel.presets.isVisible()
        assert panel.short.isVisible()
        assert panel.adding.button.isVisible()
        assert not any(chip.isVisible() for chip in panel.adding.chips.values())
        panel.adding.menu.aboutToShow.emit()
        added = {action.text(): action for action in panel.adding.menu.actions() if not action.isSeparator()}
        assert len(added) == len(AUGMENTATION)
        added["Erase"].trigger()
        assert names(document)[-1] == "erase"

    def test_nothing_is_wider_than_the_dock(self, panel, show):
        for width in (384, 320):
            panel.window().resize(width, 900)
            show()
            for card in panel.steps.cards:
                assert card.width() <= width
                assert card.minimumSizeHint().width() <= width - 12


class TestAdding:
    def test_every_step_has_a_chip_in_its_group(self, panel):
        assert set(panel.adding.chips) == set(AUGMENTATION)
        assert [group for group, _ in groups()] == ["Geometry", "Colour", "Occlusion", "Mixing"]

    def test_a_click_adds_at_the_end(self, panel, document, show):
        QTest.mouseClick(panel.adding.chips["shear"], Qt.MouseButton.LeftButton)
        show()
        assert names(document)[-1] == "shear"
        assert panel.steps.current == 4
        assert document.undo_stack.undoText() == "Add Shear"

    def test_a_chip_is_dragged_to_a_place_in_the_list(self, panel, document, show):
        chip, second = panel.adding.chips["erase"], panel.steps.cards[1]
        to = chip.mapFromGlobal(second.mapToGlobal(QPoint(60, 2)))
        QTest.mousePress(chip, Qt.MouseButton.LeftButton, pos=chip.rect().center())
        QTest.mouseMove(chip, to)
        assert panel.steps.landing_line.isVisible()
        QTest.mouseRelease(chip, Qt.MouseButton.LeftButton, pos=to)
        show()
        assert names(document) == ["resize_crop", "erase", "mirror", "rotate", "colour_jitter"]
        assert not panel.steps.landing_line.isVisible()
        assert document.undo_stack.count() == 2

    def test_a_chip_let_go_elsewhere_adds_nothing(self, panel, document, show):
        chip = panel.adding.chips["erase"]
        QTest.mousePress(chip, Qt.MouseButton.LeftButton, pos=chip.rect().center())
        QTest.mouseMove(chip, QPoint(-400, 100))
        QTest.mouseRelease(chip, Qt.MouseButton.LeftButton, pos=QPoint(-400, 100))
        show()
        assert len(names(document)) == 4

    def test_a_opens_what_can_be_added_where_there_are_no_steps_too(self, panel, document, show):
        panel.take_preset("none")
        show()
        panel.offer.setFocus()
        QTest.keyClick(panel.offer, Qt.Key.Key_A)
        show()
        assert panel.steps.finder.isVisible()
        QTest.keyClicks(panel.steps.finder.field, "warp")
        QTest.keyClick(panel.steps.finder.field, Qt.Key.Key_Return)
        show()
        assert names(document) == ["warp"]


class TestRanges:
    def test_a_drag_of_a_handle_is_one_step_and_can_be_undone(self, panel, document, show):
        handle = panel.steps.cards[2].fields["angle"].editor.track.handles[1]
        middle = handle.rect().center()
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
        for _ in range(4):
            QTest.mouseMove(handle, middle + QPoint(8, 0))
            show()
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
        low, high = document.project.data.steps[2].angle
        assert low == -20
        assert high > 40
        assert document.undo_stack.count() == 2
        document.undo_stack.undo()
        show()
        assert document.project.data.steps[2].angle == (-20, 20)
        assert panel.steps.cards[2].fields["angle"].editor.words.text() == "−20° – +20°"

    def test_a_range_upside_down_is_refused_in_a_sentence_below_it(self, panel, document, show):
        panel.steps.cards[2].setFocus()
        field = panel.steps.cards[2].fields["angle"]
        end = field.editor.ends[0]
        end.setFocus()
        end.selectAll()
        QTest.keyClicks(end, "45")
        show()
        assert field.reason.isVisible()
        assert "Angle has its lower end 45 above its upper end 20." in field.reason.text()
        assert "−20° – +20° stays in force" in field.reason.text()
        assert document.project.data.steps[2].angle == (-20, 20)
        assert end.text() == "45"
        QTest.keyClick(end, Qt.Key.Key_Escape)
        assert end.text() == "−20°"
        assert not field.reason.isVisible()


class TestSelection:
    def test_the_current_card_is_the_step_that_is_looked_at(self, panel, show):
        panel.steps.cards[2].setFocus()
        assert panel.preview.selected == 2
        panel.preview.select(1)
        assert panel.steps.current == 1
        assert panel.steps.cards[1].property("current")


class TestWhatComesOfIt:
    def wait(self, panel, qtbot):
        preview = panel.preview
        qtbot.waitUntil(lambda: preview.up_to_date and not preview.judging, timeout=PATIENCE)
        for _ in range(3):
            QApplication.processEvents()

    def test_a_warning_stands_in_its_card_and_its_button_changes_that_step_alone(self, panel, document, qtbot, show):
        wrong = steps_of("photos")[1].model_copy(update={"direction": "up_down"})
        data = document.project.data.model_copy(update={"steps": (wrong, *made(("shift",)))})
        document.change_settings("Wrong", data)
        show()
        self.wait(panel, qtbot)
        boxes = [box for box in panel.findChildren(NoteBox) if box.isVisible()]
        box = next(box for box in boxes if "turns 6 into 9" in box.text.text())
        assert panel.steps.cards[0].isAncestorOf(box)
        panel.steps.cards[1].toggle()
        QTest.mouseClick(box.button, Qt.MouseButton.LeftButton)
        assert document.project.data.steps[0].direction == "left_right"
        assert not document.project.data.steps[1].on

    def test_the_cost_and_the_figures_are_told(self, panel, document, qtbot, show):
        document.change_settings("Rotate", DataSettings(steps=("rotate",)))
        show()
        self.wait(panel, qtbot)
        assert "a batch of 32 on CPU" in panel.cost.text()
        assert panel.cost.isVisible()
        assert panel.normalise.figures.text().startswith("mean .")
        document.change_settings("None", DataSettings())
        show()
        assert not panel.cost.isVisible()

    @pytest.mark.parametrize(("name", "said"), [("none", "0 to 255"), ("zero_to_one", "0 to 1")])
    def test_what_shifts_nothing_tells_its_range(self, panel, document, qtbot, show, name, said):
        document.change_settings("Normalise", DataSettings(normalise=name))
        show()
        self.wait(panel, qtbot)
        assert panel.normalise.figures.text() == said

    def test_normalise_is_chosen_with_its_settings(self, panel, document, show):
        chooser = panel.normalise.form.rows["normalise"].editor
        chooser.setCurrentIndex(chooser.findData("own"))
        chooser.activated.emit(chooser.currentIndex())
        show()
        assert document.project.data.normalise.name == "own"
        mean = panel.normalise.form.row("normalise.mean").editor
        mean.setFocus()
        mean.selectAll()
        QTest.keyClicks(mean, "0.25")
        assert document.project.data.normalise.mean == (0.25,)

    def test_draws_at_test_time_are_switched_and_counted(self, panel, document, show):
        QTest.mouseClick(panel.testing.switch, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
        show()
        assert document.project.data.test_time == 10
        assert panel.testing.effect.text() == "10 times as long"
        draws = panel.testing.form.rows["test_time"].editor
        draws.setFocus()
        draws.selectAll()
        QTest.keyClicks(draws, "5")
        show()
        assert document.project.data.test_time == 5
        QTest.mouseClick(panel.testing.switch, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
        show()
        assert document.project.data.test_time == 0
        assert not draws.isVisible()


class TestSampling:
    def test_weighted_sampling_and_class_weights_are_undo_steps(self, document, show):
        panel = SamplingPanel(document)
        show(panel, 384, 600)
        chooser = panel.form.rows["sampling"].editor
        chooser.setCurrentIndex(chooser.findData("weighted"))
        chooser.activated.emit(chooser.currentIndex())
        show()
        assert document.project.data.sampling.name == "weighted"
        assert "equally often" in panel.help.text()
        QTest.mouseClick(panel.weights, Qt.MouseButton.LeftButton, pos=QPoint(8, 14))
        assert document.project.training.loss.class_weights
        show()
        assert panel.weights.isChecked()
        QTest.mouseClick(panel.weights, Qt.MouseButton.LeftButton, pos=QPoint(8, 14))
        assert not document.project.training.loss.class_weights
        document.undo_stack.undo()
        document.undo_stack.undo()
        document.undo_stack.undo()
        assert document.project.data.sampling.name == "plain"


def test_cards_of_the_presets_are_made_before_they_are_wanted_and_one_in_each_turn(panel, monkeypatch, qtbot):
    steps, made = panel.steps, []
    make = steps._make
    monkeypatch.setattr(steps, "_make", lambda choice: made.append(choice.name) or make(choice))
    steps._spare.clear()
    panel.hide()
    panel.show()
    assert not made
    qtbot.waitUntil(lambda: not steps._making.isActive())
    wanted = {step.name for preset in PRESETS.values() for step in preset.steps}
    assert set(made) == wanted - {card.choice.name for card in steps.cards}
    made.clear()
    panel.take_preset("photos")
    panel.take_preset("alexnet_2012")
    assert not made


def test_a_step_that_grey_images_cannot_take_says_so_and_is_switched_off(panel, document, show):
    panel.steps.add("hue")
    show()
    (box,) = panel.steps.cards[-1].findChildren(NoteBox)
    assert box.text.text() == "Hue changes colours, but the network takes grey images."
    assert not panel.cost.isVisible()
    QTest.mouseClick(box.button, Qt.MouseButton.LeftButton)
    assert not document.project.data.steps[-1].on
    show()
    assert not panel.steps.cards[-1]._notes
    assert document.undo_stack.undoText() == "Switch Hue off"


def test_a_run_that_waited_for_its_batches_is_told_with_workers_that_help(panel, document, monkeypatch, qtbot):
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    data = document.project.data
    assert not panel.waiting.findChildren(NoteBox)
    panel.waiting.readiness.learn_waited(Waited(data, 0.03, 0.001))
    QApplication.processEvents()
    assert panel.pace.isVisible()
    assert panel.pace.text() == "loader keeps up"
    panel.waiting.readiness.learn_waited(Waited(data, 0.23, 0.01, ("colour_jitter",), 0.041))
    assert "waiting" in {problem.code for problem in panel.waiting.readiness.problems}
    (box,) = panel.waiting.findChildren(NoteBox)
    assert box.text.text() == "Colour jitter takes 41 ms a batch; the training waits 23 % of the time."
    QTest.mouseClick(box.button, Qt.MouseButton.LeftButton)
    assert document.project.data == data.model_copy(update={"workers": 4})
    qtbot.waitUntil(lambda: not panel.waiting._notes.count(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not panel.pace.isVisible(), timeout=PATIENCE)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: panel.waiting._notes.count() == 1, timeout=PATIENCE)


def test_workers_that_the_computer_chooses_are_automatic_and_typed_as_that_or_as_a_number(panel, document):
    field = panel.waiting.form.rows["workers"].editor
    assert field.text() == "Automatic"
    for text, workers, shown in (("3", 3, "3"), ("automatic", 0, "Automatic"), ("0", 0, "Automatic")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert document.project.data.workers == workers
        assert field.text() == shown
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert document.project.data.workers == 1
