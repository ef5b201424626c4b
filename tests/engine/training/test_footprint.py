"""The memory of a training, against closed forms and what the system counts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from engine.compiling import compile_network
from engine.recipe.optimisers import SGD
from engine.recipe.recipe import Device, Recipe
from engine.training.estimate import estimate, largest_batch, memory_parts
from engine.training.footprint import Footprint, Line, footprint
from engine.training.pace import Images
from templates import build

_TRAINS = """
import sys
import torch
from engine.compiling import compile_network
from engine.network import analyse
from templates import build

def resident(kind):
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith(kind))

torch.set_num_threads(1)
def train(model, images):
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-6)
    for _ in range(2):
        model.zero_grad()
        outputs = model(torch.randn(*images))
        heads = list(outputs.values()) if isinstance(outputs, dict) else [outputs]
        loss = sum(head.sum() for head in heads)
        del outputs, heads
        loss.backward()
        optimiser.step()

train(torch.nn.Conv2d(1, 8, 3), (8, 1, 16, 16))  # brings all that torch loads at first use
network = build(sys.argv[1])
shape = tuple(analyse(network)[network.inputs[0]].output)
before = resident("VmRSS")
model = compile_network(network, logits=True, reuse_memory=True, seed=0)
train(model, (int(sys.argv[2]), *shape))
print(resident("VmHWM") - before)
"""


def measured_peak(template: str, batch: int) -> int:
    """Bytes that the system counts for a training in a process of its own, whose allocator keeps nothing back."""
    exact = {"MALLOC_TRIM_THRESHOLD_": "0", "MALLOC_MMAP_THRESHOLD_": "131072", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", _TRAINS, template, str(batch)]
    found = subprocess.run(command, env={**os.environ, **exact}, capture_output=True, text=True, check=True)
    return int(found.stdout)


def test_a_perceptron_holds_what_its_backward_pass_reads():
    found = footprint(build("mlp", hidden=(32, 16), input_size=28))
    weights = 784 * 32 + 32 + 32 * 16 + 16 + 16 * 10 + 10
    assert (found.weights, found.gradients, found.copies) == (4 * weights, 4 * weights, 0)
    # At its worst where the first layer's gradients are made, of the images and of what its outputs are told.
    assert {line.an_image for line in found.peaks} == {4 * (784 + 32)}
    assert found.peaks[0].rest == pytest.approx(found.gradients, abs=64)


@pytest.mark.parametrize("batch", [16, 64])
def test_lenet_holds_what_it_saves_for_its_backward_pass_and_little_more(batch: int):
    network = build("lenet5")
    model = compile_network(network, logits=True, reuse_memory=True, seed=0)
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    saved: dict[int, int] = {}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        outputs = model(torch.randn(batch, 1, 32, 32))
    # The images, what the layers give (ReLU in place), and the places of maxima in 64 bits.
    maps = 32 * 32 + 6 * 28 * 28 + 6 * 14 * 14 + 16 * 10 * 10 + 16 * 5 * 5 + 120 + 84
    places = 6 * 14 * 14 + 16 * 5 * 5
    assert sum(saved.values()) == batch * (4 * maps + 8 * places)
    found = footprint(network)
    held = found.activations(batch) + found.gradients
    assert sum(saved.values()) <= held <= 1.5 * sum(saved.values()) + found.gradients
    assert outputs.shape == (batch, 10)


def test_mixed_precision_halves_what_passes_read_and_copies_the_weights():
    network = build("lenet5")
    whole, mixed = footprint(network), footprint(network, mixed=True)
    assert (mixed.weights, mixed.gradients, mixed.copies) == (whole.weights, whole.gradients, whole.weights // 2)
    many = whole.peaks[-1].an_image
    assert mixed.peaks[-1].an_image == pytest.approx(many / 2, rel=0.3)  # places of maxima stay 64 bits


def test_parts_follow_the_optimiser_the_batch_and_averages():
    found = Footprint(weights=400, gradients=200, copies=0, peaks=(Line(10, 250), Line(50, 7)))
    assert [found.at(batch) for batch in (1, 3, 100)] == [660, 680, 5407]
    parts = {part.name: part.bytes for part in memory_parts(found, Recipe(batch_size=3, average=0.9), program=11)}
    held = {"weights": 400, "gradients": 200, "optimiser": 400, "average": 400, "activations": 80, "program": 11}
    assert parts == held
    plain = Recipe(batch_size=3, optimiser=SGD(momentum=0))
    assert not {"optimiser", "average"} & {part.name for part in memory_parts(found, plain)}


def test_the_largest_batch_is_the_last_that_keeps_a_tenth_free():
    found = Footprint(weights=400, gradients=200, copies=0, peaks=(Line(10, 250), Line(50, 7)))
    parts = memory_parts(found, Recipe(optimiser=SGD(momentum=0)))
    for capacity in range(500, 3000, 7):
        batch = largest_batch(found, parts, capacity=capacity)
        assert not batch or 0.9 * capacity >= found.at(batch)
        assert found.at(batch + 1) > int(0.9 * capacity)


@pytest.mark.parametrize(("images", "largest"), [(1257, 1257), (1, 1), (65_536, 65_536)])
def test_no_batch_has_more_images_than_train(images, largest):
    recipe = Recipe(device=Device.CPU, batch_size=2048)
    found = estimate(build("perceptron"), recipe, Images(images, 5))
    assert (found.largest_batch, found.holds_all) == (largest, True)
    assert (found.times.steps, found.times.run > 0) == (-(-images // 2048), True)
    free = estimate(build("perceptron"), recipe).largest_batch
    for unknown in (None, Images(0, 0), Images(free + 1, 0)):
        other = estimate(build("perceptron"), recipe, unknown)
        assert (other.largest_batch, other.holds_all) == (free, False)


def test_an_estimate_is_of_this_machine_and_adds_up():
    network, recipe = build("lenet5"), Recipe(device=Device.CPU, batch_size=32)
    found = estimate(network, recipe)
    assert (found.device, found.batch_size, found.fits) == ("cpu", 32, True)
    held = footprint(network).at(32) + 2 * footprint(network).gradients
    assert held == sum(part.bytes for part in found.parts if part.name != "program")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says how much a process holds")
@pytest.mark.parametrize(
    ("template", "batch"), [("alexnet", 32), ("vgg", 4), ("mobilenet", 16), ("googlenet", 8), ("resnet", 8)]
)
def test_the_estimate_is_what_the_system_counts(template: str, batch: int):
    assert footprint(build(template)).at(batch) == pytest.approx(measured_peak(template, batch), rel=0.15)
