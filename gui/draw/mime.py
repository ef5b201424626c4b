"""What travels in a drag from a panel to the canvas, and over the clipboard."""

from __future__ import annotations

import atexit
import json

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from engine.layers import Layer, layer_class

LAYER = "application/x-layerloom-layer"
FRAGMENT = "application/x-layerloom-fragment"


def layer_to_mime(layer: Layer) -> QMimeData:
    """A layer with its settings, ready to be dragged."""
    data = QMimeData()
    data.setData(LAYER, json.dumps({"layer": type(layer).__name__, "settings": layer.model_dump()}).encode())
    return data


def layer_from_mime(data: QMimeData) -> Layer | None:
    """The layer in a drag, or None if it carries something else."""
    if not data.hasFormat(LAYER):
        return None
    value = json.loads(bytes(data.data(LAYER).data()))
    return layer_class(value["layer"]).model_validate(value["settings"])


def fragment_to_mime(text: str) -> QMimeData:
    """A copied part of a network, ready to be dragged or put on the clipboard."""
    data = QMimeData()
    data.setData(FRAGMENT, text.encode())
    data.setText(text)
    return data


def fragment_from_mime(data: QMimeData) -> str:
    """The copied part in a drag, or "" if it carries something else."""
    return bytes(data.data(FRAGMENT).data()).decode() if data.hasFormat(FRAGMENT) else ""


def copy_fragment(text: str) -> None:
    """Put a copied part of a network on the clipboard; when the program ends, its text stays there."""
    QGuiApplication.clipboard().setMimeData(fragment_to_mime(text))
    atexit.unregister(_leave_text)
    atexit.register(_leave_text, text)


def _leave_text(text: str) -> None:
    """Qt lets go of the clipboard after Python has ended, which a QMimeData made by Python does not survive."""
    if QGuiApplication.instance() is not None and QGuiApplication.clipboard().text() == text:
        QGuiApplication.clipboard().setText(text)
