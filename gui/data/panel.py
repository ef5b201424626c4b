"""The panel of the data set: which it is, its classes, and how it is divided."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLayout, QPushButton, QWidget

from engine.data.data_words import cut_words, reason_of_each
from engine.data.source import COLOURS, SOURCES, DataDescription, Source
from engine.data.user_folder import Folder, source_of
from engine.data.warnings import DataFix, files_warnings
from engine.layers.shape import Shape
from engine.recipe.losses import Loss
from engine.words import thousands
from gui.data.chooser import DataChooser
from gui.data.class_list import ClassList
from gui.data.data_set import COPIES, LEFT_OUT, DataSet
from gui.data.declared import DataWorkspace
from gui.data.remedy_box import RemedyBox
from gui.data.said import NOTHING
from gui.data.split_form import SplitForm
from gui.readiness import Obstacle
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.panel import Panel
from gui.widgets.section import separator
from gui.widgets.sentence import Sentence

_MOST_OFFERS = 2


@PANELS.register
class DataSetPanel(Panel):
    """Choose a data set, see its classes, divide it, and see whether it fits the network."""

    tab = Tab("data_set", "Data set", "mdi6.database-outline", (DockPlace(DataWorkspace.name, "left", 1),))

    def __init__(self, data: DataSet, parent: QWidget | None = None) -> None:
        super().__init__(data.document, parent)
        self.data = data
        self._by_count = True
        self.chooser = DataChooser()
        self.chooser.chosen.connect(self._choose)
        self.path, self.change = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle), QPushButton("Change")
        self.change.clicked.connect(self.ask_for_another)
        self.message, self.notes, self.fit = Sentence(), Sentence(), Sentence()
        self.offers = [OfferButton() for _ in range(_MOST_OFFERS)]
        self.fix_button = QPushButton()
        self.fix_button.clicked.connect(self._apply_fix)
        self.classes, self.order = ClassList(), QPushButton()
        self.classes.chosen.connect(data.shown.show_classes)
        self.classes.left_out.connect(data.leave_out)
        self.classes.brought_back.connect(data.bring_back)
        self.order.clicked.connect(self._change_order)
        self.imbalance, self.small, self.labels = RemedyBox("mdi6.scale-balance"), RemedyBox(), RemedyBox()
        self.copies, self.other_split = RemedyBox(), RemedyBox()
        self._boxes = {
            "imbalance": self.imbalance,
            "balanced_twice": self.imbalance,
            "small_class": self.small,
            "two_labels": self.labels,
            "copies": self.copies,
            "other_split": self.other_split,
        }
        self.split = SplitForm(data)
        self.unreadable, self.reasons, self.show_files = Sentence(), Sentence(), QPushButton("Show")
        self.show_files.clicked.connect(partial(data.listed_files_wanted.emit, LEFT_OUT))
        self._lay_out()
        for signal in (data.changed, data.shown.changed, data.readiness.changed):
            signal.connect(self.invalidate)
        data.ended.connect(self.chooser.look)
        data.folder_wanted.connect(self.ask_for_another)
        data.files_wanted.connect(self._ask_for_files)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        panel = cls(session.part(DataSet))
        session.closing.connect(panel.chooser.close_jobs)
        panel.data.listed_files_wanted.connect(lambda _: session.show_panel("data_files"))
        return panel

    def refresh(self) -> None:
        """Show the project's data set as far as it is known."""
        found, source = self.data.description, self.data.settings.source
        self.chooser.show_choice(self.data.settings, found)
        usable = self.data.readiness.usable
        path = source.about if source.takes_folder and usable else ""
        self._path.setVisible(bool(path))
        self.path.setText(_home_as_tilde(path))
        self._show_said(found)
        self._show_fit(found)
        self._show_classes(found)
        self._show_warnings()
        self.split.refresh()
        self._show_unreadable(found)

    def retheme(self) -> None:
        self._sign.setPixmap(appearance().icon("mdi6.file-image-remove-outline", "warn").pixmap(16, 16))
        self._folder.setPixmap(appearance().icon("mdi6.folder-image").pixmap(14, 14))
        super().retheme()

    # Choosing

    def choose_folder(self, folder: str) -> None:
        """Take an image folder as the project's data, as one undo step."""
        self.data.choose("Choose an image folder", source_of(folder))

    def ask_for_another(self) -> None:
        """Ask for a folder, to be read as the one in use is if that is a folder."""
        kind = type(self.data.settings.source)
        self._ask_for_folder(kind if kind.takes_folder else Folder)

    def _choose(self, name: str) -> None:
        kind = SOURCES[name]
        if kind.takes_folder:
            self._ask_for_folder(kind)
        else:
            self.data.choose(f"Choose {kind.title}", kind())

    def _ask_for_folder(self, kind: type[Source]) -> None:
        source = self.data.settings.source
        before = source.about if source.takes_folder and self.data.readiness.usable else ""
        folder = QFileDialog.getExistingDirectory(self, "Choose an image folder", before)
        if folder:
            self.data.choose("Choose an image folder", kind.at(folder))
        else:
            self.chooser.show_choice(self.data.settings, self.data.description)

    def _ask_for_files(self) -> None:
        title = f"Choose the files of {self.data.settings.source.title}"
        files, _ = QFileDialog.getOpenFileNames(self, title)
        if files:
            self.data.take_files([Path(file) for file in files])

    # Showing

    def _show_said(self, found: DataDescription | None) -> None:
        said = NOTHING if self.data.says_in_sheet else self.data.said
        role(self.message, "error" if said.wrong else "caption")
        self.message.setText(said.text)
        self.message.setVisible(bool(said.text))
        for place, button in enumerate(self.offers):
            button.show_offer(said.offers[place] if place < len(said.offers) else None)
        known = found if self.data.listing is not None else None
        notes = (*known.notes, *cut_words(known.lacking, self.data.settings.split)) if known else ()
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(self.notes.text()))

    def _show_fit(self, found: DataDescription | None) -> None:
        obstacle = self.data.readiness.obstacle
        role(self.fit, "error" if obstacle else "caption")
        turned = self._colours_turned(found)
        self.fit.setText(obstacle.text if obstacle else self._how_images_fit(found, turned))
        is_said = bool(self.data.said.text) and obstacle is not None and obstacle.fix is None
        self.fit.setVisible(bool(turned) if obstacle is None else not is_said)
        self.fix_button.setText(obstacle.fix_label if obstacle else "")
        self.fix_button.setVisible(bool(obstacle and obstacle.fix))
        shown = (self.message, *self.offers, self.notes, self.fit, self.fix_button)
        self._said.setVisible(not all(part.isHidden() for part in shown))

    def _how_images_fit(self, found: DataDescription | None, turned: str) -> str:
        taken, shape = self._taken, found.shape if found else None
        if taken is None or shape == taken:
            return f"The images fit the input, {taken}." if taken else ""
        which = f"Images of {shape}" if shape else "Images"
        return f"{which} are resized{turned} to fit the input, {taken}."

    def _colours_turned(self, found: DataDescription | None) -> str:
        """How the channels of the images become those that the network takes; "" where they are as many."""
        channels, colour = self._taken.channels if self._taken else 0, found.in_colour if found else None
        if channels == 1 and colour:
            return " and made grey"
        return ", with their one channel three times," if channels == COLOURS and colour is False else ""

    @property
    def _taken(self) -> Shape | None:
        """The images that the network takes, where it has an input."""
        inputs = self.document.network.inputs
        return self.document.analysis[inputs[0]].output if inputs else None

    def _show_classes(self, found: DataDescription | None) -> None:
        if found is None and self.data.is_read_with_other_classes:
            return
        self._class_section.setVisible(bool(found and found.classes))
        self.order.setText("by count" if self._by_count else "by name")
        self.order.setToolTip("Order by name" if self._by_count else "Order by how many images there are")
        if found and found.classes:
            chosen, removable = self.data.shown.filter.classes, self.data.settings.source.leaving_out(()) is not None
            self.classes.show_classes(found, by_count=self._by_count, chosen=chosen, removable=removable)

    def _show_warnings(self) -> None:
        """Warn of unlike classes, of those too small for all parts, of copies, and of runs with another split."""
        shown = {self._boxes[one.code]: one for one in self.data.readiness.data_warnings if one.code in self._boxes}
        for box in self._boxes.values():
            warning = shown.get(box)
            offers = [Offer(fix.label, partial(self._take_fix, fix)) for fix in warning.fixes] if warning else []
            more = self._more_offers(box)
            box.show_warning(warning.message if warning else "", [*offers, *more])
        self._split_boxes.setVisible(bool(shown.keys() & {self.copies, self.other_split}))

    def _more_offers(self, box: RemedyBox) -> list[Offer]:
        """What else can be done about what a box warns of."""
        if box in (self.labels, self.copies):
            return [Offer("Show them", partial(self.data.listed_files_wanted.emit, COPIES))]
        return self._of_unlike_classes() if box is self.imbalance else []

    def _of_unlike_classes(self) -> list[Offer]:
        weighted = self._loss.with_class_weights()
        weigh = [Offer("Class weights", self._weigh)] if weighted not in (None, self._loss) else []
        return [*weigh, Offer("Leave", self._leave)]

    @property
    def _loss(self) -> Loss:
        return self.document.project.training.loss

    def _show_unreadable(self, found: DataDescription | None) -> None:
        bad = found.unreadable if found else ()
        self._files.setVisible(bool(bad))
        for warning in files_warnings(found) if found else ():
            self.unreadable.setText(warning.message)
            reasons = Counter(file.reason for file in bad).most_common()
            self.reasons.setText(
                "; ".join(f"{thousands(count)}: {reason_of_each(why, count)}" for why, count in reasons)
            )

    # What is pressed

    def _change_order(self) -> None:
        self._by_count = not self._by_count
        self.refresh_now()

    def _take_fix(self, fix: DataFix) -> None:
        self.document.change_settings(fix.label, fix.settings)

    def _weigh(self) -> None:
        training, loss = self.document.project.training, self._loss.with_class_weights()
        self.document.change_settings("Class weights", training.model_copy(update={"loss": loss}))

    def _leave(self) -> None:
        self.data.readiness.leave_unlike()
        self.refresh_now()

    def _apply_fix(self) -> None:
        obstacle: Obstacle | None = self.data.readiness.obstacle
        if obstacle and obstacle.fix:
            self.document.edit(obstacle.fix_label, obstacle.fix)

    def _lay_out(self) -> None:
        role(self.path, "mono")
        role(self.notes, "caption")
        role(self.unreadable, "small")
        role(self.reasons, "caption")
        role(self.fix_button, "fix")
        for text_button in (self.change, self.order):
            role(text_button, "text")
        for button in (self.change, self.order, self.fix_button, self.show_files):
            mark(button, "scale", "small")
        self._folder, self._sign = QLabel(), QLabel()
        path = layouts.row(None, self._folder, self.path, self.change, spacing=8)
        path.setStretch(1, 1)
        path.setContentsMargins(16, 0, 10, 0)
        self._path = _widget(path)
        offers = layouts.row(None, *self.offers, spacing=8)
        offers.addStretch(1)
        said = layouts.column(None, self.message, offers, self.notes, self.fit, spacing=8)
        said.addWidget(self.fix_button, 0, Qt.AlignmentFlag.AlignLeft)
        said.setContentsMargins(16, 4, 16, 12)
        self._said = _widget(said)
        inside = QWidget()
        role(inside, "page")
        column = layouts.column(inside, self.chooser, self._path, self._said)
        column.setContentsMargins(0, 8, 0, 0)
        for section in (
            self._make_classes(),
            self._make_split(),
            self._make_files(),
        ):
            column.addWidget(section)
        column.addStretch(1)
        layouts.column(self, layouts.scrolling(inside))
        self.retheme()

    def _make_classes(self) -> QWidget:
        heading = QLabel("Classes")
        role(heading, "heading")
        head = layouts.row(None, heading)
        head.addStretch(1)
        head.addWidget(self.order)
        head.setContentsMargins(16, 8, 10, 4)
        boxes = layouts.column(None, self.imbalance, self.small, self.labels, spacing=8)
        boxes.setContentsMargins(16, 8, 16, 12)
        self._class_section = _widget(layouts.column(None, separator(), head, self.classes, boxes))
        return self._class_section

    def _make_split(self) -> QWidget:
        boxes = layouts.column(None, self.copies, self.other_split, spacing=8)
        boxes.setContentsMargins(16, 0, 16, 12)
        self._split_boxes = _widget(boxes)
        return _widget(layouts.column(None, separator(), self.split, self._split_boxes))

    def _make_files(self) -> QWidget:
        row = layouts.row(None, self._sign, spacing=8)
        row.addLayout(layouts.column(None, self.unreadable, self.reasons, spacing=4), 1)
        row.addWidget(self.show_files)
        row.setContentsMargins(16, 10, 16, 12)
        self._files = _widget(layouts.column(None, separator(), row))
        return self._files


def _widget(layout: QLayout) -> QWidget:
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def _home_as_tilde(path: str) -> str:
    home = str(Path.home())
    return f"~{path[len(home) :]}" if path.startswith(home + "/") else path
