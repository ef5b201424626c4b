"""Sources from outside that raise or give what they should not: a sentence names them, whoever asks."""

import json
import sys
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from cli.app import run_command
from engine.data.asking import (
    availability,
    class_count,
    described,
    fetched,
    first_image,
    is_here,
    known_of,
    loaded,
    taken,
    thumbnails,
)
from engine.data.published import Digits
from engine.data.source import SOURCES, DataDescription, SourceImages, Thumbnails
from engine.data.split import OwnParts
from engine.data.targets import Targets
from engine.errors import LayerloomError
from engine.layers import Shape

FACTS = DataDescription("Strange", ("a", "b"), (3, 4), Shape(1, 8, 8))
PICTURES = Thumbnails(np.zeros((2, 3, 48, 48), np.uint8), np.array([0, 1]))
IMAGES = Digits().load(Shape(1, 8, 8))
UNEXPECTED = "The data set Strange ended unexpectedly: "
QUESTIONS = {
    "describe": described,
    "known": known_of,
    "class_count": class_count,
    "is_here": is_here,
    "availability": availability,
    "download": fetched,
    "take_files": lambda source: taken(source, []),
    "thumbnails": lambda source: thumbnails(source, classes=2, per_class=8, edge=48),
    "first_image": lambda source: first_image(source, 48),
    "load": lambda source: loaded(source, Shape(1, 8, 8)),
}


def strange(word, work):
    """A source that answers to ``word`` by ``work``."""
    hook = property(lambda _: work()) if isinstance(getattr(Digits, word), property) else lambda *_, **__: work()
    names = {"name": "strange", "title": "Strange", "__annotations__": {"name": ClassVar[str], "title": ClassVar[str]}}
    return type(Digits)("Strange", (Digits,), {"__doc__": "Strange.", "__module__": __name__, **names, word: hook})


def fail():
    raise KeyError("nobody thought of it")


def refuse():
    raise LayerloomError("Its server is closed today.")


def give(value):
    return lambda: value


@pytest.mark.parametrize("word", QUESTIONS)
@pytest.mark.parametrize(("work", "kind"), [(fail, "KeyError"), (sys.exit, "SystemExit")])
def test_a_source_that_raises_is_named(word, work, kind):
    with pytest.raises(LayerloomError) as refused:
        QUESTIONS[word](strange(word, work)())
    assert str(refused.value).startswith(f"{UNEXPECTED}{kind}.")


@pytest.mark.parametrize("word", QUESTIONS)
def test_what_a_source_refuses_in_its_own_words_stays_so(word):
    with pytest.raises(LayerloomError, match=r"^Its server is closed today\.$"):
        QUESTIONS[word](strange(word, refuse)())


@pytest.mark.parametrize("word", sorted({*QUESTIONS} - {"known", "is_here", "download", "take_files"}))
def test_a_source_that_gives_nothing_is_named(word):
    with pytest.raises(LayerloomError, match="The data set Strange cannot be used: "):
        QUESTIONS[word](strange(word, give(None))())


@pytest.mark.parametrize("word", ["spoken", "note", "about", "missing"])
@pytest.mark.parametrize("work", [fail, give(None)])
def test_what_a_source_says_without_looking_is_checked_as_well(word, work):
    with pytest.raises(LayerloomError, match="The data set Strange "):
        known_of(strange(word, work)())


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"counts": (3,)}, "it describes 2 classes, and images for 1."),
        ({"counts": (3, -4)}, "it describes a number of images that is none."),
        ({"counts": (3, "4")}, "it describes a number of images that is none."),
        ({"unclassed": None}, "it describes a number of images that is none."),
        ({"title": 5}, "its title or a name of its classes is no text."),
        ({"classes": (0, 1)}, "its title or a name of its classes is no text."),
        ({"shape": (1, 8, 8)}, "the shape of its images is none."),
        ({"shape": Shape(8)}, "the shape of its images is none."),
    ],
)
def test_a_description_that_cannot_be_is_refused(values, why):
    assert described(strange("describe", give(FACTS))()) == FACTS
    for word in ("describe", "known"):
        with pytest.raises(LayerloomError) as refused:
            QUESTIONS[word](strange(word, give(replace(FACTS, **values)))())
        assert str(refused.value) == f"The data set Strange cannot be used: {why}"


def test_a_description_without_counts_is_refused():
    with pytest.raises(LayerloomError, match=f"{UNEXPECTED}TypeError"):
        described(strange("describe", give(replace(FACTS, counts=None)))())


LABELS = "the labels of its thumbnails are not those of 2 images of 2 classes."


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"pixels": PICTURES.pixels.astype(np.float32)}, "its thumbnails are float32 2×3×48×48, not uint8 N×3×48×48."),
        ({"pixels": PICTURES.pixels[:, :1]}, "its thumbnails are uint8 2×1×48×48, not uint8 N×3×48×48."),
        ({"labels": np.array([0, 2])}, LABELS),
        ({"labels": np.array([-1, 1])}, LABELS),
        ({"labels": np.array([0])}, LABELS),
        ({"labels": np.array([0.0, 1.0])}, LABELS),
    ],
)
def test_thumbnails_that_cannot_be_shown_are_refused(values, why):
    assert QUESTIONS["thumbnails"](strange("thumbnails", give(PICTURES))()) is PICTURES
    with pytest.raises(LayerloomError) as refused:
        QUESTIONS["thumbnails"](strange("thumbnails", give(replace(PICTURES, **values)))())
    assert str(refused.value) == f"The data set Strange cannot be used: {why}"


def test_no_thumbnails_at_all_are_none():
    none = Thumbnails(PICTURES.pixels[:0], PICTURES.labels[:0])
    assert QUESTIONS["thumbnails"](strange("thumbnails", give(none))()) is none


def test_a_first_image_of_another_size_is_refused():
    with pytest.raises(LayerloomError, match="its first image is uint8 1×8×8"):
        first_image(strange("first_image", give(np.zeros((1, 8, 8), np.uint8)))(), 48)


NONE = np.arange(0)
NOT_OWN = "the validation and test images that it names are not some of its 1797."


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"names": range(10)}, "it names 10 images and gives 1797 targets."),
        ({"own": OwnParts(NONE, np.array([1797]))}, NOT_OWN),
        ({"own": OwnParts(NONE, np.array([-1]))}, NOT_OWN),
        ({"own": OwnParts(np.array([3]), np.array([3]))}, NOT_OWN),
        ({"title": None}, "its title is no text."),
        ({"targets": Targets(np.full(1797, 10), Digits.classes)}, "its targets go beyond its 10 classes."),
        (
            {"targets": Targets(np.zeros((1797, 2)), Digits.classes)},
            "its targets are float64 1797×2, not a class number an image.",
        ),
    ],
)
def test_images_that_do_not_belong_together_are_refused(values, why):
    assert isinstance(IMAGES, SourceImages)
    with pytest.raises(LayerloomError) as refused:
        QUESTIONS["load"](strange("load", give(replace(IMAGES, **values)))())
    assert str(refused.value) == f"The data set Strange cannot be used: {why}"


@pytest.mark.parametrize(
    ("word", "work", "says"),
    [
        ("load", sys.exit, "ended unexpectedly: SystemExit."),
        ("load", give(None), "cannot be used: its images are NoneType."),
        ("class_count", fail, "ended unexpectedly: KeyError."),
        ("known", fail, "ended unexpectedly: KeyError."),
        ("missing", fail, "ended unexpectedly: KeyError."),
        ("missing", give(None), "cannot be used: its missing is no text."),
    ],
)
def test_the_command_line_names_it(word, work, says, tmp_path, capsys):
    kind = SOURCES.register(strange(word, work))
    try:
        options = ["--epochs", "1", "--device", "cpu", "--run", str(tmp_path / "run"), "--json"]
        assert run_command(["train", "lenet5", "--data", "strange", *options]) != 0
        heard = capsys.readouterr()
        last = json.loads(heard.out.splitlines()[-1]) if heard.out else heard.err
        assert f"The data set Strange {says}" in str(last)
    finally:
        SOURCES.unregister(kind.name)
