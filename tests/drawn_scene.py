"""Everything a scene of the canvas shows, as values."""

from gui.draw.canvas.items.scene import CanvasScene


def drawn(scene: CanvasScene) -> dict:
    """What must be the same however the drawing came about; lanes of wires depend on the order of edits."""
    ends = {link: (course.corners[0], course.corners[-1]) for link, course in scene.router.courses.items()}
    return {
        "boxes": {name: item.box for name, item in scene.nodes.items()},
        "kinds": {name: type(item) for name, item in scene.nodes.items()},
        "faces": {name: item.face for name, item in scene.nodes.items()},
        "wires": {link: item.face for link, item in scene.wires.items()},
        "edges": {link: set(edges) for link, edges in scene.wiring.edges.items()},
        "ends": {link: end for link, (_, end) in ends.items()},
        "ports": {name: set(item.ports) for name, item in scene.nodes.items()},
    }
