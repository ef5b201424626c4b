"""The right side of Look inside: what is done to the network and the image, and how good it is then."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Self

from pydantic import ValidationError
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from engine.errors import LayerloomError
from engine.inspection import Alteration
from engine.reasons import reason
from gui.look.effect import EffectSection
from gui.look.look import Look
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.form import Form
from gui.widgets.section import MARGIN, Section
from gui.widgets.setting_paths import value_at, with_value


@PANELS.register
class IntervenePanel(QWidget):
    """Two lists, of what is done to units and to the image, with steps back of their own; and the effect of it."""

    tab = Tab("intervene", "Intervene", "mdi6.flask-outline", (DockPlace("look_inside", "right", 5),))

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.look = look
        self.units, self.damages = Form(Alteration, fields=("units",)), Form(Alteration, fields=("damages",))
        self.undo, self.reset = QPushButton("Undo"), QPushButton("Undo all")
        self.effect = EffectSection(look)
        self._lay_out()
        for form in (self.units, self.damages):
            form.edited.connect(self._change)
            form.refused.connect(self._refuse)
            form.rearranged.connect(self._rearrange)
        self.undo.clicked.connect(look.alterations.undo)
        self.reset.clicked.connect(look.alterations.reset)
        look.alterations.changed.connect(self._show)
        self._show()

    @classmethod
    def make(cls, session: Session) -> Self:
        """The one that Look inside has made."""
        return session.part(cls)

    def _lay_out(self) -> None:
        page = QWidget()
        role(page, "panel")
        column = layouts.column(page, self._buttons(), self.effect)
        for title, form, field in (("Units", self.units, "units"), ("Image", self.damages, "damages")):
            form.hide_label(field)
            section = Section(title)
            section.body.addWidget(form)
            column.addWidget(section)
        column.addStretch(1)
        layouts.column(self, layouts.scrolling(page))

    def _buttons(self) -> QHBoxLayout:
        row = layouts.row(None, self.undo, self.reset, spacing=8)
        row.setContentsMargins(MARGIN, 12, MARGIN, 12)
        row.addStretch(1)
        for button in (self.undo, self.reset):
            mark(button, "scale", "small")
        return row

    def _show(self) -> None:
        """Show what is in force; what is being typed stays while it stands for it."""
        altered = self.look.alterations
        values = altered.value.model_dump()
        self.units.set_values(values)
        self.damages.set_values(values)
        self.undo.setEnabled(bool(altered.undo_label))
        self.undo.setToolTip(altered.undo_label)
        self.reset.setEnabled(altered.value != Alteration())

    # What is done in the forms

    def _form(self, path: str) -> Form:
        return self.units if path.partition(".")[0] in self.units.rows else self.damages

    def _change(self, path: str, value: Any, gesture: Hashable) -> None:
        title = self._form(path).row(path).kind.title
        self._take(path, value, f"Change {title[:1].lower()}{title[1:]}", (path, gesture))

    def _rearrange(self, path: str, value: Any, label: str) -> None:
        completed = [self.look.completed(one) for one in value] if path in self.units.rows else value
        self._take(path, completed, label, None)

    def _take(self, path: str, value: Any, label: str, gesture: Hashable) -> None:
        altered = self.look.alterations
        try:
            after = Alteration.model_validate(with_value(altered.value.model_dump(), path, value))
            self.look.require_fit(after)
        except ValidationError as error:
            self._refuse(path, reason(error, Alteration), gesture)
        except LayerloomError as error:
            self._refuse(path, str(error), gesture)
        else:
            altered.put(after, label, gesture)

    def _refuse(self, path: str, why: str, gesture: Hashable) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        altered = self.look.alterations
        if why:
            altered.take_back(gesture if isinstance(gesture, tuple) else (path, gesture))
        form = self._form(path)
        if path not in form.rows:
            form.refuse(path, why, value_at(altered.value.model_dump(), path))

    def close_jobs(self) -> None:
        """End what is measured: the window closes."""
        self.effect.close_job()
