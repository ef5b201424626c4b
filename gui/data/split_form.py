"""How a data set is divided, and whether it fits the network."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.data.settings import DataSettings, SplitSettings
from engine.data.source import COLOURS, DataDescription
from engine.reasons import reason
from engine.words import thousands
from gui.document import Document
from gui.readiness import readiness_of
from gui.style.style import mark, role
from gui.widgets.form import FormRow
from gui.widgets.values import Editor, Kind

_KINDS = (
    Kind("validation", "Validation", Editor.REAL, 15, "%", "Part kept back to choose the best epoch.", most=80),
    Kind("test", "Test", Editor.REAL, 15, "%", "Part kept back to judge the trained network.", most=80),
    Kind("seed", "Seed", Editor.INTEGER, 0, "", "The same seed divides the images alike.", least=0),
)


class SplitForm(QWidget):
    """Validation, test and seed; below them what fits and what does not."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._readiness = readiness_of(document)
        self._readiness.changed.connect(self._show_fit)
        self._description: DataDescription | None = None
        self.rows = {kind.name: FormRow(kind) for kind in _KINDS}
        heading = QLabel("Split")
        role(heading, "heading")
        self.parts, self.fit = QLabel(), QLabel()
        role(self.parts, "caption")
        for label in (self.parts, self.fit):
            label.setWordWrap(True)
        self.fix_button = QPushButton()
        self.fix_button.clicked.connect(self._apply_fix)
        role(self.fix_button, "fix")
        mark(self.fix_button, "scale", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(2)
        for part in (heading, *self.rows.values(), self.parts):
            layout.addWidget(part)
        layout.addSpacing(8)
        layout.addWidget(self.fit)
        layout.addSpacing(4)
        layout.addWidget(self.fix_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        for name, row in self.rows.items():
            row.editor.edited.connect(partial(self._edit, name))
            row.editor.refused.connect(partial(self._refuse, name))

    def show_data(self, settings: DataSettings, description: DataDescription | None) -> None:
        """Show a split; the description says how many images there are to divide, once it is known."""
        found = description or (settings.source.known if self._readiness.usable else None)
        for name, row in self.rows.items():
            row.set_value(_shown(settings.split, name))
        self.rows["validation"].setVisible(not (found and found.validation))
        self.rows["test"].setVisible(not (found and found.test))
        self.parts.setText(_parts(found, settings) if found and found.images else "")
        self._description = description
        if description is not None:
            self._readiness.learn(settings.source, description)
        self._show_fit()

    def _show_fit(self) -> None:
        obstacle = self._readiness.obstacle
        role(self.fit, "error" if obstacle else "caption")
        self.fit.setText(obstacle.text if obstacle else self._how_images_fit(self._description))
        self.fix_button.setText(obstacle.fix_label if obstacle else "")
        self.fix_button.setVisible(bool(obstacle and obstacle.fix))

    def _how_images_fit(self, description: DataDescription | None) -> str:
        network = self.document.network
        taken = self.document.analysis[network.inputs[0]].output
        assert taken is not None  # with no input there is an obstacle to tell instead, and an Input has a shape
        shape = description.shape if description else None
        if shape == taken:
            return f"The images fit the input, {taken}."
        which = f"Images of {shape}" if shape else "Images"
        colour = description.in_colour if description else None
        how = " and made grey" if taken.channels == 1 and colour else ""
        how = ", with their one channel three times," if taken.channels == COLOURS and colour is False else how
        return f"{which} are resized{how} to fit the input, {taken}."

    def _edit(self, name: str, value: Any) -> None:
        row = self.rows[name]
        settings = self.document.project.data
        try:
            exact = value / 100 if name != "seed" else value
            split = SplitSettings.model_validate({**settings.split.model_dump(), name: exact})
        except ValidationError as error:
            self._refuse(name, _percent(row.kind, reason(error, SplitSettings)))
            return
        row.show_reason("")
        label = f"Change {row.kind.title.lower()} {'share' if name != 'seed' else 'of the split'}"
        changed = settings.model_copy(update={"split": split})
        self.document.change_settings(label, changed, merge=("data", name, row.gesture))

    def _refuse(self, name: str, why: str) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        row = self.rows[name]
        if why:
            self.document.take_back(("data", name, row.gesture))
        row.refuse(why, _shown(self.document.project.data.split, name))

    def _apply_fix(self) -> None:
        obstacle = self._readiness.obstacle
        if obstacle and obstacle.fix:
            self.document.edit(obstacle.fix_label, obstacle.fix)


def _shown(settings: SplitSettings, name: str) -> float:
    """A setting as its field shows it: shares in per cent."""
    value: float = getattr(settings, name)
    return value if name == "seed" else round(value * 100, 4)


def _percent(kind: Kind, text: str) -> str:
    return f"{kind.title} is 0 to 80 %." if kind.unit == "%" else text


def _parts(found: DataDescription, settings: DataSettings) -> str:
    rest = found.images - found.validation - found.test
    validation = found.validation or round(rest * settings.split.validation)
    test = found.test or round(rest * settings.split.test)
    train = max(found.images - validation - test, 0)
    validated, tested = (
        f"{'its own ' if own else ''}{thousands(count)} {title}"
        for own, count, title in ((found.validation, validation, "validation"), (found.test, test, "test"))
    )
    return f"About {thousands(train)} training, {validated} and {tested} images."
