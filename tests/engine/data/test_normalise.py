"""What brings pixel values to the network's range, against figures worked out by hand."""

import numpy as np
import pytest
import torch

from engine.data.loading import load
from engine.data.normalise import NORMALISATIONS, Normalisation
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.layers import Shape
from engine.network import Network
from engine.project import Project, with_values

PHOTO, GREY = Shape(3, 8, 8), Shape(1, 8, 8)


def measured():
    return Normalisation((0.25,), (0.5,))


def of(value, channels):
    found = NORMALISATIONS.make(value).of(channels, measured)
    return found.mean, found.std


@pytest.mark.parametrize(
    ("value", "channels", "expected"),
    [
        ("dataset", 1, ((0.25,), (0.5,))),
        ("zero_to_one", 3, ((0, 0, 0), (1, 1, 1))),
        ("none", 1, ((0,), (1 / 255,))),
        (None, 3, ((0, 0, 0), (1 / 255,) * 3)),
        ("imagenet", 3, ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))),
        ("imagenet", 1, ((pytest.approx(0.458971),), (pytest.approx(0.225609),))),
        ({"name": "own", "mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6]}, 3, ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6))),
        ({"name": "own", "mean": [0.1], "std": [0.4, 0.5, 0.6]}, 3, ((0.1, 0.1, 0.1), (0.4, 0.5, 0.6))),
        ({"name": "own", "mean": [0.1], "std": [0.4]}, 1, ((0.1,), (0.4,))),
    ],
)
def test_each_gives_its_mean_and_deviation_a_channel(value, channels, expected):
    assert of(value, channels) == expected


@pytest.mark.parametrize("value", [name for name in NORMALISATIONS if name != "dataset"])
def test_what_the_network_gets_is_pixels_less_the_mean_by_the_deviation(value):
    data = load(DataSettings(normalise=value), PHOTO)
    pixels = data.test.images([0, 1, 2]) / 255
    mean, std = (np.array(values)[:, None, None] for values in of(value, 3))
    batch, _ = next(iter(data.test.batches(3, device=torch.device("cpu"))))
    assert batch.numpy() == pytest.approx((pixels - mean) / std, abs=1e-4)


def test_none_gives_pixel_values_bit_by_bit():
    data = load(DataSettings(normalise="none"), GREY)
    batch, _ = next(iter(data.test.batches(3, device=torch.device("cpu"))))
    assert np.array_equal(batch.numpy(), data.test.images([0, 1, 2]))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"name": "own", "std": [0]}, r"Standard deviation is 0, at least 1e-06 is needed\."),
        ({"name": "own", "std": [1, -1, 1]}, r"Standard deviation is -1, at least 1e-06 is needed\."),
        ({"name": "own", "mean": [float("nan")]}, r"Mean is not a finite number\."),
        ({"name": "own", "mean": [1, 2], "std": [1, 1, 1]}, r"There are 2 means and 3 deviations\."),
        ({"name": "own", "mean": []}, "Mean"),
        ("imagnet", r"No normalisation is called 'imagnet'\. Did you mean 'imagenet'\?"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(value, told):
    with pytest.raises(LayerloomError, match=told):
        NORMALISATIONS.make(value)


@pytest.mark.parametrize(
    ("own", "shape", "told"),
    [
        ({"mean": [0, 0, 0]}, GREY, r"The normalisation has 3 means, but the network takes 1 channel\."),
        ({"mean": [0, 0]}, PHOTO, r"The normalisation has 2 means, but the network takes 3 channels\."),
        ({"std": [1, 2]}, PHOTO, r"The normalisation has 2 standard deviations, but the network takes 3 channels\."),
    ],
)
def test_values_of_another_number_of_channels_are_refused_in_a_sentence(own, shape, told):
    with pytest.raises(LayerloomError, match=told):
        load(DataSettings(normalise={"name": "own", **own}), shape)


def test_they_are_set_by_their_path():
    project = Project(Network("a"))
    typed = {"data.normalise": "own", "data.normalise.mean": "0.1,0.2,0.3", "data.normalise.std": "0.5"}
    assert NORMALISATIONS.saved(with_values(project, typed).data.normalise) == {
        "name": "own",
        "mean": [0.1, 0.2, 0.3],
        "std": [0.5],
    }
    assert with_values(project, {"data.normalise": "none"}).data.normalise == NORMALISATIONS["none"]()
