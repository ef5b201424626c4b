"""Walking along the wires with the arrow keys."""

from __future__ import annotations

from enum import StrEnum

from engine.network.names import parent
from gui.draw.canvas.items.scene import CanvasScene
from gui.draw.canvas.model.boxes import Box


class Step(StrEnum):
    """One arrow key."""

    DOWN = "down"  # the first output
    UP = "up"  # the first input
    LEFT = "left"
    RIGHT = "right"


RIGHTWARDS = {Step.RIGHT: Step.DOWN, Step.LEFT: Step.UP, Step.DOWN: Step.RIGHT, Step.UP: Step.LEFT}
"""What the arrows mean in a network that runs to the right."""


def step_from(scene: CanvasScene, name: str, step: Step) -> str | None:
    """The entry one step from ``name``, or None if there is none that way."""
    if name not in scene.nodes:
        return first(scene)
    match step:
        case Step.DOWN:
            return _nearest_below(scene, name)
        case Step.UP:
            return _first_input(scene, name)
        case _:
            return _beside(scene, name, step)


def first(scene: CanvasScene) -> str | None:
    """The first layer of the network as it is drawn."""
    network = scene.document.network
    return next((scene.outline.drawn_as(name) for name in network.topological()), None)


def targets(scene: CanvasScene, name: str) -> list[str]:
    """Drawn entries that what is in ``name`` feeds, nearest below first."""
    members = set(scene.outline.members(name))
    edges = (edge for member in members for edge in scene.wiring.edges_at.get(member, ()) if edge.source == member)
    found = {scene.outline.drawn_as(edge.target) for edge in edges if edge.target not in members}
    box = scene.geometry.boxes[name]
    return sorted(found, key=lambda other: _distance(box, scene.geometry.boxes[other]))


def sources(scene: CanvasScene, name: str) -> list[str]:
    """Drawn entries that feed ``name``, in port order."""
    network, members = scene.document.network, set(scene.outline.members(name))
    ordered = [member for member in network.topological() if member in members] if len(members) > 1 else list(members)
    edges = (edge for member in ordered for edge in network.incoming(member) if edge.source not in members)
    return list(dict.fromkeys(scene.outline.drawn_as(edge.source) for edge in edges))


def _nearest_below(scene: CanvasScene, name: str) -> str | None:
    return next(iter(targets(scene, name)), None)


def _first_input(scene: CanvasScene, name: str) -> str | None:
    return next(iter(sources(scene, name)), None)


def _beside(scene: CanvasScene, name: str, step: Step) -> str | None:
    """The sibling branch that way: what shares a source or target, else what stands beside in the same frame."""
    siblings = {other for source in sources(scene, name) for other in targets(scene, source)}
    siblings |= {other for target in targets(scene, name) for other in sources(scene, target)}
    return _next_in(scene, name, siblings, step) or _next_in(
        scene, name, set(scene.outline.children(parent(name))), step
    )


def _next_in(scene: CanvasScene, name: str, others: set[str], step: Step) -> str | None:
    boxes, box = scene.geometry.boxes, scene.geometry.boxes[name]
    sign, down = 1 if step is Step.RIGHT else -1, scene.geometry.rightwards
    places = {other: boxes[other].middle if down else boxes[other].centre for other in others if other in boxes}
    ahead = [other for other, place in places.items() if sign * (place - (box.middle if down else box.centre)) > 1]
    return min(ahead, key=lambda other: _distance(box, boxes[other]), default=None)


def _distance(one: Box, other: Box) -> float:
    return abs(one.centre - other.centre) + abs(one.middle - other.middle)
