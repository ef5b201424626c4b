"""What travels in a drag from a panel to the canvas, and over the clipboard."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData

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
