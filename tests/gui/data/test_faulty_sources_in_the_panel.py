"""The Data panel with sources from outside that raise or give what they should not."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from look_parts import PATIENCE

from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.data.source import DataDescription, Thumbnails
from gui.data import DataPanel
from gui.data.sample_loader import Samples
from gui.data.sheet import ClassSheet


class OneCount(Digits):
    """Says of two classes how many images one has."""

    name: ClassVar = "one_count"
    title: ClassVar = "One count"

    @property
    def known(self):
        return None

    def describe(self, *, progress=None):
        return DataDescription("Strange", ("a", "b"), (1,), None)


class WrongLabels(Digits):
    """Gives thumbnails of classes that it does not have."""

    name: ClassVar = "wrong_labels"
    title: ClassVar = "Wrong labels"

    def thumbnails(self, *, per_class=8, edge=48, progress=None):
        return Thumbnails(np.zeros((4, 3, edge, edge), np.uint8), np.array([99] * 4))


@pytest.fixture
def panel(document, show):
    panel = DataPanel(document)
    show(panel, 1056, 330)
    yield panel
    panel.loader.cancel()


@pytest.mark.parametrize("source", [OneCount(), WrongLabels()])
def test_the_panel_says_what_is_wrong_with_a_source(source, panel, show, qtbot):
    panel._take_source("Choose it", source)
    show()
    qtbot.waitUntil(lambda: not panel.loader.running, timeout=PATIENCE)
    show()
    assert panel.message.text().startswith(f"The data set {source.title} cannot be used: ")
    assert panel.samples is None
    panel.grab()


def test_a_row_that_cannot_be_painted_leaves_no_painter_open(qtbot):
    sheet = ClassSheet()
    qtbot.addWidget(sheet)
    whole = Samples(DataSettings(), Digits().describe(), Digits().thumbnails(per_class=2))
    sheet.show_samples(replace(whole, thumbnails=WrongLabels().thumbnails()))
    with pytest.raises(IndexError):
        sheet.grab()
    sheet.show_samples(whole)
    assert not sheet.grab().toImage().isNull()
