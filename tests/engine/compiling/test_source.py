"""The source is the drawing: it runs alone, has the same names, gives the same outputs, and reads well."""

import subprocess
import sys

import pytest
import torch
from small_networks import NETWORKS, auxiliary, conv, encoder_decoder, finish, layer, residual, start

from engine.compiling import compile_network, python_source
from engine.network import Network, analyse


def built(network):
    namespace = {"__name__": "exported"}
    exec(compile(python_source(network).text, "exported.py", "exec"), namespace)
    return namespace["build"]()


def images_for(network):
    generator = torch.Generator().manual_seed(0)
    shapes = [analyse(network)[name].output for name in network.inputs]
    return [torch.randn(2, *shape, generator=generator) for shape in shapes]


def assert_same_module(network):
    drawn, written = compile_network(network, seed=3), built(network)
    written.load_state_dict(drawn.state_dict())
    assert set(written.state_dict()) == set(drawn.state_dict())
    images = images_for(network)
    for mode in (True, False):
        drawn.train(mode)
        written.train(mode)
        with torch.random.fork_rng():
            torch.manual_seed(1)
            expected = drawn(*images)
            torch.manual_seed(1)
            torch.testing.assert_close(written(*images), expected)


def ruff(*arguments, text):
    options = ["--isolated", "--line-length=100", "--stdin-filename=net.py", "-"]
    command = [sys.executable, "-m", "ruff", *arguments, *options]
    return subprocess.run(command, input=text, text=True, capture_output=True, check=False)


@pytest.mark.parametrize("draw", NETWORKS.values(), ids=NETWORKS)
def test_source_and_module_are_the_same(draw):
    assert_same_module(draw())


@pytest.mark.parametrize("draw", NETWORKS.values(), ids=NETWORKS)
def test_source_is_as_a_formatter_would_leave_it(draw):
    text = python_source(draw()).text
    assert ruff("format", text=text).stdout == text
    checked = ruff("check", "--select=E,F,I,W", text=text)
    assert checked.returncode == 0, checked.stdout


def test_the_file_runs_alone(tmp_path):
    file = tmp_path / "exported.py"
    file.write_text(python_source(residual()).text, encoding="utf-8")
    code = "import exported, torch; print(tuple(exported.build()(torch.zeros(2, 3, 8, 8)).shape))"
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, check=True)
    assert result.stdout.decode().strip() == "(2, 5)"


def test_printing_needs_no_torch():
    code = "import sys, engine.compiling; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_equal_blocks_are_one_class_and_runs_of_them_one_line():
    network = start("deep")
    x = conv(network, "stem", "input")
    for stage, maps in enumerate((4, 8)):
        x = conv(network, f"stage{stage}.0.reduce", x, maps=maps)
        for index in range(1, 5):
            x = conv(network, f"stage{stage}.{index}.conv", x, maps=maps)
            x = network.add(layer("ReLU"), f"stage{stage}.{index}.relu", inputs=x)
            network.set_block(f"stage{stage}.{index}", kind="ConvBlock")
    text = python_source(finish(network, x)).text
    assert text.count("class ConvBlock") == 1
    assert "def __init__(self, channels: int) -> None:" in text
    assert "*(ConvBlock(8) for _ in range(4))" in text
    assert_same_module(network)


def test_blocks_of_another_structure_get_a_class_that_says_so():
    text = python_source(residual()).text
    assert "class BasicBlock(nn.Module)" in text
    assert "class BasicBlockDownsample(nn.Module)" in text


def test_each_line_knows_its_nodes():
    network = residual()
    source = python_source(network)
    text = source.text.splitlines()
    marked = {name: [line for first, last in source.lines[name] for line in text[first - 1 : last]] for name in network}
    assert "self.conv1 = nn.Conv2d(4, 4" in marked["layer1.1.conv1"][0]
    assert marked["layer1.1.conv1"] == marked["layer1.0.conv1"]
    assert "out + x" in marked["layer1.0.add"][0]
    assert "def forward(self, x: Tensor) -> Tensor:  # 3×8×8" in marked["input"][0]
    assert marked["output"] == ["        return x"]


def test_auxiliary_heads_run_in_training_only():
    text = python_source(auxiliary()).text
    assert text.count("if self.training:") == 1
    assert 'return {"output": out, "aux_output": aux}' in text


def test_frozen_blocks_are_frozen_by_build():
    network = residual()
    for name in (*network.members("layer1.0"), "conv1"):
        network.set_node(name, frozen=True)
    assert 'FROZEN = ["conv1", "layer1.0"]' in python_source(network).text
    frozen = {name for name, p in built(network).named_parameters() if not p.requires_grad}
    assert frozen == {name for name, p in compile_network(network).named_parameters() if not p.requires_grad}


def test_frozen_parts_stay_in_evaluation_mode():
    network = residual()
    for name in network.members("layer1.0"):
        network.set_node(name, frozen=True)
    for model in (built(network), compile_network(network), built(network).eval().train()):
        assert model.training
        resting = {name for name, module in model.named_modules() if not module.training}
        assert resting == {name for name, _ in model.named_modules() if f"{name}.".startswith("layer1.0.")}


def test_bypassed_nodes_are_left_out():
    network = residual()
    network.set_node("layer1.0.relu", bypassed=True)
    assert_same_module(network)


def test_an_empty_network_gives_an_empty_module():
    text = python_source(Network()).text
    assert "class Network(nn.Module):" in text
    assert ruff("format", text=text).stdout == text
    assert built(Network())(torch.ones(1)).item() == 1


def test_a_half_drawn_network_shows_what_runs_and_says_what_does_not():
    network = start("half")
    conv(network, "conv1", "input")
    network.add(layer("Linear"), "fc", inputs="conv1")
    network.add(layer("ReLU"), "relu", inputs="fc")
    source = python_source(network)
    assert "# fc: Linear needs a vector" in source.text
    assert source.lines["fc"]
    assert source.lines["relu"]
    assert built(network)(*images_for(network)).shape == (2, 4, 8, 8)


def test_the_name_of_the_network_cannot_break_the_file():
    for name in ('"""', "\\", "3 × \n net", "Tensor", "", "class"):
        network = residual()
        network.name = name
        assert_same_module(network)


def test_blocks_that_undo_different_pools_are_one_class():
    network = encoder_decoder()
    network.set_layer("encoder.1.pool", layer("MaxPool2d", kernel_size=3, stride=3))
    text = python_source(network).text
    assert "self.unpool = MaxUnpool2d(kernel_size=kernel_size, stride=kernel_size)" in text
    assert "DecoderBlock(4, kernel_size=(2, 2))" in text
    assert_same_module(network)
