"""What a figure shall hold, and of which kind it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from engine.errors import LayerloomError
from engine.files import as_file_name, is_there, numbered
from gui.look.why.export import Sheet, caption, painted, write
from gui.look.why.why import Why
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.section import Section
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.sentence import Sentence
from gui.widgets.switch import Switch

_WHICH = (Segment("all", "All methods"), Segment("one", "This one"))
_KINDS = (Segment(".svg", "SVG"), Segment(".pdf", "PDF"), Segment(".png", "PNG"))
_ENDINGS = (".svg", ".pdf", ".png")


class ExportSection(Section):
    """Export and copy figures of what is seen."""

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__("Export figure", parent)
        self._why = why
        self.which, self.kind = Segmented(_WHICH, small=True), Segmented(_KINDS, small=True)
        self.kind.choose(".pdf")
        self.included = {name: Switch(name, bare=True) for name in ("Legend", "Settings", "Sanity")}
        for name, switch in self.included.items():
            switch.setChecked(name != "Sanity")
            switch.setAccessibleName(f"Include {name.lower()}")
        self.button = QPushButton("Export figure")
        self.button.setToolTip("Write the figure into a file (Ctrl+E)")
        self.said = Sentence()
        role(self.said, "caption")
        self.body.setSpacing(8)
        self.body.addWidget(self.which, 0, Qt.AlignmentFlag.AlignLeft)
        include = layouts.row(None, spacing=4)
        for name, switch in self.included.items():
            label = QLabel(name)
            role(label, "label")
            include.addWidget(switch)
            include.addWidget(label)
            include.addSpacing(10)
        include.addStretch(1)
        self.body.addLayout(include)
        last = layouts.row(None, self.kind, spacing=8)
        last.addWidget(self.button, 1)
        self.body.addLayout(last)
        self.body.addWidget(self.said)
        self.said.hide()
        self.button.clicked.connect(self.ask)

    @property
    def sheet(self) -> Sheet:
        """What is to be in a figure."""
        on = {name.lower(): switch.isChecked() for name, switch in self.included.items()}
        return Sheet(all_methods=self.which.value == "all", **on)

    def ask(self) -> None:
        """Ask where the figure shall be, and write it there."""
        ending, why = str(self.kind.value), self._why
        what = "methods" if self.sheet.all_methods else why.kinds[why.selected].name
        name = as_file_name(f"{why.look.network.name or 'network'}-{what}{ending}")
        chosen, _ = QFileDialog.getSaveFileName(self, "Export figure", name, f"Figures (*{ending})")
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in _ENDINGS:  # then nobody was asked whether to write over it
            path = next(one for one in numbered(path.with_name(path.name + ending)) if not is_there(one))
        self.write(path)

    def write(self, path: Path) -> None:
        """Write the figure into a file, and say so."""
        try:
            write(self._why, self.sheet, path)
        except LayerloomError as error:
            self._say(str(error))
        else:
            self._say(f"Written: {path.name}", str(path))

    def copy(self) -> None:
        """Put the figure on the clipboard, twice as fine as on the screen."""
        if not self._why.answers:
            self._say("There is nothing to copy yet: draw a digit or open an image.")
            return
        lines = tuple(caption(self._why, self.sheet))
        QApplication.clipboard().setImage(painted(self._why, self.sheet, lines=lines))
        self._say("Copied.")

    def _say(self, words: str, whole: str = "") -> None:
        self.said.setText(words)
        self.said.setToolTip(whole)
        self.said.show()
