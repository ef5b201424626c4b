"""What stands in the way of any training, whatever the task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.layers import Suggestion
from engine.machine.lacking import lacking
from engine.network import Problem, Severity
from engine.recipe.recipe import Device
from engine.tasks.recipe_problems import settings_problems
from engine.tasks.setup import Setup
from engine.words import counted, thousands

UNFIT = "unfit_data"
"""The code of settings of the data by which images cannot be brought to the network."""
_FLOAT = 4  # bytes
# Peak memory beside the parameters, as a share of all outputs: 0.75 for ResNet-18, 1.2 for VGG, 1.6 for AlexNet. So a
# batch above the least share surely does not fit, and one that keeps to the largest does.
_LEAST, _MOST = 0.75, 1.6
_GIGABYTE = 1e9
_ELSEWHERE = "If the images have moved, say where they are now: in the workspace Data, or by --data FOLDER."


def common_problems(setup: Setup) -> Iterator[Problem]:
    """Problems of network, data and recipe together that neither network nor task have."""
    if setup.source.missing:
        yield _error("no_data", setup.source.missing)
    elif setup.unreadable:
        yield _error("data", setup.unreadable, hint=_ELSEWHERE)
    if setup.devices and (reason := lacking(setup.recipe.device, setup.devices)):
        yield Problem("no_device", Severity.ERROR, "", reason, setting="device")
    yield from _memory(setup)
    yield from _accumulation(setup)
    yield from settings_problems(setup)
    if setup.unfit:
        yield _error(UNFIT, setup.unfit)
    yield from (Problem(one.code, one.severity, "", one.message) for one in setup.warnings)


def _accumulation(setup: Setup) -> Iterator[Problem]:
    """Fewer images than one update is to be made from."""
    recipe, images = setup.recipe, setup.images
    if recipe.accumulate > 1 and images is not None and recipe.images_per_step > images:
        asked = f"{counted(recipe.accumulate, 'batch', 'batches')} of {thousands(recipe.batch_size)}"
        there = counted(images, "training image")
        message = f"An update is made from {asked}, but there are {there}: each epoch is a single update."
        most = max(1, images // recipe.batch_size)
        hint = f"Accumulate at most {counted(most, 'batch', 'batches')}."
        fix = Suggestion(f"Accumulate {most}", {"accumulate": most})
        yield Problem("accumulation", Severity.WARNING, "", message, hint, setting="accumulate", suggestions=(fix,))


def _error(code: str, message: str, *, hint: str = "") -> Problem:
    return Problem(code, Severity.ERROR, "", message, hint)


def _memory(setup: Setup) -> Iterator[Problem]:
    """On the CPU, a batch that cannot fit: the system would end the whole program and not just training."""
    if setup.free is None or setup.device is not Device.CPU or setup.images is None or not setup.analysis.ok:
        return
    batch = min(setup.recipe.batch_size, setup.images)
    from engine.data.split import steps_in_pass  # a list of networks does without numpy

    at_once = -(-setup.images // steps_in_pass(setup.images, batch))  # images are shared out evenly among batches
    need = _fixed_bytes(setup) + at_once * _LEAST * setup.analysis.activation_bytes(1)
    if need > setup.free:
        fitting = fitting_batch(setup)
        free = f"{setup.free / _GIGABYTE:.1f} GB are free"
        message = f"Memory is full: batch {batch} needs about {need / _GIGABYTE:.1f} GB, {free}."
        hint = f"Use a batch of at most {fitting}." if fitting else "Use a smaller network."
        fixes = (Suggestion(f"Batch {fitting}", {"batch_size": fitting}),) if fitting else ()
        yield replace(_error("out_of_memory", message, hint=hint), setting="batch_size", suggestions=fixes)


def fitting_batch(setup: Setup) -> int:
    """The largest batch that surely fits the free memory; 0 if none does, or it is not known what is free."""
    room = (setup.free or 0) - _fixed_bytes(setup)
    return int(room // (_MOST * setup.analysis.activation_bytes(1))) if room > 0 else 0


def _fixed_bytes(setup: Setup) -> int:
    """Bytes that a training takes whatever its batch: weights, gradients, moments, averages."""
    copies = 2 + setup.recipe.optimiser.moments + bool(setup.recipe.average)
    return copies * _FLOAT * setup.analysis.parameters
