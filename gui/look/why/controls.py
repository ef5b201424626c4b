"""The row above the methods: the class, how strongly the heat covers the image, what its colours are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QMenu, QSlider, QWidget

from gui.look.why.painting import paint_ramp
from gui.look.why.why import Why
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.switch import Switch

HEIGHT = 44
_WORDS = (("strongest, each map its own", 880), ("strongest", 780))  # beside the legend, from so many px
_CAPTIONS_FROM = 700  # px
_SEGMENTS = (Segment("predicted", "0, predicted"), Segment("true", "0, true"), Segment("other", "Other…"))


class Controls(QWidget):
    """Which class is explained, and how."""

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = why
        self.setFixedHeight(HEIGHT)
        self.choice = Segmented(_SEGMENTS, small=True)
        self.overlay = QSlider(Qt.Orientation.Horizontal)
        self.overlay.setRange(0, 100)
        self.overlay.setFixedWidth(72)
        self.overlay.setAccessibleName("Overlay, in per cent")
        self.strength = QLabel("100 %")
        role(self.strength, "mono12")
        self.strength.setFixedWidth(self.strength.sizeHint().width() + 4)
        self.legend = _Legend()
        self.sanity = Switch("Sanity check", bare=True)
        self.sanity.setToolTip(
            "The same methods as layers are drawn anew from the output down (Adebayo et al. 2018): "
            "what stays the same says nothing about what was learned."
        )
        self._lay_out()
        self.choice.chosen.connect(self._choose)
        self.overlay.valueChanged.connect(lambda value: why.set_opacity(value / 100))
        self.sanity.edited.connect(why.set_sanity)
        why.chosen.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        row = layouts.row(self, spacing=8)
        self._captions = _caption("Why"), _caption("Overlay"), _caption("Sanity check")
        why, overlay, check = self._captions
        row.addWidget(why)
        row.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(8)
        for widget in (overlay, self.overlay, self.strength):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.legend)
        row.addSpacing(8)
        row.addWidget(self.sanity)
        row.addWidget(check)

    def refresh(self) -> None:
        """Follow what is chosen."""
        why = self._why
        predicted, true = next(iter(why.order), None), why.true
        both = predicted is not None and predicted == true
        words = "predicted" if predicted is None else f"{why.name_of(predicted)}, predicted"
        self.choice.set_text("predicted", f"{words} and true" if both else words)
        self.choice.set_text("true", "true" if true is None else f"{why.name_of(true)}, true")
        self.choice.button("true").setVisible(true is not None and not both)
        other = isinstance(why.choice, int) and why.number not in (predicted, true)
        self.choice.set_text("other", f"{why.name_of(why.number)}…" if other and why.number is not None else "Other…")
        now = "other" if other else "true" if why.number == true and not both else "predicted"
        self.choice.choose(now)
        self.choice.setEnabled(bool(why.order))
        self.overlay.blockSignals(True)
        self.overlay.setValue(round(100 * why.opacity))
        self.overlay.blockSignals(False)
        self.strength.setText(f"{100 * why.opacity:.0f} %")
        self.sanity.set_value(why.sanity)

    def fit(self, width: int) -> None:
        """Say less where there is little room."""
        self.legend.show_words(next((text for text, least in _WORDS if width >= least), ""))
        for caption in self._captions:
            caption.setVisible(width >= _CAPTIONS_FROM)

    def _choose(self, value: object) -> None:
        if value == "other":
            self._open_classes()
        else:
            self._why.choose("true" if value == "true" else "predicted")

    def _open_classes(self) -> None:
        """Let one of all classes be chosen."""
        menu, why = QMenu(self), self._why
        for number, name in enumerate(why.classes):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(number == why.number)
            action.triggered.connect(partial(why.choose, number))
        menu.aboutToHide.connect(self.refresh)
        menu.aboutToHide.connect(menu.deleteLater)
        button = self.choice.button("other")
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))


class _Legend(QWidget):
    """One scale for all maps."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setToolTip("Each map goes from 0 to its own 99.5th percentile.")
        self.setAccessibleName("Colours: from 0 to the strongest, each map its own")
        self.show_words("")

    def show_words(self, words: str = "") -> None:
        """Say beside the colours what their end is, as far as there is room."""
        self._words = words
        self.setFixedSize(134 + QFontMetrics(appearance().font(11)).horizontalAdvance(words), 20)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setFont(look.font(11))
            painter.setPen(look.colour("muted"))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(0, 0, 12, 20), middle, "0")
            paint_ramp(painter, QRect(14, 5, 112, 10), ColourMap.MAGMA)
            painter.drawText(QRect(134, 0, self.width() - 134, 20), middle, self._words)


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    role(label, "label")
    return label
