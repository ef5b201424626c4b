"""The initialisations: against torch's own or their definition, by the seed, and what they leave as it is."""

import math

import pytest
import torch
from small_training import settings, small_network
from torch import nn
from torch.nn import init

from engine.compiling import compile_network
from engine.data.draws import seed_of
from engine.errors import LayerloomError
from engine.inspection.lens import Lens
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.layers.reshaping import Flatten
from engine.network import Network
from engine.project import Project
from engine.recipe.initialisations import INITIALISATIONS, AlexNetStart, KaimingNormal, LayersOwn
from engine.recipe.initialising import initialise
from engine.runs.preparing import prepare
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks import Classification
from engine.torchvision_compat import torchvision
from templates import build


def started(network, initialisation, seed=0):
    model = compile_network(network, seed=seed)
    initialise(model, network, INITIALISATIONS.make(initialisation), seed=seed)
    return model


TORCHS = {
    "normal": lambda weight, random: init.normal_(weight, std=0.01, generator=random),
    "truncated_normal": lambda weight, random: init.trunc_normal_(weight, std=0.02, a=-0.04, b=0.04, generator=random),
    "uniform": lambda weight, random: init.uniform_(weight, -0.05, 0.05, generator=random),
    "xavier_uniform": lambda weight, random: init.xavier_uniform_(weight, generator=random),
    "xavier_normal": lambda weight, random: init.xavier_normal_(weight, generator=random),
    "kaiming_uniform": lambda weight, random: init.kaiming_uniform_(weight, nonlinearity="relu", generator=random),
    "kaiming_normal": lambda weight, random: init.kaiming_normal_(weight, nonlinearity="relu", generator=random),
    "orthogonal": lambda weight, random: init.orthogonal_(weight, generator=random),
    "alexnet_2012": lambda weight, random: init.normal_(weight, std=0.01, generator=random),
}


@pytest.mark.parametrize("name", [name for name, kind in INITIALISATIONS.items() if kind.draws])
@pytest.mark.parametrize("seed", [0, 7])
def test_weights_are_those_that_torch_draws_one_after_the_other(name, seed):
    model = started(small_network(), name, seed=seed)
    random = torch.Generator().manual_seed(seed_of(seed, 0, purpose=3))
    for layer in (model.conv, model.fc):
        assert torch.equal(layer.weight, TORCHS[name](torch.empty_like(layer.weight), random))
        assert (layer.bias == 0).all()


@pytest.mark.parametrize(
    ("saved", "of"),
    [
        ({"name": "normal", "std": 0.2}, 0.2),
        ({"name": "uniform", "bound": 0.3}, 0.3 / math.sqrt(3)),
        ({"name": "xavier_normal", "gain": 2}, 2 * math.sqrt(2 / (800 + 400))),
        ({"name": "kaiming_normal"}, math.sqrt(2 / 800)),
        ({"name": "kaiming_normal", "mode": "fan_out"}, math.sqrt(2 / 400)),
        ({"name": "kaiming_uniform", "nonlinearity": "linear"}, math.sqrt(1 / 800)),
        ({"name": "orthogonal", "gain": 2}, 2 / math.sqrt(800)),
    ],
)
def test_settings_say_how_wide_the_weights_lie(saved, of):
    network = Network("wide")
    network.add(Input(channels=8, height=10, width=10), "input")
    network.add(Flatten(), "flatten", inputs="input")
    network.add(Linear(out_features=400), "fc", inputs="flatten")
    network.add(Output(), "output", inputs="fc")
    assert started(network, saved).fc.weight.std().item() == pytest.approx(of, rel=0.01)


def test_alexnet_has_the_biases_of_the_paper():
    model = started(build("alexnet", classes=10), "alexnet_2012")
    biases = {name: module.bias for name, module in model.named_modules() if isinstance(module, nn.Conv2d | nn.Linear)}
    ones = {name for name, bias in biases.items() if (bias == 1).all()}
    assert ones == {"conv2", "conv4", "conv5", "fc6", "fc7"}
    assert all((bias == 0).all() for name, bias in biases.items() if name not in ones)
    assert model.fc6.weight.std().item() == pytest.approx(0.01, rel=0.01)


def test_parallel_ways_count_as_one():
    network = Network("towers")
    network.add(Input(channels=1, height=8, width=8), "input")
    for side in "ab":
        before = "input"
        for place in range(1, 4):
            before = network.add(Conv2d(out_channels=2, kernel_size=3, padding=1), f"conv{place}{side}", inputs=before)
    network.add(Add(), "add", inputs=("conv3a", "conv3b"))
    network.add(Conv2d(out_channels=2, kernel_size=3), "conv4", inputs="add")
    network.add(Flatten(), "flatten", inputs="conv4")
    network.add(Linear(out_features=5), "hidden", inputs="flatten")
    network.add(ReLU(), "relu", inputs="hidden")
    network.add(Linear(out_features=3), "last", inputs="relu")
    network.add(Output(), "output", inputs="last")
    model = started(network, "alexnet_2012")
    biases = {name.removesuffix(".bias"): value for name, value in model.named_parameters() if name.endswith(".bias")}
    assert {name for name, bias in biases.items() if (bias == 1).all()} == {"conv2a", "conv2b", "conv4", "hidden"}


@pytest.mark.parametrize("joined", [("long2", "short"), ("short", "long2")])
def test_of_unlike_ways_the_longest_counts(joined):
    network = Network("ways")
    network.add(Input(channels=2, height=8, width=8), "input")
    for name, before in (("long1", "input"), ("long2", "long1"), ("short", "input")):
        network.add(Conv2d(out_channels=2, padding=1), name, inputs=before)
    network.add(Add(), "add", inputs=joined)
    network.add(Conv2d(out_channels=2), "after", inputs="add")
    network.add(Output(), "output", inputs="after")
    model = started(network, "alexnet_2012")
    assert {name for name, one in model.named_parameters() if (one == 1).all()} == {"long2.bias"}


def test_a_layer_that_is_passed_by_is_not_counted():
    network = Network("row")
    before = network.add(Input(channels=2, height=8, width=8), "input")
    for place in range(1, 5):
        before = network.add(Conv2d(out_channels=2, padding=1), f"conv{place}", inputs=before)
    network.add(Output(), "output", inputs=before)
    for passed_by, ones in (("", {"conv2", "conv4"}), ("conv2", {"conv3"}), ("conv4", {"conv2"})):
        if passed_by:
            network.set_node(passed_by, bypassed=True)
        model = started(network, "alexnet_2012")
        assert {name.removesuffix(".bias") for name, one in model.named_parameters() if (one == 1).all()} == ones
        if passed_by:
            network.set_node(passed_by, bypassed=False)


def test_layers_that_are_no_plain_weights_keep_their_own():
    network, initialisation = build("lenet5", variant="1998"), AlexNetStart()
    plain, drawn = compile_network(network, seed=3), compile_network(network, seed=3)
    found = initialise(drawn, network, initialisation, seed=3)
    other = {name.rpartition(".")[0] for name, value in plain.state_dict().items()} - set(found.drawn)
    assert other
    for name in other:
        for key, value in plain.get_submodule(name).state_dict().items():
            assert torch.equal(value, drawn.get_submodule(name).state_dict()[key])
    words = found.words(initialisation)
    assert words.startswith(f"Initial weights: AlexNet 2012 in {len(found.drawn)} layers; ")
    assert words.endswith(" started as they do by themselves.")


def test_batch_norm_keeps_its_own():
    model = started(small_network(), "kaiming_normal")
    assert (model.bn.weight == 1).all()
    assert (model.bn.bias == 0).all()


def zeroed(module):
    return {name for name, one in module.named_parameters() if name.endswith("weight") and not one.any()}


@pytest.mark.parametrize("depth", [18, 50])
def test_the_last_norms_that_start_as_0_are_those_of_torchvision(depth):
    network, initialisation = build("resnet", depth=depth), LayersOwn(zero_last_norms=True)
    model, plain = compile_network(network, seed=3), compile_network(network, seed=3)
    found = initialise(model, network, initialisation, seed=3)
    theirs = getattr(torchvision().models, f"resnet{depth}")(zero_init_residual=True)
    assert zeroed(model) == {f"{name}.weight" for name in found.zeroed} == zeroed(theirs)
    for name, value in plain.state_dict().items():
        assert torch.equal(value, model.state_dict()[name]) or name in zeroed(model)
    count = len(found.zeroed)
    assert found.words(initialisation) == f"The last norm of {count} residual branches starts as 0."


def test_last_norms_start_as_0_with_drawn_weights_and_only_where_they_scale_a_branch():
    network, initialisation = build("resnet", depth=18), KaimingNormal(zero_last_norms=True)
    drawn = started(network, KaimingNormal(), seed=3)
    network.set_layer("layer1.0.bn2", network.layer("layer1.0.bn2").with_settings(affine=False))
    network.set_node("layer1.1.bn2", bypassed=True)
    model = compile_network(network, seed=3)
    words = initialise(model, network, initialisation, seed=3).words(initialisation)
    assert words.startswith("Initial weights: Kaiming normal in ")
    assert words.endswith(". The last norm of 6 residual branches starts as 0.")
    assert torch.equal(model.layer4.get_submodule("1").conv2.weight, drawn.layer4.get_submodule("1").conv2.weight)
    straight = small_network()
    assert initialise(compile_network(straight), straight, LayersOwn(zero_last_norms=True), seed=0).zeroed == ()


def test_nothing_is_drawn_where_each_layer_starts_by_itself():
    network = small_network()
    plain, own = compile_network(network, seed=1), started(network, LayersOwn(), seed=1)
    assert all(torch.equal(*pair) for pair in zip(plain.parameters(), own.parameters(), strict=True))


def test_a_run_starts_with_them_says_so_and_keeps_them(tmp_path):
    project = Project(small_network(), training=settings(epochs=1, initialisation="kaiming_normal", seed=5))
    prepared = prepare(project)
    expected = started(small_network(), "kaiming_normal", seed=5)
    assert torch.equal(prepared.model.conv.weight, expected.conv.weight)
    assert "Initial weights: Kaiming normal in 2 layers; Batch norm started as they do by themselves." in prepared.notes
    list(run_project(project, tmp_path / "run"))
    again = RunFolder(tmp_path / "run").project().training
    assert again.initialisation == INITIALISATIONS.make("kaiming_normal")
    resumed = prepare(project, resumed=RunFolder(tmp_path / "run"))
    assert not any("Initial weights" in note for note in resumed.notes)


def test_an_untrained_network_is_looked_into_with_the_weights_that_it_will_start_with():
    recipe = settings(initialisation="orthogonal")
    lens = Lens(small_network(), task=Classification(), recipe=recipe, seed=4)
    assert torch.equal(lens.module.fc.weight, started(small_network(), "orthogonal", seed=4).fc.weight)


def test_a_width_that_is_none_is_refused():
    with pytest.raises(LayerloomError, match="Deviation"):
        INITIALISATIONS.make({"name": "normal", "std": 0})
