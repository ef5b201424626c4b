"""Damages spoil each image by itself, as their settings say, and the same way every time."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from engine.inspection.damages import DAMAGES, Blur, Noise, Occlusion, Rotation, damaged

IMAGES = torch.from_numpy(np.random.default_rng(1).integers(0, 256, (5, 3, 12, 20), dtype=np.uint8))


def spoiled(damage, images=IMAGES):
    return damaged(images, [damage])


@pytest.mark.parametrize("kind", DAMAGES.values(), ids=lambda kind: kind.name)
def test_each_image_is_spoiled_by_itself_and_the_same_way_every_time(kind):
    before = IMAGES.clone()
    found = spoiled(kind())
    assert found.shape == IMAGES.shape
    assert found.dtype == torch.float32
    assert not torch.equal(found, IMAGES.float())
    assert torch.equal(IMAGES, before)
    assert torch.equal(found, found.round().clamp(0, 255))
    for place in range(len(IMAGES)):
        assert torch.equal(spoiled(kind(), IMAGES[place : place + 1])[0], found[place])
    assert torch.equal(spoiled(kind(), IMAGES.float()), found)
    assert kind().summary()


@pytest.mark.parametrize("nothing", [Noise(amount=0), Blur(radius=0), Occlusion(size=0), Rotation(angle=0)])
def test_with_nothing_of_it_an_image_stays_as_it_is(nothing):
    assert torch.equal(spoiled(nothing), IMAGES.float())


def test_noise_is_as_strong_as_asked_and_another_with_another_seed():
    grey = torch.full((1, 1, 200, 200), 128, dtype=torch.uint8)
    found = spoiled(Noise(amount=0.1), grey) - 128
    assert found.std().item() == pytest.approx(25.5, rel=0.02)
    assert found.mean().item() == pytest.approx(0, abs=0.5)
    assert not torch.equal(found, spoiled(Noise(amount=0.1, seed=1), grey) - 128)
    first, second = spoiled(Noise(amount=0.02), torch.stack((grey[0], grey[0] + 1)))  # so little that none is clipped
    assert not torch.equal(second - 1, first)  # each image has noise of its own


@pytest.mark.parametrize("radius", [0.7, 2.0, 6.5])
def test_blur_is_that_of_scipy(radius):
    expected = gaussian_filter(IMAGES.double().numpy(), (0, 0, radius, radius), mode="nearest", truncate=4 + 1 / radius)
    np.testing.assert_allclose(spoiled(Blur(radius=radius)).numpy(), expected, atol=0.51)


@pytest.mark.parametrize(
    ("damage", "rows", "columns"),
    [
        (Occlusion(size=0.5, grey=0), slice(3, 9), slice(7, 13)),
        (Occlusion(size=0.5, row=0, column=1, grey=0), slice(0, 3), slice(17, 20)),
        (Occlusion(size=1, row=0.5, column=0, grey=0), slice(0, 12), slice(0, 6)),
    ],
)
def test_a_square_is_hidden_and_nothing_else(damage, rows, columns):
    expected = IMAGES.float()
    expected[:, :, rows, columns] = 0
    assert torch.equal(spoiled(damage), expected)
    assert spoiled(Occlusion(grey=1))[0, 0, 6, 10] == 255


def test_a_turn_is_to_the_left_about_the_middle():
    square = IMAGES[:, :, :, :12]
    assert torch.equal(spoiled(Rotation(angle=90), square), square.rot90(1, (2, 3)).float())
    assert torch.equal(spoiled(Rotation(angle=180)), IMAGES.rot90(2, (2, 3)).float())


def test_damages_follow_one_another():
    both = damaged(IMAGES, [Occlusion(), Blur()])
    assert torch.equal(both, spoiled(Blur(), spoiled(Occlusion())))
    assert not torch.equal(both, damaged(IMAGES, [Blur(), Occlusion()]))
