"""The line at the bottom of the start screen: device, help, version."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.recipe.device import Device
from gui.start.version import VERSION
from gui.start.warm_up import WarmUp
from gui.style.style import STATUS_HEIGHT, role


class StartFooter(QWidget):
    """Follows what is known of the device."""

    def __init__(self, warm_up: WarmUp, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(STATUS_HEIGHT)
        self._warm_up = warm_up
        self._device = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 1, 12, 0)
        row.setSpacing(16)
        row.addWidget(self._device)
        row.addStretch(1)
        for text in ("Keyboard shortcuts F1", f"Version {VERSION}"):
            row.addWidget(QLabel(text))
        for label in self.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly):
            role(label, "label")
        warm_up.ready.connect(self._show)
        warm_up.failed.connect(self._show)
        self._show()

    def _show(self) -> None:
        strong, name, _ = self._warm_up.words(Device.AUTO)
        self._device.setText(f"{strong}: {name}" if self._warm_up.devices else name)
