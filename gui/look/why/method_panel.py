"""The right side of Why: the method that is selected, its formula with the numbers of this image, and the figure."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QToolButton, QWidget

from engine.inspection.explaining.evidence import ClassMap, Evidence, Occluded
from engine.words import counted, number_text
from gui.look.why.export_section import ExportSection
from gui.look.why.parts import Enlarging, LargestParts, enlarged_words, numbers
from gui.look.why.why import Why
from gui.registry.panels import PANELS, DockPlace, Room, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.section import MARGIN, Section
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.sentence import Sentence

_ENLARGE = (Segment("smooth", "Smooth"), Segment("cells", "Cells"))


_ROOM = Room(384, 384, 384, rail_below=1440, folds_below=1200)


@PANELS.register
class MethodPanel(QWidget):
    """What the selected method is, and how this image's heat comes about."""

    tab = Tab("method", "Method", "mdi6.function-variant", (DockPlace("look_inside", "right", 3),), _ROOM)

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.why = why
        self.title, self.source = QLabel(), Sentence()
        role(self.title, "title")
        role(self.source, "caption")
        self.copy = QToolButton()
        self.copy.setAccessibleName("Copy the figure")
        self.copy.setToolTip("Copy the figure (Ctrl+C)")
        self.classes, self.layers = _choice("Class that is explained"), _choice("Layer")
        self.enlarge = Segmented(_ENLARGE, small=True)
        self.formula, self.numbers = Sentence(), Sentence()
        self.parts, self.enlarging, self.coarse = LargestParts(), Enlarging(), Sentence()
        self.export = ExportSection(why)
        self._lay_out()
        self.copy.clicked.connect(self.export.copy)
        self.classes.activated.connect(self._choose_class)
        self.layers.activated.connect(self._choose_layer)
        self.enlarge.chosen.connect(self._choose_enlarging)
        for signal in (why.changed, why.chosen, why.look.node_changed, why.look.reset, appearance().changed):
            signal.connect(self.refresh)
        self.refresh()

    @classmethod
    def make(cls, session: Session) -> Self:
        """The one that Look inside has made."""
        return session.part(cls)

    def _lay_out(self) -> None:
        page = QWidget()
        role(page, "panel")
        names = layouts.column(None, self.title, self.source, spacing=2)
        head = layouts.row(None, spacing=8)
        head.addLayout(names, 1)
        head.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        top = layouts.column(None, head, self._choices(), spacing=12)
        top.setContentsMargins(MARGIN, 12, MARGIN, 14)
        formula = Section("Formula")
        role(self.formula, "mono12")
        role(self.numbers, "caption")
        formula.body.setSpacing(8)
        formula.body.addWidget(self.formula)
        formula.body.addWidget(self.numbers)
        self._largest = Section("Maps with the largest part", caption="Σ α·A over all cells")
        self._largest.body.addWidget(self.parts)
        self._coarse = Section("Enlarged")
        role(self.coarse, "caption")
        row = layouts.row(None, self.enlarging, spacing=12)
        row.addWidget(self.coarse, 1)
        self._coarse.body.addLayout(row)
        column = layouts.column(page, top, formula, self._largest, self._coarse, self.export)
        column.addStretch(1)
        layouts.column(self, layouts.scrolling(page))

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.setColumnStretch(1, 1)
        self._rows = []
        for row, (text, widget) in enumerate(
            (("Class", self.classes), ("Layer", self.layers), ("Enlarge", self.enlarge))
        ):
            label = QLabel(text)
            role(label, "label")
            label.setMinimumWidth(96)
            grid.addWidget(label, row, 0)
            grid.addWidget(
                widget, row, 1, Qt.AlignmentFlag.AlignLeft if widget is self.enlarge else Qt.AlignmentFlag(0)
            )
            self._rows.append((label, widget))
        return grid

    def _choose_class(self) -> None:
        self.why.choose(int(self.classes.currentData()))

    def _choose_layer(self) -> None:
        self.why.look.choose_node(self.layers.currentText())

    def _choose_enlarging(self, value: object) -> None:
        self.why.set_enlarge("smooth" if value == "smooth" else "cells")

    def refresh(self) -> None:
        """Follow what is selected, and what there is to see of it."""
        why = self.why
        kind, asked = why.kinds[why.selected], why.cards()[why.selected]
        found = why.evidence(asked)
        self.copy.setIcon(appearance().icon("mdi6.content-copy"))
        self.title.setText(kind.title)
        self.source.setText(kind.source)
        self._show_choices()
        for widget in self._rows[0]:
            widget.setVisible(bool(why.classes))
        of_layer = kind.needs_node
        for label, widget in self._rows[1:]:
            label.setVisible(of_layer)
            widget.setVisible(of_layer)
        self.enlarge.choose(why.enlarge)
        self.formula.setText("\n".join(line.strip() for line in kind.formula.split(",  ")))
        refused = why.refused(asked)
        self.numbers.setText(refused.sentence if refused else self._numbers(found))
        self._show_maps(found if isinstance(found, ClassMap) else None)

    def _show_choices(self) -> None:
        why, look = self.why, self.why.look
        texts, marks = list(why.classes), (("predicted", next(iter(why.order), None)), ("true", why.true))
        for mark, number in marks if texts else ():
            if number is not None:
                texts[number] += f" · {mark}"
        _fill(self.classes, texts)
        self.classes.setCurrentIndex(-1 if why.number is None else why.number)
        _fill(self.layers, [node for node in look.network.topological() if look.network.layer(node).has_output])
        self.layers.setCurrentText(look.node)

    def _numbers(self, found: Evidence | None) -> str:
        why = self.why
        if found is None:
            return "The numbers show with the heat."
        name = why.name_of(found.explained.number)
        if isinstance(found, ClassMap):
            return numbers(found, name)
        score = f"y = {number_text(found.explained.score, 2)}, the score of {name} before the softmax."
        if isinstance(found, Occluded):
            return f"{score} {_costs(found, name)}"
        return f"{score} {why.kinds[why.selected].help()}"

    def _show_maps(self, found: ClassMap | None) -> None:
        why = self.why
        self._largest.setVisible(found is not None and found.maps is not None)
        self._coarse.setVisible(found is not None)
        if found is None or why.look.shown is None:
            return
        smooth = why.enlarge == "smooth"
        self.parts.show_parts(found)
        self.enlarging.show_map(found, why.look.shown, why.opacity, smooth=smooth)
        self.coarse.setText(enlarged_words(found, why.look.shown, smooth=smooth))


def _costs(found: Occluded, name: str) -> str:
    """Where covering costs most."""
    tried = counted(found.losses.size, "place")
    if found.most is None or found.most.loss <= 0:
        return f"Covering one of {tried} costs {name} nothing."
    most = found.most
    row, column = most.row + most.height // 2, most.column + most.width // 2
    return f"Of {tried}, covering row {row}, column {column} costs {name} most: {number_text(most.loss, 2)}."


def _choice(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _fill(combo: QComboBox, texts: list[str]) -> None:
    if [combo.itemText(at) for at in range(combo.count())] != texts:
        combo.clear()
        combo.addItems(texts)
