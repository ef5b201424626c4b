"""The compiled module is what was drawn: names, values, outputs, modes, seeds."""

import copy

import pytest
import torch
from small_networks import (
    NETWORKS,
    auxiliary,
    encoder_decoder,
    layer,
    residual,
    start,
    tangled,
    two_inputs_two_outputs,
)

from engine.compiling.graph import compile_network
from engine.errors import LayerloomError
from engine.network import Network, analyse

IMAGES = torch.linspace(-1, 1, 2 * 3 * 8 * 8).reshape(2, 3, 8, 8)


def images_for(network):
    shapes = [tuple(analyse(network)[name].output) for name in network.inputs]
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(2, *shape, generator=generator) for shape in shapes]


@pytest.mark.parametrize("draw", NETWORKS.values(), ids=NETWORKS)
def test_every_learned_value_stands_under_its_nodes_name(draw):
    network = draw()
    module = compile_network(network)
    assert {name.rpartition(".")[0] for name, _ in module.named_parameters()} == {
        name for name, node in analyse(network).nodes.items() if node.parameters
    }
    assert sum(p.numel() for p in module.parameters()) == analyse(network).parameters
    module.graph.lint()


@pytest.mark.parametrize("draw", NETWORKS.values(), ids=NETWORKS)
def test_outputs_have_the_shapes_that_were_shown(draw):
    network = draw()
    module, analysis = compile_network(network), analyse(network)
    result = module(*images_for(network))
    outputs = result if isinstance(result, dict) else dict.fromkeys(network.outputs, result)
    assert {name: (2, *analysis[name].output) for name in network.outputs} == {
        name: tuple(value.shape) for name, value in outputs.items()
    }


def test_a_residual_block_adds_its_input():
    module = compile_network(residual(), seed=1)
    x = module.conv1(IMAGES)
    for block in module.layer1.children():
        shortcut = block.downsample.get_submodule("0")(x) if hasattr(block, "downsample") else x
        x = block.relu(block.conv1(x)) + shortcut
    torch.testing.assert_close(module(IMAGES), module.fc(x.flatten(1)))


def test_parameters_come_in_the_order_of_the_drawing():
    names = [name for name, _ in compile_network(tangled()).named_parameters()]
    assert names[:2] == ["a.conv1.weight", "a.conv1.bias"]
    assert names[-1] == "fc.bias"


def test_auxiliary_outputs_are_given_in_training_only():
    module = compile_network(auxiliary())
    both = module(IMAGES)
    assert list(both) == ["output", "aux_output"]
    module.eval()
    torch.testing.assert_close(module(IMAGES), both["output"])
    assert "aux" not in module.code
    assert list(module.train()(IMAGES)) == ["output", "aux_output"]


def test_a_copy_keeps_both_modes():
    module = compile_network(auxiliary()).eval()
    twin = copy.deepcopy(module)
    assert list(twin.state_dict()) == list(module.state_dict())
    assert twin.meta == module.meta
    torch.testing.assert_close(twin(IMAGES), module(IMAGES))
    with torch.no_grad():
        twin.fc.weight.zero_()
    assert not torch.equal(twin(IMAGES), module(IMAGES))
    assert list(twin.train()(IMAGES)) == ["output", "aux_output"]
    twin.double().load_state_dict(module.state_dict())


def test_a_trained_state_survives_a_file(tmp_path):
    module, other = (compile_network(auxiliary(), seed=seed).eval() for seed in (1, 2))
    torch.save(module.state_dict(), tmp_path / "weights.pt")
    other.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    torch.testing.assert_close(other(IMAGES), module(IMAGES))


def test_the_same_seed_gives_the_same_weights_and_leaves_torch_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, second, third = (compile_network(residual(), seed=seed).state_dict() for seed in (7, 7, 8))
    assert torch.equal(torch.rand(3), expected)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["fc.weight"], third["fc.weight"])


def test_frozen_nodes_do_not_train():
    network = residual()
    network.set_node("conv1", frozen=True)
    module = compile_network(network)
    assert {name for name, p in module.named_parameters() if not p.requires_grad} == {"conv1.weight", "conv1.bias"}


def test_a_bypassed_node_hands_its_input_on():
    network = residual()
    network.set_node("layer1.0.conv1", bypassed=True)
    module = compile_network(network)
    assert not any(name.startswith("layer1.0.conv1") for name in module.state_dict())
    assert module.meta["values"]["layer1.0.conv1"] == module.meta["values"]["conv1"]
    assert module(IMAGES).shape == (2, 5)


def test_meta_modules_allocate_nothing():
    module = compile_network(residual(), device="meta")
    assert {p.device.type for p in module.parameters()} == {"meta"}
    assert module(IMAGES.to("meta")).shape == (2, 5)


def test_torch_exports_it():
    module = compile_network(residual()).eval()
    program = torch.export.export(module, (IMAGES,))
    torch.testing.assert_close(program.module()(IMAGES), module(IMAGES))


def test_several_inputs_go_in_by_order():
    network = two_inputs_two_outputs()
    left, right = images_for(network)
    outputs = compile_network(network)(left, right)
    torch.testing.assert_close(outputs["total"], left + right)


def test_a_network_with_errors_is_refused_in_a_sentence():
    network = start("broken")
    network.add(layer("Linear"), "fc", inputs="input")
    network.add(layer("Output"), "output", inputs="fc")
    with pytest.raises(LayerloomError, match=r"fc: Linear needs a vector, but input gives a 3×8×8 map"):
        compile_network(network)


def test_an_empty_network_is_refused_in_a_sentence():
    with pytest.raises(LayerloomError, match="no output"):
        compile_network(Network())


def test_unpooling_reads_what_its_pool_reads():
    module = compile_network(encoder_decoder(), seed=1)
    before, after = module.meta["values"]["encoder.0.relu"], module.meta["values"]["decoder.0.unpool"]
    nodes = {node.name: node for node in module.graph.nodes}
    assert nodes[after].args[1] is nodes[before]


def test_an_encoder_with_its_decoder_trains():
    module = compile_network(encoder_decoder(), seed=1, reuse_memory=True)
    images = torch.randn(8, 3, 12, 12, generator=torch.Generator().manual_seed(0))
    classes, optimiser = torch.arange(8) % 5, torch.optim.SGD(module.parameters(), lr=0.1)
    losses = []
    for _ in range(2):
        optimiser.zero_grad()
        losses.append(torch.nn.functional.cross_entropy(module(images), classes))
        losses[-1].backward()
        optimiser.step()
    assert losses[1] < losses[0]
    assert all(parameter.grad.abs().sum() > 0 for parameter in module.parameters())
