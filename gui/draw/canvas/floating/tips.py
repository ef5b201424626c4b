"""What the tooltip says of the thing under the mouse."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from engine.network import Edge
from engine.network.partners import names_partner
from engine.words import counted, memory, si, thousands
from gui.draw.canvas.items.hits import Hit, NodeHit, PortHit, WireHit
from gui.draw.canvas.items.scene import CanvasScene

_FLOAT = 4


def tip(scene: CanvasScene, found: Hit) -> str:
    """Rich text, or "" where there is nothing to say."""
    match found:
        case NodeHit(name) if scene.outline.is_block(name):
            return _of_block(scene, name)
        case NodeHit(name):
            return _of_node(scene, name)
        case PortHit(_, port) if port.node:
            return _of_value(scene, port.node) if port.is_output else escape(f"{port.node}: {port.name}")
        case WireHit(item):
            return _of_wire(scene, scene.wiring.edges[item.link])
    return ""


def _of_node(scene: CanvasScene, name: str) -> str:
    network, analysis = scene.document.network, scene.document.analysis
    layer, found = network.layer(name), analysis.nodes.get(name)
    lines = [f"<b>{escape(name)}</b> {escape(layer.title)}"]
    if found is not None and found.problem is not None:
        lines.append(escape(found.problem.message))
    elif found is not None and found.output is not None:
        lines += [escape(str(formula)) for formula in found.explain()[:2]]
        lines.append(f"{counted(found.parameters, 'param')} · {si(found.multiply_adds)} MACs")
    return "<br>".join(lines)


def _of_block(scene: CanvasScene, name: str) -> str:
    face = scene.nodes[name].face
    members = sum(1 for _ in scene.outline.members(name))
    return "<br>".join((f"<b>{escape(name)}</b> {escape(face.detail)}", counted(members, "layer"), face.cost))


def _of_wire(scene: CanvasScene, edges: Collection[Edge]) -> str:
    edge = next(iter(edges))
    if all(names_partner(scene.document.network, each) for each in edges):
        return escape(f"{edge.target} takes its {edge.port} from {edge.source}.")
    return _of_value(scene, edge.source)


def _of_value(scene: CanvasScene, source: str) -> str:
    """Batch, type and bytes, which the label on the wire leaves out."""
    found = scene.document.analysis.nodes.get(source)
    if found is None or found.output is None:
        return escape(f"The shape of {source} is not known yet.")
    batch = scene.document.project.training.batch_size
    size = batch * _FLOAT * found.output.elements
    return f"{escape(source)}: {thousands(batch)}×{found.output}, float32, {memory(size)} @ batch {thousands(batch)}"
