"""Widgets that give words and pictures the room there is."""

import itertools

import numpy as np
import pytest
from panel_parts import show, styled_panels
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStyleOptionComboBox

from engine.tasks import Reading
from gui.look.prediction_bars import PredictionBars
from gui.style.appearance import appearance
from gui.style.style import role
from gui.train.progress.sample_section import SampleSection
from gui.widgets.choice_field import ChoiceField
from gui.widgets.elided_button import ElidedButton
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.image_grid import EDGE, LARGEST, ImageGrid
from gui.widgets.message_bar import MessageBar, Remedy
from gui.widgets.values import Editor, Kind

__all__ = ["show", "styled_panels"]

OWN = "Each layer's own"
SENTENCE = "Finished: 98.5 %, the best validation accuracy, after epoch 12 of 20."


def test_buttons_of_a_message_stand_below_a_sentence_that_they_would_squeeze(show):
    bar = MessageBar()
    show(bar)
    bar.tell(SENTENCE, Remedy("Look inside", print), Remedy("Evaluate", print), Remedy("Train longer…", print))
    for width, below in ((1200, False), (440, True), (1200, False)):
        bar.window().resize(width, 300)
        show()
        assert (bar.buttons[0].mapTo(bar, bar.rect().topLeft()).y() > bar.text.geometry().bottom()) is below
        assert bar.text.width() >= 300
    bar.window().resize(680, 300)
    show()
    assert bar.buttons[0].mapTo(bar, bar.rect().topLeft()).y() < bar.text.geometry().bottom()
    assert bar.text.heightForWidth(bar.text.width()) <= 2 * bar.text.fontMetrics().lineSpacing() + 2
    bar.tell("Saved.", Remedy("Undo", print))
    bar.window().resize(440, 300)
    show()
    assert bar.buttons[0].mapTo(bar, bar.rect().topLeft()).y() < bar.text.geometry().bottom()


def test_a_message_makes_room_for_buttons_that_come_while_it_is_shown(show):
    bar = MessageBar()
    show(bar, 600, 300)
    bar.tell(SENTENCE)
    show()
    remedies = [Remedy(words, print) for words in ("Look inside", "Evaluate", "Train longer…")]
    for told, below in ((remedies, True), (remedies[1:2], False), (remedies, True)):
        bar.tell(SENTENCE, *told)
        show()
        assert (bar.buttons[0].mapTo(bar, bar.rect().topLeft()).y() > bar.text.geometry().bottom()) is below


def test_a_label_has_its_whole_text_in_the_tooltip_as_soon_as_it_has_the_text(show):
    label = ElidedLabel("short")
    show(label, 120, 40)
    assert label.toolTip() == ""
    label.setText(SENTENCE)
    assert label.toolTip() == SENTENCE
    label.resize(900, 40)
    assert label.toolTip() == ""
    label.resize(label.sizeHint().width(), 40)
    assert label.toolTip() == ""
    role(label, "title")
    assert label.toolTip() == SENTENCE
    label.setText("short")
    assert label.toolTip() == ""


def test_a_sentence_is_retracted_only_while_it_is_shown(show):
    bar = MessageBar()
    show(bar)
    bar.tell("one")
    bar.tell("two")
    bar.retract("one")
    assert bar.isVisible()
    bar.retract("two")
    assert not bar.isVisible()


@pytest.mark.parametrize(
    ("images", "width", "edge"), [(1, 600, LARGEST), (8, 420, LARGEST), (200, 420, EDGE), (40, 420, 48)]
)
def test_images_are_as_large_as_all_of_them_have_room_for(show, images, width, edge):
    grid = ImageGrid()
    grid.show_images(np.zeros((images, 1, 8, 8), np.uint8))
    show(grid, width, 400)
    areas = [grid.click_target().area_of(index) for index in range(images)]
    assert {area.width() for area in areas} == {edge}
    if edge > EDGE:
        assert areas[-1].bottom() <= grid.viewport().height()
    assert not any(a.intersects(b) for a, b in itertools.pairwise(areas))


def test_a_button_gives_way_and_keeps_its_words(show):
    button = ElidedButton()
    button.setText("Connect the first convolution of them all, insert Flatten")
    show(button, 120)
    narrow = button.grab().toImage()
    button.window().resize(900, 300)
    show()
    assert button.minimumSizeHint().width() == 60
    assert narrow.width() < button.sizeHint().width()
    assert button.text() == "Connect the first convolution of them all, insert Flatten"


LONG = "Hemiptera_Auchenorrhyncha_Cicadellidae"


@pytest.mark.parametrize("width", [208, 304])
def test_the_value_of_a_long_name_stands_clear_of_it(show, width):
    section = SampleSection()
    show(section, width + 32, 200)
    view = section.view
    image, pictures = QImage(8, 8, QImage.Format.Format_RGB32), []
    for name in ("", LONG, LONG + LONG):
        view.show_answer(image, (Reading(name, 0.74, is_share=True),))
        pictures.append(view.grab().toImage())
    value = QRect(view.width() - 32, 0, 32, 18)
    assert pictures[0].copy(value) == pictures[1].copy(value) == pictures[2].copy(value)
    assert pictures[0] != pictures[1]
    assert view.toolTip() == f"{LONG}{LONG} 74 %"


def test_names_of_predictions_have_a_third_of_a_wide_panel(show):
    bars = PredictionBars()
    show(bars, 500, 150)
    starts = []
    for name in ("x", LONG):
        bars.show_readings((Reading(name, 1.0, is_share=True),))
        image = bars.grab().toImage()
        accent = appearance().colour("accent").rgb()
        starts.append(next(x for x in range(500) if image.pixel(x, 13) == accent))
    assert starts[0] < 30
    assert 150 < starts[1] < 190
    assert bars.toolTip() == f"{LONG} 100.0 %"


@pytest.mark.parametrize(("width", "whole"), [(96, False), (240, True)])
def test_a_choice_that_has_too_little_room_ends_in_dots(show, width, whole):
    field = ChoiceField(Kind("initialisation", "Initial weights", Editor.CHOICE, "own", words=("own",), labels=(OWN,)))
    field.set_value("own")
    show(field, 300, 60)
    field.setFixedWidth(width)
    show()
    option = QStyleOptionComboBox()
    field.initStyleOption(option)
    assert option.fontMetrics.horizontalAdvance(option.currentText) < width
    assert (option.currentText == OWN) is whole
    assert option.currentText.endswith("…") is not whole
    assert field.currentText() == OWN
