"""What cannot be explained is told in a sentence, with the layer to ask of instead as a value."""

import numpy as np
import pytest
import torch
from explained_by_hand import lens_on, pixels_for
from small_training import settings

from engine.errors import LayerloomError
from engine.inspection import VIEWS, GradCam, GuidedBackprop, Saliency
from engine.inspection.explaining import GradCamEverywhere
from engine.inspection.explaining.evidence import Note
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.lens import Lens
from engine.inspection.results import NotShownError
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from engine.layers.convolution import Convolution
from engine.network import Network
from engine.tasks import Classification
from templates import build

METHODS = [kind for kind in VIEWS.values() if issubclass(kind, Explanation)]
PLAIN = "the plain gradient."


def drawn(*activations, bypassed="", classes=3):
    """Convolutions with these activations, and a linear layer."""
    network = Network("drawn")
    network.add(LAYERS["Input"](channels=1, height=12, width=12), source := "input")
    for number, kind in enumerate(activations, start=1):
        network.add(LAYERS["Conv2d"](out_channels=3, kernel_size=3), f"conv{number}", inputs=source)
        network.add(LAYERS[kind](), source := f"act{number}", inputs=f"conv{number}")
    network.add(LAYERS["Flatten"](), "flatten", inputs=source)
    network.add(LAYERS["Linear"](out_features=classes), "fc", inputs="flatten")
    network.add(LAYERS["Output"](), "output", inputs="fc")
    if bypassed:
        network.set_node(bypassed, bypassed=True)
    return network


def refusal(lens, node, view=None):
    with pytest.raises(NotShownError) as caught:
        lens.show(Asked(view or GradCam(target=1), node), pixels_for(lens))
    sight = lens.look(pixels_for(lens), [asked := Asked(view or GradCam(target=1), node)])
    assert (sight.refused[asked], sight.instead[asked]) == (str(caught.value), caught.value.instead)
    return str(caught.value), caught.value.instead


def test_vectors_have_no_maps():
    lens = lens_on(build("lenet5"))
    assert refusal(lens, "fc1") == ("Grad-CAM needs maps, but fc1 gives a vector.", "conv2")
    assert refusal(lens_on(build("mlp")), "fc1")[1] == ""


def test_bypassed_layers_have_none_of_their_own():
    lens = lens_on(drawn("ReLU", "ReLU", bypassed="act2"))
    assert refusal(lens, "act2") == ("act2 is bypassed: its maps are those of conv2.", "conv2")
    others = lens.show(Asked(GradCamEverywhere()), pixels_for(lens)).by_place
    assert list(others) == ["conv1", "conv2"]


def test_maps_of_another_output_do_not_count():
    network = build("googlenet", input_size=80, classes=3)
    lens = Lens(network, task=Classification())
    aside = next(name for name in network if name.startswith("aux1.") and isinstance(network.layer(name), Convolution))
    sentence, instead = refusal(lens, aside)
    assert sentence == f"No map of {aside} counts for the scores: it leads to another output alone."
    assert lens.show(Asked(GradCam(target=1), instead), pixels_for(lens)).node == instead
    assert not any(name.startswith("aux") for name in lens.show(Asked(GradCamEverywhere()), pixels_for(lens)).by_place)


def test_a_layer_that_leads_nowhere_is_not_computed():
    network = drawn("ReLU")
    network.add(LAYERS["Conv2d"](), "aside", inputs="input")
    with pytest.raises(LayerloomError, match="'aside' is not computed: no layer of that name leads to an output"):
        lens_on(network).show(Asked(GradCam(), "aside"), np.zeros((1, 12, 12), np.uint8))


def test_no_map_that_speaks_for_the_class_is_told_with_one_that_does():
    lens = lens_on(drawn("ReLU", "ReLU"))
    lens.module.fc.weight.abs_()
    lens.module.fc.weight.neg_()  # every map behind the ReLU speaks against every class
    pixels = pixels_for(lens)
    found = lens.show(Asked(GradCam(target=1), "act2"), pixels)
    assert not found.array.any()
    ((sentence, instead),) = found.notes
    assert sentence == "Grad-CAM is 0: no map of act2 speaks for 1."
    assert lens.show(Asked(GradCam(target=1), instead), pixels).array.any()
    assert found.half == 0
    named = lens_on(drawn("ReLU", "ReLU"), classes=("a", "b", "c"))
    named.module.load_state_dict(lens.module.state_dict())
    assert named.show(Asked(GradCam(target=1), "act2"), pixels).notes[0].sentence.endswith("speaks for b.")


@pytest.mark.parametrize("asked", ["act1", "act2"])
def test_of_several_that_speak_the_next_one_on_is_named(asked):
    lens = lens_on(drawn("ReLU", "ReLU", "ReLU", "ReLU"))
    lens.module.conv2.bias.fill_(-1000)  # nothing passes its ReLU
    for name in ("conv3", "conv4"):
        lens.module.get_submodule(name).weight.abs_()
        lens.module.get_submodule(name).bias.fill_(1)
    lens.module.fc.weight.abs_()
    found = lens.show(Asked(GradCam(target=1), asked), pixels_for(lens))
    assert found.notes == (Note(f"Grad-CAM is 0: no map of {asked} speaks for 1.", "conv3"),)


@pytest.mark.parametrize(
    ("activations", "sentence"),
    [
        (("ReLU", "ReLU"), None),
        (("ReLU", "LeakyReLU"), None),
        (("GELU", "ReLU", "ReLU"), "1 of 3 activations is GELU and passes " + PLAIN),
        (("GELU", "GELU", "ReLU"), "2 of 3 activations are GELU and pass " + PLAIN),
        (("GELU", "SiLU", "Tanh", "ReLU"), "3 of 4 activations are GELU, SiLU or Tanh and pass " + PLAIN),
        (("ScaledTanh", "ScaledTanh"), "all 2 activations are Scaled tanh and pass " + PLAIN),
        (("Tanh",), "the only activation is Tanh and passes " + PLAIN),
        (("Identity",), "there is no activation, so this is " + PLAIN),
    ],
)
def test_activations_that_are_no_relu_are_counted(activations, sentence):
    lens = lens_on(drawn(*activations))
    pixels = pixels_for(lens)
    found = lens.show(Asked(GuidedBackprop(target=1)), pixels)
    assert found.notes == (() if sentence is None else (Note(f"Guided backprop needs ReLU: {sentence}"),))
    if not {"ReLU", "LeakyReLU"} & set(activations):
        np.testing.assert_array_equal(np.abs(found.values), lens.show(Asked(Saliency(target=1)), pixels).values)


def test_relus_inside_a_layer_that_torch_lacks_are_guided_too():
    lens = lens_on(build("neocognitron"))
    for name, parameter in lens.module.named_parameters():
        if name.endswith("inhibition"):
            parameter.zero_()  # so that something passes
    pixels = pixels_for(lens)
    guided, plain = (lens.show(Asked(view(target=1)), pixels) for view in (GuidedBackprop, Saliency))
    assert guided.notes == ()
    assert plain.values.max() > 0
    assert not np.allclose(np.abs(guided.values), plain.values, rtol=1e-3, atol=0)


@pytest.mark.parametrize("method", METHODS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_explain_nothing(method, value):
    lens = lens_on(drawn("ReLU"))
    lens.module.fc.bias.fill_(value)
    with pytest.raises(LayerloomError, match="The scores are NaN or infinite: with these weights there is nothing to"):
        lens.show(Asked(method(), "conv1"), pixels_for(lens))


@pytest.mark.parametrize("method", METHODS, ids=lambda kind: kind.name)
def test_maps_of_scores_are_no_class(method):
    network = Network("segments")
    network.add(LAYERS["Input"](channels=1, height=6, width=6), "input")
    network.add(LAYERS["Conv2d"](out_channels=3), "conv", inputs="input")
    network.add(LAYERS["Output"](), "output", inputs="conv")
    lens = lens_on(network)
    shape = "×".join(map(str, lens.module(lens.prepare(pixels_for(lens))).shape[1:]))
    with pytest.raises(LayerloomError, match=f"is the score of a class, but the network gives {shape} values"):
        method().show(lens, lens.prepare(pixels_for(lens)).requires_grad_(), "conv")


@pytest.mark.parametrize("method", METHODS, ids=lambda kind: kind.name)
def test_several_inputs_and_errors_are_told_by_the_lens(method):
    network = drawn("ReLU")
    network.add(LAYERS["Input"](channels=1, height=12, width=12), "second")
    with pytest.raises(LayerloomError, match="needs one input that takes the image; there are 2: input, second"):
        lens_on(network)


@pytest.mark.parametrize("method", METHODS, ids=lambda kind: kind.name)
def test_one_output_tells_two_classes_apart(method):
    recipe = settings(loss="binary_cross_entropy")
    lens = lens_on(drawn("ReLU", classes=1), recipe=recipe)
    pixels = pixels_for(lens)
    no, yes = (lens.show(Asked(method(target=number), "conv1"), pixels) for number in (0, 1))
    assert lens.outputs == 2
    assert no.explained.score == -yes.explained.score
    sign = {"saliency": 1, "smooth_grad": 1, "gradient_input": -1, "occlusion": -1}.get(method.name)
    if sign:
        np.testing.assert_allclose(no.array, sign * yes.array, rtol=1e-5, atol=1e-9)
    with pytest.raises(LayerloomError, match="The network has no class 2: they are counted from 0 to 1"):
        lens.show(Asked(method(target=2), "conv1"), pixels)


@pytest.mark.parametrize("method", METHODS, ids=lambda kind: kind.name)
def test_untrained_weights_are_labelled_so(method):
    lens = lens_on(drawn("ReLU"))
    pixels = pixels_for(lens)
    assert not lens.show(Asked(method(), "conv1"), pixels).trained
    lens.load({name: value.clone() for name, value in lens.module.state_dict().items()})
    assert lens.show(Asked(method(), "conv1"), pixels).trained


@pytest.mark.parametrize("method", METHODS, ids=lambda kind: kind.name)
def test_a_score_that_no_pixel_changes_has_evidence_of_nothing(method):
    lens = lens_on(drawn("ThresholdUnit"))
    found = lens.show(Asked(method(target=0), "conv1"), pixels_for(lens))
    assert torch.isfinite(torch.from_numpy(found.array)).all()
    if method.needs_gradients:
        assert not found.array.any()


def test_settings_have_limits():
    for method, values in ((VIEWS["smooth_grad"], {"samples": 0}), (VIEWS["smooth_grad"], {"noise": 1.5}),
                           (VIEWS["smooth_grad"], {"seed": -1}), (GradCam, {"enlarge": "huge"})):  # fmt: skip
        with pytest.raises(ValueError):
            method(**values)
