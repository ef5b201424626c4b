"""What a screen reader says of nodes, blocks and wires."""

from __future__ import annotations

from engine.network import Analysis, Edge, Network, NodeAnalysis
from engine.network.names import block_name, short_name
from engine.network.partners import names_partner
from gui.document import Document
from gui.draw.canvas.model.outline import Outline


def spoken_node(document: Document, outline: Outline, name: str) -> str:
    """ "conv1, convolution, 3 by 3, 128 maps, stride 2. Output 128 by 28 by 28. Input from layer1. Layer 14 of 68.

    Selected." Errors come first: "Error: …".
    """
    parts = _of_block(document, outline, name) if outline.is_block(name) else _of_node(document, name)
    if name in document.selection.names:
        parts.append("Selected.")
    return " ".join(parts)


def spoken_wire(document: Document, edge: Edge) -> str:
    """ "wire from bn2 to add, 128 by 28 by 28"."""
    if names_partner(document.network, edge):
        return f"wire from {short_name(edge.source)} to {short_name(edge.target)}, {edge.port}"
    found = document.analysis.nodes.get(edge.source)
    shape = by(str(found.output)) if found and found.output else "shape unknown"
    return f"wire from {short_name(edge.source)} to {short_name(edge.target)}, {shape}"


def by(text: str) -> str:
    """Signs as words: "3×3" is read "3 by 3"."""
    return text.replace("×", " by ").replace("→", "to").replace("≠", "is not")


def _of_node(document: Document, name: str) -> list[str]:
    network, analysis = document.network, document.analysis
    node, found = network[name], analysis.nodes.get(name)
    summary = found.summary() if found else node.layer.summary()
    words = [short_name(name), node.layer.family.value.lower(), by(summary)]
    states = [word for word, on in (("frozen", node.frozen), ("bypassed", node.bypassed)) if on]
    parts = [*_error(found), ", ".join(word for word in (*words, *states) if word) + "."]
    return parts + _around(network, analysis, name, found)


def _error(found: NodeAnalysis | None) -> list[str]:
    if not found or not found.problem:
        return []
    return [f"{found.problem.severity.value.capitalize()}: {by(found.problem.message)}"]


def _around(network: Network, analysis: Analysis, name: str, found: NodeAnalysis | None) -> list[str]:
    """Output, inputs and place among all layers."""
    parts = []
    if found and found.output and network.layer(name).has_output:
        parts.append(f"Output {by(str(found.output))}.")
    sources = [short_name(edge.source) for edge in network.incoming(name)]
    if sources:
        parts.append(f"Input from {' and '.join(sources)}.")
    order = list(analysis.nodes)
    if name in analysis.nodes:
        parts.append(f"Layer {order.index(name) + 1} of {len(order)}.")
    return parts


def _of_block(document: Document, outline: Outline, name: str) -> list[str]:
    members = list(outline.members(name))
    found = [node for member in members if (node := document.analysis.nodes.get(member))]
    errors = [message for node in found for message in _error(node)]
    state = "expanded" if outline.is_frame(name) else "collapsed"
    kind = document.network.block(name).kind
    words = ", ".join(word for word in (block_name(name), f"block {kind}".strip(), state) if word)
    return [*errors, f"{words}.", f"{len(members)} layers."]
