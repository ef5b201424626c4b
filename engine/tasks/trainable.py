"""Whether network, data, settings and machine go together; each reason not to in one sentence."""

from __future__ import annotations

from engine.errors import LayerloomError
from engine.machine.memory import free_bytes
from engine.network import Analysis, Network
from engine.recipe.recipe import Device, Optimiser, TrainingSettings
from engine.tasks.heads import Heads
from engine.words import path_text

_FLOAT = 4  # bytes
# Peak memory beside the parameters, as a share of all outputs: 0.75 for ResNet-18, 1.2 for VGG, 1.6 for AlexNet. So a
# batch above the least share surely does not fit, and one that keeps to the largest does.
_LEAST, _MOST = 0.75, 1.6
_GIGABYTE = 1e9


class NotTrainableError(LayerloomError):
    """Network, data and settings do not go together; ``hint`` says what to do, ``code`` which kind of event it is."""

    def __init__(self, message: str, *, hint: str = "", code: str = "network") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint
        self.code = code


def require_trainable(network: Network, analysis: Analysis) -> None:
    """Refuse a network with errors, without one input and an output of class scores, or with nothing to learn."""
    if analysis.errors:
        listed = " ".join(_sentence(error.node, error.message) for error in analysis.errors[:3])
        count = len(analysis.errors)
        more = f" And {count - 3} more." if count > 3 else ""
        raise NotTrainableError(f"The network has {count} problem{'s' * (count > 1)}. {listed}{more}")
    if not network.inputs:
        raise NotTrainableError("The network has no input.", hint="Add an Input before its first layer.")
    if len(network.inputs) != 1:
        raise NotTrainableError(f"Training feeds one input, the network has {len(network.inputs)}.")
    if not network.outputs:
        raise NotTrainableError("The network has no output.", hint="Connect an Output to the last layer.")
    for name in network.outputs:
        shape = analysis[name].output
        if shape is not None and not shape.is_vector:
            raise NotTrainableError(
                f"{name} gives a {shape} map, but training needs one score a class.", hint="Insert Flatten before it."
            )
    if not analysis.trainable_parameters:
        raise NotTrainableError("The network has nothing to learn: no layer has trainable parameters.")


def require_classes(analysis: Analysis, *, heads: Heads, classes: int, data_title: str) -> None:
    """Refuse outputs that do not give one score for each class of the data."""
    for name in heads.weights:
        shape = analysis[name].output
        if shape is not None and shape.elements != classes:
            raise NotTrainableError(
                f"{name} gives {shape.elements} classes, {data_title} has {classes}.",
                hint=f"Set the last layer before {name} to {classes} features.",
            )


def require_batch(network: Network, analysis: Analysis, *, batch_size: int) -> None:
    """Refuse a batch of one where batch norm has a single value a channel to normalise."""
    if batch_size > 1:
        return
    for name, node in analysis.nodes.items():
        shape = node.output
        if network.layer(name).normalises_over_batch and shape and shape.elements == shape.channels:
            raise NotTrainableError(
                f"{name} normalises over the batch, but the batch has one image.", hint="Use a batch of at least 2."
            )


def require_memory(analysis: Analysis, *, device: Device, settings: TrainingSettings, images: int) -> None:
    """Refuse, on the CPU, a batch that cannot fit: the system would end the whole program and not just training."""
    free = free_bytes()
    if device is not Device.CPU or free is None:
        return
    batch = min(settings.batch_size, images)
    copies = 4 if settings.optimiser is Optimiser.ADAMW else 3  # weights, gradients, one or two moments
    fixed = copies * _FLOAT * analysis.parameters
    outputs = analysis.activation_bytes(1)
    need = fixed + batch * _LEAST * outputs
    if need <= free:
        return
    fitting = int((free - fixed) // (_MOST * outputs)) if free > fixed else 0
    raise NotTrainableError(
        f"Memory is full: batch {batch} needs about {need / _GIGABYTE:.1f} GB, {free / _GIGABYTE:.1f} GB are free.",
        hint=f"Use a batch of at most {fitting}." if fitting else "Use a smaller network.",
        code="out_of_memory",
    )


def _sentence(node: str, message: str) -> str:
    return f"{path_text(node)}: {message}" if node else message
