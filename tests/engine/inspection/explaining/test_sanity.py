"""The sanity check draws layers anew from the output down, on a copy, and says which methods notice."""

import numpy as np
import pytest
import torch
from explained_by_hand import lens_on, pixels_for
from scipy.stats import spearmanr

from engine.compiling import compile_network
from engine.errors import LayerloomError
from engine.inspection import FeatureMaps, GradCam, GuidedBackprop, Saliency
from engine.inspection.explaining import SanityCheck
from engine.inspection.explaining.randomising import layers_from_output, randomised, rank_correlation
from engine.inspection.explaining.sanity import Curve
from engine.inspection.sight import Asked
from templates import build


@pytest.fixture(scope="module")
def lens():
    return lens_on(build("wide_resnet", width=1, input_size=16))


def test_layers_go_from_the_output_down_each_with_the_norms_behind_it(lens):
    groups = layers_from_output(lens)
    assert groups[0] == ("fc",)
    assert groups[1] == ("bn", "group3.1.conv2")
    assert groups[-1] == ("group1.0.bn1", "conv1")
    assert sorted(name for group in groups for name in group) == sorted(
        {name.rpartition(".")[0] for name in lens.module.state_dict()}
    )
    assert len(groups) == 16  # 13 convolutions, 2 on shortcuts, a linear layer


def test_one_more_group_each_time_is_as_a_network_begins_and_the_rest_as_it_was(lens):
    groups = layers_from_output(lens)
    before = {name: value.clone() for name, value in lens.module.state_dict().items()}
    fresh = compile_network(lens.network, seed=1_000_003 + 7).double().state_dict()
    for number, stage in enumerate(randomised(lens, groups, seed=7)):
        anew = {name for group in groups[:number] for name in group}
        for name, value in stage.module.state_dict().items():
            expected = fresh if name.rpartition(".")[0] in anew else before
            assert torch.equal(value, expected[name]), (number, name)
    assert number == len(groups)
    assert all(torch.equal(value, before[name]) for name, value in lens.module.state_dict().items())


def test_correlations_are_spearmans_of_absolute_values():
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 9, 11)).round(1).astype(np.float32)
    second[0] = first[0]
    expected = spearmanr(np.abs(first).ravel(), np.abs(second).ravel()).statistic
    assert rank_correlation(first, second) == pytest.approx(expected, abs=1e-12)
    assert rank_correlation(first, -first) == pytest.approx(1)
    assert rank_correlation(first, np.zeros_like(first)) == 0
    assert np.isnan(rank_correlation(np.zeros_like(first), first))


def test_each_method_has_a_curve_with_the_heat_at_which_it_is_judged(lens):
    methods, pixels = (GradCam(), Saliency(), GuidedBackprop()), pixels_for(lens)
    asked = Asked(SanityCheck(methods=methods, seed=3), "group3.0.conv1")
    steps = list(lens.steps(asked, pixels))
    last, groups = steps[-1], layers_from_output(lens)
    assert last.layers == tuple(group[-1] for group in groups)
    assert [step.done for step in steps] == pytest.approx([(n + 1) / 51 for n in range(51)])
    number = int(lens.scores(lens.prepare(pixels))[0].argmax())
    stages = list(randomised(lens, groups[:5], seed=3))  # one copy: it stands at the last
    for curve, method in zip(last.curves, methods, strict=True):
        assert curve.method == method.model_copy(update={"target": number})
        assert len(curve.correlations) == len(groups) + 1
        assert curve.correlations[0] == pytest.approx(1)
        whole = lens.show(Asked(curve.method, "group3.0.conv1" * method.needs_node), pixels).values
        expected = stages[-1].show(Asked(curve.method, "group3.0.conv1" * method.needs_node), pixels).values
        np.testing.assert_array_equal(curve.heat, expected)
        assert curve.judged == curve.correlations[5] == pytest.approx(rank_correlation(whole, expected))
        assert curve.notices is (curve.judged < 0.5)
    assert last.array.shape == (3, len(groups) + 1)
    assert np.isfinite(last.array).all()


def test_what_is_not_known_yet_is_not_judged(lens):
    steps = lens.steps(Asked(SanityCheck(methods=(Saliency(),))), pixels_for(lens))
    for _ in range(5):
        (curve,) = next(steps).curves
        assert (curve.judged, curve.notices, curve.heat) == (None, None, None)
    (curve,) = next(steps).curves
    assert curve.notices is not None


@pytest.mark.parametrize(("value", "notices"), [(0.49, True), (0.5, False), (0.9, False), (-0.7, True), (np.nan, None)])
def test_a_method_notices_below_a_half(value, notices):
    assert Curve(Saliency(), (1.0, 0.9, value), judged_at=2).notices is notices


def test_a_network_with_few_layers_is_judged_when_all_are_drawn_anew():
    lens = lens_on(build("perceptron"))
    last = lens.show(Asked(SanityCheck(methods=(Saliency(),))), pixels_for(lens))
    assert len(last.layers) == last.curves[0].judged_at == 1
    assert last.curves[0].notices is not None


def test_the_saliency_of_a_linear_network_forgets_at_once():
    """The gradient of one linear layer is a row of its weights."""
    lens = lens_on(build("perceptron", classes=10))
    curve = lens.show(Asked(SanityCheck(methods=(Saliency(),))), pixels_for(lens)).curves[0]
    assert abs(curve.correlations[1]) < 0.2


def test_only_heat_can_be_checked(lens):
    with pytest.raises(LayerloomError, match="is for views that give heat, which Feature maps does not"):
        lens.show(Asked(SanityCheck(methods=(FeatureMaps(),)), "conv1"), pixels_for(lens))
