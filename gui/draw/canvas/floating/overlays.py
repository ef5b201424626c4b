"""What floats over the canvas: status chip, zoom control, breadcrumb, legend of the heat strip, empty state."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.network.names import block_name, prefixes
from engine.words import counted, memory, si, thousands
from gui.document import Document
from gui.draw.canvas.items.mark_painter import heat_colours
from gui.draw.canvas.model.marks import NORM_RANGE
from gui.style.appearance import appearance
from gui.style.restyling import polish
from gui.style.style import role
from gui.widgets.layouts import clear

_HEIGHT = 32


class StatusChip(QFrame):
    """Parameters, multiply-adds, activations at the batch size, and how many errors there are."""

    errors_clicked = Signal()

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        role(self, "card")
        self._document = document
        self._text = QLabel()
        self._line = QFrame()
        role(self._line, "line")
        self._line.setFixedSize(1, 16)
        self._errors = QLabel()
        role(self._errors, "error")
        _in_row(self, self._text, self._line, self._errors)
        document.analysed.connect(self.refresh)
        document.replaced.connect(self.refresh)
        document.settings_changed.connect(self.refresh)
        appearance().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the totals anew."""
        analysis, batch = self._document.analysis, self._document.project.training.batch_size
        size = analysis.activation_bytes(batch)
        strong = f'<span style="font-weight:600; color:{appearance().theme.text}">'
        parts = (
            f"{strong}{_joined(si(analysis.parameters))}</span> params",
            f"{strong}{_macs(analysis.multiply_adds)}</span>",
            f"{strong}{_joined(memory(size))}</span> activations @ batch {thousands(batch)}",
        )
        self._text.setText(
            f'<span style="color:{appearance().theme.muted}">{"&nbsp;&nbsp;·&nbsp;&nbsp;".join(parts)}</span>'
        )
        errors = len(analysis.errors)
        self._errors.setText(counted(errors, "error"))
        for widget in (self._line, self._errors):
            widget.setVisible(bool(errors))
        self.setToolTip(_memory_tip(analysis.parameters, size))
        take_room(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._errors.isVisible() and event.position().x() >= self._line.x():
            self.errors_clicked.emit()


def _macs(number: int) -> str:
    """ "1.81</span> GMACs": the prefix belongs to the unit."""
    figure, _, prefix = si(number).partition(" ")
    return f"{figure}</span> {prefix}MACs<span>"


def _joined(text: str) -> str:
    return text.replace(" ", "&nbsp;")


def _memory_tip(parameters: int, activations: int) -> str:
    """What is counted, and what training adds to it (float32; two moments for AdamW)."""
    weights = 4 * parameters
    lines = (
        f"Activations: {memory(activations)}, the outputs of all layers at this batch size, as float32.",
        f"Weights: {memory(weights)}. Gradients: {memory(weights)}. Optimiser state: up to {memory(2 * weights)}.",
    )
    return "<br>".join(lines)


class ZoomControl(QFrame):
    """Minus, zoom in per cent, plus, fit, and the whole window for the canvas."""

    stepped = Signal(int)
    reset = Signal()
    fit = Signal()
    full_screen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        role(self, "card")
        self._buttons: dict[QToolButton, str] = {}
        self._value = QPushButton("100 %")
        role(self._value, "quiet")
        self._value.setFixedWidth(62)
        self._value.setToolTip("Zoom to 100 % (Ctrl+0)")
        self._value.clicked.connect(self.reset)
        smaller = self._button("mdi6.minus", "Zoom out (Ctrl+minus)", self._smaller)
        larger = self._button("mdi6.plus", "Zoom in (Ctrl+plus)", self._larger)
        line = QFrame()
        role(line, "line")
        line.setFixedSize(1, 16)
        fit = self._button("mdi6.fit-to-page-outline", "Fit the selection, or all (F)", self.fit)
        full = self._button("mdi6.crop-free", "Full screen (F11)", self.full_screen)
        _in_row(self, smaller, self._value, larger, line, fit, full, margin=4, spacing=2)
        take_room(self)
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def show_zoom(self, zoom: float) -> None:
        """Write the zoom in force."""
        self._value.setText(f"{round(zoom * 100)} %")

    def _button(self, icon: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(16, 16))
        button.setFixedSize(28, 26)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(slot)
        self._buttons[button] = icon
        return button

    def _show_icons(self) -> None:
        for button, icon in self._buttons.items():
            button.setIcon(appearance().icon(icon))

    def _smaller(self) -> None:
        self.stepped.emit(-1)

    def _larger(self) -> None:
        self.stepped.emit(1)


class Breadcrumb(QFrame):
    """The network's name and the blocks around what is selected; each is a button that shows it."""

    opened = Signal(str)  # a block's prefix, or "" for the whole network

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        role(self, "card")
        self._document = document
        self._row = _in_row(self, margin=4, spacing=0)
        document.selection_changed.connect(self.refresh)
        document.replaced.connect(self.refresh)
        document.analysed.connect(self.refresh)
        document.title_changed.connect(self.refresh)
        appearance().changed.connect(self.refresh)
        self._shown: tuple[str, ...] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Show where the selection is."""
        names = self._document.selection.names
        path = (self._document.network.name, *(prefixes(names[-1]) if names else ()), appearance().theme.name)
        if path == self._shown:
            return
        self._shown = path
        clear(self._row)
        self._add(path[0], "", icon="mdi6.sitemap-outline")
        for prefix in path[1:-1]:
            arrow = QLabel("›")
            role(arrow, "label")
            self._row.addWidget(arrow)
            arrow.show()
            self._add(block_name(prefix), prefix)
        self.setVisible(bool(len(self._document.network)))
        take_room(self)

    def _add(self, text: str, prefix: str, *, icon: str = "") -> None:
        button = QPushButton(text)
        role(button, "quiet")
        button.setProperty("scale", "small")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setObjectName(prefix)
        if icon:
            button.setIcon(appearance().icon(icon))
        button.clicked.connect(self._open)
        self._row.addWidget(button)
        button.show()

    def _open(self) -> None:
        self.opened.emit(self.sender().objectName())


class Legend(QFrame):
    """What the colours of the heat strip mean."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        role(self, "card")
        low, high = NORM_RANGE
        what, self._over = QLabel("‖∇W‖"), QLabel("last 24 batches")
        ends = [QLabel(f"1e{low:.0f}"), QLabel(f"1e{high:.0f}")]
        for label in (what, self._over):
            role(label, "caption")
        for label in ends:
            role(label, "mono")
        _in_row(self, what, self._over, ends[0], _Ramp(), ends[1], spacing=8)
        self.fit(0)
        self.hide()

    def fit(self, available: int) -> None:
        """Leave out the words that do not fit into ``available`` px."""
        self._over.show()
        take_room(self)
        if self.width() > available:
            self._over.hide()
            take_room(self)


class _Ramp(QWidget):
    """The strip's colours, smallest first."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(96, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours: list[QColor] = heat_colours()
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for index, colour in enumerate(colours):
            gradient.setColorAt(index / (len(colours) - 1), colour)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), gradient)


class EmptyState(QWidget):
    """Three large actions on a canvas with nothing on it."""

    add_input = Signal()
    open_template = Signal()
    open_folder = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        heading = QLabel("Draw a network")
        role(heading, "title")
        hint = QLabel("Drag a layer here, press Tab and type its name, or begin with one of these.")
        role(hint, "label")
        self._buttons = [
            self._action("mdi6.tray-arrow-down", "Add an input", self.add_input),
            self._action("mdi6.view-grid-outline", "Open a template", self.open_template),
            self._action("mdi6.folder-image", "Drop an image folder", self.open_folder),
        ]
        row = QHBoxLayout()
        row.setSpacing(12)
        for button in self._buttons:
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(heading, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(hint, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(8)
        layout.addLayout(row)
        appearance().changed.connect(self._show_icons)
        self._show_icons()
        self.adjustSize()

    def _action(self, icon: str, text: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(32, 32))
        button.setFixedSize(176, 104)
        role(button, "large-action")
        button.setObjectName(icon)
        button.clicked.connect(slot)
        return button

    def _show_icons(self) -> None:
        theme = appearance().theme
        for button in self._buttons:
            button.setIcon(appearance().icon(button.objectName(), "link"))
            button.setStyleSheet(
                f"QToolButton {{ background: {theme.panel}; border: 1px solid {theme.line2}; border-radius: 8px;"
                f" color: {theme.text}; font-size: 13px; padding: 12px; }}"
                f"QToolButton:hover {{ background: {theme.hover}; border-color: {theme.muted}; }}"
                f"QToolButton:focus {{ border: 1px solid {theme.accent}; }}"
            )


def _in_row(frame: QFrame, *widgets: QWidget, margin: int = 12, spacing: int = 12) -> QHBoxLayout:
    layout = QHBoxLayout(frame)
    layout.setContentsMargins(margin, 0, margin, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


def take_room(frame: QFrame) -> None:
    """Give a row the size of what it shows now."""
    for widget in (frame, *frame.findChildren(QWidget)):
        polish(widget)
    row = cast(QHBoxLayout, frame.layout())  # made by _in_row
    row.invalidate()
    frame.setFixedSize(row.sizeHint().width() + 2 * frame.frameWidth(), _HEIGHT)
