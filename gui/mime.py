"""What travels in a drag from a panel to the canvas."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData

from engine.layers import Layer, layer_class

LAYER = "application/x-layerloom-layer"


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
