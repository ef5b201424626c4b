"""Images in colour that a network takes as grey are told of where network and data meet, with a fix."""

import numpy as np
import pytest
from PIL import Image
from small_training import settings, small_network

from engine.data.asking import described
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.network import Severity, analyse
from engine.project import Project, describe, problems_of
from engine.runs.preparing import prepare

MESSAGE = "The images are in colour, but input takes 1 channel: they are made grey."
RED, GREY = (200, 30, 30), (90, 90, 90)


def folder_of(place, *, colours, mode="RGB", suffix="png"):
    for number, colour in enumerate(colours):
        for index in range(4):
            pixels = np.full((12, 12, 3), colour, np.uint8)
            pixels[index:] += np.uint8(20 * number)
            path = place / f"class{number}" / f"{index}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).convert(mode).save(path)
    return Folder(path=str(place))


def project_on(source, *, channels=1):
    network = small_network(classes=2)
    network.set_layer("input", network.layer("input").with_settings(channels=channels))
    network.set_layer("conv", network.layer("conv").with_settings(bias=False))
    return Project(network, DataSettings(source=source), settings(epochs=1))


@pytest.mark.parametrize(
    ("colours", "mode", "suffix", "expected"),
    [
        ((RED, GREY), "RGB", "png", True),
        ((GREY, RED), "RGB", "jpg", True),
        ((GREY, GREY), "RGB", "png", False),
        ((GREY, GREY), "RGB", "jpg", False),
        ((RED, RED), "L", "png", False),
        ((RED, RED), "P", "png", True),
    ],
)
def test_colour_is_what_pixels_show(tmp_path, colours, mode, suffix, expected):
    assert described(folder_of(tmp_path, colours=colours, mode=mode, suffix=suffix)).in_colour is expected


def test_colours_that_are_lost_are_told_of_with_a_fix(tmp_path):
    project = project_on(folder_of(tmp_path, colours=(RED, GREY)))
    (problem,) = problems_of(project, describe(project))
    assert (problem.severity, problem.message) == (Severity.WARNING, MESSAGE)
    assert MESSAGE in prepare(project).notes
    project.network.edit(problem.fixes[0].edit)
    assert project.network.layer("input").channels == 3
    assert analyse(project.network).ok
    assert problems_of(project, describe(project)) == ()
    assert MESSAGE not in prepare(project).notes


@pytest.mark.parametrize("channels", [1, 3])
def test_grey_images_lose_nothing(tmp_path, channels):
    project = project_on(folder_of(tmp_path, colours=(GREY, GREY)), channels=channels)
    assert problems_of(project, describe(project)) == ()


def test_a_published_set_in_colour_is_known_without_reading_it():
    project = project_on("cifar10")
    assert MESSAGE in [problem.message for problem in problems_of(project)]
