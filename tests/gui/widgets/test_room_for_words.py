"""Widgets that give words and pictures the room there is."""

import itertools

import numpy as np
import pytest
from panel_parts import show, styled_panels

from gui.widgets.elided_button import ElidedButton
from gui.widgets.image_grid import EDGE, LARGEST, ImageGrid
from gui.widgets.message_bar import MessageBar, Remedy

__all__ = ["show", "styled_panels"]

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
    bar.tell("Saved.", Remedy("Undo", print))
    bar.window().resize(440, 300)
    show()
    assert bar.buttons[0].mapTo(bar, bar.rect().topLeft()).y() < bar.text.geometry().bottom()


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
