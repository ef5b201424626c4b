"""The cards of all units of a layer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from engine.words import thousands, whole_percent_text
from gui.look.units.card import CardFace, CardLayout, paint_card
from gui.look.units.units import Units
from gui.style.appearance import appearance
from gui.style.colour_maps import short
from gui.widgets.steady import steady_viewport

if TYPE_CHECKING:
    from engine.inspection.units.answers import Answers

GAP = 12
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class Sort(StrEnum):
    """In which order units stand."""

    INDEX = "Index"
    MAXIMUM = "Maximum"
    CLASS = "Class"
    DEAD_FIRST = "Dead first"


class UnitGrid(QAbstractScrollArea):
    """A card a unit: a click or an arrow key makes one current, Enter or a double click asks by ``opened``.

    What is worked out is what can be seen. ``pointed`` carries the unit and the rank of the patch below the pointer,
    or twice -1; ``turned`` says how many epochs to go on, ``other_wanted`` that the other tab is wanted.
    """

    opened = Signal()
    pointed = Signal(int, int)
    turned = Signal(int)
    other_wanted = Signal()
    dead_wanted = Signal()  # dead units are hidden, and one is wanted

    def __init__(self, units: Units, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Units")
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.units = units
        self.order: tuple[int, ...] = ()
        self.sort, self.shows_dead, self.size_, self.maximises = Sort.INDEX, True, 2.0, False
        self._pointed = (-1, -1)
        units.changed.connect(self.arrange)
        units.unit_changed.connect(self._follow_unit)
        units.pictures.changed.connect(self.viewport().update)
        appearance().changed.connect(self.viewport().update)

    # How it is arranged

    @property
    def cards(self) -> CardLayout:
        """How a card is laid out."""
        room = steady_viewport(self).width() - 1
        return CardLayout.of(self.size_, maximises=self.maximises, room=room, gap=GAP)

    @property
    def columns(self) -> int:
        """How many cards stand in a row."""
        return max(1, (steady_viewport(self).width() + GAP) // (self.cards.width + GAP))

    def arrange(self) -> None:
        """Put the cards in their order, as many as there are."""
        answers = self.units.answers
        self.order = _ordered(answers, self.sort, shows_dead=self.shows_dead) if answers else ()
        self._fit()
        self._describe()

    def restyle(self, *, size: float, maximises: bool) -> None:
        """Show larger or smaller cards, and what they are about."""
        self.size_, self.maximises = size, maximises
        self._fit()
        self._bring_into_view()

    @property
    def _pitch(self) -> tuple[int, int]:
        size = self.cards.size
        return size.width() + GAP, size.height() + GAP

    def area_of(self, place: int) -> QRect:
        """Where a card stands in the view now."""
        row, column = divmod(place, self.columns)
        across, down = self._pitch
        return QRect(QPoint(column * across, row * down - self.verticalScrollBar().value()), self.cards.size)

    def place_of(self, unit: int) -> int | None:
        """Where in the order a unit stands."""
        return self.order.index(unit) if unit in self.order else None

    def in_view(self) -> range:
        """The places that can be seen at least in part."""
        top, down = self.verticalScrollBar().value(), self._pitch[1]
        first = top // down * self.columns
        last = ((top + self.viewport().height() - 1) // down + 1) * self.columns
        return range(min(first, len(self.order)), min(last, len(self.order)))

    def place_at(self, point: QPoint) -> int | None:
        """The place of the card at a point of the view."""
        return next((place for place in self.in_view() if self.area_of(place).contains(point)), None)

    def patch_at(self, point: QPoint) -> tuple[int, int]:
        """The unit and the rank of the patch at a point of the view; -1 for what is not there."""
        place = self.place_at(point)
        if place is None:
            return -1, -1
        rank = self.cards.patch_at(point - self.area_of(place).topLeft())
        return self.order[place], -1 if rank is None else rank

    def _fit(self) -> None:
        rows, bar = -(-len(self.order) // self.columns), self.verticalScrollBar()
        bar.setRange(0, max(0, rows * self._pitch[1] - GAP - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._pitch[1] // 3)
        self.viewport().update()

    def _bring_into_view(self) -> None:
        place = self.place_of(self.units.unit)
        if place is None:
            return
        bar, area = self.verticalScrollBar(), self.area_of(place)
        if area.top() < 0:
            bar.setValue(bar.value() + area.top())
        elif area.bottom() > self.viewport().height():
            bar.setValue(bar.value() + min(area.bottom() + 1 - self.viewport().height(), area.top()))

    def _follow_unit(self) -> None:
        self._bring_into_view()
        self.viewport().update()
        self._describe()

    def _describe(self) -> None:
        answers = self.units.answers
        self.setAccessibleDescription(
            spoken(answers, self.units.unit, self._useless(self.units.unit)) if answers else "not searched"
        )

    def _useless(self, unit: int) -> str:
        from engine.inspection.units.answers import useless_words

        found = self.units.found
        return useless_words(found.useless.get(unit, 0)) if found else ""

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        answers = self.units.answers
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if answers is None:
                return
            shown = self.in_view()
            for place in shown:
                area = self.area_of(place)
                if area.intersects(event.rect()):
                    paint_card(painter, area, self._face(answers, self.order[place]), self.cards)
        self.units.pictures.want(self.order[place] for place in shown)

    def _face(self, answers: Answers, unit: int) -> CardFace:
        pictures, current = self.units.pictures, unit == self.units.unit
        drawn = pictures.drawn(unit)
        return CardFace(
            answers,
            unit,
            self._useless(unit),
            pictures.sheets(unit),
            drawn.image if drawn else None,
            current,
            current and self.hasFocus(),
        )

    # Hands and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if place is not None:
            self.units.choose(self.order[place])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.place_at(event.position().toPoint()) is not None:
            self.opened.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.patch_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point((-1, -1))

    def _point(self, pointed: tuple[int, int]) -> None:
        if pointed != self._pointed:
            self._pointed = pointed
            self.pointed.emit(*pointed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or self.units.answers is None:
            event.ignore()
        elif (step := self._step_of(key)) is not None:
            self._move(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key == Qt.Key.Key_D:
            self._go_to_dead()
        elif key in (Qt.Key.Key_Comma, Qt.Key.Key_Period):
            self.turned.emit(1 if key == Qt.Key.Key_Period else -1)
        elif key == Qt.Key.Key_M:
            self.other_wanted.emit()
        else:
            event.ignore()

    def _step_of(self, key: Qt.Key) -> int | None:
        page = max(1, self.viewport().height() // self._pitch[1]) * self.columns
        jumps = {Qt.Key.Key_Home: -len(self.order), Qt.Key.Key_End: len(self.order)}
        jumps |= {Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        jumps |= {arrow: across + down * self.columns for arrow, (across, down) in _STEPS.items()}
        return jumps.get(key)

    def _move(self, step: int) -> None:
        if self.order:
            place = self.place_of(self.units.unit)
            to = 0 if place is None else min(max(place + step, 0), len(self.order) - 1)
            self.units.choose(self.order[to])

    def _go_to_dead(self) -> None:
        answers = self.units.answers
        if answers is None or not answers.dead.any():
            return
        if not self.shows_dead:
            self.dead_wanted.emit()
        place = self.place_of(self.units.unit) or 0
        later = [*self.order[place + 1 :], *self.order[: place + 1]]
        self.units.choose(next(unit for unit in later if answers.dead[unit]))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place, answers = self.place_at(event.pos()), self.units.answers
            unit = self.order[place] if place is not None else -1
            words = spoken(answers, unit, self._useless(unit)) if answers and unit >= 0 else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def spoken(answers: Answers, unit: int, useless: str) -> str:
    """A unit in words: "Unit 4 of 16, maximum 6.81, above 0 for 98 % of the images, most for class 9"."""
    words = f"Unit {unit} of {thousands(answers.units)}"
    if answers.dead[unit]:
        return f"{words}, dead: {answers.dead_words(unit)}. {useless}"
    facts = [words, f"maximum {short(float(answers.highest[unit]))}"]
    facts.append(f"above 0 for {whole_percent_text(float(answers.images_above[unit]))} of the images")
    facts += ["rare"] if answers.rare[unit] else []
    facts += [f"most for class {answers.classes[int(answers.best_class[unit])]}"] if answers.classes else []
    return ", ".join(facts)


def _ordered(answers: Answers, sort: Sort, *, shows_dead: bool) -> tuple[int, ...]:
    dead, best = answers.dead, answers.best_class
    keys = {
        Sort.INDEX: lambda unit: (unit,),
        Sort.MAXIMUM: lambda unit: (-answers.highest[unit], unit),
        Sort.CLASS: lambda unit: (dead[unit], best[unit], -answers.class_means[unit, best[unit]]),
        Sort.DEAD_FIRST: lambda unit: (not dead[unit], not answers.rare[unit], unit),
    }
    units = (unit for unit in range(answers.units) if shows_dead or not dead[unit])
    return tuple(sorted(units, key=keys[sort]))
