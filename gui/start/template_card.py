"""A template as a card: silhouette, what it brought, its figures, and chips for its variants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.words import shape_text, si
from gui.start.error_text import error_text
from gui.start.gallery import Choice, Figures, Gallery, choice_of
from gui.start.silhouette_view import SilhouetteView
from gui.style.style import mark, role
from gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from templates import Template  # they take a while to import
    from templates.options import Option

_CHIP_GAP = 6
_FIGURE_GAP = 12


class TemplateCard(QFrame):
    """Opens on Enter, on a double click and by its button, its options on Space; the figures follow the chips."""

    opened = Signal(str, dict)

    def __init__(
        self, template: Template, gallery: Gallery, *, compact: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.template = template
        self._gallery = gallery
        self.options: dict[str, Any] = {name: option.default for name, option in template.options.items()}
        self._defaults: Mapping[str, Any] = dict(self.options)
        self._compact = compact
        self._edge = 10 if compact else 16
        self.more = QToolButton()
        self.more.setText("…")
        self.more.setAccessibleName(f"All variants of {template.title}")
        self.more.setToolTip("All variants")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        role(self.more, "chip")
        role(self, "template-card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)  # cards in a row are equally wide
        self.setAccessibleName(f"{template.title}, {template.year}. {template.idea}")
        self.setAccessibleDescription("Enter opens it, Space shows its options.")
        about = (f"{template.authors}, {template.year}", template.paper, template.idea, error_text(template))
        self.setToolTip("\n".join(line for line in about if line))
        self.picture = SilhouetteView(QSize(200, 64 if compact else 148), radius=7, top=True)
        self.chips: list[QPushButton] = []
        self._build()
        self.open_button = self._corner_button("Open", self._open)
        self.options_button = self._corner_button("Options…", self.show_options)
        role(self.open_button, "primary")
        self.show_figures(gallery.known(template.name, self.choice))
        gallery.measured.connect(self._on_measured)

    @property
    def choice(self) -> Choice:
        """The options taken, where they differ from the defaults."""
        return choice_of(self.options, self._defaults)

    def set_option(self, name: str, value: Any) -> None:
        """Take an option; the figures follow."""
        self.options[name] = value
        self.show_figures(self._gallery.figures(self.template.name, self.choice))

    def show_figures(self, figures: Figures | None) -> None:
        """Show figures, or dots while they are computed; the picture before stays until there is a new one."""
        if figures is not None:
            self.picture.show_picture(figures.silhouette)
        for (_, value), text in zip(self.figures, _texts(self.template, figures), strict=True):
            value.setText(text)
        self._fit_figures()

    def _on_measured(self, name: str, choice: Choice) -> None:
        if name == self.template.name and choice == self.choice:
            self.show_figures(self._gallery.figures(name, choice))

    # Parts

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.picture)
        text = QVBoxLayout()
        above, below = (8, 10) if self._compact else (12, 12)
        text.setContentsMargins(self._edge, above, self._edge, below)
        text.setSpacing(2)
        text.addLayout(self._head())
        idea = ElidedLabel(self.template.idea.removesuffix("."), lines=2)
        role(idea, "label")
        text.addWidget(idea)
        text.addSpacing(6 if self._compact else 12)
        text.addLayout(self._figure_grid())
        text.addStretch(1)
        text.addSpacing(8 if self._compact else 12)
        text.addLayout(self._chip_row())
        column.addLayout(text, 1)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        title = ElidedLabel(self.template.title)
        role(title, "title" if self._compact else "card-title")
        row.addWidget(title, 1)
        row.addWidget(_label(str(self.template.year), "label"))
        return row

    def _figure_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(_FIGURE_GAP)
        grid.setVerticalSpacing(2)
        titles = ("Parameters", "MACs", "Input" if self.template.top5 is None else "Top-5 error")
        self.figures: list[tuple[QLabel, QLabel]] = [
            (_figure_label(title, "caption"), _figure_label("…", "heading")) for title in titles
        ]
        if self.template.top5 is not None:
            error = _label("…", "heading")  # short, and its tooltip is a note
            error.setToolTip(self.template.top5_note)
            self.figures[2] = (self.figures[2][0], error)
        for index, (title, value) in enumerate(self.figures):
            grid.addWidget(title, 0, index)
            grid.addWidget(value, 1, index)
            grid.setColumnStretch(index, 1)
        return grid

    def _chip_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(_CHIP_GAP)
        choices = [option for option in self.template.options.values() if option.kind in ("choice", "flag")]
        if choices and choices[0].kind == "choice":
            for value in choices[0].choices or ():
                row.addWidget(self._chip(choices[0].name, value))
        row.addWidget(self.more)
        row.addStretch(1)
        self._more_needed = len(choices) > 1
        self._fill_menu(choices)
        return row

    def _fill_menu(self, choices: list[Option]) -> None:
        """A menu of all variants, for those that have no chip in view."""
        menu = QMenu(self.more)
        for option in choices:
            group = QActionGroup(menu)
            submenu = menu.addMenu(option.title)
            for value in option.choices or (False, True):
                words = "yes" if value else "no"
                action = submenu.addAction(words if option.kind == "flag" else _words(value))
                action.setCheckable(True)
                action.setChecked(value == self.options[option.name])
                action.setData((option.name, value))
                group.addAction(action)
        menu.triggered.connect(self._take_menu)
        self.more.setMenu(menu)

    def _take_menu(self, action: QAction) -> None:
        name, value = action.data()
        for chip in self.chips if name == self._chip_option else ():
            chip.setChecked(chip.property("option")[1] == value)
        self.set_option(name, value)

    @property
    def _chip_option(self) -> str:
        return self.chips[0].property("option")[0] if self.chips else ""

    @property
    def _room(self) -> int:
        """How wide a row of the card's text is, px."""
        return self.contentsRect().width() - 2 * self._edge - 2

    def _fit_figures(self) -> None:
        """Let the figures end in … where all of them have no room side by side."""
        widths = [[label.sizeHint().width() for label in pair] for pair in self.figures]
        needed = sum(map(max, widths)) + _FIGURE_GAP * (len(widths) - 1)
        tight = needed > self._room
        for pair, hints in zip(self.figures, widths, strict=True):
            for label, hint in zip(pair, hints, strict=True):
                label.setMinimumWidth(0 if tight else hint)

    def _fit_chips(self) -> None:
        """Hide the chips that do not fit; the menu has them all."""
        available = self._room
        widths = [chip.sizeHint().width() + _CHIP_GAP for chip in self.chips]
        if sum(widths) + (self.more.sizeHint().width() if self._more_needed else -_CHIP_GAP) > available:
            available -= self.more.sizeHint().width()
        for chip, end in zip(self.chips, accumulate(widths), strict=True):
            chip.setVisible(end <= available)
        self.more.setVisible(self._more_needed or any(chip.isHidden() for chip in self.chips))

    def _corner_button(self, text: str, act: Callable[[], None]) -> QPushButton:
        """A button in the corner of the picture, there while the card is pointed at or focused."""
        button = QPushButton(text, self)
        mark(button, "scale", "small")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys on the card do the same
        button.clicked.connect(act)
        button.hide()
        return button

    def _chip(self, name: str, value: Any) -> QPushButton:
        chip = QPushButton(_words(value))
        role(chip, "chip")
        chip.setCheckable(True)
        chip.setAutoExclusive(True)
        chip.setChecked(value == self.options[name])
        chip.setAccessibleName(f"{name.replace('_', ' ')} {value}")
        chip.setProperty("option", (name, value))
        chip.clicked.connect(self._take_chip)
        self.chips.append(chip)
        return chip

    def _take_chip(self) -> None:
        self.set_option(*self.sender().property("option"))

    def show_options(self) -> None:
        """Open the form of all options, beginning with those of the card."""
        from gui.start.template_options import TemplateOptions  # the first paint does without it

        if self.template.options:
            dialog = TemplateOptions(self.template, self._gallery, dict(self.choice), self.window())
            dialog.chosen.connect(self._open_with)
            dialog.open()

    def _open(self) -> None:
        self.opened.emit(self.template.name, dict(self.choice))

    def _open_with(self, options: dict[str, Any]) -> None:
        self.opened.emit(self.template.name, options)

    def _show_buttons(self, shown: bool) -> None:
        self.open_button.setVisible(shown)
        self.options_button.setVisible(shown and bool(self.template.options))
        self._place_buttons()  # how wide they are is known once they have been shown

    def _place_buttons(self) -> None:
        right = self.width()
        for button in (self.open_button, self.options_button):
            button.adjustSize()
            right -= button.width() + 8
            button.move(right, self.picture.height() - button.height() - 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._gallery.figures(self.template.name, self.choice)  # wanted only once the card is seen

    # Mouse, keys and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.key() == Qt.Key.Key_Space:
            self.show_options()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._open()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_figures()
        self._fit_chips()
        self._place_buttons()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_buttons(True)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_buttons(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_buttons(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_buttons(self.underMouse())


def _words(value: object) -> str:
    return str(value).replace("_", " ")


def matches(template: Template, text: str) -> bool:
    """Whether every word of a search stands somewhere in what is told of a template."""
    told = f"{template.name} {template.title} {template.year} {template.authors} {template.idea}".casefold()
    return all(word in told for word in text.casefold().split())


def _texts(template: Template, figures: Figures | None) -> tuple[str, str, str]:
    error = "" if template.top5 is None else f"{template.top5:g} %" + "*" * bool(template.top5_note)
    if figures is None:
        return "…", "…", error or "…"
    return si(figures.parameters), si(figures.multiply_adds), error or shape_text(figures.input)


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    role(label, name)
    return label


def _figure_label(text: str, name: str) -> ElidedLabel:
    label = ElidedLabel(text)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    role(label, name)
    return label
