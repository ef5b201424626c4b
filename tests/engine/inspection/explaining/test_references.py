"""Explanations equal plain torch's on plain modules to 10⁻⁵ of the largest value, and captum's where that is right."""

import numpy as np
import pytest
import torch
from captum.attr import GuidedBackprop as CaptumGuided
from captum.attr import InputXGradient, LayerAttribution, LayerGradCam
from captum.attr import Occlusion as CaptumOcclusion
from captum.attr import Saliency as CaptumSaliency
from explained_by_hand import enlarged, grad_cam, gradient, guided_gradient, pair, pixels_for

from engine.inspection import GradCam, GradientInput, GuidedBackprop, Occlusion, Saliency, SmoothGrad
from engine.inspection.sight import Asked

FAST, SLOW = ("lenet5", "resnet18"), ("alexnet", "vgg11", "densenet121", "googlenet")
RIGHT_IN_CAPTUM = ("alexnet", "vgg11")  # every ReLU is a module of its own
NUMBER = 3
quiet = pytest.mark.filterwarnings("ignore:Setting (forward|backward)")


def prepared(name):
    lens, model, layer = pair(name)
    pixels = pixels_for(lens)
    return lens, model, layer, pixels, lens.prepare(pixels)


@pytest.fixture(scope="module", params=[*FAST, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def both(request):
    """A lens, its twin in plain modules, a layer, and an image as pixels and as the network takes it; and the name."""
    return *prepared(request.param), request.param


@pytest.fixture(scope="module")
def lenet5():
    return prepared("lenet5")


def near(found, expected):
    assert found.dtype == np.float32
    assert found.shape == expected.shape
    largest = np.abs(expected).max()
    assert largest > 0
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * largest)


def shown(lens, view, pixels, node=""):
    return lens.show(Asked(view, node), pixels)


def test_gradients(both):
    lens, model, _, pixels, image, _ = both
    slopes = gradient(model, image, NUMBER)
    near(shown(lens, Saliency(target=NUMBER), pixels).array, np.abs(slopes).max(axis=0))
    near(shown(lens, GradientInput(target=NUMBER), pixels).array, (slopes * image[0].numpy()).sum(axis=0))
    near(shown(lens, SmoothGrad(target=NUMBER, noise=0, samples=2), pixels).array, np.abs(slopes).max(axis=0))


def test_guided_backprop(both):
    lens, model, _, pixels, image, _ = both
    found = shown(lens, GuidedBackprop(target=NUMBER), pixels)
    expected = guided_gradient(model, image, NUMBER)
    near(found.array, expected)
    assert found.notes == ()
    assert not np.allclose(expected, gradient(model, image, NUMBER), atol=1e-3 * np.abs(expected).max())
    strongest = np.take_along_axis(expected, np.abs(expected).argmax(axis=0)[None], axis=0)[0]
    near(found.values, strongest)


def test_grad_cam(both):
    lens, model, layer, pixels, image, _ = both
    found = shown(lens, GradCam(target=NUMBER), pixels, layer)
    weights, raw = grad_cam(model, image, layer, NUMBER)
    near(found.weights, weights)
    near(found.raw, raw)
    near(found.array, enlarged(raw, *image.shape[2:]))
    near(found.parts, (found.weights[:, None, None] * found.maps).sum(axis=(1, 2)))
    assert found.explained.score == pytest.approx(model(image)[0, NUMBER].item(), rel=1e-9)


@quiet
def test_captum_agrees(both):
    lens, model, layer, pixels, image, name = both
    image = image.clone().requires_grad_()
    saliency = CaptumSaliency(model).attribute(image, target=NUMBER)[0]
    near(shown(lens, Saliency(target=NUMBER), pixels).array, saliency.amax(dim=0).detach().numpy())
    products = InputXGradient(model).attribute(image, target=NUMBER)[0]
    near(shown(lens, GradientInput(target=NUMBER), pixels).array, products.sum(dim=0).detach().numpy())
    if name != "googlenet":  # whose ReLU writes over what captum has kept
        coarse = LayerGradCam(model, model.get_submodule(layer)).attribute(image, target=NUMBER, relu_attributions=True)
        large = LayerAttribution.interpolate(coarse, tuple(image.shape[2:]), interpolate_mode="bilinear")
        near(shown(lens, GradCam(target=NUMBER), pixels, layer).array, large[0, 0].detach().numpy())
    if name in RIGHT_IN_CAPTUM:
        guided = CaptumGuided(model).attribute(image, target=NUMBER)[0]
        near(shown(lens, GuidedBackprop(target=NUMBER), pixels).array, guided.detach().numpy())


def test_captum_agrees_on_patches_that_do_not_overlap(lenet5):
    lens, model, _, pixels, image = lenet5
    losses = CaptumOcclusion(model).attribute(image, (1, 4, 4), strides=(1, 4, 4), target=NUMBER)
    found = shown(lens, Occlusion(target=NUMBER, patch=4, stride=4), pixels)
    near(found.array, losses[0, 0].numpy())


def test_the_class_is_the_predicted_one_if_none_is_asked_for(lenet5):
    lens, model, layer, pixels, image = lenet5
    predicted = int(model(image)[0].argmax())
    for view in (GradCam, Saliency, GradientInput, GuidedBackprop, Occlusion, SmoothGrad):
        one, other = shown(lens, view(), pixels, layer), shown(lens, view(target=predicted), pixels, layer)
        assert one.explained.number == predicted
        assert one.explained.predicted
        np.testing.assert_array_equal(one.array, other.array)
        assert not shown(lens, view(target=(predicted + 1) % 10), pixels, layer).explained.predicted


def test_noise_is_that_of_its_seed_and_its_mean_comes_step_by_step(lenet5):
    lens, model, _, pixels, image = lenet5
    view = SmoothGrad(target=NUMBER, samples=6, noise=0.2, seed=4)
    random = torch.Generator().manual_seed(4)
    deviation = 0.2 * float(image.max() - image.min())
    noise = torch.randn((6, *image.shape[1:]), generator=random).double()
    slopes = [gradient(model, image + deviation * one, NUMBER) for one in noise]
    near(shown(lens, view, pixels).array, np.abs(np.mean(slopes, axis=0)).max(axis=0))
    other = shown(lens, SmoothGrad(target=NUMBER, samples=6, noise=0.2, seed=5), pixels)
    assert not np.allclose(other.array, shown(lens, view, pixels).array)
    first, last = lens.steps(Asked(SmoothGrad(target=NUMBER, samples=300, seed=4)), pixels)
    assert (first.done, last.done) == (256 / 300, 1.0)
    near(first.array, shown(lens, SmoothGrad(target=NUMBER, samples=256, seed=4), pixels).array)
