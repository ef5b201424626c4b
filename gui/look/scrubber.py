"""A line of kept epochs to drag along, with the metric that the run is judged by drawn behind it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from engine.recipe.metrics import Measured
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets.two_lines import two_lines

PLAY_EVERY = 250  # ms: four epochs a second
MARGIN = 14


class Scrubber(QWidget):
    """Chooses one of the kept epochs, by drag, arrow keys or Play; ``chosen`` tells which."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = _Line()
        self.line.chosen.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setInterval(PLAY_EVERY)
        self._timer.timeout.connect(self._step_on)
        self._back, self._play, self._on = (QToolButton() for _ in range(3))
        for button, name in ((self._back, "First epoch"), (self._play, "Play"), (self._on, "Last epoch")):
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setFixedSize(32, 32)
        self._back.clicked.connect(self._go_first)
        self._on.clicked.connect(self._go_last)
        self._play.clicked.connect(self._toggle)
        self._title, self._note = QLabel(), QLabel()
        self._run, self._current = "", 0
        role(self._title, "heading")
        role(self._note, "caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(6)
        for widget in (self._back, self._play, self._on):
            row.addWidget(widget)
        row.addSpacing(10)
        row.addWidget(self.line, 1)
        row.addSpacing(8)
        row.addLayout(two_lines(self._title, self._note))
        self._title.setMinimumWidth(150)
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def show_epochs(
        self, epochs: Sequence[int], scores: Sequence[float | None], current: int, *, metric: Measured
    ) -> None:
        """Offer the ``epochs`` of a run, with a metric of the validation images after each where it is known."""
        self.line.show_epochs(tuple(epochs), _heights(scores, metric), current)
        score = dict(zip(epochs, scores, strict=True)).get(current)
        self._current = current
        self._show_title()
        self._note.setText("" if score is None else f"Validation {metric.title.lower()} {metric.text(score)}")
        for button in (self._back, self._play, self._on):
            button.setEnabled(len(epochs) > 1)

    def show_run(self, run: str) -> None:
        """Say which run's epochs these are."""
        self._run = run
        self._show_title()

    def _show_title(self) -> None:
        self._title.setText(f"{self._run}, epoch {self._current}" if self._run else f"Epoch {self._current}")

    def step(self, epochs: int) -> None:
        """Go so many kept epochs on, or back."""
        self.line.step(epochs)

    @property
    def playing(self) -> bool:
        """Whether the epochs run by themselves."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Stop playing."""
        self._timer.stop()
        self._show_icons()

    def _take(self, epoch: int) -> None:
        self.stop()
        self.chosen.emit(epoch)

    def _go_first(self) -> None:
        self._take(self.line.epochs[0])

    def _go_last(self) -> None:
        self._take(self.line.epochs[-1])

    def _toggle(self) -> None:
        if self.playing:
            self.stop()
            return
        if self.line.current == self.line.epochs[-1]:
            self.chosen.emit(self.line.epochs[0])
        self._timer.start()
        self._show_icons()

    def _step_on(self) -> None:
        later = [epoch for epoch in self.line.epochs if epoch > self.line.current]
        if later:
            self.chosen.emit(later[0])
        if len(later) <= 1:
            self.stop()

    def _show_icons(self) -> None:
        self._back.setIcon(appearance().icon("mdi6.skip-previous"))
        self._on.setIcon(appearance().icon("mdi6.skip-next"))
        self._play.setIcon(appearance().icon("mdi6.pause" if self.playing else "mdi6.play"))


class _Line(QWidget):
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Epoch")
        self.epochs: tuple[int, ...] = ()
        self.current = 0
        self._heights: tuple[float | None, ...] = ()
        appearance().changed.connect(self.update)

    def show_epochs(self, epochs: tuple[int, ...], heights: tuple[float | None, ...], current: int) -> None:
        self.epochs, self._heights, self.current = epochs, heights, current
        self.setAccessibleDescription(f"Epoch {current}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 56)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 56)

    def _x(self, epoch: int) -> float:
        span = max(1, self.epochs[-1] - self.epochs[0])
        return MARGIN + (self.width() - 2 * MARGIN) * (epoch - self.epochs[0]) / span

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.epochs:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            look = appearance()
            self._paint_scores(painter)
            y, here = 30.0, self._x(self.current)
            for end, token in ((self._x(self.epochs[-1]), "line2"), (here, "accent")):
                painter.setPen(QPen(look.colour(token), 3))
                painter.drawLine(QPointF(self._x(self.epochs[0]), y), QPointF(end, y))
            self._paint_stops(painter, y)
            painter.setPen(QPen(look.colour("accent"), 3))
            painter.setBrush(look.colour("panel"))
            painter.drawEllipse(QPointF(here, y), 7, 7)

    def _paint_scores(self, painter: QPainter) -> None:
        known = [(e, h) for e, h in zip(self.epochs, self._heights, strict=True) if h is not None]
        painter.setPen(QPen(appearance().colour("wire"), 1))
        painter.drawPolyline(QPolygonF([QPointF(self._x(epoch), 22 - 18 * height) for epoch, height in known]))

    def _paint_stops(self, painter: QPainter, y: float) -> None:
        look = appearance()
        every = max(1, -(-len(self.epochs) * 28 // max(1, self.width())))
        for place, epoch in enumerate(self.epochs):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent" if epoch <= self.current else "line2"))
            painter.drawEllipse(QPointF(self._x(epoch), y), 3, 3)
            if place % every == 0 or epoch == self.current:
                painter.setPen(look.colour("text" if epoch == self.current else "muted"))
                painter.setFont(look.font(11, weight=600 if epoch == self.current else 400))
                area = QRectF(self._x(epoch) - 16, y + 9, 32, 16)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(epoch))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position().x())

    def _choose_at(self, x: float) -> None:
        if self.epochs:
            nearest = min(self.epochs, key=lambda epoch: abs(self._x(epoch) - x))
            if nearest != self.current:
                self.chosen.emit(nearest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self.current not in self.epochs:
            super().keyPressEvent(event)
            return
        self.step(step)

    def step(self, epochs: int) -> None:
        if self.current in self.epochs:
            place = min(max(self.epochs.index(self.current) + epochs, 0), len(self.epochs) - 1)
            self.chosen.emit(self.epochs[place])


def _heights(scores: Sequence[float | None], metric: Measured) -> tuple[float | None, ...]:
    """Scores as heights, 0 to 1: by the metric's own limits where it has both, else by what the scores reach."""
    known = [score for score in scores if score is not None]
    low, high = metric.limits
    least = min(known, default=0.0) if high is None or low is None else low
    most = max(known, default=1.0) if high is None or low is None else high
    span = most - least or 1.0
    return tuple(None if score is None else (score - least) / span for score in scores)
