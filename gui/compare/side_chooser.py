"""Chooses one of the two networks: this drawing, a template with its options, a project file, half of a lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from engine.network import Network
from engine.project import SUFFIX, load_project
from gui.compare.letter import Letter
from gui.compare.option_form import OptionForm
from gui.document import Document
from gui.preferences import Preferences
from gui.style.style import role

if TYPE_CHECKING:
    from templates import Template  # they take a while to import

Source = Callable[[], Network]
Choice = str | Path | Source | None  # "drawing", a template's name, a file, or what draws half of a lesson
_OPEN = "open"
_FILTER = f"Layerloom project (*{SUFFIX})"


class SideChooser(QFrame):
    """A drop-down of everything there is to compare, and the options of the template that is chosen."""

    changed = Signal()  # another network, or other options of it
    picked = Signal()  # a person chose another network
    refused = Signal(str)

    def __init__(
        self, letter: str, document: Document, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        role(self, "card")
        self._document = document
        self._preferences = preferences
        self._templates: Mapping[str, Template] = {}
        self.combo = QComboBox()
        self.combo.setAccessibleName(f"Network {letter}")
        self.combo.setMaxVisibleItems(24)
        self.combo.activated.connect(self._activate)
        self.options = OptionForm()
        self.options.changed.connect(self.changed)
        self.options.changed.connect(self.picked)
        self.options.refused.connect(self.refused)
        self._choice: Choice = None
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Letter(letter))
        head.addWidget(self.combo, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.options)
        column.addStretch(1)

    def sizeHint(self) -> QSize:
        return QSize(480, super().sizeHint().height())

    @property
    def refusal(self) -> str:
        """Why what one of the options shows is refused, or ""."""
        return self.options.refusal

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return self._choice is None

    @property
    def is_drawing(self) -> bool:
        """Whether it follows the drawing in the main window."""
        return self._choice == "drawing"

    def set_templates(self, templates: Mapping[str, Template], *, drawing: bool) -> None:
        """Offer the templates and a file, and first the drawing if there is one; what is chosen stays if it can."""
        choice, title, options = self._choice, self.combo.currentText(), self.options.values
        self._templates = templates
        self.combo.clear()
        if drawing:
            self.combo.addItem("This drawing", "drawing")
            self.combo.insertSeparator(1)
        for template in templates.values():
            self.combo.addItem(f"{template.title} ({template.year})", template.name)
        self.combo.insertSeparator(self.combo.count())
        self.combo.addItem("Project file…", _OPEN)
        self._choice = None
        if choice is not None and (choice != "drawing" or drawing):
            self.choose(choice, title, options)

    def choose(self, choice: Choice, title: str = "", options: Mapping[str, Any] | None = None) -> None:
        """Take "drawing", a template's name, a path, or a function that draws; what is new is listed by ``title``."""
        index = next((i for i in range(self.combo.count()) if self.combo.itemData(i) == choice), -1)
        if index < 0:
            index = self.combo.count() - 1
            self.combo.insertItem(index, title, choice)
        self.combo.setCurrentIndex(index)
        self._choice = choice
        template = self._templates.get(choice) if isinstance(choice, str) else None
        self.options.show_options(template.options if template is not None else {}, options or {})
        self.options.setVisible(template is not None)
        self.changed.emit()

    def source(self) -> Source | None:
        """What draws the network, in any thread; None while nothing is chosen."""
        match self._choice:
            case None:
                return None
            case "drawing":
                network = self._document.network.copy()
                return lambda: network
            case str() as name:
                template, options = self._templates[name], dict(self.options.values)
                return lambda: template.build(**options)
            case Path() as path:
                return lambda: load_project(path).network
            case draw:
                return draw

    def _activate(self, index: int) -> None:
        choice = self.combo.itemData(index)
        if choice == _OPEN:
            self._ask_for_file()
        elif choice is not None and choice != self._choice:
            self.choose(choice)
            self.picked.emit()

    def _ask_for_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Compare with", str(self._preferences.folder), _FILTER)
        if name:
            self._preferences.folder = Path(name).parent
            self.choose(Path(name), Path(name).name)
            self.picked.emit()
        else:
            self.combo.setCurrentIndex(self.combo.findData(self._choice))
