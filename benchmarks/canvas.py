"""The canvas with 700 nodes and 800 wires, and with 5 000, beside a bare scene of rectangles and lines."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView

from benchmarks.timing import busy_seconds, compared, milliseconds
from benchmarks.windows import application
from engine.layers import LAYERS
from engine.layers.convolution import Conv2d
from engine.network import Network
from engine.network.layout import tidy
from engine.project import Project
from gui.document import Document
from gui.draw.canvas.canvas import Canvas
from gui.draw.canvas.view import CanvasView

WINDOW = (1400, 900)
SIZES = ((700, 800), (5000, 5715))


def run() -> dict[str, Any]:
    """``ratio`` is the time to repaint 700 fitted nodes over that of a bare scene of as many rectangles and lines."""
    app = application()
    small, large = (_measured(app, nodes, wires) for nodes, wires in SIZES)
    return {"ratio": small["repaint_ratio"], "target": 2.0, "small": small, "large": large}


def drawn(nodes: int, wires: int) -> Network:
    """A chain of convolutions with shortcuts: ``nodes`` laid-out nodes, ``wires`` edges."""
    network = Network("benchmark")
    names = [network.add(LAYERS["Input"](), "input")]
    shortcuts = wires - (nodes - 1)
    every = (nodes - 2) // shortcuts
    for index in range(1, nodes):
        if index % every == 0 and index // every <= shortcuts and index > 1:
            names.append(network.add(LAYERS["Add"](), f"add{index}", inputs=(names[-1], names[-2])))
        else:
            layer = Conv2d(out_channels=3, kernel_size=3, padding=1)
            names.append(network.add(layer, f"conv{index}", inputs=names[-1]))
    return network


def _measured(app: QApplication, nodes: int, wires: int) -> dict[str, Any]:
    network = drawn(nodes, wires)
    tidy_ms = milliseconds(lambda: tidy(network), repeats=1)
    document = Document(Project(network))
    canvas = Canvas(document)
    canvas.resize(*WINDOW)
    canvas.show()
    app.processEvents()
    view = canvas.view
    result = {
        "nodes": len(network),
        "wires": len(network.edges()),
        "tidy_ms": tidy_ms,
        "add_ms": milliseconds(canvas.scene.rebuild, repeats=1),
        "fit_ms": milliseconds(lambda: _fit(view), repeats=3),
    }
    bare = _bare(canvas)
    app.processEvents()
    ours, theirs, ratio = compared(view.viewport().repaint, bare.viewport().repaint, rounds=15)
    result |= {"repaint_ms": round(1000 * ours, 2), "bare_repaint_ms": round(1000 * theirs, 2)}
    result["repaint_ratio"] = round(ratio, 2)
    canvas.zoom_100()
    _align(bare, canvas)
    ours, theirs, _ = compared(view.viewport().repaint, bare.viewport().repaint, rounds=15)
    result |= {"repaint_at_100_percent_ms": round(1000 * ours, 2), "bare_at_100_percent_ms": round(1000 * theirs, 2)}
    result["pan_ms"] = milliseconds(lambda: _pan(view), repeats=15)
    result["drag_ms"] = _drag(app, canvas)
    for widget in (bare, canvas):
        widget.close()
        widget.deleteLater()
    app.processEvents()
    return result


def _bare(canvas: Canvas) -> QGraphicsView:
    """A plain view of the same size with a rectangle for each node and a line for each wire, seen as ours is."""
    scene = QGraphicsScene()
    boxes = canvas.scene.geometry.boxes
    for box in boxes.values():
        scene.addRect(QRectF(box.left, box.top, box.width, box.height))
    for edge in canvas.document.network.edges():
        source, target = boxes[edge.source], boxes[edge.target]
        scene.addLine(source.centre, source.top + source.height, target.centre, target.top)
    view = QGraphicsView(scene)
    scene.setParent(view)
    view.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    view.resize(*WINDOW)
    view.show()
    _align(view, canvas)
    return view


def _align(bare: QGraphicsView, canvas: Canvas) -> None:
    """Let the bare view show the same part at the same size."""
    bare.setTransform(canvas.view.transform())
    bare.centerOn(canvas.view.shown().center())


def _fit(view: CanvasView) -> None:
    view.fit(animate=False)
    view.viewport().repaint()


def _pan(view: CanvasView) -> None:
    view.pan(12, 7)
    view.viewport().repaint()


def _drag(app: QApplication, canvas: Canvas) -> float:
    """Median ms of one step of dragging a node in the middle, with its wires, painted."""
    names = list(canvas.scene.nodes)
    name = names[len(names) // 2]
    canvas.fit([name])
    QTest.qWait(200)  # the movement to it
    viewport = canvas.view.viewport()
    start = canvas.area_of(name).center().toPoint()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    times = []
    for step in range(1, 25):
        position = start + QPointF(4 * step, 2 * step).toPoint()
        times.append(busy_seconds(lambda: (QTest.mouseMove(viewport, position), app.processEvents())))  # noqa: B023
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=position)
    return round(1000 * sorted(times)[len(times) // 2], 2)
