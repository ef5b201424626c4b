"""The foot of the form: how the recipe differs from its preset, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QWidget

from engine.recipe.presets import Nearest
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.offer import Offer, OfferButton

_NARROW = 460  # px; below, the buttons stand under the words
_ABOUT = "For the next run; running ones keep theirs."


class Footer(QWidget):
    """``restored`` and ``saved`` say that their buttons were pressed."""

    restored = Signal()
    saved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._differences = ""  # what is said but for a while
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.words, self._about = ElidedLabel(), ElidedLabel(_ABOUT)
        role(self.words, "label")
        role(self._about, "caption")
        self.undo = OfferButton()
        self.restore = QPushButton("Restore preset")
        self.save = QPushButton("Save as preset…")
        role(self.restore, "quiet")
        for button in (self.restore, self.save):
            mark(button, "scale", "small")
        said = layouts.row(spacing=8)
        lines = layouts.column(None, self.words, self._about, spacing=1)
        said.addLayout(lines, 1)
        said.addWidget(self.undo)
        buttons = layouts.row(None, self.restore, self.save, spacing=8)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(16, 5, 16, 5)
        self._box.setSpacing(8)
        self._box.addLayout(said, 1)
        self._box.addLayout(buttons)
        self.restore.clicked.connect(self.restored)
        self.save.clicked.connect(self.saved)
        appearance().changed.connect(self._show_icon)
        self._show_icon()

    def show_nearest(self, nearest: Nearest) -> None:
        """Say which preset it is, and where it differs."""
        self._differences = nearest.words()
        if not self.undo.isVisibleTo(self):
            self.words.setText(nearest.words())
        changes = "\n".join(change.words() for change in nearest.changes)
        self.restore.setToolTip(f"As {nearest.preset.title} has it:\n{changes}" if changes else "Nothing is changed.")
        self.setToolTip(changes)
        self.restore.setEnabled(bool(changes))

    def tell(self, text: str, back: Callable[[], None] | None) -> None:
        """Say what was done, with what takes it back, until `forget`; "" says nothing."""
        self.undo.show_offer(Offer("Undo", back) if back else None)
        self.words.setText(text or self._differences)
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def forget(self) -> None:
        """Say again how the recipe differs."""
        self.tell("", None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.TopToBottom if event.size().width() < _NARROW else direction.LeftToRight)

    def _show_icon(self) -> None:
        self.save.setIcon(appearance().icon("mdi6.content-save-outline", "text"))
        self.save.setIconSize(QSize(16, 16))
