"""The Data panel."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from engine.data.data_words import description_notes
from engine.data.settings import DataSettings
from engine.data.source import SOURCES, DataDescription, Source
from engine.data.user_folder import Folder, source_of
from engine.files import readable
from engine.words import counted, memory
from gui.data.chooser import DataChooser
from gui.data.picture_sheet import PictureSheet
from gui.data.sample_loader import SampleLoader, Samples
from gui.data.sheet import ClassSheet
from gui.data.split_form import SplitForm
from gui.document import Document
from gui.readiness import readiness_of
from gui.registry.session import Session
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.panel import Panel
from gui.widgets.waiting_line import WaitingLine

_SPLIT_WIDTHS = (224, 280)  # px in a narrow window, and where there is room
_MOST_LISTED = 20  # files that are left out, in the tooltip


class DataPanel(Panel):
    """Choose a data set, see its classes and some images, divide it, and see whether it fits the network.

    Reading happens in a thread; what was read before stays until the new data are there.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.samples: Samples | None = None
        self._wanted: Source | None = None  # the data set being read or read last
        self.loader = SampleLoader(self)
        self.loader.loaded.connect(self._take)
        self.loader.failed.connect(self._fail)
        self.chooser = DataChooser()
        self.chooser.chosen.connect(self._choose)
        self.sheet, self.pictures = ClassSheet(), PictureSheet()
        self.split = SplitForm(document)
        self._readiness = readiness_of(document)
        self.about, self.message = QLabel(), QLabel()
        self.act = OfferButton()
        self.busy = WaitingLine()
        self.busy.setContentsMargins(16, 4, 16, 4)
        self.busy.cancel.clicked.connect(self.cancel)
        self.loader.progressed.connect(self.busy.show_progress)
        self._lay_out()

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        panel = super().make(session)
        session.closing.connect(panel.shut_down)
        return panel

    def refresh(self) -> None:
        """Show the project's data set, and read it if it is another than before."""
        settings = self.document.project.data
        self.chooser.show_choice(settings)
        self.split.show_data(settings, self._description())
        if settings.source != self._wanted:
            self._read(settings)
        elif self.samples and self.samples.thumbnails is not None and self._description():
            self._say_notes(self.samples.description)

    def choose_folder(self, folder: str) -> None:
        """Take an image folder as the project's data, as one undo step."""
        self._take_source("Choose an image folder", source_of(folder))

    def ask_for_another(self) -> None:
        """Ask for a folder, to be read as the one in use is if that is a folder."""
        kind = type(self.document.project.data.source)
        self._ask_for_folder(kind if kind.takes_folder else Folder)

    def scan_again(self) -> None:
        """Read the data set anew."""
        self._read_again()

    def cancel(self) -> None:
        """Call the reading off; what was shown before stays."""
        self.loader.cancel()
        self.busy.end()
        self._say("Reading was cancelled.", offer=Offer("Read again", self._read_again))

    def shut_down(self) -> None:
        """End the reading: the window closes."""
        self.loader.cancel()

    def _description(self) -> DataDescription | None:
        """The description of the project's data set, once it is read."""
        if self.samples and self.samples.settings.source == self.document.project.data.source:
            return self.samples.description
        return None

    # Choosing

    def _choose(self, name: str) -> None:
        kind = SOURCES[name]
        if kind.takes_folder:
            self._ask_for_folder(kind)
        else:
            self._take_source(f"Choose {kind.title}", kind())

    def _ask_for_folder(self, kind: type[Source]) -> None:
        source = self.document.project.data.source
        before = source.about if source.takes_folder and self._readiness.usable else ""
        folder = QFileDialog.getExistingDirectory(self, "Choose an image folder", before)
        if folder:
            self._take_source("Choose an image folder", kind.at(folder))
        else:
            self.chooser.show_choice(self.document.project.data)

    def _take_source(self, label: str, source: Source) -> None:
        self.document.change_settings(label, self.document.project.data.from_source(source))

    # Reading

    def _read(self, settings: DataSettings, *, download: bool = False) -> None:
        self._wanted = settings.source
        if not self._readiness.usable or settings.source.missing:
            self.loader.cancel()
            self.busy.end()
            self._show_nothing()
        if not self._readiness.usable:
            self._say("An error in this data set keeps it from being shown; the log holds the details.", wrong=True)
            return
        if settings.source.missing:
            sentence = "Choose a folder that has a sub-folder of images for each class."
            self._say(sentence, offer=Offer("Choose folder", self.ask_for_another))
            return
        self._say("")
        self.busy.begin("Reading images")
        self.loader.load(settings, download=download)

    def _take(self, samples: Samples) -> None:
        self.busy.end()
        self.samples = samples
        self._show_samples(samples)
        found = samples.description
        facts = [counted(found.images, "image")]
        if found.classes:
            facts.append(counted(len(found.classes), "class", "classes"))
        if found.shape:
            facts.append(str(found.shape))
        self.about.show()
        self.about.setText(f"<b>{found.title}</b> &nbsp; {' · '.join(facts)}")
        if samples.thumbnails is None:
            self._say("", offer=Offer(f"Download {memory(found.download_bytes)}", self._read_again))
        else:
            self._say_notes(found)
        listed = (f"{readable(bad.name)}: {bad.reason}" for bad in found.unreadable[:_MOST_LISTED])
        self.message.setToolTip("\n".join(listed))
        self.split.show_data(self.document.project.data, self._description())

    def _say_notes(self, found: DataDescription) -> None:
        self._say(" ".join(description_notes(found, self.document.project.data.split)))

    def _fail(self, text: str) -> None:
        self.busy.end()
        self._show_nothing()
        if self.document.project.data.source.takes_folder:
            offer = Offer("Choose folder", self.ask_for_another)
        else:
            offer = Offer("Try again", self._read_again)
        self._say(text, offer=offer, wrong=True)

    def _show_nothing(self) -> None:
        self.samples = None
        self._show_samples(None)
        self.about.hide()
        self.split.show_data(self.document.project.data, None)

    def _show_samples(self, samples: Samples | None) -> None:
        """Show a data set class by class, or its pictures alone where it has no classes."""
        classed = samples is None or bool(samples.description.classes)
        self.sheet.show_samples(samples if classed else None)
        self.pictures.show_samples(None if classed else samples)
        self.sheet.setVisible(classed)
        self.pictures.setVisible(not classed)

    def _say(self, text: str, *, offer: Offer | None = None, wrong: bool = False) -> None:
        role(self.message, "error" if wrong else "caption")
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.act.show_offer(offer)

    def _read_again(self) -> None:
        self._read(self.document.project.data, download=True)

    def _lay_out(self) -> None:
        role(self.about, "small")
        self.about.setContentsMargins(16, 10, 16, 2)
        for label in (self.about, self.message):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setWordWrap(True)
        self.message.hide()
        self.pictures.hide()
        said = layouts.column(spacing=8)
        said.setContentsMargins(16, 4, 16, 4)
        said.addWidget(self.act, alignment=Qt.AlignmentFlag.AlignLeft)
        said.addWidget(self.message)
        middle = layouts.column(None, self.busy)
        middle.addWidget(_scrolled(self.about, said, self.sheet, self.pictures), 1)
        split = _scrolled(self.split)
        split.setMinimumWidth(_SPLIT_WIDTHS[0])
        split.setMaximumWidth(_SPLIT_WIDTHS[1])
        row = layouts.row(self, self.chooser, _line())
        row.addLayout(middle, 1)
        row.addWidget(_line())
        row.addWidget(split)


def _scrolled(*parts: QWidget | QLayout) -> QScrollArea:
    inside = QWidget()
    role(inside, "page")
    layouts.column(inside, *parts).addStretch(1)
    return layouts.scrolling(inside)


def _line() -> QWidget:
    line = QWidget()
    line.setFixedWidth(1)
    role(line, "line")
    return line
