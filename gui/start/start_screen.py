"""What the window shows while no document is open: ways to begin, recent files, templates."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.words import thousands
from gui.registry.commands import COMMANDS, Command
from gui.start.gallery import Gallery
from gui.start.map_stacks import MapStacks
from gui.start.recent import RecentFiles
from gui.start.recent_list import RecentList
from gui.start.start_footer import StartFooter
from gui.start.template_card import TemplateCard, matches
from gui.start.warm_up import WarmUp
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.logo import Logo
from gui.widgets.segmented import Segment, Segmented

DEMO = "lenet5"
_WIDE = 1180  # px of the right part from which four cards stand in a row
_MOST_COLUMNS = 4
_NARROWEST = 230  # px of a card
_GROUPS = tuple(Segment(group, group) for group in ("Classics", "Building blocks", "Lecture exercises"))


class StartScreen(QWidget):
    """``command`` carries the name of an action, ``template_chosen`` a template with its options."""

    command = Signal(str)
    recent_chosen = Signal(Path)
    unsaved_chosen = Signal(object)  # Unsaved
    template_chosen = Signal(str, dict)
    demo_chosen = Signal()

    def __init__(self, gallery: Gallery, recent: RecentFiles, warm_up: WarmUp, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self.cards: list[TemplateCard] = []
        role(self, "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._side(recent))
        row.addWidget(self._gallery_area(), 1)
        column = layouts.column(self)
        column.addLayout(row, 1)
        column.addWidget(StartFooter(warm_up))
        gallery.listed.connect(self._make_cards)
        gallery.unlisted.connect(self._tell_no_cards)
        gallery.measured.connect(self._show_demo)
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    # The left column

    def _side(self, recent: RecentFiles) -> QWidget:
        side = QFrame()
        role(side, "side")
        side.setFixedWidth(344)
        column = QVBoxLayout(side)
        column.setContentsMargins(24, 32, 24, 16)
        column.setSpacing(12)
        column.addLayout(self._title())
        column.addSpacing(16)
        commands = sorted((command for command in COMMANDS.values() if command.on_start), key=lambda one: one.on_start)
        self._buttons = [self._start_button(command) for command in commands]
        for button, _ in self._buttons:
            column.addWidget(button)
        column.addSpacing(20)
        self.recent = RecentList(recent)
        self.recent.chosen.connect(self.recent_chosen)
        self.recent.unsaved_chosen.connect(self.unsaved_chosen)
        column.addWidget(self.recent, 1)
        return side

    def _title(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(_label("Layerloom", "display"))
        words.addWidget(_label("Draw a network. Train it. Look inside.", "label"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Logo(36))
        row.addLayout(words, 1)
        return row

    def _start_button(self, command: Command) -> tuple[QPushButton, str]:
        button = QPushButton(f" {command.text}")
        role(button, "start")
        mark(button, "scale", "large")
        button.setProperty("command", command.name)
        button.clicked.connect(self._tell_command)
        if command.shown_keys:
            inner = QHBoxLayout(button)
            inner.setContentsMargins(0, 0, 10, 0)
            label = _label(command.key_text, "key")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inner.addStretch(1)
            inner.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        return button, command.icon

    def _tell_command(self) -> None:
        self.command.emit(self.sender().property("command"))

    # The right part

    def _gallery_area(self) -> QWidget:
        page = QWidget()
        role(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(40, 32, 40, 24)
        column.setSpacing(16)
        column.addWidget(self._hero())
        column.addSpacing(4)
        column.addLayout(self._heading())
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        column.addLayout(self._grid)
        self.nothing = _label("", "label")
        self.nothing.hide()
        column.addWidget(self.nothing)
        note = "Top-5 error on ImageNet as published; crops and scales differ between papers."
        self._note = _label(f"{note} * Measured as its tooltip says.", "caption")
        column.addWidget(self._note)
        column.addStretch(1)
        self._area = layouts.scrolling(page)
        return self._area

    def _hero(self) -> QWidget:
        hero = QFrame()
        role(hero, "card")
        hero.setFixedHeight(176)
        row = QHBoxLayout(hero)
        row.setContentsMargins(32, 24, 32, 24)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(_label("From an empty page to a trained network", "display"))
        about = _label(
            f"LeNet-5 on {thousands(1797)} handwritten digits. You watch the loss fall and see which filters answer. "
            "It runs on the CPU too.",
            "label",
        )
        about.setWordWrap(True)
        about.setMaximumWidth(560)
        words.addWidget(about)
        words.addStretch(1)
        button_row = QHBoxLayout()
        self.demo = QPushButton(" Train a digit classifier in one minute")
        role(self.demo, "primary")
        mark(self.demo, "scale", "large")
        self.demo.clicked.connect(self.demo_chosen)
        self._demo_figures = _label("", "label")
        button_row.addWidget(self.demo)
        button_row.addSpacing(8)
        button_row.addWidget(self._demo_figures)
        button_row.addStretch(1)
        words.addLayout(button_row)
        row.addLayout(words, 1)
        self._stacks = MapStacks(QSize(480, 128))
        row.addWidget(self._stacks)
        return hero

    def _heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(_label("Templates", "large"), 1)
        self.groups = Segmented(_GROUPS, small=True)
        self.groups.chosen.connect(self._place_cards)
        row.addWidget(self.groups)
        row.addSpacing(8)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search templates")
        self._magnifier = self.search.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setFixedWidth(220)
        self.search.textChanged.connect(self._place_cards)
        self.search.returnPressed.connect(self._focus_first)
        row.addWidget(self.search)
        return row

    def _make_cards(self) -> None:
        for template in sorted(self._gallery.templates.values(), key=lambda template: template.year):
            card = TemplateCard(template, self._gallery)
            card.opened.connect(self.template_chosen)
            self.cards.append(card)
        self._show_demo()
        self._place_cards()

    def _tell_no_cards(self, why: str) -> None:
        self.nothing.setText(why)
        self.nothing.show()

    def _show_demo(self) -> None:
        figures = self._gallery.figures(DEMO)
        if figures is not None:
            self._demo_figures.setText(f"{thousands(figures.parameters)} parameters, 5 epochs")
            self._stacks.show_maps(figures.maps)

    def _focus_first(self) -> None:
        shown = self._shown()
        if shown:
            shown[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _shown(self) -> list[TemplateCard]:
        """The cards of the chosen group, or of all groups while something is searched for."""
        words = self.search.text()
        if words.strip():
            return [card for card in self.cards if matches(card.template, words)]
        return [card for card in self.cards if card.template.group == self.groups.value]

    def _place_cards(self) -> None:
        shown = self._shown()
        columns = _MOST_COLUMNS if self._area.viewport().width() >= _WIDE - 80 else 2
        for card in self.cards:
            self._grid.removeWidget(card)
            card.setVisible(card in shown)
        for index, card in enumerate(shown):
            self._grid.addWidget(card, index // columns, index % columns)
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
            self._grid.setColumnMinimumWidth(column, _NARROWEST if column < columns else 0)
        self.nothing.setVisible(bool(self.cards) and not shown)
        self.nothing.setText(f"No template is called '{self.search.text()}'.")
        self._note.setVisible(any(card.template.top5 is not None for card in shown))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stacks.setVisible(self.width() >= 1340)
        self._place_cards()

    def _show_icons(self) -> None:
        for button, icon in self._buttons:
            button.setIcon(appearance().icon(icon, "text"))
            button.setIconSize(QSize(16, 16))
        self.demo.setIcon(appearance().icon("mdi6.play", "on_primary"))
        self._magnifier.setIcon(appearance().icon("mdi6.magnify"))


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    role(label, name)
    return label
