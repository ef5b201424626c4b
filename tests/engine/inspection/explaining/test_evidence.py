"""What evidence says of itself: its strength, where half of it lies, which maps add most; and all layers at once."""

import numpy as np
import pytest
from explained_by_hand import grad_cam, lens_on, pair, pixels_for

from engine.inspection import VIEWS, GradCam
from engine.inspection.explaining import GradCamEverywhere
from engine.inspection.explaining.evidence import Evidence, Explained
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.pictures import picture
from engine.inspection.sight import Asked
from templates import build


def evidence(values, **more):
    return Evidence(np.array(values, np.float32), Explained(0, 1.0), **more)


def test_strength_is_what_speaks_for_the_class():
    values = [[-3, 1], [2, 0]]
    assert evidence(values).strength.tolist() == [[3, 1], [2, 0]]
    assert evidence(values, by_size=False).strength.tolist() == [[0, 1], [2, 0]]


def test_what_is_no_number_is_no_evidence():
    found = evidence([[np.nan, 2], [-np.inf, -1]])
    assert found.strength.tolist() == [[0, 2], [0, 1]]
    assert found.half == 0.25
    assert picture(found).shape == (224, 224, 3)
    assert np.isnan(found.array[0, 0])


def test_the_legend_ends_at_the_995th_thousandth():
    values = np.arange(1000, dtype=np.float32).reshape(20, 50)
    assert evidence(values).strongest == pytest.approx(np.percentile(values, 99.5))
    lonely = np.zeros((20, 50))
    lonely[3, 3] = 7
    assert evidence(lonely).strongest == 7
    assert evidence(np.zeros((2, 2))).strongest == 0


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ([[1, 1], [1, 1]], 0.5),
        ([[8, 0], [0, 0]], 0.25),
        ([[3, 3], [2, 0]], 0.5),
        ([[4, -9], [3, 1]], 0.25),
        ([[0, 0], [0, 0]], 0),
    ],
)
def test_half_of_the_heat_lies_in_the_smallest_share_that_holds_it(values, share):
    assert evidence(values, by_size=False).half == share


def test_a_lead_is_the_difference_of_two_scores():
    assert Explained(7, 4.77, against=9, against_score=-0.03).lead == pytest.approx(4.8)


def test_the_maps_that_add_most_come_first():
    lens = lens_on(build("lenet5"))
    found = lens.show(Asked(GradCam(), "conv2"), pixels_for(lens))
    places = found.largest(5)
    assert found.parts[places].tolist() == sorted(found.parts, reverse=True)[:5]
    assert found.speaking_against == sum(weight < 0 for weight in found.weights)
    assert found.raw.sum() <= found.parts.sum() + np.abs(found.parts).sum()


def test_cells_are_as_coarse_as_the_maps():
    lens = lens_on(build("lenet5"))
    found = lens.show(Asked(GradCam(enlarge="cells"), "pool2"), pixels_for(lens))
    where = (np.arange(32) * 5) // 32
    np.testing.assert_array_equal(found.array, found.raw[np.ix_(where, where)])


def test_one_pass_gives_every_convolution_what_it_gets_alone():
    lens, model, _ = pair("resnet18")
    pixels = pixels_for(lens)
    passes = []
    hook = lens.module.fc.register_forward_hook(lambda *_: passes.append(1))
    found = lens.show(Asked(GradCamEverywhere(target=3)), pixels).by_place
    hook.remove()
    assert len(passes) == 1
    assert len(found) == 20
    assert list(found) == [name for name in lens.network.topological() if name in found]
    for name in ("conv1", "layer2.0.downsample.0", "layer3.1.conv1", "layer4.1.conv2"):
        one = found[name]
        weights, raw = grad_cam(model, lens.prepare(pixels), name, 3)
        np.testing.assert_allclose(one.weights, weights, atol=1e-5 * np.abs(weights).max())
        np.testing.assert_allclose(one.raw, raw, atol=1e-5 * raw.max())
        assert one.maps is None
        assert one.half <= 0.5
        assert bool(one.half) is bool(raw.any())
    alone = lens.show(Asked(GradCam(target=3), "layer2.0.conv1"), pixels)
    np.testing.assert_allclose(found["layer2.0.conv1"].array, alone.array, rtol=1e-6)


def test_blocks_are_looked_at_where_they_end():
    lens, model, _ = pair("resnet18")
    pixels = pixels_for(lens)
    found = lens.show(Asked(GradCamEverywhere(target=3, blocks=True)), pixels).by_place
    assert {"layer1", "layer1.0", "layer1.1", "layer4"} <= set(found)
    assert found["layer1"].node == found["layer1.1"].node
    _, raw = grad_cam(model, lens.prepare(pixels), "layer2.0", 3)
    np.testing.assert_allclose(found["layer2.0"].raw, raw, atol=1e-5 * raw.max())


@pytest.mark.parametrize("kind", [kind for kind in VIEWS.values() if issubclass(kind, Explanation)],
                         ids=lambda kind: kind.name)  # fmt: skip
def test_every_method_says_where_it_is_from_and_what_it_computes(kind):
    assert kind.source
    assert kind.formula
    assert kind.help().endswith(".")
    assert "target" in kind.model_fields
