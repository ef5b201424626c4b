"""How pixel values are normalised, after all steps."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.data.settings import DataSettings
from gui.data.received.preview import preview_of
from gui.document import Document
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form import Form
from gui.widgets.settings_link import SettingsLink


class NormaliseRow(QWidget):
    """Locked as the last of the steps: what is chosen, and the figures that come of it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = preview_of(document)
        self.form = Form(DataSettings, fields=("normalise",))
        self._link = SettingsLink(document, self.form, lambda project: project.data)
        self._lock, self._icon, self.figures = QLabel(), QLabel(), ElidedLabel()
        self._lock.setToolTip("It always comes last.")
        title = QLabel("Normalise")
        role(title, "heading")
        role(self.figures, "mono")
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.setSpacing(6)
        for part in (self._lock, self._icon, title):
            head.addWidget(part)
        head.addWidget(self.figures, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 12, 8)
        column.setSpacing(2)
        column.addLayout(head)
        below = layouts.column(None, self.form)
        below.setContentsMargins(20, 0, 0, 0)
        column.addLayout(below)
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def show_settings(self) -> None:
        """Show what is chosen."""
        self._link.show()
        self.show_figures()

    def show_figures(self) -> None:
        """Show means and deviations, as far as they are known."""
        found = self._preview.receipt if self._preview.fits_source else None
        mean, std = (found.mean, found.std) if found else ((), ())
        shifts = any(mean) or len({*std}) > 1
        self.figures.setText(f"mean {_figures(mean)}" if shifts else f"0 to {1 / std[0]:g}" if std else "")
        self.figures.setToolTip(f"Mean {_figures(mean)}, standard deviation {_figures(std)}" if mean else "")

    def _show_icons(self) -> None:
        for label, icon, size in ((self._lock, "mdi6.lock", 14), (self._icon, "mdi6.function-variant", 16)):
            label.setPixmap(appearance().icon(icon).pixmap(QSize(size, size)))


def _figures(values: tuple[float, ...]) -> str:
    """Numbers in few signs: ".485 .456 .406"."""
    return " ".join(f"{value:.3f}".removeprefix("0") for value in values)
