"""The Data panel with sources from outside that raise or give what they should not."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from look_parts import PATIENCE

from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.data.source import SOURCES, DataDescription, Thumbnails
from gui.data.chooser import DataChooser
from gui.data.panel import DataPanel
from gui.data.sample_loader import Samples
from gui.data.sheet import ClassSheet
from gui.guard import border
from gui.readiness import readiness_of


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


def silent(word):
    """A source whose ``word`` raises."""

    def fail(_):
        raise KeyError("nobody thought of it")

    names = {"name": "silent", "title": "Silent", "__annotations__": {"name": ClassVar[str], "title": ClassVar[str]}}
    return type(Digits)("Silent", (Digits,), {"__module__": __name__, **names, word: property(fail)})


@pytest.fixture(params=["known", "missing", "note", "about", "spoken"])
def faulty(request):
    """A source that cannot say what it is."""
    kind = SOURCES.register(silent(request.param))
    border().forget()
    yield kind
    SOURCES.unregister(kind.name)
    border().forget()


def test_the_list_leaves_out_a_source_that_cannot_say_what_it_is(faulty, qtbot):
    told = []
    border().left_out.connect(told.append)
    chooser = DataChooser()
    qtbot.addWidget(chooser)
    border().left_out.disconnect(told.append)
    titles = [chooser.item(row).text() for row in range(chooser.count())]
    assert titles == [kind.title for kind in SOURCES.values() if kind is not faulty]
    assert [sentence.partition(".")[0] for sentence in told] == ["Left out because of an error: the data set 'Silent'"]


def test_a_project_of_such_a_source_says_so_and_takes_another(faulty, panel, document, show, qtbot):
    panel._take_source("Choose it", faulty())
    show()
    assert panel.message.text() == "An error in this data set keeps it from being shown; the log holds the details."
    readiness = readiness_of(document)
    assert readiness.obstacle.text == ("The data set Silent cannot be used, because of an error in it: choose another.")
    panel._choose("digits")
    qtbot.waitUntil(lambda: panel.samples is not None, timeout=PATIENCE)
    assert "Silent" not in (readiness.obstacle.text if readiness.obstacle else "")
    assert panel.message.text() == ""


def test_a_row_that_cannot_be_painted_leaves_no_painter_open(qtbot):
    sheet = ClassSheet()
    qtbot.addWidget(sheet)
    whole = Samples(DataSettings(), Digits().describe(), Digits().thumbnails(per_class=2))
    sheet.show_samples(replace(whole, thumbnails=WrongLabels().thumbnails()))
    with pytest.raises(IndexError):
        sheet.grab()
    sheet.show_samples(whole)
    assert not sheet.grab().toImage().isNull()
