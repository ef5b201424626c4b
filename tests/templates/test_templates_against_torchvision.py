"""Templates that have a twin in torchvision: the same names, shapes, counts and, with the same weights, outputs."""

from __future__ import annotations

import functools
import math

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.compiling import compile_network
from engine.layers import Shape
from engine.network import analyse
from engine.torchvision_compat import torchvision
from templates import build

NO_INIT = {"init_weights": False}

# Our template and options; torchvision's builder and its options; the side of the input.
TWINS = [
    ("alexnet", {"variant": "torchvision"}, "alexnet", {}, 224),
    *(
        ("vgg", {"configuration": c, "batch_norm": bn}, f"vgg{layers}{'_bn' * bn}", {}, 224)
        for c, layers in (("A", 11), ("B", 13), ("D", 16), ("E", 19))
        for bn in (False, True)
    ),
    *(("resnet", {"depth": depth}, f"resnet{depth}", {}, 224) for depth in (18, 34, 50, 101, 152)),
    ("resnet", {"depth": 50, "width": 2}, "wide_resnet50_2", {}, 224),
    ("resnet", {"depth": 101, "width": 2}, "wide_resnet101_2", {}, 224),
    *(("densenet", {"depth": depth}, f"densenet{depth}", {}, 224) for depth in (121, 169, 201, 161)),
    *(
        ("googlenet", {"variant": "torchvision", "aux": aux}, "googlenet", {**NO_INIT, "aux_logits": aux}, 224)
        for aux in (False, True)
    ),
    *(("inception_v3", {"aux": aux}, "inception_v3", {**NO_INIT, "aux_logits": aux}, 299) for aux in (False, True)),
]
IDS = ["-".join((twin, *map(str, keywords.values()))) for _, _, twin, keywords, _ in TWINS]
AUXILIARY = {
    "googlenet": ("aux2.output", "aux1.output"),
    "inception_v3": ("AuxLogits.output",),
}  # as torchvision orders
each_twin = pytest.mark.parametrize(("name", "options", "twin", "keywords", "side"), TWINS, ids=IDS)


def reference(twin, keywords, *, device="meta"):
    """torchvision's model with random weights."""
    builder = getattr(torchvision().models, twin)
    with torch.device(device):
        return builder(weights=None, **keywords)


@functools.cache
def ours(name, options):
    return compile_network(build(name, **dict(options)), device="meta")


@functools.cache
def measured(twin, keywords, side):
    """torchvision's parameters, its multiply-adds in training, and the shape that each of its modules gives."""
    model, outputs = reference(twin, dict(keywords)).train(), {}
    for path, module in model.named_modules():
        if not list(module.children()):
            module.register_forward_hook(
                lambda _, __, y, path=path: outputs.setdefault(path, Shape(*y.shape[1:])) and None
            )
    with FlopCounterMode(display=False) as counter:
        model(torch.empty(2, 3, side, side, device="meta"))
    return sum(parameter.numel() for parameter in model.parameters()), counter.get_total_flops() // 4, outputs


@each_twin
def test_parameters_and_multiply_adds(name, options, twin, keywords, side):
    analysis = analyse(build(name, **options))
    parameters, multiply_adds, _ = measured(twin, tuple(keywords.items()), side)
    assert analysis.parameters == parameters
    assert analysis.multiply_adds == multiply_adds


@each_twin
def test_every_module_is_a_node_of_its_name_with_its_output(name, options, twin, keywords, side):
    analysis = analyse(build(name, **options))
    _, _, outputs = measured(twin, tuple(keywords.items()), side)
    if name == "vgg":  # at 224×224 its pool to 7×7 does nothing
        outputs = {path: output for path, output in outputs.items() if path != "avgpool"}
    assert {path: analysis[path].output for path in outputs} == outputs


@each_twin
def test_state_dicts_have_the_same_names_and_shapes(name, options, twin, keywords, side):
    mine = ours(name, tuple(options.items())).state_dict()
    theirs = reference(twin, keywords).state_dict()
    assert {key: value.shape for key, value in mine.items()} == {key: value.shape for key, value in theirs.items()}


@pytest.mark.slow
@each_twin
def test_the_same_weights_give_the_same_outputs(name, options, twin, keywords, side):
    torch.manual_seed(1)
    theirs = reference(twin, keywords, device="cpu").eval()
    mine = compile_network(build(name, **options)).eval()
    mine.load_state_dict(theirs.state_dict())
    images = torch.rand(1, 3, side, side)
    with torch.no_grad():
        expected, found = theirs(images), mine(images)
    scale = expected.abs().max().item()
    assert math.isfinite(scale)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5 * scale)


def test_weights_fit_a_vgg_for_larger_images_too():
    mine = compile_network(build("vgg", configuration="A", input_size=288), device="meta").state_dict()
    theirs = reference("vgg11", {}).state_dict()
    assert {key: value.shape for key, value in mine.items()} == {key: value.shape for key, value in theirs.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options", "twin", "keywords", "side"),
    [TWINS[IDS.index(twin)] for twin in ("resnet18", "densenet121", "googlenet-False-True", "inception_v3-False-True")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_training_gives_the_same_outputs_and_running_averages(name, options, twin, keywords, side):
    torch.manual_seed(1)
    theirs = reference(twin, keywords, device="cpu").train()
    mine = compile_network(build(name, **options)).train()
    mine.load_state_dict(theirs.state_dict())
    for module in (*mine.modules(), *theirs.modules()):
        if isinstance(module, torch.nn.Dropout):
            module.eval()  # each would draw its own
    images = torch.rand(2, 3, side, side)
    with torch.no_grad():
        expected, found = theirs(images), mine(images)
    if isinstance(expected, tuple):
        for output, value in zip(("output", *AUXILIARY[twin]), expected, strict=True):
            torch.testing.assert_close(found[output], value, rtol=1e-4, atol=1e-4)
    else:
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(mine.state_dict(), theirs.state_dict())
