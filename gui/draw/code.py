"""The Code panel: the drawing as PyTorch, always current."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

from engine.compiling.source import PythonSource, python_source
from engine.errors import LayerloomError
from engine.files import save_whole
from engine.words import counted
from gui.document import Document
from gui.draw.python_highlighter import PythonHighlighter
from gui.registry.panels import EVERYWHERE, PANELS, DockPlace, Tab
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.panel import Panel


@PANELS.register
class CodePanel(Panel):
    """Read only; the selected layers' lines are marked, and a click on a line selects its layer."""

    tab = Tab("code", "Code", "mdi6.code-tags", (DockPlace(EVERYWHERE, "bottom", 3),))

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.source = PythonSource("", {})
        self._changed = True  # the drawing is not the one in the code
        self.view = _CodeView()
        self.view.line_clicked.connect(self._select_line)
        self.highlighter = PythonHighlighter(self.view.document())
        self.about = QLabel()
        role(self.about, "caption")
        self.copy = _button("Copy", "mdi6.content-copy", self.copy_all)
        self.save = _button("Save as", "mdi6.content-save-outline", self._ask_where)
        self._lay_out()
        document.analysed.connect(self._note_change)
        document.replaced.connect(self._note_change)

    def refresh(self) -> None:
        """Write the code if the drawing changed, and mark the selection's lines."""
        if self._changed:
            self.source = python_source(self.document.network, analysis=self.document.analysis)
            self._changed = False
            self.view.show_text(self.source.text)
            self._say(counted(self.source.text.count("\n"), "line"))
        self.view.mark_lines(self._selected_lines())

    def retheme(self) -> None:
        self.view.mark_lines(self._selected_lines())
        for button, icon in ((self.copy, "mdi6.content-copy"), (self.save, "mdi6.content-save-outline")):
            button.setIcon(appearance().icon(icon))

    def copy_all(self) -> None:
        """Put the whole file on the clipboard."""
        QGuiApplication.clipboard().setText(self.source.text)
        self._say("Copied.")

    def save_as(self, path: Path) -> None:
        """Write the file whole, or leave what is there; raises `LayerloomError`."""
        save_whole(path, self.source.text.encode())
        self._say(f"Saved as {path.name}.")

    def _ask_where(self) -> None:
        suggestion = self.document.file_name(".py")
        name, _ = QFileDialog.getSaveFileName(self, "Save code as", suggestion, "Python (*.py)")
        if not name:
            return
        try:
            self.save_as(Path(name).with_suffix(".py"))
        except LayerloomError as error:
            self._say(str(error), wrong=True)

    def _note_change(self) -> None:
        self._changed = True

    def _say(self, text: str, *, wrong: bool = False) -> None:
        role(self.about, "error" if wrong else "caption")
        self.about.setText(text)

    def _selected_lines(self) -> list[tuple[int, int]]:
        return [lines for name in self.document.selection.names for lines in self.source.lines.get(name, ())]

    def _select_line(self, line: int) -> None:
        """Select the layer that a line belongs to: the innermost, and a layer before its block."""
        owners = [
            (last - first, self.document.network.is_block(name), order, name)
            for order, (name, ranges) in enumerate(self.source.lines.items())
            for first, last in ranges
            if first <= line <= last
        ]
        if owners:
            self.document.select([min(owners)[-1]])

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 6, 12, 6)
        top.setSpacing(8)
        top.addWidget(self.about)
        top.addStretch(1)
        top.addWidget(self.copy)
        top.addWidget(self.save)
        layouts.column(self, top, self.view)


class _CodeView(QPlainTextEdit):
    """Python that can be read and copied; lines count from 1."""

    line_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(appearance().font(12, mono=True))
        self.setAccessibleName("PyTorch code")
        self.document().setDocumentMargin(12)
        mark(self, "role", "code")
        self._marked: list[tuple[int, int]] = []

    def show_text(self, text: str) -> None:
        """Show a text, and keep the place that is being read."""
        bar = self.verticalScrollBar()
        place = bar.value()
        self.setPlainText(text)
        bar.setValue(place)
        self._marked = []

    def mark_lines(self, ranges: list[tuple[int, int]]) -> None:
        """Mark lines, and scroll to the first of them if they are not the ones marked already."""
        marks = []
        for first, last in ranges:
            for line in range(first, last + 1):
                extra = QTextEdit.ExtraSelection()
                extra.format.setBackground(appearance().colour("sel"))
                extra.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                extra.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
                marks.append(extra)
        self.setExtraSelections(marks)
        if ranges and ranges != self._marked:
            self._scroll_to(ranges)
        self._marked = list(ranges)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_clicked.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    def _scroll_to(self, ranges: list[tuple[int, int]]) -> None:
        """Bring the first range into view, unless one of them can be seen already."""
        top = self.firstVisibleBlock().blockNumber() + 1
        height = max(1, self.viewport().height() // self.fontMetrics().lineSpacing() - 1)
        if not any(top <= first and last <= top + height for first, last in ranges):
            self.verticalScrollBar().setValue(max(0, ranges[0][0] - 1 - height // 3))


def _button(text: str, icon: str, press: object) -> QPushButton:
    button = QPushButton(appearance().icon(icon), text)
    mark(button, "scale", "small")
    button.clicked.connect(press)
    return button
