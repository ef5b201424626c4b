"""Blocks that an edit adds without places."""

from itertools import combinations

import pytest

from benchmarks.unplaced import unplaced
from engine.layers.convolution import Conv2d
from engine.network import Point, blocks
from engine.network import geometry as engine_geometry
from engine.network.layout import tidy
from engine.project import Project
from gui.document import Document
from gui.draw.canvas.items.scene import CanvasScene
from gui.draw.canvas.model import geometry
from gui.draw.canvas.model.boxes import around
from gui.draw.canvas.model.geometry import Geometry


class TestNeverLaidOut:
    """Blocks that an edit adds without places."""

    @pytest.mark.parametrize("edit", ["setting", "undo", "move"])
    def test_work_grows_with_their_number_and_no_faster(self, qapp, monkeypatch, edit):
        calls = []
        for name in ("height_of", "_position", "_noted"):
            count_calls(monkeypatch, Geometry, name, calls)
        count_calls(monkeypatch, geometry, "size_of", calls)
        count_calls(monkeypatch, engine_geometry, "size_of", calls)
        work = []
        for number in (50, 100, 200):
            document = Document(Project(unplaced(number)))
            scene = CanvasScene(document, document)
            layer = document.network.layer("stage0.conv").with_settings(bias=False)
            if edit != "move":
                document.edit("Set", lambda network, layer=layer: network.set_layer("stage0.conv", layer))
            calls.clear()
            if edit == "setting":
                document.edit("Name", lambda network: network.rename("stage1.conv", "stage1.first"))
            elif edit == "undo":
                document.undo_stack.undo()
            else:
                document.edit("Move", lambda network: network.set_node("input", position=Point(80, 80)))
            work.append(len(calls))
            assert scene.geometry.boxes
        assert work[2] <= 2.2 * work[1] <= 2.2 * 2.2 * work[0]

    @pytest.mark.parametrize("collapsed", [True, False])
    @pytest.mark.parametrize("placed", [True, False])
    def test_they_stand_clear_of_each_other_and_of_what_stands_already(self, qapp, placed, collapsed):
        network = unplaced(3)
        if placed:
            blocks.group(network, ["stage0.conv"], "inner")
            tidy(network)
        for index in range(4):
            for part in ("one.conv", "one.next", "two.conv", "two.deep.conv"):
                network.add(Conv2d(out_channels=4), f"late{index}.{part}")
        for prefix in network.block_prefixes():
            network.set_block(prefix, collapsed=collapsed)
        scene = CanvasScene(Document(Project(network)))
        boxes = scene.geometry.boxes
        for block in ("", *(name for name in boxes if scene.outline.is_frame(name))):
            children = [boxes[child] for child in scene.outline.children(block)]
            assert not any(one.overlaps(other) for one, other in combinations(children, 2)), block
            assert all(around([boxes[block], child]) == boxes[block] for child in children if block)


def count_calls(monkeypatch, owner, name, calls) -> None:
    original = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *args: calls.append(name) or original(*args))
