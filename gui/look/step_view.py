"""One value of a convolution, worked out as on paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.inspection.results import Steps
from engine.words import counted, number_text
from gui.look.value_grid import ValueGrid
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.section import MARGIN, Section

MOST_WRITTEN = 30  # products; more are not written out
_MOST_BESIDE = 3  # columns; the numbers of wider kernels need the whole width


class StepView(QWidget):
    """Patch × kernel, products, sums, bias and activation of a value, a page for each input map; or a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self._steps: Steps | None = None
        self._page = 0
        self._make_widgets()
        self._lay_out()
        appearance().changed.connect(self._show_icons)
        self._show_icons()
        self.say("")

    def _make_widgets(self) -> None:
        self.title, self.about, self.channel, self.empty = ElidedLabel(), ElidedLabel(), QLabel(), QLabel()
        role(self.title, "large")
        role(self.about, "caption")
        role(self.channel, "label")
        self.channel.setWordWrap(True)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        role(self.empty, "label")
        self.patch = ValueGrid("Patch of the input", ColourMap.GREY)
        self.kernel = ValueGrid("Kernel", ColourMap.SIGNED)
        self.products = ValueGrid("Products", ColourMap.SIGNED)
        self.sums = QLabel()
        self.written = QLabel()
        for label in (self.sums, self.written):
            role(label, "mono12")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.written.setWordWrap(True)
        self.note = QLabel()
        self.note.setWordWrap(True)
        role(self.note, "caption")
        self.back, self.on = QToolButton(), QToolButton()
        for button, words, step in ((self.back, "Earlier input map", -1), (self.on, "Later input map", 1)):
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setProperty("step", step)
            button.clicked.connect(self._turn_page)

    def _lay_out(self) -> None:
        inner = QWidget()
        role(inner, "panel")
        column = layouts.column(inner, self._head(), self._arithmetic())
        self._written = Section("Written out")
        self._written.body.addWidget(self.written)
        self._written.body.addWidget(self.note)
        column.addWidget(self._written)
        column.addStretch(1)
        layouts.column(self, layouts.scrolling(inner, sideways=True))

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, 14, MARGIN, 12)
        head.setSpacing(4)
        head.addWidget(self.title)
        head.addWidget(self.about)
        head.addWidget(self.empty)
        return head

    def _arithmetic(self) -> QWidget:
        self._pages = Section("From the input")
        turn = QHBoxLayout()
        turn.addWidget(self.channel, 1)
        turn.addWidget(self.back)
        turn.addWidget(self.on)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(2, 1)
        self._placed = (
            (_caption("Patch"), (0, 0)),
            (self.patch, (1, 0)),
            (_sign("×"), (1, 1)),
            (_caption("Kernel"), (0, 2)),
            (self.kernel, (1, 2)),
            (_caption("Products"), (2, 0)),
            (self.products, (3, 0)),
            (_sign("Σ"), (3, 1)),
            (self.sums, (3, 2)),
        )
        self._arrange(beside=True)
        self._pages.body.addLayout(turn)
        self._pages.body.addLayout(self._grid)
        return self._pages

    def _arrange(self, *, beside: bool) -> None:
        """Put patch and kernel beside each other, or everything below each other."""
        for row, (widget, place) in enumerate(self._placed):
            self._grid.addWidget(widget, *(place if beside else (row, 0, 1, 3)))

    def _turn_page(self) -> None:
        self._page += int(self.sender().property("step"))
        self._show()

    def show_steps(self, steps: Steps, summary: str) -> None:
        """Show how a value of a convolution comes about, of which ``summary`` says what it does."""
        self._steps = steps
        self.title.setText(f"{steps.node}, map {steps.channel}")
        self.about.setText(f"{summary} · row {steps.row}, column {steps.column}")
        self._show()

    def say(self, sentence: str) -> None:
        """Show a sentence instead."""
        self._steps, self._page = None, 0
        self.empty.setText(sentence)
        self._show()

    def _show(self) -> None:
        step = self._steps
        for widget in (self.title, self.about, self._pages, self._written):
            widget.setVisible(step is not None)
        self.empty.setVisible(step is None)
        if step is not None:
            self._page = min(max(self._page, 0), len(step.pages) - 1)
            self._show_page(step)
            self._show_written(step)

    def _show_page(self, step: Steps) -> None:
        page = step.pages[self._page]
        rows, columns = (f"{first}–{last}" for first, last in (step.rows, step.columns))
        part, parts = self._page + 1, len(step.pages)
        place = f"Map {page.input_channel}" + (f", part {part} of {parts} of the sum" if parts > 1 else "")
        self.channel.setText(f"{place} · rows {rows}, columns {columns}")
        self.back.setEnabled(self._page > 0)
        self.on.setEnabled(self._page < len(step.pages) - 1)
        self._arrange(beside=page.patch.shape[1] <= _MOST_BESIDE)
        self.patch.show_values(page.patch, page.padded, decimals=step.decimals)
        self.kernel.show_values(page.kernel, decimals=step.decimals)
        self.products.show_values(page.products, decimals=step.decimals)
        lines = [("Sum", page.sum)] if parts == 1 else [(f"Part {part}", page.sum), ("Sum so far", page.running)]
        if part == parts:
            lines += [] if step.bias is None else [("Bias", step.bias)]
            lines.append((step.node.rpartition(".")[2], step.value))
            lines += [] if step.activated is None else [(step.activation, step.activated)]
        numbers = [number_text(value, step.decimals) for _, value in lines]
        widest = max(map(len, numbers)) + 1
        named = zip(lines, numbers, strict=True)
        self.sums.setText("\n".join(f"{name:<12.12}{number:>{widest}}" for (name, _), number in named))

    def _show_written(self, step: Steps) -> None:
        page = step.pages[self._page]
        count = page.patch.size
        self._written.setVisible(count <= MOST_WRITTEN)
        if count <= MOST_WRITTEN:
            self.written.setText(_written(step, self._page))
        places = counted(step.decimals, "place")
        parts = f" The sum has {len(step.pages)} parts, one for each input map." if len(step.pages) > 1 else ""
        exact = f" The network itself computes {number_text(step.exact, step.decimals + 2)}." if step.rounded else ""
        self.note.setText(
            f"Values and products are rounded to {places}, so that what is printed adds up.{parts}{exact}"
        )

    def _show_icons(self) -> None:
        self.back.setIcon(appearance().icon("mdi6.chevron-left"))
        self.on.setIcon(appearance().icon("mdi6.chevron-right"))


def _written(step: Steps, index: int) -> str:
    """``0.01·(−0.56) + 0.43·(−0.38) + …``, a line for each row of the kernel; of a sum of several parts, this part."""
    page, places, alone = step.pages[index], step.decimals, len(step.pages) == 1
    lines = []
    for values, weights in zip(page.patch, page.kernel, strict=True):
        terms = zip(values, weights, strict=True)
        lines.append(
            " + ".join(f"{number_text(value, places)}·{_bracketed(weight, places)}" for value, weight in terms)
        )
    text, written = "  " + "\n+ ".join(lines), float((page.patch * page.kernel).sum())
    if not alone:
        equals = _equals(written, page.sum, places)
        return f"{text}\n{equals} {number_text(page.sum, places)}, part {index + 1} of {len(step.pages)}"
    bias = "" if step.bias is None else f"\n+ {_bracketed(step.bias, places)}"
    equals = _equals(written + (step.bias or 0.0), step.value, places)
    return f"{text}{bias}\n{equals} {number_text(step.value, places)}"


def _equals(written: float, printed: float, places: int) -> str:
    """What stands before a sum of rounded products: worked out as written it may end in another digit."""
    return "=" if number_text(written, places) == number_text(printed, places) else "≈"


def _bracketed(value: float, places: int) -> str:
    return f"({number_text(value, places)})" if value < 0 else number_text(value, places)


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    role(label, "caption")
    return label


def _sign(text: str) -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    role(label, "large")
    return label
