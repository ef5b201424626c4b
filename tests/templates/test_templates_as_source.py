"""Every template's exported file is its drawing: same names, same output for the same weights, well formed."""

import subprocess
import sys

import pytest
import torch
from template_variants import VARIANTS, label

from engine.compiling import compile_network, python_source
from engine.compiling.plan import plan
from engine.errors import LayerloomError
from engine.network import analyse
from templates import TEMPLATES, build

FEW_PARAMETERS = 3_000_000  # more are not drawn as torch does, which would take most of the time


def module_from(source, *, device):
    """What the file builds, in a namespace of its own."""
    namespace = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), namespace)
    with torch.device(device):
        return namespace["build"]()


def quick_weights(module):
    """Random weights of a size that keeps deep outputs finite, and batch norms that have seen nothing."""
    weights = {name: torch.zeros_like(value, device="cpu") for name, value in module.state_dict().items()}
    for name, value in weights.items():
        if name.endswith("running_var"):
            value.fill_(1)
        elif value.is_floating_point() and not name.endswith("running_mean"):
            value.uniform_(-1, 1).mul_((3 * len(value) / value.numel()) ** 0.5)
    return weights


def small(name, options):
    """The variant for small images, where it allows them: the code is the same but for the shapes."""
    for side in (32, 64, 96):
        try:
            network = TEMPLATES[name].build(**options, input_size=side)
        except LayerloomError:
            continue
        if analyse(network).ok:
            return network
    return build(name, **options)


def assert_equal_outputs(drawn, written, shape):
    images = torch.randn(1, *shape, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        torch.testing.assert_close(written.eval()(images), drawn.eval()(images), rtol=1e-4, atol=0)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), VARIANTS, ids=label)
def test_the_exported_file_computes_what_the_drawing_computes(name, options):
    network = small(name, options)
    analysis = analyse(network)
    device = "cpu" if analysis.parameters < FEW_PARAMETERS else "meta"
    drawn, written = compile_network(network, device=device), module_from(python_source(network).text, device=device)
    weights = drawn.state_dict() if device == "cpu" else quick_weights(drawn)
    for module in (drawn, written):
        module.load_state_dict(weights, assign=True)  # strict: the names are the same
    torch.testing.assert_close(dict(written.named_buffers()), dict(drawn.named_buffers()))
    assert_equal_outputs(drawn, written, analysis["input"].output)


def test_every_exported_file_is_formatted_and_has_no_unused_import(tmp_path):
    for index, (name, options) in enumerate(VARIANTS):
        network = build(name, **options)
        copies = any(step.call and step.call.target.startswith("engine.") for step in plan(network).steps.values())
        folder = tmp_path / ("copies" if copies else "written")  # what is copied keeps the lines it has
        folder.mkdir(exist_ok=True)
        (folder / f"{name}{index}.py").write_text(python_source(network).text, encoding="utf-8")
    for arguments in (["format", "--diff", "written"], ["check", "--select=E3,E4,E7,E9,F,I", "--preview", "."]):
        command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--line-length=100"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
