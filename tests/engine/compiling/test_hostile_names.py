"""Whatever a project, a block or a file is called, the exported source runs nothing but the network."""

import ast
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_networks import auxiliary, branches, layer, residual, start

from engine.compiling import compile_network, python_source
from engine.compiling.expressions import plain, quoted
from engine.compiling.feeding import Feeding
from engine.network import Network, analyse
from engine.network.problems import Problem, Severity

HARM = "__import__('builtins').harmed.append(1)"
HOSTILE = (
    f'"); {HARM}; ("',
    f"'); {HARM}; ('",
    f'"""; {HARM}; """',
    f'""" + str({HARM}) + """',
    f'a"\n{HARM}\n"',
    f"a\n{HARM}",
    f"a\r{HARM}",
    f"a\r\n    {HARM}\n",
    f"a\u2028{HARM}\u2029{HARM}",
    f"a\x0c{HARM}\x85{HARM}\x1c{HARM}",
    f"a\\\n{HARM}",
    "ends in a backslash \\",
    'ends in a quote "',
    "\\N{BULLET} \\x \\u12",
    "{name} %s {0}",
    "zero\0byte",
    "lone \udcff surrogate",
    "right-to-left \u202e override",
    "é × 中 😀",
)
TAKEN = ("None", "True", "F", "Tensor", "Path", "OrderedDict", "ValueError", "MaxUnpool2d", "RBFOutput")


@pytest.fixture
def harmed(monkeypatch):
    """What hostile names append to if they run."""
    harmed = []
    monkeypatch.setattr("builtins.harmed", harmed, raising=False)
    return harmed


def built(text, file="exported.py"):
    namespace = {"__name__": "exported", "__file__": file}
    exec(compile(text, file, "exec"), namespace)
    return namespace["build"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_string_in_the_source_is_the_string(name):
    assert ast.literal_eval(quoted(name)) == name
    assert len(quoted(name).splitlines()) == 1
    assert quoted(name).encode()


@given(st.text())
def test_any_string_in_the_source_is_the_string(text):
    assert ast.literal_eval(quoted(text)) == text


@given(st.text())
def test_any_text_is_one_line_of_a_docstring(text):
    assert len(plain(text).splitlines()) <= 1
    assert ast.literal_eval(f'"""{plain(text)}."""') == f"{plain(text)}."


@pytest.mark.parametrize("name", HOSTILE)
def test_the_names_of_project_and_block_run_nothing(harmed, name):
    network = residual()
    network.name = name
    network.set_block("layer1.0", kind=name)
    source = python_source(network).text
    assert source.encode()
    built(source)(weights=None)
    assert harmed == []


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_problem_says_runs_nothing(harmed, name):
    network = start("half")
    analysis = analyse(network)
    problem = Problem("no_output", Severity.ERROR, "", name)
    text = python_source(network, analysis=replace(analysis, problems=(problem,))).text
    built(text)(weights=None)
    assert harmed == []
    assert all(line.startswith("        # ") for line in text.splitlines() if "harmed" in line)


@pytest.mark.parametrize("name", [f"{hostile}.pt".replace("/", "") for hostile in HOSTILE if "\0" not in hostile])
def test_weights_of_any_name_load_and_run_nothing(harmed, tmp_path, name):
    network = branches()
    weights = compile_network(network, seed=3).state_dict()
    torch.save(weights, tmp_path / "weights")
    (tmp_path / "weights").rename(tmp_path / name)
    build = built(python_source(network, weights=name).text, str(tmp_path / "exported.py"))
    loaded = build().state_dict()
    assert harmed == []
    assert all(torch.equal(loaded[key], value) for key, value in weights.items())


def test_a_file_of_a_hostile_name_runs_alone(tmp_path):
    name = '"); open("harmed", "w"); ("'
    file = tmp_path / f"{name}.py"
    file.write_text(python_source(residual(), weights=f"{name}.pt").text, encoding="utf-8")
    torch.save(compile_network(residual()).state_dict(), tmp_path / f"{name}.pt")
    code = f"import runpy; runpy.run_path({str(file)!r})['build']()"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True, capture_output=True)
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize("name", TAKEN)
def test_no_class_takes_a_name_that_the_file_needs(name):
    network = auxiliary()
    network.name = name
    network.set_block("aux", kind=name)
    weights = compile_network(network, seed=3).state_dict()
    for text in (python_source(network).text, python_source(network, weights="beside.pt").text):
        module = built(text)(weights=None)
        module.load_state_dict(weights)
        assert module(torch.zeros(2, 3, 8, 8)).keys() == {"output", "aux_output"}


@pytest.mark.parametrize(
    "inputs",
    [("a.x", "b.x", "y"), ("nn", "torch"), ("F", "dict"), ("0.0", "a"), ("a.x", "a_x"), ("input_1", "input_0")],
)
def test_inputs_of_any_names_are_arguments(inputs):
    network = Network("inputs")
    for name in inputs:
        network.add(layer("Input", channels=2, height=4, width=4), name)
    network.add(layer("Output"), "output", inputs=network.add(layer("Concat"), "concat", inputs=inputs))
    images = [torch.full((2, 2, 4, 4), float(index)) for index in range(len(inputs))]
    for module in (built(python_source(network).text)(), compile_network(network)):
        torch.testing.assert_close(module(*images), torch.cat(images, dim=1))


@pytest.mark.parametrize("name", [*HOSTILE, "none", "true", *TAKEN])
def test_classes_of_any_name_stand_in_the_docstring_and_nowhere_else(name, harmed):
    network = residual()
    feeding = Feeding((3, 32, 32), (0.1, 0.2, 0.3), (0.5, 0.5, 0.25), (name, "cat"), (("floats", -1000, 1000),))
    text = python_source(network, feeding=feeding).text
    about = ast.get_docstring(ast.parse(text))
    assert " ".join(about.split()).endswith(f"0 {plain(name)}, 1 cat.")
    assert "N×3×32×32 (red, green, blue; rows; columns)" in about
    assert "mean 0.1, 0.2, 0.3, std 0.5, 0.5, 0.25." in about
    assert "Of images of floats, -1000 becomes 0 and 1000 becomes 1" in about
    built(text)()
    assert harmed == []


@pytest.mark.parametrize("name", ["none", "true", "false", "print", "nn", "torch", "x", "out", "weights", "FROZEN"])
def test_nodes_and_blocks_of_any_allowed_name_train_and_are_exported(name):
    network = Network(name)
    before = network.add(layer("Input", channels=1, height=8, width=8), "input")
    for block in (f"{name}.{name}", f"{name}.second"):
        before = network.add(layer("Conv2d", out_channels=2), f"{block}.{name}", inputs=before)
        network.set_block(block, kind=name)
    network.add(layer("Output"), "output", inputs=before)
    model, image = compile_network(network, seed=0), torch.rand(2, 1, 8, 8)
    model(image).sum().backward()
    other = built(python_source(network).text)()
    other.load_state_dict(model.state_dict())
    assert torch.equal(other(image), model(image))
