"""Other values in place of what units give are those of a forward pass by hand, and leave the network itself alone."""

import math
from typing import ClassVar

import numpy as np
import pytest
import torch
from branching import NODES, PIXELS, branching, by_hand, lens_on
from PIL import Image
from views_from_outside import Saliency

from engine.compiling import compile_network
from engine.compiling.changing import changed_network
from engine.compiling.onwards import Onwards
from engine.compiling.taps import Tapped, feature_maps
from engine.errors import LayerloomError
from engine.inspection import INTERVENTIONS, Alteration, FeatureMaps, Intervention, StepThrough
from engine.inspection.interventions import Constant, Off, OtherImage, Scale
from engine.inspection.sight import Asked
from engine.inspection.units_text import units_of, units_text
from engine.layers import LAYERS
from engine.network import Network

OTHER = 255 - PIXELS


@pytest.fixture
def lens():
    found = lens_on()
    found.pictures = {"other": OTHER}
    return found


def altered(lens, *units):
    """Each of ``units`` is a node, its units, and what is done to them; "off" if left out."""
    return lens.altered(Alteration(units=[INTERVENTIONS.make({"name": "off", **one}) for one in units]))


def weights(lens):
    return {name: value.clone() for name, value in lens.module.state_dict().items()}


def editing(*edits):
    """An edit by hand: at a node, units become what a function makes of all of them."""

    def edit(name, value):
        for node, units, made in edits:
            if name == node:
                value = value.clone()
                value[:, units] = made(value)[:, units]
        return value

    return edit


def same_as_by_hand(lens, changed, *edits):
    expected = by_hand(weights(lens), lens.prepare(PIXELS), editing(*edits))
    values = changed.values(changed.prepare(PIXELS), NODES)
    for name in NODES:
        torch.testing.assert_close(values[name], expected[name], rtol=0, atol=1e-6, msg=name)
    assert changed.look(PIXELS).prediction == pytest.approx(expected["output"][0].numpy(), abs=1e-6)


@pytest.mark.parametrize("node", [node for node in NODES if node not in ("softmax", "output")])
@pytest.mark.parametrize("units", [[0], [0, 1]])
def test_units_that_are_off_are_zero_for_all_that_reads_them(lens, node, units):
    same_as_by_hand(lens, altered(lens, {"node": node, "units": units}), (node, units, torch.zeros_like))


def test_a_bypassed_layer_is_changed_for_those_alone_that_read_it(lens):
    changed = altered(lens, {"node": "idle", "units": [2]})
    values, before = (one.values(one.prepare(PIXELS), NODES) for one in (changed, lens))
    torch.testing.assert_close(values["add"][:, 2], before["relu"][:, 2])
    for name in ("conv", "relu"):
        torch.testing.assert_close(values[name], before[name], rtol=0, atol=0)


def test_several_layers_and_several_changes_of_one_go_in_their_order(lens):
    changed = altered(
        lens,
        {"node": "conv", "units": [1, 3]},
        {"node": "add", "units": [1], "name": "constant", "value": 2},
        {"node": "add", "name": "scale", "factor": -0.5},
        {"node": "fc", "units": [9], "name": "scale", "factor": 3},
    )
    every = slice(None)
    same_as_by_hand(
        lens,
        changed,
        ("conv", [1, 3], torch.zeros_like),
        ("add", [1], lambda value: torch.full_like(value, 2)),
        ("add", every, lambda value: -0.5 * value),
        ("fc", [9], lambda value: 3 * value),
    )


def test_values_of_another_image_are_those_of_the_unchanged_network(lens, tmp_path):
    network = lens_on()
    other = network.values(network.prepare(OTHER), ("cat",))["cat"]
    other_image = {"name": "other_image", "image": "other"}
    changed = altered(lens, {"node": "conv", "units": [0]}, {"node": "cat", "units": [2, 5], **other_image})
    same_as_by_hand(lens, changed, ("conv", [0], torch.zeros_like), ("cat", [2, 5], lambda _: other))
    lens.pictures = {"other": PIXELS // 2}  # the name is of another image now
    again = altered(lens, {"node": "cat", "units": [2], **other_image})
    half = network.values(network.prepare(PIXELS // 2), ("cat",))["cat"]
    same_as_by_hand(lens, again, ("cat", [2], lambda _: half))
    grey = lens_on(one_channel())
    Image.fromarray(PIXELS[0]).save(tmp_path / "other.png")
    other_image["image"] = str(tmp_path / "other.png")
    found = altered(grey, {"node": "conv", "units": [1], **other_image})
    expected = grey.values(grey.prepare(PIXELS[:1]), ("conv",))["conv"][:, 1]
    torch.testing.assert_close(found.values(found.prepare(OTHER[:1]), ("conv",))["conv"][:, 1], expected)


def one_channel():
    network = branching()
    network.set_node("input", layer=LAYERS["Input"](channels=1, height=8, width=8))
    return network


@pytest.mark.parametrize("kind", INTERVENTIONS.values(), ids=lambda kind: kind.name)
@pytest.mark.parametrize("node", ["conv", "fc"])
def test_every_intervention_leaves_all_other_units_bit_for_bit(lens, kind, node):
    lens.kept_for(("means", node, "validation"), lambda: torch.tensor(0.25))
    settings = {"image": "other"} if kind is OtherImage else {}
    found = altered(lens, {"name": kind.name, "node": node, "units": [1], **settings})
    values, before = (one.values(one.prepare(PIXELS), (node,))[node][0] for one in (found, lens))
    kept = [unit for unit in range(len(before)) if unit != 1]
    torch.testing.assert_close(values[kept], before[kept], rtol=0, atol=0)
    assert not torch.equal(values[1], before[1])
    assert kind(**settings).summary() in found.alteration.said


def test_what_is_infinite_can_be_switched_off(lens):
    broken = weights(lens)
    broken["conv.weight"][1] = math.inf
    lens.load(broken)
    assert not np.isfinite(lens.look(PIXELS).prediction).all()
    assert np.isfinite(altered(lens, {"node": "conv", "units": [1]}).look(PIXELS).prediction).all()


def test_an_activation_that_writes_over_its_input_writes_over_the_changed_values_alone():
    network = Network("in place")
    network.add(LAYERS["Input"](channels=2, height=8, width=8), "input")
    network.add(LAYERS["Conv2d"](out_channels=4), "conv", inputs="input")
    network.add(LAYERS["ReLU"](), "relu", inputs="conv")
    network.add(LAYERS["Output"](), "output", inputs="relu")
    module = compile_network(network, seed=0, reuse_memory=True)
    assert module.relu.inplace
    zeroed = torch.tensor([1.0, 0, 1, 1]).view(1, -1, 1, 1)
    changed = changed_network(module, network, lambda node, value: value * zeroed if node == "conv" else value)
    images = torch.linspace(-1, 1, 128).reshape(1, 2, 8, 8)
    own = feature_maps(module, images, ("conv", "relu"))
    found = feature_maps(changed, images, ("conv", "relu"))
    np.testing.assert_array_equal(found["conv"], own["conv"] * zeroed.numpy())
    np.testing.assert_array_equal(found["relu"], np.maximum(found["conv"], 0))


@pytest.mark.parametrize("node", [*NODES, "aux"])
def test_what_follows_a_node_is_worked_out_from_other_values_of_it(node):
    network = branching()
    module = compile_network(network, seed=0).eval()
    images = torch.linspace(-2, 1, 3 * 128).reshape(3, 2, 8, 8)
    onwards = Onwards(module, network, node, "fc")
    values, *beside = onwards.begin(images)
    torch.testing.assert_close(values, Tapped(module, (node,))(images)[node], rtol=0, atol=0)
    for scale in (1.0, 0.0, -2.0):
        changed = changed_network(module, network, lambda name, v, s=scale: v * s if name == node else v)
        expected = Tapped(changed, ("fc",))(images)["fc"]
        torch.testing.assert_close(onwards.end(values * scale, *beside), expected, rtol=0, atol=1e-6)


def test_the_network_itself_stays_as_it_is(lens):
    before, code, said = weights(lens), lens.module.code, lens.look(PIXELS).prediction
    changed = altered(lens, {"node": "conv", "units": [0]}, {"node": "cat"})
    changed.look(PIXELS, [Asked(FeatureMaps(), "cat"), Asked(Saliency())])
    with pytest.raises(LayerloomError):
        altered(lens, {"node": "conv", "units": [4]})
    assert lens.module.code == code
    assert not lens.module.training
    assert all(torch.equal(value, before[name]) for name, value in lens.module.state_dict().items())
    np.testing.assert_array_equal(lens.look(PIXELS).prediction, said)
    assert changed.own is lens
    assert changed.altered(Alteration()) is lens
    assert altered(changed, {"node": "fc"}).alteration == altered(lens, {"node": "fc"}).alteration


def test_the_network_has_the_weights_of_now(lens):
    changed = altered(lens, {"node": "conv", "units": [0]})
    lens.load({name: value * 2 for name, value in weights(lens).items()})
    same_as_by_hand(lens, changed, ("conv", [0], torch.zeros_like))


def test_a_look_tells_what_the_network_says_by_itself_too(lens):
    changed = lens.altered(Alteration(units=[Off(node="fc", units=(3,))], damages=["noise"]))
    sight, own = changed.look(PIXELS), lens.look(PIXELS)
    np.testing.assert_array_equal(sight.before, own.prediction)
    assert own.before is None
    assert not np.allclose(sight.prediction, own.prediction)
    assert own.pixels is own.shown is sight.pixels is PIXELS
    np.testing.assert_array_equal(sight.shown, changed.damaged(PIXELS))
    shown = lens.prepare(sight.shown)
    torch.testing.assert_close(changed.prepare(PIXELS), shown, rtol=0, atol=0)


def test_views_that_differentiate_see_the_changed_network(lens):
    changed = altered(lens, {"node": "conv", "units": [0, 2]})
    image = lens.prepare(PIXELS).requires_grad_()
    by_hand(weights(lens), image, editing(("conv", [0, 2], torch.zeros_like)))["fc"][0, 4].backward()
    found = changed.show(Asked(Saliency(target=4)), PIXELS).array
    np.testing.assert_allclose(found, image.grad[0].abs().amax(0).numpy(), rtol=1e-5, atol=1e-8)


def test_the_value_of_a_map_that_is_changed_is_not_worked_out(lens):
    changed = altered(lens, {"node": "conv", "units": [2]})
    with pytest.raises(LayerloomError, match=r"Map 2 is not what the convolution gives: conv 2: off\."):
        changed.show(Asked(StepThrough(channel=2), "conv"), PIXELS)
    assert changed.show(Asked(StepThrough(channel=1), "conv"), PIXELS).array.shape == (2, 3, 3)


class Odd(Intervention):
    """Raises what nobody expects."""

    name: ClassVar = "toy_odd"
    title: ClassVar = "Odd"

    def of(self, values, elsewhere):
        raise KeyError("nobody thought of it")


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        ({"node": "conv", "units": [4]}, "conv has 4 maps, counted from 0 to 3: there is no map 4."),
        ({"node": "fc", "units": [3, 10]}, "fc has 10 units, counted from 0 to 9: there is no unit 10."),
        ({"node": "fc", "units": [-1]}, "Units is -1, at least 0 is needed."),
        ({"node": "no", "units": [0]}, "There is no layer called 'no' whose units could be changed."),
        ({"node": "loose"}, "'loose' is not computed: no layer of that name leads to an output."),
        ({"node": "softmax"}, "softmax comes after fc, which gives the answer: change fc."),
        ({"node": "output"}, "output comes after fc, which gives the answer: change fc."),
        ({"node": "conv", "name": "mean"}, "There are no images for branching: train it on a data set first."),
        ({"node": "conv", "name": "other_image"}, "From which image? The intervention other_image needs image=FILE."),
        ({"node": "conv", "name": "other_image", "image": "no.png"}, "An image has 1 or 3 channels, input takes 2."),
    ],
)
def test_what_cannot_be_changed_is_told(one, sentence):
    network = branching()
    network.add(LAYERS["ReLU"](), "loose", inputs="conv")
    with pytest.raises(LayerloomError) as error:
        altered(lens_on(network), one)
    assert str(error.value) == sentence


def test_an_intervention_from_outside_that_fails_is_named(lens):
    INTERVENTIONS.register(Odd)
    try:
        with pytest.raises(LayerloomError, match="The intervention Odd ended unexpectedly: KeyError"):
            altered(lens, {"node": "conv", "name": "toy_odd"})
    finally:
        INTERVENTIONS.unregister(Odd.name)


@pytest.mark.parametrize(
    ("units", "text"),
    [
        ("all", "all"),
        ((3,), "3"),
        ((7, 3), "3, 7"),
        ((1, 2, 3, 9, 8), "1–3, 8, 9"),
        ((0, 2, 4, 6, 8, 10), "0, 2, 4, 6 and 2 more"),
    ],
)
def test_units_are_named_in_few_words(units, text):
    assert units_text(units) == text


def test_units_are_read_as_people_write_them():
    assert units_of(["all"]) == "all"
    assert units_of(["3", "9..11", "3"]) == (3, 9, 10, 11)
    for wrong in (["a"], ["4..2"], [""], ["-1"], ["all", "3"], ["1..2..3"], ["9999999"]):
        with pytest.raises(LayerloomError):
            units_of(wrong)


def test_what_is_done_is_said_in_a_line():
    units = Off(node="layer1.conv", units=(3, 7)), Scale(node="fc", factor=0.5), Constant(node="fc", value=-1)
    found = Alteration(units=(*units, Off(node="conv", on=False)), damages=["blur", {"name": "noise", "on": False}])
    assert found.said == "layer1 › conv 3, 7: off; fc all: × 0.50; fc all: = −1.00; blur 1.5 px"
    assert not Alteration(units=[Off(node="conv", on=False)])
    assert found.changing("fc", 3) == units[2]
    assert found.changing("conv", 3) is None
    assert Alteration.model_validate_json(found.model_dump_json()) == found


def test_one_unit_is_let_alone_and_others_are_not():
    off = Off(node="conv", units=(1, 3))
    assert off.without("conv", 3, 4) == Off(node="conv", units=(1,))
    assert off.without("conv", 2, 4) == off
    assert off.without("fc", 3, 10) == off
    assert off.without("conv", 1, 4).without("conv", 3, 4) is None
    assert Off(node="conv").without("conv", 2, 4) == Off(node="conv", units=(0, 1, 3))
    assert Off(node="conv").without("fc", 2, 10) == Off(node="conv")


def test_what_is_switched_off_for_now_changes_nothing(lens):
    assert altered(lens, {"node": "conv", "on": False}) is lens
    same = altered(lens, {"node": "conv", "on": False, "units": [99]}, {"node": "fc", "units": [1]})
    same_as_by_hand(lens, same, ("fc", [1], torch.zeros_like))
