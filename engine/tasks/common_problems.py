"""What stands in the way of any training, whatever the task."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.data.source import COLOURS
from engine.machine.lacking import lacking
from engine.network import Fix, Network, Problem, Severity
from engine.network.names import short_name
from engine.recipe.recipe import Device
from engine.tasks.setup import Setup

_FLOAT = 4  # bytes
# Peak memory beside the parameters, as a share of all outputs: 0.75 for ResNet-18, 1.2 for VGG, 1.6 for AlexNet. So a
# batch above the least share surely does not fit, and one that keeps to the largest does.
_LEAST, _MOST = 0.75, 1.6
_GIGABYTE = 1e9


def common_problems(setup: Setup) -> Iterator[Problem]:
    """Problems of network, data and recipe together that the analysis of the network alone does not know."""
    network = setup.network
    if not len(network):
        yield _error("no_network", "There is no network to train: draw one or open a template.")
    elif len(network.inputs) > 1:
        yield _error("several_inputs", f"Training feeds one input, the network has {len(network.inputs)}.")
    elif network.inputs:
        yield from _channels(setup)
    if len(network) and setup.analysis.ok and not setup.analysis.trainable_parameters:
        yield _error("nothing_to_learn", "The network has nothing to learn: no layer has trainable parameters.")
    if setup.source.missing:
        yield _error("no_data", setup.source.missing)
    elif setup.unreadable:
        yield _error("data", setup.unreadable)
    if setup.devices and (reason := lacking(setup.recipe.device, setup.devices)):
        yield _error("no_device", reason)
    yield from _batch(setup)
    yield from _memory(setup)


def _error(code: str, message: str, *, node: str = "", hint: str = "") -> Problem:
    return Problem(code, Severity.ERROR, node, message, hint)


def _channels(setup: Setup) -> Iterator[Problem]:
    name = setup.network.inputs[0]
    shape = setup.analysis[name].output
    if shape is None or not shape.is_map:
        return
    if shape.channels not in (1, COLOURS):
        yield _error("channels", f"The input takes {shape.channels} channels, images have 1 or 3.", node=name)
    elif shape.channels == 1 and setup.colour:
        yield _made_grey(name)


def _made_grey(name: str) -> Problem:
    message = f"The images are in colour, but {short_name(name)} takes 1 channel: they are made grey."
    fix = Fix("Take 3 channels", f"{short_name(name)} then takes images in colour.", partial(_take_colours, name=name))
    return Problem("made_grey", Severity.WARNING, name, message, "Let it take 3 to keep the colours.", fixes=(fix,))


def _take_colours(network: Network, *, name: str) -> None:
    network.set_layer(name, network.layer(name).with_settings(channels=COLOURS))


def _batch(setup: Setup) -> Iterator[Problem]:
    """A batch of one, where batch norm has a single value a channel to normalise."""
    if setup.recipe.batch_size > 1 and setup.images != 1:
        return
    for name, node in setup.analysis.nodes.items():
        shape = node.output
        learns = not setup.network[name].frozen
        if learns and node.layer.normalises_over_batch and shape and shape.elements == shape.channels:
            message = f"{name} normalises over the batch, but the batch has one image."
            yield _error("one_image_a_batch", message, node=name, hint="Use a batch of at least 2.")
            return


def _memory(setup: Setup) -> Iterator[Problem]:
    """On the CPU, a batch that cannot fit: the system would end the whole program and not just training."""
    if setup.free is None or setup.device is not Device.CPU or setup.images is None or not setup.analysis.ok:
        return
    batch = min(setup.recipe.batch_size, setup.images)
    need = _fixed_bytes(setup) + batch * _LEAST * setup.analysis.activation_bytes(1)
    if need > setup.free:
        fitting = fitting_batch(setup)
        free = f"{setup.free / _GIGABYTE:.1f} GB are free"
        message = f"Memory is full: batch {batch} needs about {need / _GIGABYTE:.1f} GB, {free}."
        hint = f"Use a batch of at most {fitting}." if fitting else "Use a smaller network."
        yield _error("out_of_memory", message, hint=hint)


def fitting_batch(setup: Setup) -> int:
    """The largest batch that surely fits the free memory; 0 if none does, or it is not known what is free."""
    room = (setup.free or 0) - _fixed_bytes(setup)
    return int(room // (_MOST * setup.analysis.activation_bytes(1))) if room > 0 else 0


def _fixed_bytes(setup: Setup) -> int:
    """Bytes that a training takes whatever its batch: weights, gradients, moments."""
    return (2 + setup.recipe.optimiser.moments) * _FLOAT * setup.analysis.parameters
