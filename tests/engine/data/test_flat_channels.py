"""Channels that are alike in every image are not blown up by the normalisation."""

import numpy as np
import pytest
import torch
from PIL import Image

from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers import Shape


@pytest.fixture
def folder(tmp_path):
    """Red differs from image to image, green is 77 everywhere, blue is black."""
    for label, name in enumerate(("cats", "dogs")):
        (tmp_path / name).mkdir()
        for index in range(6):
            colour = (20 * label + 10 * index, 77, 0)
            Image.fromarray(np.full((8, 8, 3), colour, np.uint8)).save(tmp_path / name / f"{index}.png")
    return tmp_path


def test_a_flat_channel_is_divided_by_one(folder):
    data = load(DataSettings(source=Folder(path=str(folder))), Shape(3, 8, 8))
    assert data.normalisation.std[1:] == (1.0, 1.0)
    assert 0 < data.normalisation.std[0] < 0.2
    assert data.normalisation.mean[1:] == pytest.approx((77 / 255, 0))
    images, _ = next(iter(data.train.batches(6, device=torch.device("cpu"))))
    assert images.isfinite().all()
    assert images[:, 1:].abs().max() < 1e-3
