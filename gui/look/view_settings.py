"""The settings of the view that is looked through, in a row above it."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import ValidationError
from PySide6.QtWidgets import QLabel, QWidget

from engine.inspection import View
from engine.reasons import reason
from gui.look.chosen_view import ChosenView
from gui.style.style import FIELD_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.flow import Flow
from gui.widgets.form_row import Field, editor_of
from gui.widgets.values import kinds_of


class ViewSettings(QWidget):
    """A field for each usual setting of a view that looks at many images; hidden for others.

    They are asked about a class, a map or a value instead, which is chosen elsewhere.
    """

    def __init__(self, chosen: ChosenView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self._kind: type[View] | None = None
        self.fields: dict[str, Field] = {}
        self._flow = Flow(spacing=8)
        self._why = QLabel()
        self._why.setWordWrap(True)
        role(self._why, "error")
        layouts.column(self, self._flow, self._why, spacing=4)
        chosen.chosen.connect(self._show)
        self._show()

    def _show(self) -> None:
        view = self._chosen.view
        shown = view is not None and view.needs_data
        self.setVisible(shown)
        self._why.hide()
        if view is None or not shown:
            return
        if type(view) is not self._kind:
            self._make(type(view))
        for name, field in self.fields.items():
            field.set_value(getattr(view, name))

    def _make(self, kind: type[View]) -> None:
        self._kind = kind
        layouts.clear(self._flow)
        self.fields = {}
        for setting in kinds_of(kind):
            if setting.advanced:
                continue
            field = self.fields[setting.name] = Field(setting, editor_of(setting, small=True))
            label = QLabel(setting.title)
            role(label, "caption")
            label.setToolTip(setting.help)
            layouts.row(field, label, field.editor, spacing=6)
            field.setFixedHeight(FIELD_HEIGHT)
            field.editor.edited.connect(partial(self._take, setting.name))
            if hasattr(field.editor, "refused"):
                field.editor.refused.connect(self._refuse)
            self._flow.addWidget(field)

    def _take(self, name: str, value: Any) -> None:
        view = self._chosen.view
        if view is None:
            return
        try:
            other = type(view).model_validate({**view.model_dump(), name: value})
        except ValidationError as error:
            self._refuse(reason(error, type(view)))
            return
        if other != view:
            self._chosen.choose(other)

    def _refuse(self, why: str) -> None:
        self._why.setText(why)
        self._why.setVisible(bool(why))
