"""Edits beside blocks that were added without places, with 200 of them and with 800."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.timing import compared, milliseconds
from benchmarks.windows import application
from engine.layers import LAYERS
from engine.layers.convolution import Conv2d
from engine.network import Network, Point
from engine.project import Project
from gui.document import Document
from gui.draw.canvas.items.scene import CanvasScene

FEW, MANY = 200, 800
FIRST = "stage0.conv"


def run() -> dict[str, Any]:
    """``ratio`` is the time of an edit beside many blocks over that beside few, for each block: 1 is linear."""
    application()
    few, many = _shown(FEW), _shown(MANY)
    fewer_s, more_s, ratio = compared(_setting(few), _setting(many), rounds=9)
    return {
        "ratio": round(FEW / MANY / ratio, 2),
        "target": 1.5,
        "few": FEW,
        "many": MANY,
        "setting_few_ms": round(1000 * fewer_s, 2),
        "setting_many_ms": round(1000 * more_s, 2),
        "move_few_ms": milliseconds(_move(few)),
        "move_many_ms": milliseconds(_move(many)),
    }


def unplaced(blocks: int) -> Network:
    """An input, and a chain of that many expanded blocks of one convolution, none of which has a place."""
    network = Network("benchmark")
    last = network.add(LAYERS["Input"](), "input", position=Point(0, 0))
    for index in range(blocks):
        layer = Conv2d(out_channels=3, kernel_size=3, padding=1)
        last = network.add(layer, f"stage{index}.conv", inputs=last)
    return network


def _shown(blocks: int) -> CanvasScene:
    document = Document(Project(unplaced(blocks)))
    return CanvasScene(document, document)


def _setting(scene: CanvasScene) -> Callable[[], None]:
    """Set the bias of the first layer, and undo that."""
    document = scene.document

    def edit() -> None:
        layer = document.network.layer(FIRST).with_settings(bias=False)
        document.edit("Set bias", lambda network: network.set_layer(FIRST, layer))
        document.undo_stack.undo()

    return edit


def _move(scene: CanvasScene) -> Callable[[], None]:
    """Move the input, below which everything stands, and undo that."""
    document = scene.document

    def edit() -> None:
        document.edit("Move", lambda network: network.set_node("input", position=Point(80, 80)))
        document.undo_stack.undo()

    return edit
