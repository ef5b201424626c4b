"""What the network receives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.words import counted
from gui.data.marked import Marked
from gui.data.received.grid import ReceivedGrid
from gui.data.received.key_button import KeyButton
from gui.data.received.preview import preview_of
from gui.document import Document
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.busy_bar import BusyBar
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.number_field import NumberField
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.values import Editor, Kind

_SEED = Kind("seed", "Seed of the preview", Editor.INTEGER, 0, least=0, most=2**63 - 1)
_HEAD = 44
_BUSY_AFTER = 50  # ms; a preview that takes longer shows that another comes
_MARK = "Mark up to six images to see what the network receives of them: Ctrl+click in the sheet, or Space."


class Received(QWidget):
    """What becomes of the marked images, step by step, as training makes it.

    What was shown stays until the next is there.
    """

    def __init__(self, document: Document, marked: Marked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.marked = document, marked
        self.preview = preview_of(document)
        self.preview.watch(marked)
        self.grid = ReceivedGrid()
        self.caption, self.trouble = ElidedLabel(), QLabel()
        self.pass_of = Segmented([Segment(False, "Training"), Segment(True, "Test time")], small=True)
        self.seed = NumberField(_SEED)
        self.roll = KeyButton("Roll again", "R")
        self._busy = BusyBar(self, after=_BUSY_AFTER)
        self._lay_out()
        self._connect()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.preview.set_seen(self, True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.preview.set_seen(self, False)

    def _connect(self) -> None:
        preview = self.preview
        for signal in (preview.changed, preview.judged):
            signal.connect(self._refresh)
        preview.busy_changed.connect(self._busy.set_busy)
        preview.progressed.connect(self._show_progress)
        preview.selection_changed.connect(lambda: self.grid.select(preview.selected))
        self.marked.changed.connect(self._refresh)
        self.document.settings_changed.connect(self._show_seed)
        self.document.replaced.connect(self._refresh)
        self.grid.selected.connect(preview.select)
        self.pass_of.chosen.connect(lambda test_time: preview.show_test_time(cast(bool, test_time)))
        self.seed.edited.connect(self._take_seed)
        self.seed.refused.connect(lambda why: self.seed.set_error(bool(why)))
        self.roll.clicked.connect(self._roll)
        QShortcut(QKeySequence("R"), self, self._roll, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        appearance().changed.connect(self._show_icon)

    def _take_seed(self, seed: int | float) -> None:
        whole = isinstance(seed, int) and _SEED.least <= seed <= _SEED.most
        self.seed.set_error(not whole)
        if whole:
            self.preview.choose_seed(int(seed))
            self.seed.set_value(int(seed))

    def _roll(self) -> None:
        if self.preview.test_time:  # nothing is drawn there
            return
        self.preview.roll()
        self.seed.reset(self.preview.seed)

    def _show_progress(self, text: str) -> None:
        if self.preview.receipt is None and self.marked.images:
            self.grid.show_receipt(None, f"{text} …")

    def _show_seed(self) -> None:
        self.seed.set_value(self.preview.seed)

    def _refresh(self) -> None:
        preview, marked = self.preview, self.marked.images
        shown = preview.receipt if marked and (preview.fits_source or not preview.trouble) else None
        self.grid.show_receipt(shown, preview.trouble or ("" if marked else _MARK))
        self.grid.show_limits(self._limits())
        self.grid.select(preview.selected)
        how = "as an evaluation gives them" if preview.test_time else "after each step in order"
        self.caption.setText(f"the {counted(len(marked), 'marked image')}, {how}" if marked else "")
        self.trouble.setText(preview.trouble)
        self.trouble.setVisible(bool(preview.trouble and shown))
        self._show_seed()
        for part in (self.roll, self.seed):
            part.setEnabled(not preview.test_time)
        self.roll.setToolTip("Nothing is drawn at test time." if preview.test_time else "Draw with another seed (R)")

    def _limits(self) -> dict[int, Mapping[str, float]]:
        """Beyond which values each step, by its place, is warned of."""
        judged = self.preview.judgement
        if judged is None or judged.settings.steps != self.document.project.data.steps:
            return {}
        return {one.place: one.limits for one in judged.warnings if one.place is not None and one.limits}

    def _lay_out(self) -> None:
        head = QWidget()
        head.setFixedHeight(_HEAD)
        title, seed = QLabel("What the network receives"), QLabel("Seed")
        role(title, "heading")
        role(self.caption, "label")
        role(seed, "label")
        role(self.trouble, "warning")
        role(self, "panel")
        self.seed.setFixedWidth(64)
        self.trouble.setWordWrap(True)
        self.trouble.setContentsMargins(16, 0, 16, 6)
        self.pass_of.setAccessibleName("Which images are shown")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(title)
        row.addWidget(self.caption, 1)
        for part in (self.pass_of, seed, self.seed, self.roll):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        column = layouts.column(self, head, self.trouble)
        column.addWidget(self.grid, 1)
        self._show_icon()

    def _show_icon(self) -> None:
        self.roll.setIcon(appearance().icon("mdi6.dice-5-outline", "text"))
