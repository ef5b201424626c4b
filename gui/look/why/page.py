"""The tab Why: four methods, Grad-CAM at every convolution, and two classes against each other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.look.sentence import Sentence
from gui.look.why import words
from gui.look.why.cards import CardsRow, paint_method
from gui.look.why.compare import Comparison
from gui.look.why.controls import Controls
from gui.look.why.notes import Notes
from gui.look.why.strip import EverywhereStrip
from gui.look.why.why import Why
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.pages import Pages
from gui.widgets.steady import steady_viewport

_GAP, _HEAD = 12, 54  # px; of a card beside its picture
_LOW, _SMALL = 900, 760  # px of the window: below, the comparison is folded, the sanity check off, until asked for
_EMPTY = "Draw a digit or open an image."
_STEP = 0.05  # of the overlay, by plus and minus
_PLUS, _MINUS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)


class WhyPage(Pages):
    """What can be seen of `Why`, or a sentence; ``exported`` and ``copied`` say that a figure is wanted."""

    exported = Signal()
    copied = Signal()

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why = why
        self._roomy: tuple[bool, bool] | None = None
        self.controls, self.notes = Controls(why), Notes(why)
        self.cards, self.strip, self.comparison = CardsRow(why), EverywhereStrip(why), Comparison(why)
        self.sentence, self.enlarged = Sentence(), Enlarged(why)
        self._about = QLabel()
        self._lay_out()
        self.cards.opened.connect(self.enlarge)
        self.cards.left.connect(self.strip.row.setFocus)
        self.strip.up.connect(self.cards.setFocus)
        self.strip.chosen.connect(why.look.choose_node)
        self.enlarged.closed.connect(self._close)
        why.changed.connect(self.refresh)
        why.chosen.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        self._sheet = QWidget()
        role(self._sheet, "page")
        column = layouts.column(self._sheet, self.controls, self.notes, self.cards, self._everywhere(), spacing=_GAP)
        column.addWidget(self.comparison)
        column.addStretch(1)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(_GAP)
        self.area = layouts.scrolling(self._sheet)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for page in (self.area, self.sentence, self.enlarged):
            self.addWidget(page)

    def _everywhere(self) -> QFrame:
        self._card = QFrame()
        role(self._card, "card")
        self._title = QLabel()
        role(self._title, "heading")
        self._about.setText("input to output · below: share of the image that holds half of the evidence")
        role(self._about, "caption")
        head = layouts.row(None, self._title, self._about, spacing=10)
        head.addStretch(1)
        box = layouts.column(self._card, head, self.strip, spacing=4)
        box.setContentsMargins(12, 8, 12, 4)
        return self._card

    def refresh(self) -> None:
        """Follow what there is to see."""
        why = self.why
        number = why.number
        of = "" if number is None else f" for {why.name_of(number)}"
        untrained = "" if why.look.trained else ", untrained"
        self._title.setText(f"Grad-CAM{of} at every convolution{untrained}")
        self._card.setVisible(bool(why.maps) or bool(self.strip.row.nodes))
        if why.failure or why.look.sight is None:
            self.sentence.setText(why.failure or _EMPTY)
            self.setCurrentWidget(self.sentence)
        elif self.currentWidget() is self.sentence:
            self.setCurrentWidget(self.area)
        self._fit()

    def enlarge(self) -> None:
        """Show the selected method alone, as large as there is room; Esc goes back."""
        self.setCurrentWidget(self.enlarged)
        self.enlarged.setFocus()

    def _close(self) -> None:
        self.setCurrentWidget(self.area)
        self.cards.setFocus()

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.window().height() >= _LOW, self.window().height() >= _SMALL
        if self.isVisible() and roomy != self._roomy:
            before, self._roomy = self._roomy or (True, True), roomy
            if roomy[0] != before[0]:
                self.why.set_comparing(roomy[0])
            if roomy[1] != before[1]:
                self.why.set_sanity(roomy[1])
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.resizeEvent(QResizeEvent(self.size(), self.size()))

    def _fit(self) -> None:
        width = steady_viewport(self.area).width()
        self.controls.fit(width)
        self._about.setVisible(width >= 640)
        below = self.comparison.sizeHint().height() + self._card.sizeHint().height() + self.controls.height()
        check = 116 if self.why.sanity else 0
        notes = self.notes.sizeHint().height() + _GAP if self.notes.isVisible() else 0
        self.cards.fit(width, self.height() - below - notes - check - _HEAD - 3 * _GAP - 12)

    # Keys

    def event(self, event: QEvent) -> bool:
        """Ctrl+E and Ctrl+C are for the figure while the keyboard is here."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _figure_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        why, key = self.why, Qt.Key(event.key())
        if wanted := _figure_key(event):
            (self.exported if wanted == "export" else self.copied).emit()
        elif event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and key - Qt.Key.Key_0 < len(why.classes):
            why.choose(key - Qt.Key.Key_0)
        elif key is Qt.Key.Key_V:
            why.swap()
        elif key is Qt.Key.Key_S:
            why.set_sanity(not why.sanity)
        elif key in _PLUS or key in _MINUS:
            why.set_opacity(why.opacity + (_STEP if key in _PLUS else -_STEP))
        else:
            super().keyPressEvent(event)


def _figure_key(event: QKeyEvent) -> str:
    """What a key wants of a figure; "" for other keys."""
    if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
        return ""
    return {Qt.Key.Key_E: "export", Qt.Key.Key_C: "copy"}.get(Qt.Key(event.key()), "")


class Enlarged(QWidget):
    """The selected method alone."""

    closed = Signal()

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = why
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        why.changed.connect(self._follow)
        why.chosen.connect(self._follow)

    def _follow(self) -> None:
        self.setAccessibleName(words.spoken(self._why, self._why.selected))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        why, look = self._why, appearance()
        side = min(self.width(), self.height() - 40)
        area = QRect((self.width() - side) // 2, 32, side, side)
        with QPainter(self) as painter:
            paint_method(painter, area, why, why.selected)
            painter.setFont(look.font(13, weight=600))
            painter.setPen(look.colour("text"))
            said = f"{words.spoken(why, why.selected)} Esc goes back."
            line = QRect(0, 4, self.width(), 22)
            said = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, said)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in steps:
            self._why.select(self._why.selected + steps[key])
        else:
            super().keyPressEvent(event)
