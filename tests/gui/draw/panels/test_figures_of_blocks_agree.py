"""What a block costs and gives is the same in the inspector, on its node, in the summary, in a script and in torch."""

import pytest

from cli.reports import summary as report
from engine.compiling import compile_network
from engine.network import analyse
from engine.network.exits import leaves
from engine.project import Project
from engine.words import si, thousands
from gui.document import Document
from gui.draw.canvas.model.faces import Faces
from gui.draw.canvas.model.outline import Outline
from gui.draw.inspector.block_page import BlockPage
from gui.draw.summary.model import Column, SummaryModel
from templates import TEMPLATES, build


def figure(row):
    return row.line.result


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_block_says_the_same_everywhere(qtbot, template):
    document = Document(Project(build(template)))
    network, analysis = document.network, document.analysis
    page, summary = BlockPage(document), SummaryModel(document)
    qtbot.addWidget(page)
    summary.follow()
    faces = Faces(network, analysis, Outline(network))
    weights = dict(compile_network(network, device="meta").named_parameters())
    layers = {layer["name"]: layer for layer in report(network, analyse(network), batch=1)["layers"]}
    for block in network.block_prefixes():
        members, inside = network.members(block), f"{block}."
        parameters = sum(values.numel() for name, values in weights.items() if name.startswith(inside))
        macs = sum(layer["multiply_adds"] for name, layer in layers.items() if name.startswith(inside))
        assert parameters == sum(layer["parameters"] for name, layer in layers.items() if name.startswith(inside))
        page.show_block(block)
        leaving = [name for name in members if leaves(network, name, block)]
        face = faces.of(block, values=leaving)
        given = ["×".join(map(str, layers[name]["output"])) for name in leaving]
        assert figure(page.rows["Output"]) == (", ".join(given) or "none")
        assert not leaving or face.shape in given
        assert figure(page.cost.parameters) == thousands(parameters) == summary.text(block, Column.PARAMETERS)
        assert figure(page.cost.macs) == si(macs) == summary.text(block, Column.MACS)
        assert face.cost == f"{si(parameters)} params · {si(macs)} MACs"
        assert figure(page.rows["Layers"]) == thousands(len(members))
