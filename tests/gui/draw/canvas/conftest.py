"""A canvas in a real window, and the mouse on it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.network import Network
from engine.network.layout import Flow, tidy
from engine.project import Project
from engine.project.project import ViewSettings
from gui.document import Document
from gui.draw.canvas.canvas import Canvas

LEFT = Qt.MouseButton.LeftButton


def pytest_collection_modifyitems(items):
    """The off-screen window system says what it cannot do; that is no fault of ours."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))


class Hands:
    """Mouse and keyboard on one canvas; points are in scene px."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.view = canvas.view
        self.document = canvas.document
        self.network = canvas.document.network

    def at(self, x: float, y: float) -> QPoint:
        """A scene point as a point of the viewport."""
        return self.view.viewportTransform().map(QPointF(x, y)).toPoint()

    def centre(self, name: str) -> QPoint:
        """A point of an entry clear of its ports."""
        box = self.canvas.scene.geometry.boxes[name]
        return self.at(box.left + 50, box.middle)

    def port(self, name: str, *, port: str = "") -> QPoint:
        """The ring of an input, or ("") of the output."""
        item = self.canvas.scene.nodes[name]
        ring = next(ring for ring in item.ports if ring.name == port and ring.node)
        return self.at(item.box.left + ring.x, item.box.top + ring.y)

    def point(self, point: QPoint | None) -> None:
        """Bring the mouse to a point of the viewport, or out of it."""
        if point is None:
            QApplication.sendEvent(self.view.viewport(), QEvent(QEvent.Type.Leave))
        else:
            QTest.mouseMove(self.view.viewport(), point + QPoint(1, 1))  # it may rest at the point, over another window
            QTest.mouseMove(self.view.viewport(), point)

    def click(self, point: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, point)

    def drag(self, start: QPoint, end: QPoint, modifiers=Qt.KeyboardModifier.NoModifier, *, release=True) -> None:
        viewport = self.view.viewport()
        QTest.mousePress(viewport, LEFT, modifiers, start)
        for share in (0.25, 0.5, 0.75, 1.0):
            QTest.mouseMove(viewport, start + (end - start) * share)
        QTest.mouseMove(viewport, end)
        if release:
            QTest.mouseRelease(viewport, LEFT, modifiers, end)

    def drop(self, data: QMimeData, point: QPoint) -> None:
        """Drag something in from a panel, as Qt delivers it."""
        self.bring(data, point)
        how = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.view.viewport(), QDropEvent(QPointF(point), *how))

    def bring(self, data: QMimeData, *points: QPoint) -> None:
        """Drag something in from a panel, over points of the viewport, and hold it."""
        viewport, how = self.view.viewport(), (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport, QDragEnterEvent(points[0], *how))
        for point in points:
            QApplication.sendEvent(viewport, QDragMoveEvent(point, *how))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.view, key, modifiers)

    def add(self, text: str) -> str:
        """Add a layer with Tab, typing and Enter; returns its name."""
        self.key(Qt.Key.Key_Tab)
        QTest.keyClicks(QApplication.focusWidget(), text)
        self.key(Qt.Key.Key_Return)
        return self.document.selection.names[-1]


@pytest.fixture
def hands(qtbot):
    """Makes a shown canvas for a network, laid out unless told otherwise."""

    def make(network: Network | None = None, *, laid_out: bool = True, flow: Flow = Flow.FOLDED, **options) -> Hands:
        network = network or Network()
        if laid_out and len(network):
            tidy(network, flow)
        canvas = Canvas(Document(Project(network=network, view=ViewSettings(flow=flow))), **options)
        qtbot.addWidget(canvas)
        canvas.resize(1200, 900)
        canvas.show()
        canvas.activateWindow()
        QTest.qWaitForWindowActive(canvas)
        canvas.view.setFocus()
        canvas.zoom_100()
        canvas.view.look_at(QPointF(300, 300))
        made.append(canvas)
        return Hands(canvas)

    made: list[Canvas] = []
    yield make
    for canvas in made:
        canvas.view.clearFocus()  # a canvas that is collected with the keyboard hears of its loss half taken apart
