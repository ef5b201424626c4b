"""What can be added to the steps: a chip each by group, or a menu where there is little room."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from engine.data.augmentation.step import AUGMENTATION, Family, Step
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.flow import Flow
from gui.widgets.steady import steady_width

_NARROW = 352  # px; below, a menu takes the place of the chips
_GROUP = 58  # px


class AddStep(QWidget):
    """A click on a chip adds its step at the end of the list, a drag where it is let go."""

    chosen = Signal(str)
    dragged = Signal(object)  # where on the screen, None when it is called off
    dropped = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: dict[str, _StepChip] = {}
        self.button = QPushButton("Add a step")
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        mark(self.button, "scale", "small")
        title, hint, key = QLabel("Add a step"), QLabel("drag into the list, or"), QLabel("A")
        role(title, "heading")
        role(hint, "caption")
        role(key, "key")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(hint)
        head.addWidget(key)
        chips, short = QWidget(), QWidget()
        column = layouts.column(chips, spacing=8)
        column.addLayout(head)
        column.addLayout(self._groups())
        layouts.row(short, self.button).addStretch(1)
        self._pages = (chips, short)
        layouts.column(self, chips, short)
        short.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = steady_width(self) < _NARROW - 32
        self._pages[0].setVisible(not narrow)
        self._pages[1].setVisible(narrow)

    def _groups(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (group, steps) in enumerate(groups()):
            label = QLabel(group)
            role(label, "caption")
            label.setMinimumWidth(_GROUP)
            flow = Flow()
            for step in steps:
                chip = self.chips[step.name] = _StepChip(step)
                chip.chosen.connect(self.chosen)
                chip.dragged.connect(self.dragged)
                chip.dropped.connect(self.dropped)
                flow.addWidget(chip)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(flow, row, 1)
        return grid

    def _fill(self) -> None:
        self.menu.clear()
        for group, steps in groups():
            self.menu.addSection(group)
            for step in steps:
                action = self.menu.addAction(appearance().icon(step.icon), step.title)
                action.triggered.connect(partial(self.chosen.emit, step.name))


def groups() -> Iterator[tuple[str, list[type[Step]]]]:
    """The registered steps by family, in the order in which they were registered."""
    for family in Family:
        members = [step for step in AUGMENTATION.values() if step.group == family]
        if members:
            yield family.value, members


class _StepChip(QPushButton):
    """The title of a step: clicked, or dragged with a picture of itself at the pointer."""

    chosen = Signal(str)
    dragged = Signal(object)
    dropped = Signal(str, QPoint)

    def __init__(self, step: type[Step]) -> None:
        super().__init__(step.title)
        self._name = step.name
        self._pressed: QPoint | None = None
        self._ghost: QLabel | None = None
        role(self, "chip")
        self.setToolTip(step.help())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: self.chosen.emit(self._name))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if self._pressed is None:
            return
        if self._ghost is None and (event.position().toPoint() - self._pressed).manhattanLength() >= far:
            self.setDown(False)
            self._ghost = QLabel(self.window())
            self._ghost.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._ghost.setPixmap(self.grab())
            self._ghost.show()
        if self._ghost is not None:
            where = event.globalPosition().toPoint()
            self._ghost.move(self.window().mapFromGlobal(where) - self._pressed)
            self.dragged.emit(where)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self._ghost is None:
            super().mouseReleaseEvent(event)
            return
        self._ghost.deleteLater()
        self._ghost = None
        self.dragged.emit(None)
        self.dropped.emit(self._name, event.globalPosition().toPoint())
