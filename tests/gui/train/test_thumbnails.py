"""The pictures on the canvas are those of the run in view and of what it saw last."""

import numpy as np
import pytest
from train_parts import tiny_network

from engine.inspection import FeatureMaps
from engine.inspection.results import Maps
from engine.inspection.sight import Asked, Sight
from engine.project import Project
from gui.style.colour_maps import ColourMap, table
from gui.train.runs.marks import Badges, Thumbnails, marks
from gui.train.runs.run import Run


def sight(brightness, *maps):
    """What is seen of an image that is the same everywhere; ``maps`` are those of the convolution."""
    seen = {Asked(FeatureMaps(), "conv"): Maps(np.array(maps, np.float32))}
    return Sight(np.full((1, 8, 8), brightness, np.uint8), np.full(10, 0.1), seen)


RISING, FALLING, FLAT = [[0, 1], [2, 9]], [[3, 2], [1, 0]], [[5, 5], [5, 5]]


@pytest.fixture
def pair(tmp_path):
    """Two runs that see an image of their own each."""
    runs = [Run(number, tmp_path, Project(tiny_network())) for number in (1, 2)]
    runs[0].sight, runs[1].sight = sight(0, RISING), sight(255, FALLING)
    return runs


def corner(image):
    """The colour of the first pixel."""
    return image.pixelColor(0, 0).rgb()


def test_each_run_has_its_own_and_they_are_made_once(pair):
    first, second = pair
    thumbnails = Thumbnails()
    dark, viridis = table(ColourMap.GREY)[0], table(ColourMap.VIRIDIS)
    pictures = thumbnails.of(first)
    assert {name: corner(image) for name, image in pictures.items()} == {"input": dark, "conv": viridis[0]}
    assert thumbnails.of(first) is pictures
    assert corner(thumbnails.of(second)["conv"]) == viridis[255]
    assert corner(thumbnails.of(first)["conv"]) == viridis[0]


def test_what_is_seen_anew_replaces_them_and_nothing_seen_has_none(pair):
    run, _ = pair
    thumbnails = Thumbnails()
    thumbnails.of(run)
    run.sight = sight(255, FALLING)
    assert corner(thumbnails.of(run)["conv"]) == table(ColourMap.VIRIDIS)[255]
    run.sight = None
    assert thumbnails.of(run) == {}


def test_of_several_maps_the_one_that_varies_most_is_shown(pair):
    run, _ = pair
    run.sight = sight(0, FALLING, RISING, FLAT)
    assert corner(Thumbnails().of(run)["conv"]) == table(ColourMap.VIRIDIS)[0]


@pytest.mark.parametrize("odd", [3e38, np.inf, -np.inf, np.nan])
def test_maps_of_a_training_that_blows_up_have_pictures_and_warn_of_nothing(pair, odd):
    run, _ = pair
    run.sight = sight(0, RISING, [[odd, 0], [-1, 1]])
    picture = Thumbnails().of(run)["conv"]
    assert (picture.width(), picture.height()) == (2, 2)


def test_marks_go_without_pictures_where_none_are_wanted(pair):
    run, _ = pair
    thumbnails = Thumbnails()
    assert marks(run, Badges(activations=False), thumbnails) == {}
    wanted = marks(run, Badges(), thumbnails)
    assert {name: corner(mark.thumbnail) for name, mark in wanted.items()} == {
        name: corner(image) for name, image in thumbnails.of(run).items()
    }
