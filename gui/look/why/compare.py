"""Two classes against each other: what speaks for one, for the other, and for one rather than the other."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QWidget

from engine.inspection.explaining.evidence import Cover
from engine.words import number_text, percent_text
from gui.look.why import painting
from gui.look.why.why import Why
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.figure_table import FactList

SIDE = 187
_CAPTION = 22


class Comparison(QFrame):
    """The choice of two classes, three pictures, and the numbers that they stand for; its body folds away."""

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "card")
        self._why = why
        self.first, self.second = _classes("Class that is explained"), _classes("Class that it is compared with")
        self.runner_up = ElidedLabel()
        role(self.runner_up, "caption")
        self.legend = _Legend(why)
        self.fold = QPushButton()
        mark(self.fold, "scale", "small")
        role(self.fold, "quiet")
        self.pictures, self.facts, self.said = Pictures(why), FactList(), QLabel()
        self.said.setWordWrap(True)
        role(self.said, "small")
        self._lay_out()
        self.first.activated.connect(self._choose_first)
        self.second.activated.connect(self._choose_second)
        self.fold.clicked.connect(self._fold)
        why.changed.connect(self.refresh)
        why.chosen.connect(self.refresh)

    def _choose_first(self) -> None:
        self._why.compare(first=self.first.currentData())

    def _choose_second(self) -> None:
        self._why.compare(second=self.second.currentData())

    def _fold(self) -> None:
        self._why.set_comparing(not self._why.comparing)

    def _lay_out(self) -> None:
        title = QLabel("Compare")
        role(title, "heading")
        against = QLabel("against")
        role(against, "label")
        head = layouts.row(None, title, self.first, against, self.second, spacing=8)
        head.addWidget(self.runner_up, 1)
        head.addWidget(self.legend)
        head.addWidget(self.fold)
        self.body = QWidget()
        beside = layouts.column(None, self.facts, self.said, spacing=10)
        beside.addStretch(1)
        row = layouts.row(self.body, self.pictures, spacing=20)
        row.addLayout(beside, 1)
        box = layouts.column(self, head, self.body, spacing=8)
        box.setContentsMargins(12, 8, 12, 8)

    def refresh(self) -> None:
        """Follow what there is to see."""
        why = self._why
        pair = why.pair()
        self.setVisible(pair is not None)
        self.body.setVisible(why.comparing)
        self.legend.setVisible(why.comparing)
        self.fold.setText("Fold" if why.comparing else "Show")
        self.fold.setAccessibleName("Fold the comparison" if why.comparing else "Show the comparison")
        if pair is None:
            return
        names = why.classes
        for combo, number in ((self.first, why.number), (self.second, why.other)):
            if [combo.itemText(at) for at in range(combo.count())] != list(names):
                combo.clear()
                for at, name in enumerate(names):
                    combo.addItem(name, at)
            combo.setCurrentIndex(combo.findData(number))
        self.runner_up.setText(self._about_runner_up())
        self.legend.update()
        if why.comparing:
            self._show_numbers()
            self.pictures.refresh()

    def _about_runner_up(self) -> str:
        why, sight = self._why, self._why.look.sight
        if sight is None or len(why.order) < 2:
            return ""
        second = why.order[1]
        return f"runner-up is {why.name_of(second)}, {percent_text(float(sight.prediction[second]))}"

    def _show_numbers(self) -> None:
        why, lead = self._why, self._why.lead
        assert why.number is not None
        assert why.other is not None
        first, second = why.name_of(why.number), why.name_of(why.other)
        if lead is None:
            pair = why.pair()
            refused = why.refused(pair[2]) if pair else None
            self.facts.show_facts(())
            self.said.setText(refused.sentence if refused else "Covering the image patch by patch …")
            return
        found = lead.explained
        ahead = first if found.lead >= 0 else second
        self.facts.show_facts(
            (
                (f"Score of {first}", number_text(found.score, 2)),
                (f"Score of {second}", number_text(found.against_score, 2)),
                (f"{ahead} leads by", number_text(abs(found.lead), 2)),
            )
        )
        self.said.setText("\n\n".join(sentences(lead.most, lead.least, first, second, lead.patch)))


def sentences(most: Cover | None, least: Cover | None, first: str, second: str, patch: int) -> list[str]:
    """What the patches A and B say."""
    found = []
    if most is not None and most.loss > 0:
        lost = number_text(most.loss, 2)
        found.append(f"A: Covering {patch}×{patch} px around {_place(most)} costs {first} {lost} of its lead.")
    if least is not None and least.loss < 0:
        won = number_text(-least.loss, 2)
        found.append(f"B: Covering {_place(least)} adds {won}: these pixels speak for {second}.")
    return found or ["No patch changes the lead."]


def _place(cover: Cover) -> str:
    return f"row {cover.row + cover.height // 2}, column {cover.column + cover.width // 2}"


class Pictures(QWidget):
    """Grad-CAM for both classes, and what speaks for one rather than the other."""

    def __init__(self, why: Why) -> None:
        super().__init__()
        self._why = why
        self.setAccessibleName("Grad-CAM for both classes, and occlusion of the difference")
        appearance().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(3 * SIDE + 32, SIDE + _CAPTION)

    minimumSizeHint = sizeHint  # noqa: N815

    def refresh(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        why, pair = self._why, self._why.pair()
        if pair is None or why.look.shown is None or why.number is None or why.other is None:
            return
        first, second = why.name_of(why.number), why.name_of(why.other)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, asked in enumerate(pair[:2]):
                evidence = why.evidence(asked)
                heat = painting.heat_of(evidence) if evidence else None
                grey, smooth = painting.grey_of(why.look.shown), why.enlarge == "smooth"
                painting.paint_heat(painter, _area(place), grey, heat, why.opacity, smooth=smooth)
            self._paint_lead(painter)
            for place, text in enumerate((f"For {first}", f"For {second}", f"{first} minus {second}")):
                self._write(painter, _area(place), text, "occlusion" if place == 2 else "Grad-CAM")

    def _paint_lead(self, painter: QPainter) -> None:
        area, lead, pixels = _area(2), self._why.lead, self._why.look.shown
        assert pixels is not None
        if lead is None:
            painting.paint_heat(painter, area, painting.grey_of(pixels), None, 1.0)
            return
        painting.paint_lead(painter, area, pixels, painting.lead_of(lead))
        covers = [("A", lead.most)] if lead.most is not None and lead.most.loss > 0 else []
        covers += [("B", lead.least)] if lead.least is not None and lead.least.loss < 0 else []
        boxes = [(letter, _box(area, cover, pixels.shape)) for letter, cover in covers if cover is not None]
        for _, box in boxes:
            _paint_cover(painter, box)
        for letter, box in boxes:
            _paint_tag(painter, box, letter, area)

    def _write(self, painter: QPainter, area: QRect, strong: str, quiet: str) -> None:
        look = appearance()
        below = QRect(area.left(), area.bottom() + 3, area.width(), 18)
        painter.setFont(look.font(12, weight=600))
        painter.setPen(look.colour("text"))
        text = painter.fontMetrics().elidedText(strong, Qt.TextElideMode.ElideMiddle, below.width() - 62)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)
        below.setLeft(below.left() + painter.fontMetrics().horizontalAdvance(text) + 6)
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, quiet)


def _area(place: int) -> QRect:
    return QRect(place * (SIDE + 16), 0, SIDE, SIDE)


def _box(area: QRect, cover: Cover, shape: tuple[int, ...]) -> QRectF:
    across, down = area.width() / shape[2], area.height() / shape[1]
    return QRectF(
        area.left() + cover.column * across, area.top() + cover.row * down, cover.width * across, cover.height * down
    )


def _paint_cover(painter: QPainter, box: QRectF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(Qt.GlobalColor.black), 3))
    painter.drawRect(box)
    painter.setPen(QPen(QColor(Qt.GlobalColor.white), 1.5))
    painter.drawRect(box)


def _paint_tag(painter: QPainter, box: QRectF, letter: str, within: QRect) -> None:
    """Beside its box: A at the left, B at the right, unless that is outside."""
    look, tag = appearance(), QRectF(box.right() + 4, box.top() - 4, 16, 16)
    if (letter == "A" and box.left() - 20 > within.left()) or tag.right() > within.right():
        tag.moveRight(box.left() - 4)
    tag.moveTop(max(tag.top(), within.top() + 1.0))
    painter.setPen(QPen(look.colour("line2"), 1))
    painter.setBrush(look.colour("raised"))
    painter.drawRoundedRect(tag, 3, 3)
    painter.setPen(look.colour("text"))
    painter.setFont(look.font(11, weight=600))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, letter)


class _Legend(QWidget):
    """Which colour speaks for which class."""

    def __init__(self, why: Why) -> None:
        super().__init__()
        self._why = why
        self.setFixedSize(290, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        why, look = self._why, appearance()
        if why.number is None or why.other is None:
            return
        with QPainter(self) as painter:
            painter.setFont(look.font(11))
            painter.setPen(look.colour("muted"))
            bar = QRect((self.width() - 112) // 2, 5, 112, 10)
            middle, elide = Qt.AlignmentFlag.AlignVCenter, painter.fontMetrics().elidedText
            left, right = QRect(0, 0, bar.left() - 6, 20), QRect(bar.right() + 7, 0, bar.left() - 6, 20)
            for room, side, number in (
                (left, Qt.AlignmentFlag.AlignRight, why.other),
                (right, Qt.AlignmentFlag.AlignLeft, why.number),
            ):
                text = elide(f"speaks for {why.name_of(number)}", Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(room, middle | side, text)
            painting.paint_ramp(painter, bar, ColourMap.SIGNED)


def _classes(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setMaximumWidth(130)
    mark(combo, "scale", "small")
    return combo
