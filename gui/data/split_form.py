"""How a data set is divided: three shares, the seed, and whether every class has its share in each part."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from engine.data.part_words import SPOKEN
from engine.data.settings import SplitSettings
from engine.reasons import reason
from engine.words import thousands
from gui.data.data_set import DataSet
from gui.data.split_bar import PARTS, SplitBar, Swatch
from gui.style.style import FIELD_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.number_field import NumberField
from gui.widgets.switch import Switch
from gui.widgets.values import Editor, Kind, in_force

_HELP = {
    "train": "What is left of the images: validation and test share the rest as before where it is typed.",
    "validation": "Part kept back to choose the best epoch.",
    "test": "Part kept back to judge the trained network.",
}
_SEED = Kind("seed", "Seed", Editor.INTEGER, 0, "", "The same seed divides the images alike.", least=0)
_SEED_WIDTH = 64
_NARROWEST, _ALL_WORDS = 208, 274  # px of the form, and from which all its words have room
_WHOLE, _MOST = 100, 80  # per cent of all images, and what a part may be that does not train


class SplitForm(QWidget):
    """The parts in per cent of the images that are divided, and in images; those that came as parts are given."""

    def __init__(self, data: DataSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = data
        heading, self.note, self.reason = QLabel("Split"), QLabel(), QLabel()
        role(heading, "heading")
        role(self.note, "caption")
        role(self.reason, "error")
        self.reason.setWordWrap(True)
        self.reason.hide()
        self.bar = SplitBar()
        self.parts = {part: PartField(part) for part in PARTS}
        self.seed, self.stratified = NumberField(_SEED), Switch("Stratified by class")
        self.seed.setFixedWidth(_SEED_WIDTH)
        self.stratified.setText("Stratified by class")
        self.stratified.setToolTip(SplitSettings.model_fields["stratified"].title or "")
        self._lay_out(heading)
        for part, field in self.parts.items():
            field.editor.edited.connect(partial(self._take_share, part))
            field.editor.refused.connect(partial(self._refuse_share, part))
        self.seed.edited.connect(self._take_seed)
        self.seed.refused.connect(self._refuse_seed)
        self.stratified.edited.connect(self._take_stratified)

    def refresh(self) -> None:
        """Show how the data set is divided now."""
        found, split = self.data.description, self.data.settings.split
        division = self.data.division if self.data.is_current else None
        given = {"validation": bool(found and found.validation), "test": bool(found and found.test)}
        shares = shares_of(split, given)
        counts = {part: len(places) for part, places in division._asdict().items()} if division else {}
        for part, field in self.parts.items():
            field.show_share(shares.get(part))
            field.show_count(counts.get(part))
        self.bar.show_shares([counts.get(part, 0) for part in PARTS])
        divides = len(shares) > 1
        for editor in (self.seed, self.stratified):
            editor.setEnabled(divides)
        self.seed.set_value(split.seed)
        self.stratified.set_value(split.stratified)
        self.stratified.setVisible(not found or bool(found.classes))
        self._show_note()
        if self.data.refusal:
            self._say(self.data.refusal)
        elif not any(editor.property("state") == "error" for editor in self._editors()):
            self._say("")

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stratified.setText("Stratified by class" if self.width() >= _ALL_WORDS else "Stratified")

    def _editors(self) -> list[NumberField]:
        return [*(field.editor for field in self.parts.values()), self.seed]

    def _show_note(self) -> None:
        copied = sum(self.data.copied().values())
        role(self.note, "caption-warning" if copied else "caption")
        self.note.setText(f"{thousands(copied)} also in training" if copied else "no image is in two parts")
        self.note.setVisible(self.data.division is not None and self.data.is_current)

    # What is typed

    def _take_share(self, part: str, value: float) -> None:
        split = self.data.settings.split
        shares = {"validation": split.validation * _WHOLE, "test": split.test * _WHOLE}
        given = [name for name in shares if not self.parts[name].editable]
        if part in shares:
            shares[part] = value
        else:
            shares |= _shared_rest(_WHOLE - value, {name: shares[name] for name in shares if name not in given})
        kept_back = sum(share for name, share in shares.items() if name not in given)
        if kept_back >= _WHOLE:
            self._refuse_share(part, f"Validation and test take {kept_back:g} %: nothing is left for training.")
            return
        try:
            changed = {name: share / _WHOLE for name, share in shares.items()}
            split = SplitSettings.model_validate({**split.model_dump(), **changed})
        except ValidationError:
            self._refuse_share(part, f"{_wrong(shares)} is 0 to {_MOST} %.")
            return
        self._change(f"Change {SPOKEN[part]} share", split, self.parts[part].editor)

    def _take_seed(self, value: int) -> None:
        try:
            split = SplitSettings.model_validate({**self.data.settings.split.model_dump(), "seed": value})
        except ValidationError as error:
            self._refuse_seed(reason(error, SplitSettings))
            return
        self._change("Change seed of the split", split, self.seed)

    def _take_stratified(self, value: bool) -> None:
        split = self.data.settings.split.model_copy(update={"stratified": value})
        self.data.change("Change how classes are divided", split)

    def _change(self, label: str, split: SplitSettings, editor: NumberField) -> None:
        editor.set_error(False)
        self._say("")
        self.data.change(label, split, merge=("data", editor.kind.name, editor.gesture))

    # What is refused

    def _refuse_share(self, part: str, why: str) -> None:
        field = self.parts[part]
        self._refuse(field.editor, why, lambda: shares_of(self.data.settings.split, {}).get(part))

    def _refuse_seed(self, why: str) -> None:
        self._refuse(self.seed, why, lambda: self.data.settings.split.seed)

    def _refuse(self, editor: NumberField, why: str, value: Any) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        if why:
            self.data.document.take_back(("data", editor.kind.name, editor.gesture))
        editor.hold(value())
        editor.set_error(bool(why))
        self._say(f"{why} {in_force(editor.kind, value())}" if why else "")

    def _say(self, text: str) -> None:
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def _lay_out(self, heading: QLabel) -> None:
        head = layouts.row(None, heading)
        head.addStretch(1)
        head.addWidget(self.note)
        shares = layouts.row(None, spacing=8)
        for field in self.parts.values():
            shares.addWidget(field, 1)
        word = QLabel("Seed")
        role(word, "small")
        word.setBuddy(self.seed)
        below = layouts.row(None, word, self.seed, spacing=8)
        below.addStretch(1)
        below.addWidget(self.stratified)
        column = layouts.column(self, head, self.bar, shares, self.reason, below, spacing=8)
        column.setContentsMargins(16, 12, 16, 14)


class PartField(QWidget):
    """The share of a part, what it is in images, and its colour in the bar."""

    def __init__(self, part: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = SPOKEN[part].capitalize()
        self.editor = NumberField(Kind(part, title, Editor.REAL, 15, "%", _HELP[part], least=0, most=_WHOLE))
        self.editor.setMinimumWidth(0)
        self.given, self.count = QLabel("given"), QLabel()
        self.given.setFixedHeight(FIELD_HEIGHT)
        self.given.setToolTip("This part comes with the data set and stays as it is.")
        role(self.given, "label")
        role(self.count, "mono")
        head = layouts.row(None, Swatch(part), _small(title, self.editor), spacing=6)
        head.addStretch(1)
        layouts.column(self, head, self.editor, self.given, self.count, spacing=3)
        self.show_share(None)

    @property
    def editable(self) -> bool:
        """Whether the share can be chosen."""
        return not self.editor.isHidden()

    def show_share(self, share: float | None) -> None:
        """Show a share in per cent, or that the part is given."""
        self.editor.setVisible(share is not None)
        self.given.setVisible(share is None)
        if share is not None:
            self.editor.set_value(share)

    def show_count(self, count: int | None) -> None:
        """Show how many images the part has, where that is known."""
        self.count.setText("" if count is None else thousands(count))


def shares_of(split: SplitSettings, given: dict[str, bool]) -> dict[str, float]:
    """The shares in per cent of the parts that are cut, training first; none where both others are given."""
    cut = {"validation": split.validation, "test": split.test}
    found = {part: round(share * _WHOLE, 4) for part, share in cut.items() if not given.get(part)}
    return {"train": round(_WHOLE - sum(found.values()), 4), **found} if found else {}


def _shared_rest(rest: float, shares: dict[str, float]) -> dict[str, float]:
    """What training leaves, shared as before, or equally where there was nothing to share."""
    total = sum(shares.values())
    return {name: round(rest * (share / total if total else 1 / len(shares)), 4) for name, share in shares.items()}


def _wrong(shares: dict[str, float]) -> str:
    """The part whose share is out of its limits."""
    return next(part.capitalize() for part, share in shares.items() if not 0 <= share <= _MOST)


def _small(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    role(label, "caption")
    label.setBuddy(buddy)
    return label
