"""A lens shows what views make of an image, in the mode each needs, and keeps nothing of it."""

import contextlib
from typing import ClassVar

import numpy as np
import pytest
import torch
from views_from_outside import Relevance, Saliency

from engine.compiling import compile_network
from engine.errors import LayerloomError
from engine.inspection import VIEWS, FeatureMaps, Filters, StepThrough, View
from engine.inspection.lens import Lens
from engine.inspection.results import Maps, NotShownError, Result
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project
from engine.tasks import Classification
from templates import build

PIXELS = np.random.default_rng(3).integers(0, 256, (1, 12, 12), dtype=np.uint8)


def small():
    network = Network("small")
    network.add(LAYERS["Input"](channels=1, height=12, width=12), "input")
    network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3), "conv", inputs="input")
    network.add(LAYERS["ReLU"](), "relu", inputs="conv")
    network.add(LAYERS["Flatten"](), "flatten", inputs="relu")
    network.add(LAYERS["Linear"](out_features=10), "fc", inputs="flatten")
    network.add(LAYERS["Softmax"](), "softmax", inputs="fc")
    network.add(LAYERS["Output"](), "output", inputs="softmax")
    return network


def lens_on(network, **values):
    return Lens(network, task=Classification(), **values)


@pytest.fixture
def lens():
    return lens_on(small())


def own_pass(lens, *, requires_grad=False):
    """What plain torch makes of the image, without the lens."""
    image = (torch.from_numpy(PIXELS[None]).float() / 255 - 0.5) / 0.5
    module = compile_network(lens.network, seed=0, logits=True).eval()
    return (image := image.requires_grad_(requires_grad)), module(image)


def test_the_prediction_is_the_softmax_of_the_scores(lens):
    _, scores = own_pass(lens)
    assert lens.look(PIXELS).prediction == pytest.approx(scores[0].softmax(0).detach().numpy(), abs=1e-6)
    torch.testing.assert_close(lens.scores(lens.prepare(PIXELS)), scores.detach())


def test_several_views_share_one_pass_and_see_what_each_sees_alone(lens):
    passes = []
    lens.module.conv.register_forward_hook(lambda *_: passes.append(1))
    asked = [Asked(FeatureMaps(), name) for name in ("conv", "relu", "fc")]
    asked += [Asked(StepThrough(channel=1, row=2, column=3), "conv"), Asked(Filters(), "conv")]
    found = lens.look(PIXELS, asked).results
    assert list(found) == asked
    assert len(passes) == 1
    for one, result in found.items():
        np.testing.assert_array_equal(result.array, lens.show(one, PIXELS).array)


@pytest.mark.parametrize("view", VIEWS.values(), ids=lambda view: view.name)
def test_every_view_gives_numbers_of_every_layer_it_is_for(view):
    lens = Lens.of_project(Project(build("lenet5")))
    pixels = np.zeros(lens.shape, np.uint8)
    view = view(**({"adam_steps": 3} if "adam_steps" in view.model_fields else {}))
    nodes = [name for name in lens.network if view.applies_to(lens.network.layer(name), lens.network)]
    assert nodes
    for node in nodes:
        try:
            result = lens.show(Asked(view, node), pixels)
        except NotShownError as refusal:
            result = lens.show(Asked(view, refusal.instead), pixels)
        assert isinstance(result, Result)
        assert result.array.dtype == np.float32
        assert np.isfinite(result.array).all()


def test_a_view_from_outside_differentiates_by_the_image(lens):
    image, scores = own_pass(lens, requires_grad=True)
    scores[0].max().backward()
    expected = image.grad[0].abs().amax(dim=0).numpy()
    for found in (
        lens.show(Asked(Saliency()), PIXELS),
        lens.look(PIXELS, [Asked(Saliency())]).results[Asked(Saliency())],
    ):
        np.testing.assert_allclose(found.array, expected, rtol=1e-5, atol=1e-8)
    other = int(scores[0].argmin())
    assert not np.allclose(lens.show(Asked(Saliency(target=other)), PIXELS).array, expected)


def test_a_view_differentiates_by_what_a_layer_gives(lens):
    relu = lens.module.relu
    found = lens.show(Asked(Relevance(), "conv"), PIXELS).array
    later = lens.show(Asked(Relevance(), "relu"), PIXELS).array
    maps = lens.show(Asked(FeatureMaps(), "conv"), PIXELS).array
    assert isinstance(relu, torch.nn.ReLU)
    assert found.shape == (10, 10)
    assert not np.array_equal(found, later)  # the activation lets no gradient through where it gives 0
    assert np.array_equal(found, later) == bool((maps > 0).all())


def test_modes_are_those_that_a_view_needs_and_nothing_is_left_behind(lens):
    seen = []

    class Curious(View):
        title: ClassVar = "Curious"
        needs_node = False

        def show(self, lens, image, node):
            seen.append((torch.is_inference_mode_enabled(), torch.is_grad_enabled(), image.requires_grad))
            return lens.show(Asked(FeatureMaps(), "fc"), PIXELS)

    class Differentiating(Curious):
        needs_gradients = True

    lens.look(PIXELS, [Asked(Curious()), Asked(Differentiating()), Asked(Saliency())])
    with torch.no_grad():
        lens.show(Asked(Differentiating()), PIXELS)
    lens.look(PIXELS, [Asked(Differentiating()), Asked(Curious())])
    plain, differentiating = (True, False, False), (False, True, True)
    assert seen == [plain, *[differentiating] * 3, plain]
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
    assert not lens.module.training
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in lens.module.parameters())


class Neighbour(FeatureMaps):
    """Reads a layer that not every network computes."""

    name: ClassVar = "toy_neighbour"

    def reads(self, node, network):
        return (node, "aside")


def test_a_layer_that_is_read_but_not_computed_keeps_nothing_back():
    network = small()
    network.add(LAYERS["Conv2d"](out_channels=2), "aside", inputs="input")
    asked = Asked(Neighbour(), "conv")
    assert list(lens_on(network).look(PIXELS, [asked]).results) == [asked]


def test_a_view_that_differentiates_works_after_one_that_does_not(lens):
    with torch.inference_mode():
        lens.look(PIXELS)
        before = lens.show(Asked(Saliency()), PIXELS).array
    np.testing.assert_array_equal(before, lens.show(Asked(Saliency()), PIXELS).array)


class Raising(View):
    """Ends as it is told."""

    title: ClassVar = "Raising"
    needs_node: ClassVar = False
    error: ClassVar[Exception]

    def show(self, lens, image, node):
        raise self.error


class RaisingWithGradients(Raising):
    """The same where gradients are on."""

    needs_gradients: ClassVar = True


@pytest.mark.parametrize("view", [Raising, RaisingWithGradients])
@pytest.mark.parametrize("error", [LayerloomError("no"), KeyError("no")])
@pytest.mark.parametrize("around", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_modes_are_what_they_were_after_a_view_that_fails(lens, view, error, around, monkeypatch):
    monkeypatch.setattr(Raising, "error", error, raising=False)
    with around():
        before = torch.is_grad_enabled(), torch.is_inference_mode_enabled()
        with pytest.raises(LayerloomError):
            lens.show(Asked(view()), PIXELS)
        with contextlib.suppress(LayerloomError):
            lens.look(PIXELS, [Asked(view())])
        assert (torch.is_grad_enabled(), torch.is_inference_mode_enabled()) == before
    assert not any(module.training for module in lens.module.modules())
    other = 255 - PIXELS
    np.testing.assert_array_equal(lens.look(other).prediction, lens_on(small()).look(other).prediction)


class Inverted(View):
    """What a layer gives for the image the other way round."""

    title: ClassVar = "Inverted"

    def show(self, lens, image, node):
        return Maps(lens.values(-image, (node,))[node][0].numpy())


def test_a_view_may_ask_about_another_image_and_the_others_still_see_theirs(lens):
    asked = [Asked(FeatureMaps(), "fc"), Asked(Inverted(), "fc"), Asked(Saliency()), Asked(StepThrough(), "conv")]
    found = lens.look(PIXELS, asked).results
    for one, result in found.items():
        np.testing.assert_array_equal(result.array, lens.show(one, PIXELS).array)
    _, scores = own_pass(lens)
    torch.testing.assert_close(torch.from_numpy(found[asked[0]].array), scores[0].detach())
    assert not np.allclose(found[asked[1]].array, found[asked[0]].array)


def test_the_image_of_the_caller_stays_as_it_is_and_may_be_one_that_nobody_writes_to(lens):
    network = Network("direct")
    network.add(LAYERS["Input"](channels=1, height=12, width=12), "input")
    network.add(LAYERS["ReLU"](), "relu", inputs="input")
    network.add(LAYERS["Flatten"](), "flatten", inputs="relu")
    network.add(LAYERS["Output"](), "output", inputs="flatten")
    lens, pixels = lens_on(network), PIXELS.copy()
    image = lens.prepare(pixels)
    before = image.clone()
    lens.values(image, ("relu", "output"))
    torch.testing.assert_close(image, before, rtol=0, atol=0)
    image.zero_()
    np.testing.assert_array_equal(pixels, PIXELS)
    pixels.flags.writeable = False
    sight = lens.look(pixels, [Asked(FeatureMaps(), "input"), Asked(FeatureMaps(), "relu")])
    np.testing.assert_allclose(sight.maps["input"], before[0], rtol=1e-6)
    np.testing.assert_allclose(sight.maps["relu"], before[0].clamp(min=0), rtol=1e-6)


def test_a_view_that_shows_nothing_is_refused_and_hides_no_other(lens):
    network = small()
    network.add(LAYERS["ReLU"](), "loose", inputs="conv")
    network.add(LAYERS["Conv2d"](out_channels=2), "idle", inputs="conv")
    lens = lens_on(network)
    asked = {
        Asked(FeatureMaps(), "conv"): "",
        Asked(FeatureMaps(), "loose"): "'loose' is not computed: no layer of that name leads to an output.",
        Asked(Filters(), "idle"): "'idle' is not computed: no layer of that name leads to an output.",
        Asked(StepThrough(), "idle"): "'idle' is not computed: no layer of that name leads to an output.",
        Asked(Filters(), "loose"): "'loose' is not computed: no layer of that name leads to an output.",
        Asked(Filters(), "relu"): "The view Filters is for layers that learn, but 'relu' is ReLU.",
        Asked(StepThrough(), "fc"): "The view Step through is for convolutions, but 'fc' is Linear.",
        Asked(StepThrough(row=40), "conv"): "There is no value at row 40, column 0 of map 0: the output is 4×10×10.",
        Asked(Filters(), "no"): "There is no layer called 'no'. There are input, conv, relu, flatten, fc, softmax, …",
    }
    sight = lens.look(PIXELS, list(asked))
    assert list(sight.results) == [Asked(FeatureMaps(), "conv")]
    assert sight.maps.keys() == {"conv"}
    for one, sentence in sight.refused.items():
        assert sentence.startswith(asked[one].rstrip("…"))
        with pytest.raises(LayerloomError) as error:
            lens.show(one, PIXELS)
        assert str(error.value) == sentence
    assert sight.refused.keys() | sight.results.keys() == asked.keys()


class Unfit(FeatureMaps):
    """Says of itself what is wrong, as it is told."""

    name: ClassVar = "toy_unfit"
    title: ClassVar = "Unfit"


def no_answer(*_):
    raise KeyError("nobody thought of it")


@pytest.mark.parametrize(
    ("part", "wrong", "error"),
    [
        ("applies_to", no_answer, "KeyError"),
        ("reads", no_answer, "KeyError"),
        ("reads", lambda *_: None, "TypeError"),
        ("class_setting", "nothing", "AttributeError"),
    ],
)
def test_what_is_wrong_with_a_view_is_said_of_it_and_hides_no_other(lens, monkeypatch, part, wrong, error):
    monkeypatch.setattr(Unfit, part, wrong)
    unfit, whole = Asked(Unfit(), "conv"), Asked(FeatureMaps(), "conv")
    sight = lens.look(PIXELS, [unfit, whole])
    assert list(sight.results) == [whole]
    assert sight.refused[unfit].startswith(f"The view Unfit ended unexpectedly: {error}. ")


def test_a_convolution_without_weights_of_its_own_says_so():
    network = small()
    network.set_node("conv", bypassed=True)
    with pytest.raises(LayerloomError, match=r"'conv' has no weights to show\."):
        lens_on(network).show(Asked(Filters(), "conv"))


@pytest.mark.parametrize(("count", "words"), [(0, "there is none"), (2, "there are 2: input, second")])
def test_a_network_that_does_not_take_one_image_is_told(count, words):
    network = small()
    if count == 2:
        network.add(LAYERS["Input"](channels=4, height=10, width=10), "second")
        network.remove("flatten")
        network.add(LAYERS["Add"](), "add", inputs=["relu", "second"])
        network.add(LAYERS["Flatten"](), "flatten", inputs="add")
        network.connect("flatten", "fc")
    else:
        network.remove("input")
    with pytest.raises(LayerloomError) as error:
        lens_on(network)
    assert str(error.value) == f"Looking inside needs one input that takes the image; {words}."


def test_weights_of_another_network_are_told(lens):
    with pytest.raises(LayerloomError, match=r"The weights do not fit the network small\."):
        lens.load(compile_network(build("lenet5")).state_dict())


def test_files_are_read_as_the_network_takes_them(tmp_path):
    network = Network("many")
    network.add(LAYERS["Input"](channels=4, height=6, width=6), "bands")
    network.add(LAYERS["Output"](), "output", inputs="bands")
    with pytest.raises(LayerloomError, match=r"An image has 1 or 3 channels, bands takes 4\."):
        lens_on(network).read(tmp_path / "any.png")
