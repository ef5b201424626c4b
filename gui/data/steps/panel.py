"""The panel of the augmentation steps."""

from __future__ import annotations

from functools import partial
from typing import Self, cast

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.data.augmentation.presets import PRESETS
from engine.data.settings import DataSettings
from engine.data.warnings import DataFix, DataWarning
from gui.data.received.preview import preview_of
from gui.data.steps.adding import AddStep
from gui.data.steps.changes import likeness
from gui.data.steps.normalising import NormaliseRow
from gui.data.steps.testing import TestTimeRow
from gui.data.steps.waiting import WaitingPart
from gui.document import Document
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.card_note import CardNote
from gui.widgets.form import Form
from gui.widgets.panel import Panel
from gui.widgets.section import separator
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.settings_link import SettingsLink

_NONE = "No steps: every epoch shows the same images."
_OFFERED = "photos"  # the preset that is offered where there are no steps
_NARROW = 352  # px


@PANELS.register
class StepsPanel(Panel):
    """Presets, the steps in their order, what normalises, what can be added, and what the steps cost."""

    tab = Tab("steps", "Steps", "mdi6.tune-variant", (DockPlace("data", "right", 1),))

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.preview = preview_of(document)
        self.presets = Segmented([Segment(name, kind.title) for name, kind in PRESETS.items()], small=True)
        self.short = QComboBox()  # in place of the presets side by side where there is no room for them
        self.word, self.about, self.reset = QLabel("Preset"), QLabel(), QPushButton("Reset")
        self.form = Form(DataSettings, fields=("steps",))
        self.steps = self.form.ordered("steps")
        self._link = SettingsLink(document, self.form, lambda project: project.data)
        self.nothing, self.offer = QLabel(_NONE), QPushButton(PRESETS[_OFFERED].title)
        self.normalise = NormaliseRow(document)
        self.adding = AddStep()
        self.testing = TestTimeRow(document)
        self.waiting = WaitingPart(document)
        self._timer_icon, self.cost, self.pace = QLabel(), QLabel(), QLabel("loader keeps up")
        self._lay_out()
        self._connect()

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        panel = super().make(session)
        session.closing.connect(panel.preview.close)
        return panel

    def refresh(self) -> None:
        """Show the steps of the project."""
        steps = self.document.project.data.steps
        self._link.show()
        self.normalise.show_settings()
        self.testing.show_settings()
        self.waiting.show_settings()
        like = likeness(steps)
        name = like.preset.name if like.preset else None
        self.presets.choose(name)
        self.short.setCurrentIndex(self.short.findData(name))
        self.about.setText(like.sentence() if steps else "")
        self.about.setVisible(bool(steps))
        self.reset.setVisible(bool(like.changes))
        self._empty.setVisible(not steps)
        self._show_notes()
        self._show_cost()

    def retheme(self) -> None:
        self._timer_icon.setPixmap(appearance().icon("mdi6.timer-outline").pixmap(QSize(14, 14)))
        super().retheme()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.preview.set_seen(self, True)
        self.steps.prepare(type(step) for preset in PRESETS.values() for step in preset.steps)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.preview.set_seen(self, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.presets.setVisible(not narrow)
        self.short.setVisible(narrow)

    def take_preset(self, name: str) -> None:
        """Take the steps of a preset in place of those that there are, as one undo step."""
        preset = PRESETS[name]
        changed = self.document.project.data.model_copy(update={"steps": preset.steps})
        self.document.change_settings(f"Steps: {preset.title}", changed)

    # Following

    def _connect(self) -> None:
        QShortcut(
            QKeySequence("A"), self, self.steps.open_finder, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self.presets.chosen.connect(lambda name: self.take_preset(cast(str, name)))
        self.short.activated.connect(lambda place: self.take_preset(self.short.itemData(place)))
        self.reset.clicked.connect(self._reset)
        self.offer.clicked.connect(lambda: self.take_preset(_OFFERED))
        self.adding.chosen.connect(self.steps.add)
        self.adding.dragged.connect(self.steps.show_landing)
        self.adding.dropped.connect(self._drop)
        self.steps.current_changed.connect(self.preview.select)
        self.preview.selection_changed.connect(self._follow_selection)
        self.preview.judged.connect(self.invalidate)
        self.waiting.readiness.waiting_known.connect(self.invalidate)
        for show in (self.normalise.show_figures, self._show_cost):
            self.preview.changed.connect(show)

    def _reset(self) -> None:
        like = likeness(self.document.project.data.steps)
        if like.preset is not None:
            self.take_preset(like.preset.name)

    def _drop(self, name: str, where: QPoint) -> None:
        place = self.steps.landing_at(where)
        if place is not None:
            self.steps.add(name, place)

    def _follow_selection(self) -> None:
        if 0 <= self.preview.selected < len(self.steps.cards):
            self.steps.make_current(self.preview.selected)

    def _show_notes(self) -> None:
        notes: dict[int, list[CardNote]] = {}
        shape = self.preview.wish.shape
        for place, step in enumerate(self.document.project.data.steps):
            if shape is not None and step.on and (why := step.refusal(shape)):
                notes[place] = [CardNote(why, "Switch off", partial(self._switch_off, place))]
        judged = self.preview.judgement
        for warning in judged.warnings if judged else ():
            if warning.place is not None and self._still(warning.place, warning):
                notes.setdefault(warning.place, []).append(self._note(warning.place, warning))
        self.steps.show_notes(notes)

    def _still(self, place: int, warning: DataWarning) -> bool:
        """Whether the step that a warning is about still stands there and is on."""
        steps = self.document.project.data.steps
        there = place < len(steps) and steps[place].on
        return there and all(type(fix.settings.steps[place]) is type(steps[place]) for fix in warning.fixes)

    def _note(self, place: int, warning: DataWarning) -> CardNote:
        if not warning.fixes:
            return CardNote(warning.message)
        fix = warning.fixes[0]
        return CardNote(warning.message, fix.label, lambda: self._mend(place, fix))

    def _switch_off(self, place: int) -> None:
        data = self.document.project.data
        step = data.steps[place]
        self.document.change_settings(f"Switch {step.title} off", data.with_step(place, step.switched(on=False)))

    def _mend(self, place: int, fix: DataFix) -> None:
        """Change that step alone: others may have changed since it was judged."""
        changed = self.document.project.data.with_step(place, fix.settings.steps[place])
        self.document.change_settings(fix.label, changed)

    def _show_cost(self) -> None:
        judged, acting = self.preview.judgement, any(step.on for step in self.document.project.data.steps)
        shown = judged is not None and judged.adds > 0 and acting and not self.preview.trouble
        waited = self.waiting.readiness.waited
        keeps_up = waited is not None and waited.keeps_up and waited.settings == self.document.project.data
        self.pace.setVisible(keeps_up)
        self.pace.setToolTip(waited.share_words() if waited else "")
        self.cost.setVisible(shown)
        self._cost_row.setVisible(shown or keeps_up)
        if judged is not None and shown:
            took = f"{1000 * judged.adds:.{1 if judged.adds < 0.01 else 0}f} ms"
            self.cost.setText(f"Adds <b>{took}</b> a batch of {judged.batch_size} on CPU")

    # Making it

    def _lay_out(self) -> None:
        page = QWidget()
        role(page, "page")
        column = layouts.column(page, self._preset_part(), separator())
        self.form.hide_label("steps")
        self.steps.adder.hide()
        self._empty = self._empty_part()
        for part in (self._empty, self.form, self.normalise, separator(), self._adding_part(), separator()):
            column.addWidget(part)
        column.addWidget(self.testing)
        self._cost_row = QWidget()
        row = QHBoxLayout(self._cost_row)
        row.setContentsMargins(16, 4, 16, 10)
        row.setSpacing(8)
        role(self.cost, "small")
        role(self.pace, "caption")
        row.addWidget(self._timer_icon)
        row.addWidget(self.cost)
        row.addStretch(1)
        row.addWidget(self.pace)
        column.addWidget(self._cost_row)
        column.addWidget(self.waiting)
        column.addStretch(1)
        layouts.column(self, layouts.scrolling(page))
        self.retheme()

    def _preset_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(16, 10, 12, 8)
        column.setSpacing(6)
        role(self.word, "label")
        role(self.about, "caption")
        role(self.reset, "text")
        mark(self.reset, "scale", "small")
        self.about.setWordWrap(True)
        self.short.setPlaceholderText("Own")
        for name, kind in PRESETS.items():
            self.short.addItem(kind.title, name)
        for chooser in (self.presets, self.short):
            chooser.setAccessibleName("Preset")
        top, below = layouts.row(None, self.word), layouts.row(spacing=8)
        top.addStretch(1)
        top.addWidget(self.presets)
        top.addWidget(self.short)
        below.addWidget(self.about, 1)
        below.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addLayout(below)
        return part

    def _empty_part(self) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(16, 12, 16, 12)
        self.nothing.setWordWrap(True)
        role(self.nothing, "label")
        row.addWidget(self.nothing, 1)
        row.addWidget(self.offer)
        return part

    def _adding_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(16, 10, 12, 12)
        column.addWidget(self.adding)
        return part
