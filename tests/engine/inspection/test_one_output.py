"""Looking into a network with one output that tells two classes apart."""

import numpy as np
import pytest
import torch
from small_training import settings

from engine.inspection import FeatureMaps
from engine.inspection.lens import Lens
from engine.inspection.sight import Asked
from engine.tasks import Classification
from templates import build


@pytest.fixture
def lens():
    recipe = settings(loss="binary_cross_entropy")
    return Lens(
        build("perceptron", classes=1, input_size=8), task=Classification(), recipe=recipe, classes=("no", "yes")
    )


def test_there_is_a_score_for_each_class_from_before_the_threshold(lens):
    image = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    neuron = lens.module.neuron
    score = float(image.flatten() @ neuron.weight[0] + neuron.bias[0])
    assert lens.outputs == 2
    assert torch.allclose(lens.scores(image), torch.tensor([[-score, score]]), atol=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_prediction_is_that_of_the_score_and_the_threshold_is_what_is_seen(lens, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (1, 8, 8), np.uint8)
    sight = lens.look(pixels, [Asked(FeatureMaps(), "threshold")])
    score = lens.scores(lens.prepare(pixels))[0, 1].item()
    assert sight.prediction.tolist() == pytest.approx([1 / (1 + np.exp(score)), 1 / (1 + np.exp(-score))], abs=1e-6)
    (fires,) = (result.array.ravel().tolist() for result in sight.results.values())
    assert fires == [float(score > 0)]
