"""Asking which setting shall vary, and over which values: one run comes of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from engine.errors import LayerloomError
from engine.project import Project
from engine.project.varying import Variable, Varied, stepped, variables, varied
from engine.words import counted
from gui.style.style import FIELD_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.values import arithmetic

_WIDTH, _NUMBER_WIDTH, _WORDS_HEIGHT = 420, 88, 160
_LIST, _RANGE = "list", "range"


class VaryDialog(QDialog):
    """The setting, its values as a list, a range with a factor or a few words, and what comes of it."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Vary a setting")
        self._project = project
        self._variables: Sequence[Variable] = variables(project)
        self.found: tuple[Varied, ...] = ()
        self.setting = QComboBox()
        self.how = Segmented([Segment(_LIST, "List"), Segment(_RANGE, "Range")], small=True)
        self.values = QLineEdit()
        self.ends = {name: QLineEdit() for name in ("From", "To", "Times")}
        self.words: dict[str, QCheckBox] = {}
        self.preview = QLabel()
        self.add, self.cancel = QPushButton(), QPushButton("Cancel")
        self._lay_out()
        self._follow()
        self._show_setting()

    def _lay_out(self) -> None:
        self._set_up()
        self.range, pages = self._range(), QWidget()
        layouts.column(pages, self.values, self.range, self._ticks())
        grid = QGridLayout()
        grid.setVerticalSpacing(12)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        self._labels = {title: QLabel(title) for title in ("Setting", "As", "Values")}
        for line, (label, editor) in enumerate(
            zip(self._labels.values(), (self.setting, self.how, pages), strict=True)
        ):
            label.setFixedHeight(FIELD_HEIGHT)
            role(label, "label")
            grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(editor, line, 1, Qt.AlignmentFlag.AlignLeft if editor is self.how else Qt.AlignmentFlag(0))
        buttons = layouts.row(None, spacing=8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.add)
        column = layouts.column(self, grid, self.preview, buttons, spacing=16)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)

    def _set_up(self) -> None:
        self.setting.setFixedWidth(_WIDTH)
        for variable in self._variables:
            self.setting.addItem(variable.title, variable.path)
        self.setting.setCurrentIndex(self.setting.findData("training.learning_rate"))
        self.setting.setAccessibleName("Setting")
        self.values.setPlaceholderText("0.1, 0.03, 0.01")
        self.values.setAccessibleName("Values, separated by commas")
        self.preview.setWordWrap(True)
        self.preview.setMinimumHeight(36)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        role(self.add, "primary")
        self.add.setDefault(True)

    def _ticks(self) -> QWidget:
        page, several = QWidget(), QWidget()
        role(page, "page")
        layouts.column(page, several).addStretch(1)
        self.boxes = layouts.column(several, spacing=2)
        self.ticks = layouts.scrolling(page)
        self.ticks.setFixedHeight(_WORDS_HEIGHT)
        return self.ticks

    def _range(self) -> QWidget:
        page = QWidget()
        row = layouts.row(page, spacing=8)
        for name, editor in self.ends.items():
            label = QLabel(name)
            role(label, "label")
            editor.setAccessibleName(name)
            editor.setFixedWidth(_NUMBER_WIDTH)
            row.addWidget(label)
            row.addWidget(editor)
        row.addStretch(1)
        self.ends["Times"].setText("10")
        return page

    def _follow(self) -> None:
        self.setting.currentIndexChanged.connect(self._show_setting)
        self.how.chosen.connect(self._show_page)
        for field in (self.values, *self.ends.values()):
            field.textChanged.connect(self._show_preview)
        self.add.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)

    def _show_setting(self) -> None:
        layouts.clear(self.boxes)
        self.words = {value: QCheckBox(title) for value, title in self._variable.words}
        for box in self.words.values():
            box.toggled.connect(self._show_preview)
            self.boxes.addWidget(box)
        for part in (self.how, self._labels["As"]):
            part.setVisible(not self._variable.words)
        self.values.clear()
        for name in ("From", "To"):
            self.ends[name].clear()
        self._show_page()

    def _show_page(self) -> None:
        number = self.values if self.how.value == _LIST else self.range
        for page in (self.values, self.range, self.ticks):
            page.setVisible(page is (self.ticks if self._variable.words else number))
        self._show_preview()

    def _show_preview(self) -> None:
        try:
            self.found, why = varied(self._project, self._variable.path, self._values()), ""
        except LayerloomError as error:
            self.found, why = (), str(error)
        role(self.preview, "label" if self.found or not self._values_are_typed() else "warning")
        runs = counted(len(self.found), "run")
        self.preview.setText(why or f"{runs}: {', '.join(one.name for one in self.found)}.")
        self.add.setText(f"Add {runs}" if self.found else "Add")
        self.add.setEnabled(bool(self.found))

    @property
    def _variable(self) -> Variable:
        return self._variables[self.setting.currentIndex()]

    def _values_are_typed(self) -> bool:
        return bool(self.values.text() or self.ends["From"].text() or self._variable.words)

    def _values(self) -> tuple[str, ...]:
        """What is typed or ticked; raises `LayerloomError` for what are no numbers."""
        if self._variable.words:
            return tuple(value for value, box in self.words.items() if box.isChecked())
        if self.how.value == _LIST:
            parts = self.values.text().replace(";", ",").split(",")
            return tuple(f"{arithmetic(part):.10g}" for part in parts if part.strip())
        texts = [field.text() for field in self.ends.values()]
        if not all(text.strip() for text in texts):
            raise LayerloomError("From where to where, and how many times each is the one before?")
        return stepped(*map(arithmetic, texts))


def ask_to_vary(parent: QWidget, project: Project) -> tuple[Varied, ...]:
    """The projects that come of varying a setting; none if that was called off."""
    dialog = VaryDialog(project, parent)
    agreed = dialog.exec()
    dialog.deleteLater()
    return dialog.found if agreed else ()
