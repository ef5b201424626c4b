"""The Data panel with sources from outside that raise or give what they should not."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from engine.data.published import Digits
from engine.data.source import SOURCES, DataDescription
from gui.data.chooser import DataChooser
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
    """Lists images of classes that it does not have."""

    name: ClassVar = "wrong_labels"
    title: ClassVar = "Wrong labels"

    def listed(self, *, progress=None):
        return replace(super().listed(), labels=np.full(1797, 99))


class NoListing(Digits):
    """Lists nothing that could be one."""

    name: ClassVar = "no_listing"
    title: ClassVar = "No listing"

    def listed(self, *, progress=None):
        return "all of them"


@pytest.mark.parametrize("source", [OneCount(), WrongLabels(), NoListing()])
def test_the_panel_says_what_is_wrong_with_a_source(source, panel, data, read):
    data.choose("Choose it", source)
    read()
    assert panel.message.text().startswith(f"The data set {source.title} cannot be used: ")
    assert data.listing is None
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


def test_a_project_of_such_a_source_says_so_and_takes_another(faulty, panel, data, document, read):
    data.choose("Choose it", faulty())
    read()
    assert panel.message.text() == "An error in this data set keeps it from being shown; the log holds the details."
    readiness = readiness_of(document)
    assert readiness.obstacle.text == ("The data set Silent cannot be used, because of an error in it: choose another.")
    panel._choose("digits")
    read()
    assert "Silent" not in (readiness.obstacle.text if readiness.obstacle else "")
    assert panel.message.text() == ""
    assert len(data.listing) == 1797
