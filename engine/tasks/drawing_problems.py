"""Where a drawing, sound in itself, cannot train on images."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.data.source import COLOURS
from engine.layers.input_output import Input
from engine.layers.normalisation import GroupNorm
from engine.network import Fix, Network, Problem, Severity
from engine.network.connecting import keeping
from engine.network.edits import freeze, insert_on_edge
from engine.network.names import short_name
from engine.tasks.setup import Setup
from engine.words import counted


def drawing_problems(setup: Setup) -> Iterator[Problem]:
    """Problems that any data and any task would have with this network."""
    network = setup.network
    if not len(network):
        yield _no_network()
    elif len(network.inputs) > 1:
        yield _several_inputs(network)
    elif network.inputs:
        yield from _channels(setup)
    if len(network) and setup.analysis.ok and not setup.analysis.trainable_parameters:
        yield _all_frozen(setup) if setup.analysis.parameters else _nothing_to_learn(setup)
    yield from _batch(setup)


def _no_network() -> Problem:
    fix = Fix("Add an input", "Images enter the network through it.", lambda network: network.add(Input()))
    message = "There is no network to train."
    return Problem("no_network", Severity.UNFINISHED, "", message, "Draw one, or open a template.", fixes=(fix,))


def _several_inputs(network: Network) -> Problem:
    first, *others = network.inputs
    message = f"Training feeds one input, the network has {len(network.inputs)}."
    effect = (
        f"What the other {'input' if len(others) == 1 else 'inputs'} fed then gets the images of {short_name(first)}."
    )
    fix = Fix(f"Feed all from {short_name(first)}", effect, partial(_feed_all, first=first, others=tuple(others)))
    return Problem("several_inputs", Severity.ERROR, "", message, fixes=(fix,))


def _feed_all(network: Network, *, first: str, others: tuple[str, ...]) -> None:
    edges = [edge for other in others for edge in network.outgoing(other)]
    network.remove(*others)
    for edge in edges:
        network.connect(first, edge.target, edge.port)


def _channels(setup: Setup) -> Iterator[Problem]:
    name = setup.network.inputs[0]
    shape = setup.analysis[name].output
    if shape is None or not shape.is_map:
        return
    if shape.channels not in (1, COLOURS):
        message = f"The input takes {shape.channels} channels, images have 1 or 3."
        likely = (COLOURS, 1) if setup.colour else (1, COLOURS)
        yield Problem("channels", Severity.ERROR, name, message, fixes=tuple(_take(name, number) for number in likely))
    elif shape.channels == 1 and setup.colour:
        message = f"The images are in colour, but {short_name(name)} takes 1 channel: they are made grey."
        hint = "Let it take 3 to keep the colours."
        yield Problem("made_grey", Severity.WARNING, name, message, hint, fixes=(_take(name, COLOURS),))


def _take(name: str, channels: int) -> Fix:
    """Let an input take grey images or coloured ones."""
    effect = f"{short_name(name)} then takes {'grey images' if channels == 1 else 'images in colour'}."
    return Fix(f"Take {counted(channels, 'channel')}", effect, partial(_take_channels, name=name, channels=channels))


def _take_channels(network: Network, *, name: str, channels: int) -> None:
    network.set_layer(name, network.layer(name).with_settings(channels=channels))


def _all_frozen(setup: Setup) -> Problem:
    frozen = tuple(name for name, node in setup.analysis.nodes.items() if node.parameters)
    fix = Fix("Let all layers train", "No layer is frozen then.", partial(freeze, names=frozen, frozen=False))
    message = "The network has nothing to learn: every layer that could learn is frozen."
    return Problem("nothing_to_learn", Severity.ERROR, "", message, fixes=(fix,))


def _nothing_to_learn(setup: Setup) -> Problem:
    """Nothing is wrong with what is drawn; layers that learn are not drawn yet."""
    output = setup.network.outputs[0]
    (edge,) = setup.network.incoming(output)
    shape = setup.analysis[output].output
    assert shape is not None  # the analysis is fine
    layer = keeping(shape)
    effect = f"Its weights then learn; what {short_name(output)} gives keeps its shape."
    fix = Fix(f"Insert {layer.title}", effect, lambda network: insert_on_edge(network, layer, edge))
    message = "The network has nothing to learn: no layer has trainable parameters."
    hint = "Add a layer with weights, such as a convolution."
    return Problem("nothing_to_learn", Severity.UNFINISHED, "", message, hint, fixes=(fix,))


def _batch(setup: Setup) -> Iterator[Problem]:
    """A batch of one, where batch norm has a single value a channel to normalise."""
    if setup.recipe.batch_size > 1 and setup.images != 1:
        return
    for name, node in setup.analysis.nodes.items():
        shape = node.output
        learns = not setup.network[name].frozen
        if learns and node.layer.normalises_over_batch and shape and shape.elements == shape.channels:
            message = f"{short_name(name)} normalises over the batch, but the batch has one image."
            hint = "Use a batch of at least 2."
            effect = f"{short_name(name)} then normalises over all maps of one image."
            fix = Fix("Use group norm with one group", effect, partial(_group_norm, name=name))
            yield Problem("one_image_a_batch", Severity.ERROR, name, message, hint, fixes=(fix,), setting="batch_size")
            return


def _group_norm(network: Network, *, name: str) -> None:
    network.set_layer(name, GroupNorm(groups=1))
